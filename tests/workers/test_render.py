"""Message templates, ours and a business's own, and what neither they nor a lead can do."""

import time
from typing import Any

import pytest

from workers.render import FOLDER, LONGEST_OUTPUT, PARTS, TemplateBroken, Templates, repeat_sentence
from workers.text import fit, segments

BUILT_IN = [
    (folder.name, part)
    for folder in sorted(FOLDER.iterdir())
    for part, file in PARTS.items()
    if (folder / file).is_file()
]


def context(**changed: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "business": {
            "name": "Acme Kitchens",
            "email": "hello@acme.example",
            "phone": "+14155550100",
            "url": "https://acme.example",
        },
        "lead": {
            "name": "Ada Lovelace",
            "first_name": "Ada",
            "last_name": "Lovelace",
            "email": "ada@example.org",
            "phone": "+442079460000",
            "address": "12 St James's Square, London",
        },
        "enquiry": {
            "title": "A new kitchen",
            "message": "Hello,\nwhat would it cost?",
            "source": "Website",
            "source_url": "https://acme.example/kitchens?utm=1",
            "system_message": "Came by the spring campaign",
            "data": [("Budget", "10,000"), ("When", "May"), ("Budget", "or more")],
        },
        "repeat": "",
        "conflict": False,
        "contact": "",
        "unsubscribe_url": "https://acme.example/u/token",
        "received_at": "2026-03-01 12:30 UTC",
    }
    return {**facts, **changed}


def render(name: str, part: str, override: str | None = None, **changed: Any) -> str:
    return Templates().render(name, part, context(**changed), override)


def test_it_works() -> None:
    text = render("auto-reply", "text")

    assert text.startswith("Hello Ada,\n\nthank you for writing to Acme Kitchens.")
    for told in ("A new kitchen", "what would it cost?", "+14155550100", "https://acme.example/u/token"):
        assert told in text
        assert told in render("auto-reply", "html")
    assert render("auto-reply", "subject") == "We have your message: A new kitchen"


def test_it_has_all_the_templates_that_are_sent() -> None:
    assert BUILT_IN == [
        ("auto-reply", "subject"),
        ("auto-reply", "text"),
        ("auto-reply", "html"),
        ("owner-channel", "subject"),
        ("owner-channel", "text"),
        ("owner-email", "subject"),
        ("owner-email", "text"),
        ("owner-email", "html"),
        ("owner-sms", "sms"),
    ]
    assert Templates().has("owner-sms", "sms")
    assert not Templates().has("owner-sms", "html")


def test_it_tells_the_owner_everything_in_the_order_given() -> None:
    told = [
        *("A new kitchen", "what would it cost?", "Ada Lovelace", "ada@example.org", "+442079460000"),
        *("Budget", "10,000", "When", "May", "Budget", "or more", "Website", "Came by the spring campaign"),
    ]

    for part in ("text", "html"):
        output, place = render("owner-email", part), 0
        for fact in told:
            place = output.index(fact, place) + 1
        assert "https://acme.example/kitchens?utm=1" in output


def test_it_tells_the_owner_of_a_known_person() -> None:
    repeat = repeat_sentence(3, 12)

    for name, part in (
        *(("owner-email", "text"), ("owner-email", "html")),
        *(("owner-sms", "sms"), ("owner-channel", "text")),
    ):
        assert "third enquiry from this person, last 12 days ago" in render(name, part, repeat=repeat)
        assert "from this person" not in render(name, part)


@pytest.mark.parametrize("part", ["text", "html"])
def test_it_tells_the_owner_that_the_person_is_a_contact(part: str) -> None:
    assert "the contact Ada Lovelace" in render("owner-email", part, contact="Ada Lovelace")
    assert "the contact" not in render("owner-email", part)


@pytest.mark.parametrize("part", ["text", "html"])
def test_it_tells_the_owner_of_a_conflict(part: str) -> None:
    assert "two different people" in render("owner-email", part, conflict=True)
    assert "two different people" not in render("owner-email", part)


