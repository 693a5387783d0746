"""An address is found in a body however it is written, and no other address is taken for it."""

import json
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.business import Business
from models.database import engine
from models.operations.person.written import as_a_value, in_a_form, in_any_text

ADDRESS = "ada.l+x@example.org"
INTERNATIONAL = "ádá@bücher.example"
FOUND = "SELECT encode(%s::bytea, 'escape') ~* %s"


def matches(body: bytes, pattern: str) -> bool:
    with engine().connect() as connection:
        return bool(connection.exec_driver_sql(FOUND, (body, pattern)).scalar_one())


def is_found(address: str, body: bytes) -> bool:
    return matches(body, in_any_text([address]))


def every_character(address: str) -> str:
    """JSON in which all but letters and digits are escaped."""
    return "".join(c if c.isalnum() and c.isascii() else f"\\u{ord(c):04X}" for c in address)


@pytest.mark.parametrize("address", [ADDRESS, INTERNATIONAL])
def test_it_works(database: str, address: str) -> None:
    bodies = [
        json.dumps({"email": address}),
        json.dumps({"email": address}, ensure_ascii=False),
        f'{{"email": "{every_character(address)}"}}',
        json.dumps({"text": f"\n{address}\n"}),
        json.dumps(json.dumps({"email": address})),
        urlencode({"a": 1, "email": address, "b": 2}),
        urlencode({"text": f"Ada <{address}>"}),
        f"email={quote(address, safe='@+')}",
        f'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n{address.upper()}\r\n--x--',
        f"Write to {address}. Soon",
        f"<a href='mailto:{address}'>",
    ]
    assert [body for body in bodies if not is_found(address, body.encode())] == []


@pytest.mark.parametrize(
    "other",
    ["bada.l+x@example.org", "y.ada.l+x@example.org", "ada.l+x@example.org.uk", "ada.l+x@example.organic",
     "ada.l+x@example-org", "adal+x@example.org", "ada.l+x@example.org-a.example"],
)  # fmt: skip
def test_it_takes_no_other_address_for_it(database: str, other: str) -> None:
    for body in (json.dumps({"email": other}), urlencode({"email": other}), urlencode({"a": f"<{other}>"})):
        assert not is_found(ADDRESS, body.encode())


def test_a_plus_sign_in_a_form_is_a_blank(database: str) -> None:
    body = urlencode({"text": f"write to {ADDRESS}"}).encode()
    assert matches(body, in_a_form([ADDRESS]))
    assert not matches(b"text=xada%2B" + quote("l@example.org").encode(), in_a_form(["l@example.org"]))


@pytest.mark.parametrize("address", [ADDRESS, INTERNATIONAL])
def test_a_field_of_ones_own_is_no_mention(database: str, address: str) -> None:
    part = f'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n{address}\r\n--x--'
    own = [json.dumps({"a": [address]}), urlencode({"a": address, "b": 1}), urlencode({"a": address}), part]
    mentions = [json.dumps({"a": f"ask {address}"}), urlencode({"a": f"ask {address} today"}), part.replace(
        address, f"ask {address}")]  # fmt: skip
    assert [body for body in own if not matches(body.encode(), as_a_value([address]))] == []
    assert [body for body in mentions if matches(body.encode(), as_a_value([address]))] == []


def test_nobody_is_found_by_no_address(database: str) -> None:
    for pattern in (as_a_value, in_a_form, in_any_text):
        assert pattern([]) == pattern([""])
        assert [body for body in (b"", b"x", ADDRESS.encode()) if matches(body, pattern([]))] == []


LOCAL = st.text("abz09.!#$%&'*+/=?^_`{|}~-é", min_size=1, max_size=12)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(local=LOCAL, before=st.binary(max_size=6), after=st.binary(max_size=6))
def test_it_is_a_pattern_whatever_the_address(
    business: Business, local: str, before: bytes, after: bytes
) -> None:
    address = f"{local}@example.org"
    body = before + b' "' + address.encode() + b'" ' + after
    assert is_found(address, body)
    assert is_found(address, b"&email=" + quote(address).encode() + b"&")
