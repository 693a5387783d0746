"""The headers of an e-mail, and what a lead cannot do to them."""

import pytest

from tests.workers.built_mail import EXPECTED, assert_well_formed, built, read
from workers.mail import HeaderMismatch, clean_header

# The attacks of the list on headers: encoded words that hide line ends, controls, quotes, great length.
ATTACKS = [
    "=?utf-8?q?a=0ABcc=3A_e=40x.example?=",
    "=?utf-8?b?YQpCY2M6IGVAeC5leGFtcGxl?=",
    "=?utf-8?q?=3D=3Futf-8=3Fq=3Fa=0ABcc=3A_e=3F=3D?=",
    "==??utf-8?q?a=0ABcc=3A_e?==??=",
    "=?utf-8?q?x?= =?utf-8?q?=0D=0ABcc=3A_e=40x.example?=",
    "Hello\r\nBcc: e@x.example",
    "Hello\nBcc: e@x.example",
    "Hello\rBcc: e@x.example",
    "Hello\x0bBcc: e@x.example",
    "Hello\x0cBcc: e@x.example",
    "Hello\x85Bcc: e@x.example",
    "Hello\u2028Bcc: e@x.example",
    "Hello\u2029Bcc: e@x.example",
    "Hello\x00Bcc: e@x.example",
    "Hello\r\n\r\n<script>body</script>",
    'Evil" <e@x.example>, "B',
    "Evil\\",
    "\u202egnp.exe",
    "\ud800 lone",
    "x" * 5_000,
    "ü" * 5_000,
    "😀" * 300,
    "=?" * 3_000,
]


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("where", ["subject", "sender_name"])
def test_it_lets_no_lead_add_a_header(where: str, attack: str) -> None:
    mail = built(**{where: attack})

    message = read(mail)
    assert message.keys() == EXPECTED
    assert [address.addr_spec for address in message["From"].addresses] == ["no-reply@acme.example.org"]
    assert not any(c in str(message["Subject"]) for c in "\r\n\x00\u2028")
    assert_well_formed(mail)


@pytest.mark.parametrize("subject", ["Grüße aus Köln", "日本語の件名" * 10, "😀" * 60, "naïve " * 30])
def test_it_tells_every_script_in_the_subject_and_the_name(subject: str) -> None:
    message = read(built(subject=subject, sender_name=subject[:40]))

    assert str(message["Subject"]) == subject.strip()[:200]
    # The standard parser leaves the spaces between encoded words in a display name.
    name = message["From"].addresses[0].display_name
    assert name.replace(" ", "") == subject[:40].replace(" ", "")


def test_it_leaves_out_a_reply_to_that_is_not_one_address() -> None:
    for wrong in ("a@x.org, list@x.org", "a@x.org\r\nBcc: b@x.org", "jürgen@example.org", "nobody", ""):
        assert "Reply-To" not in read(built(reply_to=wrong))


@pytest.mark.parametrize(
    "headers",
    [
        {"Subject": "twice"},
        {"subject": "twice"},
        {"MIME-Version": "1.0"},
        {"reply-to": "a@x.org"},
        {"Bcc": "a@x.org"},
        {"X-A": "b\r\nBcc: e@x.example"},
        {"X-A\r\nBcc": "b"},
        {"X A": "b"},
        {"X:A": "b"},
        {"X-A": "ü"},
        {"X-A": ""},
        {"X-A": "=?utf-8?q?b?="},
        {"X-A": "b" * 2_000},
    ],
)
def test_it_refuses_a_header_that_is_not_what_it_seems(headers: dict[str, str]) -> None:
    with pytest.raises(HeaderMismatch):
        built(headers=headers)


def test_it_refuses_a_message_id_that_is_not_what_it_seems() -> None:
    with pytest.raises(HeaderMismatch):
        built(message_id="<a@b>\r\nBcc: e@x.example")


def test_it_cuts_and_cleans_header_text() -> None:
    assert clean_header("  a\t\nb  ") == "a b"
    assert clean_header("abc" * 100, 7) == "abcabca"
    assert clean_header("Is 2+2=5? Yes") == "Is 2+2=5? Yes"
    assert "=?" not in clean_header("===???=??==?")
