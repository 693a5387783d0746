"""How uvicorn serves the application: the same for `intake web` and for a measurement of it."""

import resource
from typing import Any, Final

from intake.patience import PatientProtocol

GRACEFUL_SECONDS = 15  # below the supervisor's patience with a part
MOST_FILES = 65_536

# No `limit_concurrency`: it would answer 503 to everybody for as long as somebody holds idle connections.
OPTIONS: Final[dict[str, Any]] = {
    "factory": True,
    "http": PatientProtocol,
    "ws": "none",  # Nobody is served by WebSocket here.
    "log_config": None,  # Our own logger stays in charge.
    "access_log": False,  # A query string may hold personal data.
    "server_header": False,
    "proxy_headers": False,  # TRUSTED_PROXIES says whose word counts.
    "timeout_graceful_shutdown": GRACEFUL_SECONDS,
}


def open_many_files() -> None:
    """Take the files that the system allows: each connection is one, and the usual 1024 are soon idle."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(MOST_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
