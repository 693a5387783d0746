"""To whom an e-mail may go, and whom nobody answers."""

from collections.abc import Collection

import pytest

from tests.workers.built_mail import built
from workers.mail import BadAddress, is_answerable, one_address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "@example.org",
        "a@",
        "a@b@c.org",
        "a@x.org, b@x.org",
        "a@x.org;b@x.org",
        "<a@x.org>",
        "A <a@x.org>",
        "a@x.org\n",
        "a@x.org\r\nBcc: b@x.org",
        "a b@x.org",
        '"a"@x.org',
        "a@[127.0.0.1]",
        "a@x.org\x00",
        "a\u2028@x.org",
        "a\u202e@x.org",
        "-oX@x.org",
        "=?utf-8?q?a=0ABcc=3A_e?=@x.org",
        "a" * 65 + "@x.org",
        "a@" + "x" * 250 + ".org",
        "a@" + "ü" * 80 + ".org",
        "a(c)@x.org",
        "a:b@x.org",
    ],
)
def test_it_takes_one_plain_address_only(address: str) -> None:
    with pytest.raises(BadAddress) as caught:
        built(recipient=address)
    with pytest.raises(BadAddress):
        built(sender=address)

    assert len(address) < 5 or address not in str(caught.value)


@pytest.mark.parametrize("address", ["ada+crm@example.org", "o'neil@example.org", "a.b-c_d@sub.example.org"])
def test_it_takes_unusual_addresses(address: str) -> None:
    assert built(recipient=address).recipient == address


def test_it_writes_a_foreign_domain_in_ascii() -> None:
    assert one_address("ada@bücher.example") == "ada@xn--bcher-kva.example"


def test_it_keeps_a_recipient_that_needs_utf8_for_a_server_that_knows_it() -> None:
    mail = built(recipient="jürgen@example.org")

    assert mail.recipient == "jürgen@example.org"
    assert "To: <jürgen@example.org>\r\n".encode() in mail.content


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("ada@example.org", None),
        ("info@example.org", None),
        ("sales+web@example.org", None),
        ("norepl@example.org", None),
        ("rooted@example.org", None),
        ("reply@example.org", None),
        ("", "null address"),
        ("<>", "null address"),
        ("@example.org", "null address"),
        ("MAILER-DAEMON@example.org", "role address"),
        ("postmaster@example.org", "role address"),
        ("postmaster+x@example.org", "role address"),
        ("root@example.org", "role address"),
        ("abuse@example.org", "role address"),
        ("hostmaster@example.org", "role address"),
        ("no-reply@example.org", "no-reply address"),
        ("noreply@example.org", "no-reply address"),
        ("No_Reply+1@example.org", "no-reply address"),
        ("do-not-reply@example.org", "no-reply address"),
        ("donotreply@example.org", "no-reply address"),
        ("list-request@example.org", "list address"),
        ("owner-list@example.org", "list address"),
        ("list-owner@example.org", "list address"),
        ("bounces@example.org", "bounce address"),
        ("bounce-12=ada=example.org@lists.example", "bounce address"),
        ("ada+bounce@example.org", "bounce address"),
        ("list-bounces@example.org", "bounce address"),
        ("prvs=0123=ada@example.org", "bounce address"),
        ("SRS0=ab=cd=example.org=ada@relay.example", "bounce address"),
        ("leads@acme.example", "own address"),
        (" Leads+tag@ACME.example ", "own address"),
    ],
)
def test_it_knows_whom_not_to_answer(address: str, reason: str | None) -> None:
    own: Collection[str] = {"leads@Acme.example", "hello@acme.example"}

    assert is_answerable(address, own) == reason
