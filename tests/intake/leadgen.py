"""What the tests of leadgen share: its address, the least that it takes, and a look at the rows."""

from collections.abc import Sequence
from typing import Any

from litestar import Litestar
from litestar.testing import TestClient
from sqlmodel import col, select

from models.business import Business
from models.database import transaction

URL = "/platform/v1/leadgen"
MINIMAL = {
    "identifier_type": "email",
    "email": "ada@example.org",
    "first_name": "Ada",
    "request_title": "A chair",
}

Client = TestClient[Litestar]


def rows(table: type[Any], business: Business) -> Sequence[Any]:
    with transaction() as session:
        return session.exec(
            select(table).where(table.business_id == business.id).order_by(col(table.id))
        ).all()