def test_it_writes_an_owner_sms_that_fits_one_segment_when_all_is_short() -> None:
    text = render("owner-sms", "sms")

    assert text == "Acme Kitchens: enquiry from Ada Lovelace, +442079460000. A new kitchen"
    assert segments(fit(text)) == ("GSM-7", 1)


@pytest.mark.parametrize(("name", "part"), BUILT_IN)
def test_it_makes_do_with_a_lead_of_whom_little_is_known(name: str, part: str) -> None:
    nobody = dict.fromkeys(("name", "first_name", "last_name", "email", "phone", "address"), "")
    nothing: dict[str, Any] = dict.fromkeys(
        ("title", "message", "source", "source_url", "system_message"), ""
    )
    business = {"name": "Acme", "email": "", "phone": "", "url": ""}
    output = render(
        name, part, lead=nobody, enquiry={**nothing, "data": []}, business=business, unsubscribe_url=""
    )

    assert output.strip()
    assert "None" not in output


@pytest.mark.parametrize(("name", "part"), BUILT_IN)
def test_it_takes_what_a_lead_wrote_for_data(name: str, part: str) -> None:
    text = "{{7*7}}<script>${7*7}</script>{% for x in range(9) %} %n%s {0.__class__} &amp; {#"
    output = render(name, part, lead=dict.fromkeys(context()["lead"], text), enquiry=poisoned(text))

    assert "49" not in output
    assert "{{7*7}}" in output
    assert ("<script>" in output) is (part != "html")


def poisoned(text: str) -> dict[str, Any]:
    return {**dict.fromkeys(context()["enquiry"], text), "data": [(text, text)]}


@pytest.mark.parametrize("name", ["auto-reply", "owner-email"])
def test_it_links_nothing_that_a_lead_wrote(name: str) -> None:
    evil = "https://evil.example/ javascript:alert(1) \"onclick='x'"
    output = render(
        name, "html", lead=dict.fromkeys(context()["lead"], evil), enquiry=poisoned(evil), unsubscribe_url=""
    )

    assert "https://evil.example/" in output
    assert "href" not in output
    assert "onclick='" not in output


@pytest.mark.parametrize("name", ["auto-reply", "owner-email"])
def test_it_shows_no_picture_and_runs_no_script(name: str) -> None:
    html = render(name, "html")

    assert not any(tag in html.lower() for tag in ("<img", "<script", "<link", "url(", "@import", "<form"))


def test_it_keeps_a_subject_on_one_line() -> None:
    enquiry = {**context()["enquiry"], "title": "One\r\nBcc: two\n\nthree"}

    assert render("auto-reply", "subject", enquiry=enquiry) == "We have your message: One Bcc: two three"


@pytest.mark.parametrize(("name", "part"), BUILT_IN)
@pytest.mark.parametrize("character", ['"', "ü", "\n", "x "])
def test_it_cuts_endless_texts_rather_than_fail(name: str, part: str, character: str) -> None:
    endless = character * 250_000
    enquiry = {**poisoned(endless), "data": [(endless, endless)] * 500}

    output = render(name, part, lead=dict.fromkeys(context()["lead"], endless), enquiry=enquiry)

    assert len(output) <= LONGEST_OUTPUT


def test_it_leaves_short_texts_whole_beside_an_endless_one() -> None:
    output = render("owner-email", "text", enquiry={**context()["enquiry"], "message": "x" * 250_000})

    assert "Came by the spring campaign" in output
    assert "x [...]" in output


def test_it_uses_a_wording_of_the_business_s_own() -> None:
    override = "Dear {{ lead.first_name }}{% if repeat %} again{% endif %}: {{ enquiry.title|upper }}"

    assert render("auto-reply", "text", override) == "Dear Ada: A NEW KITCHEN"


def test_it_escapes_in_html_whoever_wrote_the_template() -> None:
    lead = {**context()["lead"], "name": "<b>Ada</b> & co"}

    assert render("auto-reply", "html", "<p>{{ lead.name }}</p>", lead=lead) == (
        "<p>&lt;b&gt;Ada&lt;/b&gt; &amp; co</p>"
    )
    assert render("auto-reply", "text", "{{ lead.name }}", lead=lead) == "<b>Ada</b> & co"


