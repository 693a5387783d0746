"""A lead of the Leads & CRM tongue with every process real: its assignee hears of it, and it is counted."""

from typing import Any

from tests.crm.conftest import ADA
from tests.e2e.part import eventually
from tests.e2e.stage import Stage
from tests.support.local import local


def ask(stage: Stage, method: str, path: str, **rest: Any) -> Any:
    headers = {"apikey": stage.token, "Authorization": f"Bearer {stage.token}"}
    answer = local.request(method, f"{stage.url}/crm/v1{path}", headers=headers, **rest)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def test_it_works(stage: Stage) -> None:
    stage.web()
    stage.relay()
    stage.worker()
    business = stage.query("SELECT uid FROM business")[0][0]
    hire = ("user", "create", "--business", business, "--username", "grace", "--email", "grace@example.org")
    assert stage.command(*hire).returncode == 0
    parts = {name: (None, value) for name, value in (ADA | {"assignee": "grace"}).items()}
    slugs = [ask(stage, "POST", "/create/lead/", files=parts)["slug"] for _ in range(3)]
    stage.wait_done()
    told = [mail.recipients for mail in stage.smtp.mails]
    assert told.count(("grace@example.org",)) == 3
    assert len(told) == 6
    ask(stage, "POST", "/delete/lead/", data={"slug": slugs[0]})
    eventually(
        lambda: stage.query("SELECT n, fresh FROM lead_tally") == [(2, False)], "the relay folds the counts"
    )
    assert ask(stage, "GET", "/overview/")["TotalLeads"] == 2
    books = stage.reconcile()
    assert (books["promised"], books["jobs"]) == (6, {"done": 6})
