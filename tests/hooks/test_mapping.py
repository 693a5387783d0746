"""Mapping: how what was sent becomes the attributes of a lead."""

import contextlib
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings, strategies

from models.errors import Invalid, Refusal
from models.mapping.draft import Draft, check_mapping, draft
from models.mapping.expression import search
from models.mapping.functions import split_name
from models.mapping.items import items_of
from models.mapping.payload import Payload, Unreadable, read_payload
from models.mapping.preset import preset, presets

JSON_PRESET = preset("json")

values = strategies.recursive(
    strategies.none()
    | strategies.booleans()
    | strategies.integers()
    | strategies.floats()
    | strategies.text(),
    lambda below: (
        strategies.lists(below, max_size=5) | strategies.dictionaries(strategies.text(), below, max_size=5)
    ),
    max_leaves=30,
)


def drafted(item: Any, **mapping: str) -> Draft:
    return draft(JSON_PRESET, mapping, item)


def test_it_works() -> None:
    said = drafted({"firstName": " Ada ", "E-Mail": "ada@example.org", "opt_in": "yes", "tags": "a, b,a"})
    assert (said.first_name, said.texts["email"], said.opt_in, said.tags) == (
        "Ada",
        "ada@example.org",
        True,
        ("a", "b"),
    )


@pytest.mark.parametrize(
    "names",
    [
        ("first_name", "last_name", "email", "phone"),
        ("firstName", "lastName", "emailAddress", "phoneNumber"),
        ("First Name", "Last Name", "E-mail", "Phone number"),
        ("FIRST_NAME", "LAST_NAME", "EMAIL", "PHONE_NUMBER"),
        ("givenname", "Surname", "your-email", "Tel."),
    ],
)
def test_it_knows_names_in_many_spellings(names: tuple[str, ...]) -> None:
    said = drafted(dict(zip(names, ("Ada", "Lovelace", "ada@example.org", "555"), strict=True)))
    found = (said.first_name, said.last_name, said.texts["email"], said.texts["phone"])
    assert found == ("Ada", "Lovelace", "ada@example.org", "555")
    assert said.data == {}


def test_it_finds_the_one_address_under_any_name() -> None:
    assert drafted({"Where to?": "ada@example.org"}).texts["email"] == "ada@example.org"
    assert drafted({"a": "ada@example.org", "b": "bob@example.org"}).texts["email"] == ""


def test_it_keeps_every_field_that_is_no_attribute() -> None:
    said = drafted(
        {"email": "a@example.org", "Mobile": "1", "Phone": "2", "n": 0, "b": False, "none": None, "l": [1, 2]}
    )
    assert said.texts["phone"] == "1"
    assert said.data == {"Phone": "2", "n": "0", "b": "false", "l": "1, 2"}


def test_it_prefers_what_the_source_says() -> None:
    item = {"email": "a@example.org", "contact": {"mail": "B@EXAMPLE.ORG", "who": "Ada King Lovelace"}}
    mapping = {
        "email": "lower(contact.mail)",
        "first_name": "first_name(contact.who)",
        "last_name": "last_name(contact.who)",
        "source": "contact.source || 'Fair'",
        "request_data.Hall": "'4'",
    }
    said = drafted(item, **mapping)
    assert (said.texts["email"], said.first_name, said.last_name) == ("b@example.org", "Ada King", "Lovelace")
    assert (said.texts["source"], said.data["Hall"]) == ("Fair", "4")


@pytest.mark.parametrize(
    ("expression", "document", "found"),
    [
        ("upper(a)", {"a": "x"}, "X"),
        ("trim(a)", {"a": " x "}, "x"),
        ("lower(a)", {}, None),
        ("e164(a, 'us')", {"a": "(415) 555-0123"}, "+14155550123"),
        ("e164(a, 'US')", {"a": "call me"}, "call me"),
        ("date(a)", {"a": "1790000000000"}, "2026-09-21T14:13:20+00:00"),
        ("date(a)", {"a": "2027-01-18"}, "2027-01-18T00:00:00"),
        ("first(a)", {"a": [1, 2]}, 1),
        ("first(a)", {"a": []}, None),
        ("first(a)", {"a": 3}, 3),
        ("json(a).b", {"a": '{"b": 1}'}, 1),
        ("join(', ', a)", {"a": ["x", "y"]}, "x, y"),
        ("pairs(a, &k, &v)", {"a": [{"k": "x", "v": 1}, {"k": "y"}, {"v": 2}]}, {"x": 1}),
        ("rename(a, b)", {"a": {"1": "x", "2": "y"}, "b": {"1": "one"}}, {"one": "x", "2": "y"}),
        (
            "pairs(a, &k, &v)",
            {"a": [{"k": "x", "v": 1}, {"k": "x (2)", "v": 2}, {"k": "x", "v": 3}, {"k": "x", "v": 4}]},
            {"x": 1, "x (2)": 2, "x (3)": 3, "x (4)": 4},
        ),
        ("rename(a, b)", {"a": {"1": "x", "2": "y"}, "b": {"1": "z", "2": "z"}}, {"z": "x", "z (2)": "y"}),
        ("rename(a, b)", {"a": {"1": "x"}, "b": {"1": "z" * 600}}, {"z" * 490: "x"}),
        ("beside(a, b)", {"a": {"k": 1}, "b": {"k": 2, "l": 3}}, {"k": 1, "k (2)": 2, "l": 3}),
        ("beside(a, b)", {"a": {"k": 1}}, {"k": 1}),
        ("member(a, b)", {"a": {"k": 1}, "b": "k"}, 1),
        ("without(a, ['k'])", {"a": {"k": 1, "l": 2}}, {"l": 2}),
        ("starting(a, 'k')", {"a": {"k1": 1, "l": 2}}, {"k1": 1}),
        ("ending(a, '.3')", {"a": {"1.3": 1, "l": 2}}, 1),
        ("pick(a, 'phone')", {"a": {"Tel": 1}}, 1),
    ],
)
def test_it_has_functions(expression: str, document: Payload, found: Payload) -> None:
    assert search("x", expression, document) == found


