"""Whatever bytes arrive, the answer is a document or a BadBody; well-formed bodies are read as meant."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from intake.body import BadBody, Document, Value, parse_body
from intake.body.form_body import is_plain, pairs_at_once, pairs_one_by_one

FORM = "application/x-www-form-urlencoded"
CONTENT_TYPES = [
    "application/json",
    "application/json; charset=utf-8",
    "application/vnd.api+json",
    FORM,
    "multipart/form-data; boundary=XyZ",
    "multipart/form-data",
    "text/plain",
    None,
]
# Pieces that bring random bodies past the first check of each parser.
PIECES = [
    *(b'{"a":', b"{", b"}", b"[", b"]", b'"', b":", b",", b"\\u0000", b"\\ud800", b"1e999", b"-0", b"NaN"),
    *(b"\0", b"\xff", b"a=1", b"a[b]=2", b"a[]=3", b"&", b"%", b"%00", b"%C3", b"+", b"\xef\xbb\xbf"),
    *(b"--XyZ", b"--", b"\r\n", b"\n", b" ", b"\t", b"Content-Length: 1", b"; filename*=x", b"=?", b";"),
    *(b'--XyZ\r\nContent-Disposition: form-data; name="a"', b"Content-Type: text/plain; charset=x"),
]
PARTS = st.lists(
    st.sampled_from(
        [
            *(b"a", b"%41", b"%3D", b"%3d", b"%C3%A4", b"%c3", b"%a4", b"\xc3", b"\xc3\xa4", b"%4", b"%"),
            *(b"%0A", b"%26", b"+", b"_", b"~", b"\x01", b"\r", b"\n", b"[b]", b"%5Bb%5D"),
        ]
    ),
    max_size=5,
).map(b"".join)
PAIRS = st.tuples(PARTS, PARTS).map(b"=".join)
SAFE_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
NUMBERS = st.integers(-(10**18) + 1, 10**18 - 1) | st.floats(allow_nan=False, allow_infinity=False)
VALUES: st.SearchStrategy[Value] = st.recursive(
    st.none() | st.booleans() | NUMBERS | SAFE_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SAFE_TEXT, inner, max_size=4),
    max_leaves=20,
)
DOCUMENTS = st.dictionaries(SAFE_TEXT, VALUES, max_size=6)
PLAIN_NAMES = SAFE_TEXT.filter(lambda name: not name.endswith("]"))


def answered_status(content_type: str | None, encoding: str | None, body: bytes) -> int:
    """Parse a body; a document must be fit for UTF-8, JSON and PostgreSQL, a refusal must be fit to send."""
    try:
        document = parse_body(content_type, encoding, body)
    except BadBody as bad:
        bad.message.encode()
        return bad.status
    assert "\\u0000" not in json.dumps(document, allow_nan=False).replace("\\\\", "")
    json.dumps(document, ensure_ascii=False).encode()
    return 200


def test_it_works() -> None:
    assert parse_body("application/json", None, b'{"a":1}') == {"a": 1}


@settings(max_examples=400, deadline=None)
@given(
    content_type=st.sampled_from(CONTENT_TYPES) | st.text(max_size=40),
    encoding=st.none() | st.sampled_from(["identity", "gzip"]) | st.text(max_size=5),
    body=st.binary(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join),
)
def test_it_answers_any_bytes(content_type: str | None, encoding: str | None, body: bytes) -> None:
    assert answered_status(content_type, encoding, body) in {200, 400, 415}


@settings(max_examples=400, deadline=None)
@given(
    kind=st.sampled_from(CONTENT_TYPES[:5]), body=st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join)
)
def test_it_answers_what_looks_like_a_body(kind: str, body: bytes) -> None:
    assert answered_status(kind, None, body) in {200, 400}


@settings(max_examples=400, deadline=None)
@example(b"a=\xc3%a4")
@example(b"a=\xc3%a4&")
@given(st.lists(PAIRS | PAIRS | PARTS, max_size=5).map(b"&".join))
def test_it_reads_a_plain_form_at_once_as_it_reads_it_pair_by_pair(body: bytes) -> None:
    assert is_plain(body)
    try:
        meant = list(pairs_one_by_one(body))
    except BadBody:
        with pytest.raises((BadBody, UnicodeDecodeError)):
            list(pairs_at_once(body))
    else:
        assert list(pairs_at_once(body)) == meant


@settings(max_examples=200, deadline=None)
@given(
    document=DOCUMENTS,
    style=st.sampled_from([{}, {"ensure_ascii": False}, {"indent": 1}, {"separators": (",", ":")}]),
)
def test_it_reads_json_as_json_loads_does(document: Document, style: dict[str, Any]) -> None:
    body = json.dumps(document, **style).encode()

    parsed = parse_body("application/json", None, body)

    assert json.dumps(parsed) == json.dumps(json.loads(body))


@settings(max_examples=200, deadline=None)
@given(fields=st.dictionaries(PLAIN_NAMES, SAFE_TEXT, max_size=10))
def test_it_reads_back_what_urlencode_writes(fields: dict[str, str]) -> None:
    parsed = parse_body(FORM, None, urlencode(fields).encode())

    assert list(parsed.items()) == list(fields.items())


@settings(max_examples=200, deadline=None)
@given(labels=st.dictionaries(SAFE_TEXT.filter(bool), SAFE_TEXT, min_size=1, max_size=10))
def test_it_takes_any_text_for_a_label(labels: dict[str, str]) -> None:
    body = urlencode({f"request_data[{label}]": text for label, text in labels.items()})

    assert parse_body(FORM, None, body.encode()) == {"request_data": labels}


@settings(max_examples=200, deadline=None)
@given(content=SAFE_TEXT, name=st.text("abc äé*;=[", min_size=1, max_size=10))
def test_it_reads_back_a_part(content: str, name: str) -> None:
    body = f'--XyZ\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{content}\r\n--XyZ--\r\n'

    assert parse_body("multipart/form-data; boundary=XyZ", None, body.encode()) == {name: content}
