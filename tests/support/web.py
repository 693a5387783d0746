"""The application in this process, for tests that speak to it as its callers do."""

import socket
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from litestar import Litestar
from litestar.testing import TestClient

from intake.app import create_app
from models.settings import settings

Client = TestClient[Litestar]

# By what an application is built from. What its requests share is made anew each time that it starts.
IDLE: defaultdict[tuple[str, int], list[Litestar]] = defaultdict(list)


@contextmanager
def started() -> Iterator[Client]:
    """The application under the settings of now; a fault of ours is an answer, and not raised in the test.

    One that nobody uses is used again: to build one takes longer than most tests.
    """
    idle = IDLE[settings().crm_path, settings().body_limit_bytes]
    application = idle.pop() if idle else create_app()
    with TestClient(application, raise_server_exceptions=False) as client:
        yield client
    idle.append(application)


@contextmanager
def listening() -> Iterator[str]:
    """The application on a port from the kernel, for callers that need one; its address."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        server = uvicorn.Server(uvicorn.Config(create_app(), log_config=None, lifespan="on"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        try:
            while not server.started and thread.is_alive():
                time.sleep(0.01)
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def web(patch: pytest.MonkeyPatch, **environment: str) -> Iterator[Client]:
    """The application under these settings."""
    for name, value in environment.items():
        patch.setenv(name, value)
    settings.cache_clear()
    with started() as client:
        yield client
    settings.cache_clear()
