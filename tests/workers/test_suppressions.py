"""`intake suppression`: whom a business must not write to, said and taken back by an operator."""

import pytest

from models.business import Business
from models.database import transact, transaction
from models.delivery import Channel, Suppression
from models.operations.person.erase import ErasePerson, erase_person
from tests.support.command import answer, refusal
from tests.workers.promised import (
    AUTO_REPLY,
    OWNER_EMAIL,
    OWNER_SMS,
    Providers,
    delivery,
    promised,
    somebody,
    states,
)
from workers.run import run

ADA = "ada@example.org"


def listed(business: Business) -> list[list[str]]:
    lines = answer("suppression", "list", "--business", business.nickname).splitlines()
    return [[word for number, word in enumerate(line.split("\t")) if number != 2] for line in lines]


def test_it_works(business: Business, providers: Providers) -> None:
    of, ada = ("--business", business.nickname), somebody()
    [first] = promised(business, AUTO_REPLY, email=ada)
    assert answer("suppression", "add", ada.upper(), *of) == ""
    assert listed(business) == [["email", "manual", ada]]
    run([first])
    assert (states(first), delivery(first).reason) == (("suppressed", "done"), "manual")
    assert answer("suppression", "lift", "-", *of, sent=f"{ada}\n") == "manual\n"
    assert listed(business) == []
    [second] = promised(business, AUTO_REPLY, email=ada)
    run([second])
    assert states(second) == ("sent", "done")
    assert refusal("suppression", "lift", ada, *of) == "intake: this address is not suppressed\n"


def test_it_says_it_once(business: Business) -> None:
    for _ in range(2):
        answer("suppression", "add", ADA, "--business", business.nickname)
    assert len(listed(business)) == 1


def test_telephones_too(business: Business, providers: Providers) -> None:
    of = ("--business", business.nickname)
    answer("suppression", "add", "(415) 555-0100", *of)
    assert listed(business) == [["sms", "manual", "+14155550100"]]
    [one] = promised(business, OWNER_SMS)
    run([one])
    assert states(one) == ("suppressed", "done")
    answer("suppression", "lift", "+1 415 555 0100", *of)
    assert listed(business) == []


def test_who_was_erased_may_be_written_to_again(business: Business) -> None:
    promised(business, AUTO_REPLY, email=ADA)
    transact(erase_person, ErasePerson(business_id=business.id, reference=ADA))
    [[channel, reason, kept]] = listed(business)
    assert (channel, reason, kept.startswith("sha256:")) == ("email", "erased", True)
    assert answer("suppression", "lift", ADA, "--business", business.nickname) == "erased\n"
    assert listed(business) == []


def test_others_are_left_alone(business: Business) -> None:
    other = Business(uid="x" * 16, nickname=f"other-{business.nickname}", name="Other")
    with transaction() as session:
        session.add(other)
        session.flush()
        session.add(Suppression(business_id=other.id, channel=Channel.EMAIL, address=ADA, reason="bounced"))
    assert "not suppressed" in refusal("suppression", "lift", ADA, "--business", business.nickname)


@pytest.mark.parametrize("written", ["", "nobody", "a@", "12"])
def test_what_is_no_address(business: Business, written: str) -> None:
    assert refusal("suppression", "add", written, "--business", business.nickname).startswith(
        "intake: address is"
    )


def test_it_holds_for_all_mail_though_the_person_had_unsubscribed(
    business: Business, providers: Providers
) -> None:
    with transaction() as session:
        session.add(
            Suppression(
                business_id=business.id,
                channel=Channel.EMAIL,
                address=business.email,
                reason="unsubscribed",
            )
        )
    answer("suppression", "add", business.email, "--business", business.nickname)
    [one] = promised(business, OWNER_EMAIL)
    run([one])
    assert states(one) == ("suppressed", "done")
