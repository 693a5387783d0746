"""The application in this process, for tests that speak to it as its callers do."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from intake.app import create_app
from models.settings import settings

Client = TestClient[Litestar]


@contextmanager
def web(patch: pytest.MonkeyPatch, **environment: str) -> Iterator[Client]:
    """The application under these settings; a fault of ours is an answer, and not raised in the test."""
    # The machine may be busy: nothing here measures how long a caller waits.
    for name, value in {"DATABASE_BUDGET_SECONDS": "30", **environment}.items():
        patch.setenv(name, value)
    settings.cache_clear()
    with TestClient(create_app(), raise_server_exceptions=False) as client:
        yield client
    settings.cache_clear()
