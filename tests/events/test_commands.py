"""`intake subscription`: what an operator can do about who is told."""

import pytest
from typer.testing import CliRunner, Result

from intake.__main__ import build
from models.business import Business
from models.errors import Refusal
from tests.conftest import founded
from tests.events.conftest import Subscribed
from tests.events.told import CREATED, now_is, taken_in, tell
from tests.support.receiver import Receiver
from tests.support.sms_server import Answer

URL = "https://hooks.example.org/leads"


def intake(*arguments: str) -> Result:
    done = CliRunner().invoke(build(), ["subscription", *arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def create(business: Business, *more: str, url: str = URL) -> list[str]:
    done = intake("create", "--business", business.nickname, "--url", url, *more)
    return done.stdout.strip().split("\t")


def test_it_works(business: Business) -> None:
    uid, secret = create(business, "--events", "lead.created, lead.converted")
    assert secret.startswith("whsec_")
    listed = intake("list", "--business", business.nickname).stdout
    assert listed.split("\t") == [uid, "active", "standard", "lead.created,lead.converted", f"{URL}\n"]
    shown = intake("show", uid).stdout
    assert f"url\t{URL}\n" in shown
    assert secret not in shown + listed


def test_it_changes_where_events_go_and_which(business: Business) -> None:
    uid, _ = create(business, "--events", "lead.created")
    intake("update", uid, "--url", f"{URL}/new")
    intake("update", uid, "--events", "lead.repeat")
    assert intake("list", "--business", business.nickname).stdout.split("\t")[3:] == [
        "lead.repeat",
        f"{URL}/new\n",
    ]


def test_it_rotates_disables_enables_and_deletes(business: Business) -> None:
    uid, secret = create(business, "--events", "lead.created")
    new = intake("rotate", uid).stdout.strip()
    assert (new.startswith("whsec_"), new != secret) == (True, True)
    intake("disable", uid)
    assert "state\tdisabled\nreason\tby hand\n" in intake("show", uid).stdout
    intake("enable", uid)
    assert "state\tactive\nreason\t-\n" in intake("show", uid).stdout
    intake("delete", uid)
    assert intake("list", "--business", business.nickname).stdout == ""


def test_it_shows_what_was_tried(business: Business, subscribed: Subscribed, receiver: Receiver) -> None:
    receiver.script = [Answer(status=500, raw=b"out of order")]
    one = subscribed(CREATED)
    taken_in(business)
    tell(one)
    time, event, kind, status, _, words = intake("attempts", one.uid).stdout.strip().split("\t")
    assert (event, kind, status, words) == (receiver.posted[0].uid, CREATED, "500", "out of order")
    assert time.startswith("20")
    intake("delete", one.uid)
    with pytest.raises(Refusal):
        intake("attempts", one.uid)


@pytest.mark.parametrize(
    ("url", "events"),
    [
        ("http://hooks.example.org/", "lead.created"),
        ("https://127.0.0.1/", "lead.created"),
        (URL, ""),
        (URL, "lead.forgotten"),
    ],
)
def test_it_refuses_what_cannot_be(business: Business, url: str, events: str) -> None:
    with pytest.raises(Refusal):
        create(business, "--events", events, url=url)


def test_it_refuses_the_same_twice_and_more_than_fifty(business: Business) -> None:
    for number in range(50):
        create(business, "--events", "lead.created", url=f"{URL}/{number}")
    with pytest.raises(Refusal, match="at most 50"):
        create(business, "--events", "lead.created")
    other = founded()
    create(other, "--events", "lead.created")
    with pytest.raises(Refusal, match="such a subscription already"):
        create(other, "--events", "lead.created")


def test_it_keeps_what_was_told_when_a_subscription_ends(
    business: Business, subscribed: Subscribed, receiver: Receiver
) -> None:
    one = subscribed(CREATED)
    taken_in(business)
    intake("delete", one.uid)
    assert [job.state for job in tell(one)] == ["cancelled"]
    assert receiver.posted == []
    with pytest.raises(Exception, match="No row"):
        now_is(one)
