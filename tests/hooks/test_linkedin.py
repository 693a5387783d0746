"""LinkedIn posts the name of a response; a worker asks for it, and a form tells what its answers mean."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from models.business import Business
from models.database import transact
from models.enquiry import Enquiry
from models.job import Job
from models.lead import Lead
from models.operations.sources.manage import ChangeSource, change_source
from models.operations.sources.replay import Replay, replay
from models.settings import settings
from tests.hooks.conftest import Partner, Partners
from tests.hooks.linkedin_api import CONSENT, RESPONSE, answer, lead_form, question, response
from tests.hooks.senders import LINKEDIN, THIN
from tests.intake.leadgen import rows
from tests.support.json_server import CLOSE, HANG, JsonServer, Told

TOKEN = "AQX-token-of-a-member"
PATH, FORM = f"/rest/leadFormResponses/{RESPONSE}", "/rest/leadForms/7234246"
LOUD = ("auto-reply", "email", "sms")


@pytest.fixture
def api(client: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[JsonServer]:
    # After `client`, which sets the environment anew.
    with JsonServer() as server:
        server.usual = {PATH: response(), FORM: lead_form()}
        monkeypatch.setenv("LINKEDIN_URL", f"{server.url}/rest/")
        monkeypatch.setenv("LINKEDIN_VERSION", "202606")
        monkeypatch.setenv("SMTP_CONNECT_SECONDS", "1")
        monkeypatch.setenv("CLIENT_TIMEOUT_SECONDS", "2")
        settings.cache_clear()
        yield server


@pytest.fixture
def linkedin(api: JsonServer, partner: Partners) -> Partner:
    return partner(THIN["linkedin"], token=TOKEN, notifications=LOUD)


def told_of(business: Business) -> list[str]:
    return [job.kind for job in rows(Job, business) if job.kind != "receive"]


def test_it_works(api: JsonServer, linkedin: Partner, business: Business) -> None:
    assert linkedin.post().status_code == 200
    assert linkedin.work() == ["created"]
    lead, enquiry = rows(Lead, business)[0], rows(Enquiry, business)[0]
    assert (lead.first_name, lead.last_name, lead.email) == ("Ada", "Lovelace", "ada@example.org")
    assert (lead.phone, lead.source, lead.tags) == ("+14155550123", "LinkedIn", [])
    assert enquiry.request_data == {
        "COMPANY_NAME": "Analytical Engines",
        "JOB_TITLE": "Countess",
        "Welches Holz?": "Eiche",
        "Bis wann?": "Mai",
        CONSENT: "true",
        "utm_campaign": "spring",
    }
    assert enquiry.title == "Chairs, spring"
    assert enquiry.system_message == "form 7234246, urn:li:sponsoredCampaign:198356826"
    assert told_of(business) == ["auto_reply", "owner_email", "owner_sms"]


def test_it_asks_as_linkedin_documents_it(api: JsonServer, linkedin: Partner) -> None:
    linkedin.post()
    linkedin.work()
    ((path, authorization),) = api.asked
    address, _, query = path.partition("?")
    assert (address, authorization) == (PATH, f"Bearer {TOKEN}")
    assert query.startswith("fields=id,")
    assert query.endswith(",testLead,formResponse,form:(id,name,hiddenFields,content)")
    assert api.headers[0]["LinkedIn-Version"] == "202606"
    assert api.headers[0]["X-Restli-Protocol-Version"] == "2.0.0"


def test_it_asks_for_the_form_where_the_answer_has_none(
    api: JsonServer, linkedin: Partner, business: Business
) -> None:
    api.usual[PATH] = response(form={})
    linkedin.post()
    assert linkedin.work() == ["created"]
    assert [path.partition("?")[0] for path, _ in api.asked] == [PATH, FORM]
    assert rows(Lead, business)[0].first_name == "Ada"
    assert rows(Enquiry, business)[0].request_data["Welches Holz?"] == "Eiche"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 426])
def test_it_waits_for_an_operator_where_asking_again_cannot_help(
    api: JsonServer, linkedin: Partner, business: Business, status: int
) -> None:
    api.script = [Told(status, {"status": status, "serviceErrorCode": 65600, "message": TOKEN})]
    linkedin.post()
    assert linkedin.work() == ["failed"]
    assert linkedin.receipts()[0].reason == f"the lead could not be fetched: HTTP {status}"
    assert (linkedin.jobs(), len(api.asked), rows(Lead, business)) == ([], 1, [])
    transact(change_source, ChangeSource(source=linkedin.source.uid, token="another-token"))
    transact(replay, Replay(source=linkedin.source, since=timedelta(days=1)))
    assert linkedin.work() == ["created"]
    assert api.asked[1][1] == "Bearer another-token"


@pytest.mark.parametrize("place", ["response", "form"])
@pytest.mark.parametrize(
    "trouble",
    [
        Told(429, {"status": 429, "message": "Resource level throttle limit for calls is reached."}),
        Told(500, {}),
        Told(503, {}, {"Retry-After": "0"}),
        Told(200, raw=b"<html>"),
        CLOSE,
        HANG,
    ],
    ids=["429", "500", "503", "html", "close", "hang"],
)
def test_it_asks_again_after_a_trouble_that_passes(
    api: JsonServer, linkedin: Partner, business: Business, trouble: Told | str, place: str
) -> None:
    api.usual[PATH] = response(form={})
    api.script = [trouble] if place == "response" else [Told(200, response(form={})), trouble]
    linkedin.post()
    assert linkedin.work() == ["received"]
    assert rows(Lead, business) == []
    assert linkedin.work() == ["created"]


def test_it_makes_no_lead_of_a_deleted_one(api: JsonServer, linkedin: Partner, business: Business) -> None:
    linkedin.send({**LINKEDIN, "leadAction": "DELETED"})
    assert linkedin.work() == ["refused"]
    receipt = linkedin.receipts()[0]
    assert (receipt.reason, b"DELETED" in receipt.body) == ("not_a_lead", True)
    assert (linkedin.jobs(), api.asked, rows(Lead, business)) == ([], [], [])


def test_it_keeps_a_lead_that_is_deleted_afterwards(
    api: JsonServer, linkedin: Partner, business: Business
) -> None:
    linkedin.post()
    linkedin.send({**LINKEDIN, "leadAction": "DELETED"})
    assert linkedin.work() == ["created", "refused"]
    assert len(rows(Lead, business)) == 1


def test_it_marks_a_test_lead_and_tells_nobody(
    api: JsonServer, linkedin: Partner, business: Business
) -> None:
    api.usual[PATH] = response(testLead=True)
    linkedin.post()
    assert linkedin.work() == ["created"]
    assert rows(Lead, business)[0].tags == ["test"]
    assert (told_of(business), linkedin.receipts()[0].promised) == ([], 0)


def test_it_makes_one_lead_of_a_notice_that_comes_twice(
    api: JsonServer, linkedin: Partner, business: Business
) -> None:
    assert [linkedin.post().status_code for _ in range(2)] == [200, 200]
    assert linkedin.work() == ["created"]
    assert linkedin.send({**LINKEDIN, "occurredAt": LINKEDIN["occurredAt"] + 60_000}).status_code == 200
    assert linkedin.post().status_code == 200
    assert linkedin.work() == ["created", "refused"]
    assert (len(api.asked), len(rows(Enquiry, business))) == (1, 1)


@pytest.mark.parametrize(
    "urn",
    ["../me", "1/2", "1?a=b", "1%2F2", "", "x" * 101, "urn:li:leadGenFormResponse:1"],
)
def test_it_asks_for_nothing_but_a_response(api: JsonServer, linkedin: Partner, urn: str) -> None:
    linkedin.send({**LINKEDIN, "leadGenFormResponse": f"urn:li:leadGenFormResponse:{urn}"})
    assert linkedin.work() == ["failed"]
    assert api.asked == []


def test_it_takes_the_address_and_the_number_at_work_where_there_is_no_other(
    api: JsonServer, linkedin: Partner, business: Business
) -> None:
    asked = [question(1, "Mail", "WORK_EMAIL"), question(2, "Telefon", "WORK_PHONE_NUMBER")]
    form = lead_form() | {"content": {"questions": asked}}
    api.usual[PATH] = response(answer(1, "ada@work.example.org"), answer(2, "+14155550199"), form=form)
    linkedin.post()
    assert linkedin.work() == ["created"]
    lead = rows(Lead, business)[0]
    assert (lead.email, lead.phone) == ("ada@work.example.org", "+14155550199")


def test_it_hides_no_answer_behind_another(api: JsonServer, linkedin: Partner, business: Business) -> None:
    same = [question(2, "Welches Holz?"), question(3, "Welches Holz?"), question(4, "x" * 900)]
    form = lead_form() | {"content": {"questions": [question(1, "Mail", "EMAIL"), *same]}}
    given = [(1, "ada@example.org"), (2, "Eiche"), (3, "Buche"), (4, "Ja"), (5, "Nein")]
    api.usual[PATH] = response(*(answer(*one) for one in given), form=form)
    linkedin.post()
    assert linkedin.work() == ["created"]
    assert rows(Enquiry, business)[0].request_data == {
        "Welches Holz?": "Eiche",
        "Welches Holz? (3)": "Buche",
        "x" * 450: "Ja",
        "question 5": "Nein",
        "consent 0": "true",
        "utm_campaign": "spring",
    }


@pytest.mark.parametrize(
    "strange",
    [
        {"formResponse": None},
        {"formResponse": {"answers": [None, 1, {}, {"answerDetails": []}]}, "testLead": "no"},
        {"form": {"content": {"questions": {"1": 2}, "legalInfo": []}, "hiddenFields": [None, {"name": []}]}},
        {"form": [], "versionedLeadGenFormUrn": "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:../me,1)"},
    ],
)
def test_it_keeps_the_notice_whatever_is_answered(
    api: JsonServer, linkedin: Partner, business: Business, strange: dict[str, Any]
) -> None:
    api.usual[PATH] = {**response(), **strange}
    linkedin.post()
    verdict = linkedin.work()
    assert verdict in (["failed"], ["created"])
    assert (linkedin.jobs(), len(rows(Lead, business))) == ([], int(verdict == ["created"]))
