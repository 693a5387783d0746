"""The application, forms of a business, and those who manage them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from models.business import Business, TokenKind
from models.database import transact, transaction
from models.form import Form
from models.operations.forms import MakeForm, make_form
from models.operations.tokens import Scope, issue
from tests.support.web import Client, web

Made = Callable[..., Form]


@pytest.fixture
def client(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    with web(monkeypatch, FORM_RATE_ADDRESS="0", FORM_RATE_FORM="0") as client:
        client.follow_redirects = False
        yield client


@pytest.fixture
def form(business: Business) -> Made:
    """Makes a form of the business, with such settings beside the usual ones."""

    def made(**given: Any) -> Form:
        command = MakeForm(business_id=business.id, settings={"name": "Contact us"} | given)
        return transact(make_form, command)

    return made


@pytest.fixture
def admin(business: Business) -> dict[str, str]:
    """The headers of somebody who may manage the business."""
    with transaction() as session:
        token = issue(session, business=business, kind=TokenKind.STAFF, scopes=[Scope.ADMIN])
    return {"Authorization": f"Bearer {token}"}
