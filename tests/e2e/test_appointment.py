"""An appointment is made by HTTP, and the lead's calendar hears of it: every process real."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.appointments.told import calendar, event
from tests.e2e.part import eventually
from tests.e2e.stage import Stage
from tests.workers.promised import read


@pytest.fixture
def running(stage: Stage) -> Stage:
    stage.relay()
    stage.worker()
    stage.web()
    return stage


def ask(stage: Stage, method: str, path: str, **fields: Any) -> dict[str, Any]:
    headers = {"apikey": stage.token, "Authorization": f"Bearer {stage.token}"}
    sent: dict[str, Any] = {"params" if method == "GET" else "data": fields}
    answer = httpx.request(method, f"{stage.url}/crm/v1{path}", headers=headers, timeout=60, **sent)
    assert answer.status_code == 200, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


def test_it_works(running: Stage) -> None:
    person = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.org", "phone": "4155550199"}
    slug = ask(running, "POST", "/leads/create/lead/", **person)["slug"]
    starts = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=7)
    times = [f"{starts + timedelta(hours=hours):%Y-%m-%d %H:%M}" for hours in range(4)]
    ask(
        running,
        "POST",
        "/leads/create/appointment/",
        slug=slug,
        appointment_date=times[0],
        appointment_to=times[1],
    )

    def mails() -> list[Any]:
        return [read(mail) for mail in list(running.smtp.mails) if mail.recipients == ("ada@example.org",)]

    eventually(lambda: len(mails()) == 1, "the lead is told")
    [one] = ask(running, "GET", "/leads/appointments/list/")["results"]
    ask(
        running,
        "POST",
        "/leads/update/appointment/",
        appointment_id=one["id"],
        appointment_date=times[2],
        appointment_to=times[3],
    )
    eventually(lambda: len(mails()) == 2, "the lead is told of the change")
    ask(running, "POST", "/leads/delete/appointment/", appointment_id=one["id"])
    eventually(lambda: len(mails()) == 3, "the lead is told that it is off")
    heard = [(calendar(mail)["METHOD"], event(mail)["SEQUENCE"], event(mail).DTSTART) for mail in mails()]
    later = starts + timedelta(hours=2)
    assert heard == [("REQUEST", 0, starts), ("REQUEST", 1, later), ("CANCEL", 2, later)]
    assert len({str(event(mail)["UID"]) for mail in mails()}) == 1
    # The two reminders wait for their time.
    waiting = "SELECT count(*) FROM job WHERE state = 'pending' AND kind = 'appointment_reminder'"
    assert running.number(waiting) == 2
    eventually(lambda: running.unfinished() == 2, "all else is done")
    running.query(
        "UPDATE job SET next_at = clock_timestamp(), ring_at = clock_timestamp() WHERE state = 'pending'"
        " RETURNING id"
    )
    running.wait_done()
    assert running.query("SELECT state, reason FROM delivery WHERE template = 'appointment-reminder'") == [
        ("suppressed", "cancelled"),
        ("suppressed", "cancelled"),
    ]
    assert running.reconcile()["agrees"]
