"""The application as a browser meets it, and a second business beside the first."""

import uuid
from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from models.business import Business
from models.database import transaction
from models.operations.found import FoundBusiness, found_business
from tests.support.web import started


@pytest.fixture
def browser(database: str) -> Iterator[TestClient[Litestar]]:
    """A browser without a session, which follows no redirect by itself."""
    with started() as client:
        client.follow_redirects = False
        yield client


@pytest.fixture
def other(database: str) -> Business:
    nickname = f"other-{uuid.uuid4().hex[:12]}"
    wanted = FoundBusiness(nickname=nickname, name="Other Tables", email="owner@example.org")
    with transaction() as session:
        return found_business(session, wanted)
