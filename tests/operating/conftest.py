"""What tests of a running web process share."""

import pytest

from models.business import TokenKind
from models.database import transaction
from models.operations.tokens import issue
from tests.conftest import founded


@pytest.fixture(scope="module")
def bearer(database: str) -> bytes:
    """The header of a business's own token."""
    business = founded()
    with transaction() as session:
        token = issue(session, business=business, kind=TokenKind.STAFF)
    return b"Authorization: Bearer %s\r\n" % token.encode()
