"""An appointment is made by HTTP, and the lead's calendar hears of it: every process real."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.appointments.told import calendar, event
from tests.e2e.part import eventually
from tests.e2e.stage import Stage
from tests.support.local import local
from tests.workers.promised import read


def ask(stage: Stage, method: str, path: str, **fields: Any) -> dict[str, Any]:
    headers = {"apikey": stage.token, "Authorization": f"Bearer {stage.token}"}
    sent: dict[str, Any] = {"params" if method == "GET" else "data": fields}
    answer = local.request(method, f"{stage.url}/crm/v1{path}", headers=headers, **sent)
    assert answer.status_code == 200, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


def mails(stage: Stage) -> list[Any]:
    """What the lead was sent."""
    return [read(mail) for mail in list(stage.smtp.mails) if mail.recipients == ("ada@example.org",)]


def test_it_works(running: Stage) -> None:
    person = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.org", "phone": "4155550199"}
    slug = ask(running, "POST", "/leads/create/lead/", **person)["slug"]
    starts = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=7)
    first, second = between(starts), between(starts + timedelta(hours=2))
    ask(running, "POST", "/leads/create/appointment/", slug=slug, **first)
    eventually(lambda: len(mails(running)) == 1, "the lead is told")
    [made] = ask(running, "GET", "/leads/appointments/list/")["results"]
    ask(running, "POST", "/leads/update/appointment/", appointment_id=made["id"], **second)
    eventually(lambda: len(mails(running)) == 2, "the lead is told of the change")
    ask(running, "POST", "/leads/delete/appointment/", appointment_id=made["id"])
    eventually(lambda: len(mails(running)) == 3, "the lead is told that it is off")
    heard = [
        (calendar(mail)["METHOD"], event(mail)["SEQUENCE"], event(mail).DTSTART) for mail in mails(running)
    ]
    later = starts + timedelta(hours=2)
    assert heard == [("REQUEST", 0, starts), ("REQUEST", 1, later), ("CANCEL", 2, later)]
    assert len({str(event(mail)["UID"]) for mail in mails(running)}) == 1
    reminders_pass_themselves_over(running)
    assert running.reconcile()["agrees"]


def between(starts: datetime) -> dict[str, str]:
    """The fields of an appointment of an hour."""
    ends = starts + timedelta(hours=1)
    return {"appointment_date": f"{starts:%Y-%m-%d %H:%M}", "appointment_to": f"{ends:%Y-%m-%d %H:%M}"}


def reminders_pass_themselves_over(stage: Stage) -> None:
    """The two reminders wait for their time, and say nothing then of what is off."""
    waiting = "SELECT count(*) FROM job WHERE state = 'pending' AND kind = 'appointment_reminder'"
    assert stage.number(waiting) == 2
    eventually(lambda: stage.unfinished() == 2, "all else is done")
    stage.query(
        "UPDATE job SET next_at = clock_timestamp(), ring_at = clock_timestamp() WHERE state = 'pending'"
        " RETURNING id"
    )
    stage.wait_done()
    told = stage.query("SELECT state, reason FROM delivery WHERE template = 'appointment-reminder'")
    assert told == [("suppressed", "cancelled")] * 2
