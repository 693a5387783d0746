"""The authorities whose certificates are believed."""

from functools import lru_cache
from ssl import SSLContext

import httpx


@lru_cache(maxsize=1)
def trusted() -> SSLContext:
    """What httpx trusts, loaded once a process: it takes 50 ms, many times what a message does."""
    return httpx.create_ssl_context(trust_env=False)
