"""The application, and callers of /api/v1 with leads and contacts to speak of."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from models.business import Business, TokenKind
from models.contact import Contact
from models.database import transaction
from models.identifiers import new_uid
from models.operations.history import next_timeline
from models.operations.tokens import issue
from tests.conftest import founded
from tests.support.web import Client, web

Taken = Callable[..., str]


@pytest.fixture
def client(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    with web(monkeypatch, RATE_LIMIT_NATEQ="0") as client:
        yield client


@pytest.fixture
def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def stranger(database: str) -> dict[str, str]:
    """The headers of another business."""
    other = founded()
    with transaction() as session:
        token = issue(session, business=other, kind=TokenKind.STAFF)
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def lead(client: Client, bearer: dict[str, str]) -> Taken:
    """Takes in a lead by /platform/v1/leadgen and gives its uid."""

    def taken(**fields: Any) -> str:
        usual = {
            "identifier_type": "email",
            "email": "ada@example.org",
            "first_name": "Ada",
            "last_name": "Lovelace",
            "request_title": "A chair",
        }
        answer = client.post("/platform/v1/leadgen", headers=bearer, json=usual | fields)
        assert answer.status_code == 201
        uid: str = answer.json()["uid"]
        return uid

    return taken


@pytest.fixture
def contact(client: Client, bearer: dict[str, str], lead: Taken) -> Taken:
    """Takes in a lead, converts it and gives the contact's uid."""

    def converted(**fields: Any) -> str:
        uid = lead(**fields)
        answer = client.post(f"/api/v1/leads/{uid}/convert", headers=bearer)
        assert answer.status_code == 200
        made: str = answer.json()["data"]["id"]
        return made

    return converted


@pytest.fixture
def organization(business: Business) -> Callable[..., str]:
    """A company, as another tongue or a conversion makes one."""

    def made(name: str = "Analytical Engines", website: str = "https://www.engines.example.org/about") -> str:
        with transaction() as session:
            company = Contact(
                business_id=business.id,
                uid=new_uid(),
                timeline_id=next_timeline(session),
                is_organization=True,
                name=name,
                website=website,
            )
            session.add(company)
            session.flush()
            return company.uid

    return made
