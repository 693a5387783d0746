"""Capture under races: many requests of one person make one lead."""

import threading
from collections import Counter
from collections.abc import Sequence

from models.business import Business
from models.enquiry import Enquiry
from models.identifiers import new_uid
from models.operations.commands import Captured, CaptureLead
from tests.models.test_capture import EMAIL, UNIQUE_ID, capture, command, count, leads_of


def at_once(wanted: Sequence[CaptureLead]) -> list[Captured]:
    """Run the commands in threads that start together; any error fails the test."""
    barrier, answers, errors = threading.Barrier(len(wanted)), [], []

    def one(what: CaptureLead) -> None:
        barrier.wait()
        try:
            answers.append(capture(what))
        except Exception as exc:  # noqa: BLE001 - told below
            errors.append(exc)

    threads = [threading.Thread(target=one, args=(what,)) for what in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    return answers


def test_it_makes_one_lead_of_sixteen_posts_by_email(business: Business) -> None:
    answers = at_once([command(business, email="ada@example.org") for _ in range(16)])
    assert Counter(answer.verdict for answer in answers) == {"created": 1, "repeat": 15}
    assert (len(leads_of(business)), count(Enquiry, business)) == (1, 16)


def test_it_makes_one_lead_of_sixteen_posts_by_unique_id(business: Business) -> None:
    at_once([command(business, by=UNIQUE_ID, unique_id="42") for _ in range(16)])
    assert len(leads_of(business)) == 1


def test_it_makes_one_lead_of_posts_by_either_of_two_identifiers(business: Business) -> None:
    capture(command(business, email="ada@example.org", unique_id="42"))
    both = [command(business, by=by, email="ada@example.org", unique_id="42") for by in (EMAIL, UNIQUE_ID)]
    at_once(both * 8)
    assert (len(leads_of(business)), count(Enquiry, business)) == (1, 17)


def test_it_survives_crossed_identities(business: Business) -> None:
    capture(command(business, email="a@example.org", unique_id="a"))
    capture(command(business, email="b@example.org", unique_id="b"))
    crossed = [
        command(business, by=by, email=f"{email}@example.org", unique_id=unique, last_name=new_uid())
        for by in (EMAIL, UNIQUE_ID)
        for email, unique in (("a", "b"), ("b", "a"))
    ]
    answers = at_once(crossed * 4)
    assert all(answer.identity_conflict for answer in answers)
    assert (len(leads_of(business)), count(Enquiry, business)) == (2, 18)