@pytest.mark.parametrize(("name", "part"), BUILT_IN)
def test_it_takes_our_own_templates_as_a_start_for_others(name: str, part: str) -> None:
    source = (FOLDER / name / PARTS[part]).read_text()

    assert render(name, part, source) == render(name, part)


@pytest.mark.parametrize(
    "override",
    [
        "{{ lead.nickname }}",
        "{{ nobody }}",
        "{{ lead.name",
        "{% if %}",
        "{% endfor %}",
        "{{ lead.name|nonesuch }}",
        "{{ lead.name is nonesuch }}",
        "{{ ''.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ lead['__class__'] }}",
        "{{ lead.name|attr('__class__') }}",
        "{{ lead.clear() }}",
        "{{ lead.update({'name': 'x'}) }}",
        "{{ '{0.__class__}'.format(lead) }}",
        "{{ '%999999999d'|format(1) }}",
        "{{ '%999999999d' % 1 }}",
        "{{ 'a' * 100000000 }}",
        "{{ [0] * 100000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ 2 ** 2 }}",
        "{{ 'a' + 'b' }}",
        "{{ 'a'.center(1000000000) }}",
        "{{ 'a'|center(1000000000) }}",
        "{{ lipsum(n=1000) }}",
        "{{ cycler('a') }}",
        "{{ range(100000000)|length }}",
        "{% for a in range(100000000) %}x{% endfor %}",
        "{% for a in range(1000) %}{% for b in range(1000) %}x{% endfor %}{% endfor %}",
        "{% for a in range(1000) %}" + "x" * 300 + "{% endfor %}",
        "{% set a = 'x' %}{{ a }}",
        "{% with a = 'x' %}{{ a }}{% endwith %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% include 'auto-reply/body.txt' %}",
        "{% extends 'auto-reply/body.txt' %}",
        "{% import 'x' as y %}",
        "{% block x %}{% endblock %}",
        "{% autoescape false %}{{ lead.name }}{% endautoescape %}",
        "{{ lead.name|safe }}",
        "{{ 1 // 0 }}",
        "{{ lead.name|truncate('x') }}",
        "{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}",
        "{% if 1 %}" * 2_000 + "{% endif %}" * 2_000,
        "x" * 150_000,
    ],
)
@pytest.mark.parametrize("part", ["text", "html"])
def test_it_says_that_an_override_is_broken(part: str, override: str) -> None:
    started = time.monotonic()
    with pytest.raises(TemplateBroken) as caught:
        render("auto-reply", part, override)

    assert caught.value.message
    assert "ada@example.org" not in caught.value.message
    assert time.monotonic() - started < 30


def test_it_quotes_no_lead_when_an_override_fails() -> None:
    with pytest.raises(TemplateBroken) as caught:
        render("auto-reply", "text", "{{ lead.email + 1 }}{{ lead.email.nothing }}")

    assert "ada" not in caught.value.message


@pytest.mark.parametrize(
    ("count", "days", "sentence"),
    [
        (0, None, ""),
        (1, None, ""),
        (1, 3, ""),
        (2, 0, "second enquiry from this person, last today"),
        (2, 1, "second enquiry from this person, last yesterday"),
        (3, 12, "third enquiry from this person, last 12 days ago"),
        (4, None, "fourth enquiry from this person"),
        (10, 400, "tenth enquiry from this person, last 400 days ago"),
        (11, 2, "11th enquiry from this person, last 2 days ago"),
        (12, 2, "12th enquiry from this person, last 2 days ago"),
        (21, 2, "21st enquiry from this person, last 2 days ago"),
        (22, 2, "22nd enquiry from this person, last 2 days ago"),
        (103, 2, "103rd enquiry from this person, last 2 days ago"),
        (111, 2, "111th enquiry from this person, last 2 days ago"),
        (2, -1, "second enquiry from this person, last today"),
    ],
)
def test_it_counts_enquiries_in_words(count: int, days: int | None, sentence: str) -> None:
    assert repeat_sentence(count, days) == sentence
