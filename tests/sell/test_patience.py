"""A database that does not answer is said to be away, and holds up nobody for long."""

import time
from typing import Any

import pytest

from models.database import engine, transaction
from models.settings import settings
from tests.sell.conftest import Seller
from tests.support.web import started


def test_it_works(seller: Seller, monkeypatch: pytest.MonkeyPatch) -> None:
    one = f"/leads/{seller.made('/leads', last_name='x')['id']}"
    monkeypatch.setenv("DATABASE_BUDGET_SECONDS", "0.5")
    settings.cache_clear()
    with started() as client:
        hasty = Seller(client, seller.token, seller.business)
        hasty.get(one)
        with transaction() as holder:
            holder.connection().exec_driver_sql(
                "SELECT 1 FROM lead WHERE business_id = %s FOR UPDATE", (seller.business.id,)
            )
            answer = hasty.put(one, {"title": "Countess"})
            assert answer.status_code == 503
            assert answer.json()["errors"][0]["error"]["code"] == "temporarily_unavailable"
            assert hasty.get(one).status_code == 200
        all_back()


def all_back() -> None:
    """What had begun ends before the application does, so that no connection is left behind."""
    pool: Any = engine().pool
    while pool.checkedout():
        time.sleep(0.01)
