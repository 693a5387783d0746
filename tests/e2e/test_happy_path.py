"""A lead comes in, three messages go out: every process real, every provider a server on the loopback."""

from typing import Any

from tests.e2e.stage import Stage
from tests.support.local import local
from tests.workers.promised import body, read


def test_it_works(running: Stage) -> None:
    more: dict[str, Any] = {
        "first_name": "Ada",
        "last_name": "Lovelace",
        "phone": "+14155550123",
        "request_data": {"Wood": "oak"},
        "message_data": {"Message": "Twenty, please"},
    }
    assert running.post("ada", **more).status_code == 201
    running.wait_done()
    by_recipient = {mail.recipients: mail for mail in running.smtp.mails}
    owner = running.query("SELECT email FROM business")[0][0]
    reply, notice = by_recipient["ada@example.org",], by_recipient[owner,]
    assert (reply.return_path, len(running.smtp.mails), len(running.sms.asked)) == ("", 2, 1)
    assert read(reply)["Auto-Submitted"] == "auto-generated"
    assert read(notice)["Reply-To"] == "ada@example.org"
    assert all(word in body(read(notice)) for word in ("Wood: oak", "Twenty, please", "Ada Lovelace"))
    text = running.sms.asked[0].form
    assert (text["To"], "+14155550123" in text["Body"]) == ("+14155550100", True)
    states = running.query("SELECT template, state, attempts, copies FROM delivery ORDER BY template")
    assert states == [
        ("auto-reply", "sent", 1, 1),
        ("owner-email", "sent", 1, 1),
        ("owner-sms", "sent", 1, 1),
    ]
    books = running.reconcile()
    assert (books["promised"], books["jobs"]) == (3, {"done": 3})


def test_it_takes_a_form_and_one_click_ends_the_mail(running: Stage) -> None:
    form = {
        "identifier_type": "email",
        "email": "grace@example.org",
        "first_name": "Grace",
        "request_title": "A table",
        "request_data[Message]": "By Monday",
        "notifications": "auto-reply",
    }
    bearer = {"Authorization": f"Bearer {running.token}"}
    answer = local.post(f"{running.url}/platform/v1/leads", headers=bearer, data=form)
    assert answer.status_code == 201
    running.wait_done()
    mail = read(running.smtp.mails[0])
    assert "By Monday" in body(mail)
    link = str(mail["List-Unsubscribe"]).strip("<>")
    clicked = local.post(link, data={"List-Unsubscribe": "One-Click"})
    assert clicked.status_code == 200
    again = local.post(f"{running.url}/platform/v1/leads", headers=bearer, data=form)
    assert again.is_success
    running.wait_done()
    assert len(running.smtp.mails) == 1
    assert running.query("SELECT state, reason FROM delivery ORDER BY id")[1] == (
        "suppressed",
        "unsubscribed",
    )
    assert running.reconcile()["agrees"]
    metrics = local.get(f"{running.url}/metrics").text
    assert 'leads_accepted_total{door="leadgen",verdict="created"} 1.0' in metrics
    assert 'leads_deliveries_day{channel="email",state="sent"} 1.0' in metrics
