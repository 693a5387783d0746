"""The application as its callers see it, in this process."""

from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from intake.app import create_app


@pytest.fixture
def client(database: str) -> Iterator[TestClient[Litestar]]:
    with TestClient(create_app(), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
