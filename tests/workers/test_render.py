"""Our own message templates, and what a lead cannot do to them."""

from typing import Any

import pytest

from models.unseen import UNSEEN
from tests.workers.rendered import BUILT_IN, USUAL, context, render
from workers.render import LONGEST_OUTPUT
from workers.text import fit, segments
from workers.wording import repeat_sentence


def test_it_works() -> None:
    text = render("auto-reply", "text")

    assert text.startswith("Hello Ada,\n\nthank you for writing to Acme Kitchens.")
    for told in ("A new kitchen", "what would it cost?", "+14155550100", "https://acme.example/u/token"):
        assert told in text
        assert told in render("auto-reply", "html")
    assert render("auto-reply", "subject") == "We have your message: A new kitchen"


def test_it_has_all_the_templates_that_are_sent() -> None:
    assert BUILT_IN == [
        ("appointment-confirmation", "subject"),
        ("appointment-confirmation", "text"),
        ("appointment-confirmation", "html"),
        ("appointment-reminder", "subject"),
        ("appointment-reminder", "text"),
        ("appointment-reminder", "html"),
        ("assignee-email", "subject"),
        ("assignee-email", "text"),
        ("assignee-email", "html"),
        ("auto-reply", "subject"),
        ("auto-reply", "text"),
        ("auto-reply", "html"),
        ("message-given-up", "subject"),
        ("message-given-up", "text"),
        ("message-given-up", "html"),
        ("opt-in-confirmation", "subject"),
        ("opt-in-confirmation", "text"),
        ("opt-in-confirmation", "html"),
        ("owner-channel", "subject"),
        ("owner-channel", "text"),
        ("owner-email", "subject"),
        ("owner-email", "text"),
        ("owner-email", "html"),
        ("owner-sms", "sms"),
        ("posts-quarantined", "subject"),
        ("posts-quarantined", "text"),
        ("posts-quarantined", "html"),
        ("silence-alarm", "subject"),
        ("silence-alarm", "text"),
        ("silence-alarm", "html"),
        ("subscription-disabled", "subject"),
        ("subscription-disabled", "text"),
        ("subscription-disabled", "html"),
        ("webhook-failed", "subject"),
        ("webhook-failed", "text"),
        ("webhook-failed", "html"),
    ]


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
def test_it_asks_for_no_answer_that_would_go_astray(part: str) -> None:
    """An address in other alphabets is in no Reply-To: the owner's own server might refuse the mail."""
    astray = render("owner-email", part, lead=USUAL["lead"] | {"email": "josé@example.org"})
    assert "Answer this e-mail" not in astray
    assert "Write to josé@example.org" in astray
    assert "Answer this e-mail to write to Ada Lovelace" in render("owner-email", part)


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


@pytest.mark.parametrize(
    ("name", "part"),
    # The one part that tells nothing that a lead wrote.
    [one for one in BUILT_IN if one != ("opt-in-confirmation", "subject")],
)
def test_it_takes_what_a_lead_wrote_for_data(name: str, part: str) -> None:
    text = "{{7*7}}<script>${7*7}</script>{% for x in range(9) %} %n%s {0.__class__} &amp; {#"
    written: dict[str, Any] = {
        one: dict.fromkeys(context()[one], text) for one in ("lead", "business", "appointment", "alert")
    }
    output = render(name, part, **written, enquiry=poisoned(text))

    assert "49" not in output
    assert "{{7*7}}" in output
    assert ("<script>" in output) is (part != "html")


def poisoned(text: str) -> dict[str, Any]:
    return {**dict.fromkeys(context()["enquiry"], text), "data": [(text, text)]}


@pytest.mark.parametrize(("name", "part"), BUILT_IN)
def test_it_shows_no_character_that_is_not_seen(name: str, part: str) -> None:
    joined = "\u0646\u200c\u0647 \U0001f469\u200d\U0001f52c"
    text = f"\u202eAda\u202c \u2066L\u2069\u200b\u200e\u200f\u2060\ufeff {joined}"
    written: dict[str, Any] = {
        one: dict.fromkeys(context()[one], text) for one in ("lead", "appointment", "alert")
    }
    own = "{{ lead.name }}{% for label, value in enquiry.data %}{{ label ~ value }}{% endfor %}"

    assert UNSEEN.search(render(name, part, **written, enquiry=poisoned(text))) is None
    assert render(name, part, own, **written, enquiry=poisoned(text)) == f"Ada L {joined}" * 3


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
