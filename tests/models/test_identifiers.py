"""Identifiers: the short way through an address gives what the validator gives."""

import re
import subprocess
import sys

import phonenumbers
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from models.errors import Invalid
from models.identifiers import email_address, is_plain_e164, new_uid, phone_e164, slugify

LOCALS = st.text("abz09.!#+-_'@ AÄ", min_size=0, max_size=70)
DOMAINS = st.sampled_from(
    [
        "example.org",
        "EXAMPLE.org",
        "exämple.org",
        "localhost",
        "a.test",
        "mail.example.co.uk",
        "-a.org",
        "a..b",
    ]
)


@given(LOCALS, DOMAINS)
def test_it_says_of_an_address_what_the_validator_says(local: str, domain: str) -> None:
    typed = f"{local}@{domain}"
    try:
        expected = validate_email(typed, check_deliverability=False, strict=True).normalized
    except EmailNotValidError:
        with pytest.raises(Invalid):
            email_address(typed)
    else:
        assert email_address(typed).address == expected


@pytest.mark.parametrize(
    ("typed", "identity"),
    [
        ("ada@example.org", "ada@example.org"),
        ("Ada@Example.ORG", "ada@example.org"),
        ("ada+tag@example.org", "ada+tag@example.org"),
        ("a.d.a@example.org", "a.d.a@example.org"),
        ("ada@exämple.org", "ada@xn--exmple-cua.org"),
        ("ada@xn--exmple-cua.org", "ada@xn--exmple-cua.org"),
    ],
)
def test_it_knows_an_address_again(typed: str, identity: str) -> None:
    assert email_address(typed).identity == identity


@pytest.mark.parametrize(
    "typed", ["", "ada", "a@b", "a@b@example.org", "<a@example.org>", "a@localhost", "a@x.test"]
)
def test_it_refuses_what_is_no_address_and_does_not_repeat_it(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        email_address(typed)
    assert refused.value.message == "email is not a valid email address"


@pytest.mark.parametrize(
    ("typed", "region", "e164"),
    [
        ("(415) 555-0123", "US", "+14155550123"),
        ("+44 20 7946 0018", "US", "+442079460018"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("tel:+14155550123;ext=9", "US", "+14155550123"),
        ("ring the bell", "US", ""),
        ("1" * 40, "US", ""),
        ("12", "US", ""),
        ("", "US", ""),
    ],
)
def test_it_reads_a_phone_number_where_it_can(typed: str, region: str, e164: str) -> None:
    assert phone_e164(typed, region) == e164


def test_it_makes_uids_of_sixteen_letters_and_digits() -> None:
    uids = {new_uid() for _ in range(1000)}
    assert len(uids) == 1000
    assert all(re.fullmatch(r"[a-z0-9]{16}", uid) for uid in uids)


def test_it_makes_readable_slugs() -> None:
    assert slugify("Ada Lovelace", 7) == "ada-lovelace-7"
    assert slugify("Ünï Çode", 8) == "uni-code-8"
    assert slugify("王小明", 9) == "lead-9"


@given(st.sampled_from(sorted(COUNTRY_CODE_TO_REGION_CODE)), st.text("0123456789", min_size=5, max_size=12))
def test_it_reads_a_plain_number_as_the_library_does(code: int, national: str) -> None:
    typed = f"+{code}{national}"
    assert phone_e164(typed, "US") == by_the_library(typed)


def by_the_library(typed: str) -> str:
    try:
        number = phonenumbers.parse(typed, "US")
    except phonenumbers.NumberParseException:
        return ""
    possible = phonenumbers.is_possible_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if possible else ""


def test_it_takes_an_ordinary_number_for_plain() -> None:
    assert all(is_plain_e164(typed) for typed in ("+14155550123", "+442079460958", "+4930901820"))
    assert not any(
        is_plain_e164(typed) for typed in ("+1415555012", "+4402079460958", "+14155550123x9", "0301")
    )


FORKS = """
import os
from models.identifiers import new_uid
new_uid()
read, write = os.pipe()
if os.fork() == 0:
    os.write(write, new_uid().encode())
    os._exit(0)
os.wait()
print(os.read(read, 16).decode(), new_uid())
"""


def test_it_gives_no_uid_twice_when_a_process_forks() -> None:
    told = subprocess.run([sys.executable, "-c", FORKS], capture_output=True, text=True, check=True).stdout
    assert len(set(told.split())) == 2
