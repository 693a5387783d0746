"""The upsert policy, field by field: what a further request may change on a lead that is known."""

from datetime import UTC, datetime
from typing import Any

import pytest

from models.identifiers import new_uid
from models.lead import IdentityKind
from models.operations.commands import Arrival, CaptureLead
from models.operations.upsert import changed, merge

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def lead(**given: Any) -> dict[str, Any]:
    blank = dict.fromkeys(
        ("first_name", "last_name", "phone", "phone_e164", "address", "source", "source_url"), ""
    )
    opt_ins = {"opt_in": False, "opt_in_at": None, "sms_opt_in": False, "sms_opt_in_at": None}
    return blank | opt_ins | {"status": "lead", "tags": []} | given


def sent(**given: Any) -> CaptureLead:
    arrival = Arrival(uid=new_uid(), business_id=1, door="leadgen", body=b"")
    return CaptureLead(
        arrival=arrival, match_on=IdentityKind.UNIQUE_ID, unique_id="7", title="Hello", **given
    )


def rules(differences: list[dict[str, Any]]) -> dict[str, str]:
    return {difference["field"]: difference["rule"] for difference in differences}


@pytest.mark.parametrize("field", ["first_name", "last_name", "phone", "address", "source", "source_url"])
class TestText:
    def test_it_fills_a_blank(self, field: str) -> None:
        known = lead()
        differences = merge(known, sent(**{field: "new"}), NOW)
        assert (known[field], rules(differences)) == ("new", {field: "filled"})
        assert changed(differences)

    def test_it_keeps_what_is_there_and_tells(self, field: str) -> None:
        known = lead(**{field: "old"})
        differences = merge(known, sent(**{field: "new"}), NOW)
        assert known[field] == "old"
        assert differences == [{"field": field, "rule": "kept", "was": "old", "sent": "new"}]
        assert not changed(differences)

    def test_it_never_clears(self, field: str) -> None:
        known = lead(**{field: "old"})
        assert merge(known, sent(**{field: ""}), NOW) == []
        assert known[field] == "old"

    def test_it_says_nothing_of_the_same_again(self, field: str) -> None:
        assert merge(lead(**{field: "old"}), sent(**{field: "old"}), NOW) == []


def test_it_fills_the_readable_phone_with_the_typed_one() -> None:
    known = lead()
    merge(known, sent(phone="(415) 555-0123", phone_e164="+14155550123"), NOW)
    assert (known["phone"], known["phone_e164"]) == ("(415) 555-0123", "+14155550123")


@pytest.mark.parametrize(
    ("was", "said", "then"),
    [
        ("lead", "prospect", "prospect"),
        ("lead", "Customer", "Customer"),
        ("prospect", "customer", "customer"),
        ("customer", "loyal", "loyal"),
        ("prospect", "lead", "prospect"),
        ("customer", "prospect", "customer"),
        ("customer", "lead", "customer"),
        ("loyal", "customer", "loyal"),
        ("prospect", "vip", "prospect"),
        ("customer", "", "customer"),
        ("customer", "CUSTOMER", "customer"),
    ],
)
def test_it_never_steps_a_status_back(was: str, said: str, then: str) -> None:
    known = lead(status=was)
    merge(known, sent(status=said), NOW)
    assert known["status"] == then


def test_it_unites_tags_in_their_order() -> None:
    known = lead(tags=["a", "b"])
    differences = merge(known, sent(tags=("b", "c")), NOW)
    assert known["tags"] == ["a", "b", "c"]
    assert rules(differences) == {"tags": "united"}


@pytest.mark.parametrize("field", ["opt_in", "sms_opt_in"])
def test_it_sets_an_opt_in_once_with_time_and_source(field: str) -> None:
    known = lead()
    assert rules(merge(known, sent(**{field: True}), NOW)) == {field: "set"}
    assert (known[field], known[f"{field}_at"], known[f"{field}_source"]) == (True, NOW, "leadgen")
    later = NOW.replace(hour=13)
    assert merge(known, sent(**{field: True}), later) == []
    assert merge(known, sent(**{field: False}), later) == []
    assert (known[field], known[f"{field}_at"]) == (True, NOW)