@pytest.mark.parametrize("expression", ["date(a)", "json(a)", "first_name(l)", "length(n)", "max_by(l, &x)"])
def test_it_says_which_attribute_cannot_be_evaluated(expression: str) -> None:
    with pytest.raises(Refusal, match="first_name: the expression") as refused:
        drafted({"a": "secret words", "l": [1], "n": 5}, first_name=expression)
    assert "secret" not in refused.value.message


@pytest.mark.parametrize(
    "mapping",
    [
        {"email": "a b"},
        {"email": "nosuch(a)"},
        {"email": "("},
        {"email": "(" * 900},
        {"email": "a" * 1001},
        {"colour": "a"},
        {"request_data.": "a"},
        {"delivery": "a"},
    ],
)
def test_it_refuses_what_is_no_mapping(mapping: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        check_mapping(mapping)


@pytest.mark.parametrize("name", presets())
def test_it_has_presets_that_it_would_take(name: str) -> None:
    one = preset(name)
    places = {place: getattr(one, place) for place in ("items", "item_id", "ignore", "fields", "delivery")}
    check_mapping({**one.map, **{k: v for k, v in places.items() if v and k != "delivery"}})
    for place, expression in places.items():
        if expression:
            search(place, expression, {})


@pytest.mark.parametrize("field", ["first_name", "title", "message", "tags", "Which wood?"])
def test_it_refuses_what_is_too_long_by_name(field: str) -> None:
    with pytest.raises(Refusal) as refused:
        drafted({"email": "a@example.org", field: "x" * 10_001})
    assert "xxx" not in refused.value.message


@given(item=values)
@settings(max_examples=300)
def test_it_never_breaks_on_an_item(item: Any) -> None:
    body = json.dumps(item).encode()
    for one in presets().values():
        try:
            for found in items_of(one, {}, "application/json", body):
                said = draft(one, {}, found.content)
                assert all(isinstance(text, str) for text in (*said.texts.values(), *said.data.values()))
        except Refusal:
            continue


@given(
    body=strategies.binary(max_size=300),
    form=strategies.sampled_from(["", "multipart/form-data; boundary=b"]),
)
@settings(max_examples=300)
def test_it_never_breaks_on_a_body(body: bytes, form: str) -> None:
    with contextlib.suppress(Unreadable):
        read_payload(form, body)


@given(name=strategies.text())
def test_it_splits_a_name_and_loses_no_word(name: str) -> None:
    first, last = split_name(name)
    assert "".join(f"{first}{last}".split()) == "".join(name.split())


def test_it_ignores_what_is_about_something_else() -> None:
    canceled = {"event": "invitee.canceled", "payload": {"email": "a@example.org"}}
    items = items_of(preset("calendly"), {}, "application/json", json.dumps(canceled).encode())
    assert [one.is_ignored for one in items] == [True]
    assert not replace(items[0], is_ignored=False).is_ignored


PART = b'--X\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: %s\r\n\r\nb\r\n--X--\r\n'


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded; charset=rot13", b"a=b"),
        ("application/x-www-form-urlencoded; charset=bogus", b"a=b"),
        (
            "multipart/form-data; boundary=X",
            PART % b"text/plain; charset=bogus",
        ),
    ],
)
def test_it_reads_no_charset_that_there_is_not(content_type: str, body: bytes) -> None:
    with pytest.raises(Unreadable):
        read_payload(content_type, body)


def test_it_loses_no_answer_of_two_questions_with_one_title() -> None:
    form: Payload = {
        "hidden": {"Comments": "hidden"},
        "definition": {
            "title": "F",
            "fields": [{"id": "1", "title": "Comments"}, {"id": "2", "title": "Comments"}],
        },
        "answers": [
            {"type": "text", "text": "first", "field": {"id": "1"}},
            {"type": "text", "text": "second", "field": {"id": "2"}},
        ],
    }
    found = search("fields", preset("typeform").fields, {"form_response": form})
    assert found == {"Comments": "first", "Comments (2)": "second", "Comments (3)": "hidden"}
