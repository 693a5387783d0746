"""Businesses as a test wants them, and other servers to talk to."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from models import database as db
from models.business import Business
from models.operations.found import FoundBusiness, found_business
from models.settings import settings


@pytest.fixture
def found(database: str) -> Callable[..., Business]:
    """Founds businesses, each with a nickname of its own."""

    def founded(**fields: str) -> Business:
        nickname = f"acme-{uuid.uuid4().hex[:12]}"
        usual = {"nickname": nickname, "name": "Acme", "email": "owner@example.org", "phone": "+14155550100"}
        with db.transaction() as session:
            return found_business(session, FoundBusiness(**{**usual, **fields}))

    return founded


@pytest.fixture
def elsewhere() -> Callable[[str], AbstractContextManager[None]]:
    """Lets this process talk to another server, with nothing left over from the one before."""

    @contextmanager
    def pointed(url: str) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DATABASE_URL", url)
            forget()
            try:
                yield
            finally:
                forget()
        settings.cache_clear()

    return pointed


def forget() -> None:
    settings.cache_clear()
    if db.engine.cache_info().currsize:
        db.engine().dispose()
    db.engine.cache_clear()
