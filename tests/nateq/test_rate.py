"""More requests in a second than a key may send."""

import pytest

from models.settings import settings
from tests.support.web import started


def test_it_works(database: str, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RATE_LIMIT_NATEQ", "2")
    settings.cache_clear()
    with started() as client:
        headers = {"Authorization": f"Bearer {token}"}
        answers = [client.get("/api/v1/contacts", headers=headers) for _ in range(30)]
    settings.cache_clear()
    assert answers[0].status_code == 200
    slow = next(answer for answer in answers if answer.status_code == 429)
    assert (slow.json()["success"], slow.json()["error"]["code"]) == (False, "RATE_LIMIT_EXCEEDED")
    assert slow.headers["retry-after"] == "1"
