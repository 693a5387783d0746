"""The application as its callers see it, in this process."""

from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from tests.support.web import started


@pytest.fixture
def client(database: str) -> Iterator[TestClient[Litestar]]:
    with started() as client:
        yield client


@pytest.fixture
def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
