"""The application, forms of a business, and those who manage them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from intake.app import create_app
from models.business import Business, TokenKind
from models.database import transact, transaction
from models.form import Form
from models.operations.forms import MakeForm, make_form
from models.operations.tokens import Scope, issue
from models.settings import settings

Client = TestClient[Litestar]
Made = Callable[..., Form]


@pytest.fixture
def client(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    # The machine may be busy: nothing here measures how long a caller waits.
    monkeypatch.setenv("DATABASE_BUDGET_SECONDS", "30")
    settings.cache_clear()
    with TestClient(create_app(), raise_server_exceptions=False) as client:
        client.follow_redirects = False
        yield client
    settings.cache_clear()


@pytest.fixture
def form(business: Business) -> Made:
    """Makes a form of the business, with such settings beside the usual ones."""

    def made(**given: Any) -> Form:
        assert business.id is not None
        command = MakeForm(business_id=business.id, settings={"name": "Contact us"} | given)
        return transact(make_form, command)

    return made


@pytest.fixture
def admin(business: Business) -> dict[str, str]:
    """The headers of somebody who may manage the business."""
    with transaction() as session:
        token = issue(session, business=business, kind=TokenKind.STAFF, scopes=[Scope.ADMIN])
    return {"Authorization": f"Bearer {token}"}
