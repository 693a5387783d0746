"""A person may see all that is kept of them."""

import json
from typing import Any

from models.operations.person.kept import KEPT
from tests.person.life import Person
from tests.support.command import answer, refusal, run
from tests.workers.promised import Providers

PATH = "/intake/v1/people/export"


def test_it_works(providers: Providers, lived: Person, admin: dict[str, str]) -> None:
    document: dict[str, list[dict[str, Any]]] = lived.client.post(
        PATH, headers=admin, json={"person": lived.email}
    ).json()
    assert set(document) == {kept.table for kept in KEPT} - {"event_attempt"}
    [lead], [contact] = document["lead"], document["contact"]
    assert (lead["email"], contact["email"]) == (lived.email, f"other-{lived.email}")
    assert [note["content"] for note in document["note"]] == [f"Called {lived.word}", f"Is {lived.word}"]
    assert {receipt["verdict"] for receipt in document["receipt"]} == {
        "created", "repeat", "updated", "refused", "quarantined",
    }  # fmt: skip
    assert json.loads(document["receipt"][0]["body"])["first_name"] == f"Ada {lived.word}"


def test_it_tells_no_key_to_a_door(providers: Providers, lived: Person) -> None:
    told = answer("person", "export", lived.email, "--business", lived.business.uid)
    for name in ("token", "unsubscribe_token", "fingerprint"):
        assert f'"{name}"' not in told


def test_it_is_erased_by_command(providers: Providers, person: Person) -> None:
    person.post()
    named = (person.email, "--business", person.business.nickname)
    asked = run("person", "erase", *named, sent="n\n")
    assert (asked.returncode, asked.stdout[:42]) == (1, "1 leads and 0 contacts go by that. Nothing")
    assert json.loads(answer("person", "export", *named))["lead"][0]["email"] == person.email
    assert "leads\t1\ncontacts\t0\n" in answer("person", "erase", *named, "--yes")
    assert answer("person", "export", *named) == "{}\n"
    assert answer("person", "export", "-", *named[1:], sent=f"{person.email}\n") == "{}\n"
    assert answer("person", "erasures", "--business", person.business.nickname).count("\n") == 1


def test_nobody_is_nobody(person: Person) -> None:
    named = ("no-such-uid", "--business", person.business.nickname)
    assert refusal("person", "export", *named) == "intake: nobody goes by that\n"
    assert refusal("person", "erase", *named, "--yes") == "intake: nobody goes by that\n"
    assert answer("person", "export", person.email, "--business", person.business.nickname) == "{}\n"
