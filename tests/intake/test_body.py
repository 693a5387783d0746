"""Bodies of every kind become one ordered document, and attacks are refused in plain words."""

import json

import pytest

from intake.body import BadBody, Document, parse_body

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=XyZ"

LEAD: Document = {
    "email": "ada@example.org",
    "first_name": "Ada",
    "request_data": {"First name": "Ada", "Größe": "8 ½"},
}


def part(name: str, value: bytes = b"x", *, filename: str = "", content_type: str = "") -> bytes:
    head = f'--XyZ\r\nContent-Disposition: form-data; name="{name}"{filename}\r\n{content_type}\r\n'
    return head.encode() + value + b"\r\n"


def nested(levels: int) -> bytes:
    """An object that holds objects, `levels` of them in all."""
    return b'{"a":' * (levels - 1) + b"{}" + b"}" * (levels - 1)


def refusal(content_type: str | None, body: bytes, encoding: str | None = None) -> BadBody:
    with pytest.raises(BadBody) as caught:
        parse_body(content_type, encoding, body)
    return caught.value


def test_it_works() -> None:
    form = (
        b"email=ada%40example.org&first_name=Ada"
        b"&request_data%5BFirst+name%5D=Ada&request_data[Gr%C3%B6%C3%9Fe]=8+%C2%BD"
    )
    parts = b"".join(
        [
            part("email", b"ada@example.org"),
            part("first_name", b"Ada"),
            part("request_data[First name]", b"Ada"),
            part("request_data[Größe]", "8 ½".encode()),
            b"--XyZ--\r\n",
        ]
    )

    documents = [
        parse_body(JSON, None, json.dumps(LEAD).encode()),
        parse_body(FORM, None, form),
        parse_body(PARTS, None, parts),
    ]

    assert [json.dumps(document) for document in documents] == [json.dumps(LEAD)] * 3


ATTACKS: list[tuple[str, str | None, bytes, int, str, str | None]] = [
    ("1 NUL in a value", JSON, rb'{"email":"a\u0000b"}', 400, "nul", "email"),
    ("1 NUL in a key", JSON, rb'{"e\u0000":"b"}', 400, "nul", "e\ufffd"),
    ("1 NUL deep down", JSON, rb'{"request_data":{"tags":["\u0000"]}}', 400, "nul", "request_data[tags]"),
    ("1 raw NUL", JSON, b'{"email":"a\0b"}', 400, "malformed_json", None),
    ("2 NUL in a form", FORM, b"email=a%00b", 400, "nul", "email"),
    ("2 raw NUL in a form", FORM, b"email=a\0b", 400, "nul", "email"),
    ("2 NUL in a form's key", FORM, b"e%00=a", 400, "nul", "e\ufffd"),
    ("2 NUL in a part", PARTS, part("email", b"a\0b") + b"--XyZ--", 400, "nul", "email"),
    ("3 lone surrogate", JSON, rb'{"email":"\ud800"}', 400, "lone_surrogate", "email"),
    ("3 lone surrogate in a key", JSON, rb'{"\udc00":1}', 400, "lone_surrogate", "\ufffd"),
    ("3 encoded surrogate", JSON, b'{"email":"\xed\xa0\x80"}', 400, "not_utf8", None),
    ("4 byte 0xFF", JSON, b'{"email":"\xff"}', 400, "not_utf8", None),
    ("4 byte 0xFF in a form", FORM, b"email=%FF", 400, "not_utf8", "email"),
    ("4 raw byte 0xFF in a form", FORM, b"email=\xff", 400, "not_utf8", "email"),
    ("5 UTF-16 with a mark", JSON, '{"a":"b"}'.encode("utf-16"), 400, "not_utf8", None),
    ("5 UTF-16 without", JSON, '{"a":"b"}'.encode("utf-16-le"), 400, "malformed_json", None),
    ("6 two byte order marks", JSON, b"\xef\xbb\xbf" * 2 + b"{}", 400, "malformed_json", None),
    ("7 overlong", JSON, b'{"a":"\xc0\xaf"}', 400, "not_utf8", None),
    ("7 overlong in a form", FORM, b"a=%C0%AF", 400, "not_utf8", "a"),
    ("8 deep lists", JSON, b"[" * 100_000, 400, "too_deep", None),
    ("8 deep objects", JSON, b'{"a":' * 50_000, 400, "too_deep", None),
    ("9 depth 33", JSON, nested(33), 400, "too_deep", "a" + "[a]" * 31),
    ("9 depth 33 by lists", JSON, b'{"a":' + b"[" * 32 + b"]" * 32 + b"}", 400, "too_deep", "a"),
    ("11 repeated key", JSON, b'{"email":"a","b":1,"email":"c"}', 400, "repeated_key", "email"),
    ("11 repeated key, escaped", JSON, rb'{"email":"a","\u0065mail":"c"}', 400, "repeated_key", "email"),
    ("11 repeated key below", JSON, b'{"a":[{"b":1,"b":1}]}', 400, "repeated_key", "b"),
    ("12 NaN", JSON, b'{"a":NaN}', 400, "number_out_of_range", "a"),
    ("12 Infinity", JSON, b'{"a":[Infinity]}', 400, "number_out_of_range", "a"),
    ("12 -Infinity", JSON, b'{"a":-Infinity}', 400, "number_out_of_range", "a"),
    ("12 1e999", JSON, b'{"a":{"b":1e999}}', 400, "number_out_of_range", "a[b]"),
    ("12 -0", JSON, b'{"a":-0}', 400, "number_out_of_range", "a"),
    ("12 19 digits", JSON, b'{"a":-' + b"9" * 19 + b"}", 400, "number_out_of_range", "a"),
    ("12 5000 digits", JSON, b'{"a":' + b"9" * 5000 + b"}", 400, "number_out_of_range", "a"),
    ("16 text/plain", "text/plain", b"{}", 415, "unsupported_type", None),
    ("16 no type", None, b"{}", 415, "unsupported_type", None),
    ("16 empty type", "", b"{}", 415, "unsupported_type", None),
    ("16 text/json", "text/json", b"{}", 415, "unsupported_type", None),
    ("16 hidden type", "text/plain; application/json", b"{}", 415, "unsupported_type", None),
    ("17 UTF-7", "application/json; charset=utf-7", b"{}", 415, "unsupported_charset", None),
    ("17 Latin-1 form", FORM + ';charset="ISO-8859-1"', b"a=b", 415, "unsupported_charset", None),
    ("17 two charsets", JSON + ";charset=utf-8;charset=utf-7", b"{}", 415, "unsupported_type", None),
    ("18 list", JSON, b"[]", 400, "not_an_object", None),
    ("18 null", JSON, b"null", 400, "not_an_object", None),
    ("18 text", JSON, b'"x"', 400, "not_an_object", None),
    ("18 NaN alone", JSON, b"NaN", 400, "not_an_object", None),
    ("18 empty", JSON, b"", 400, "empty_body", None),
    ("18 blank", JSON, b" \r\n", 400, "empty_body", None),
    ("19 trailing garbage", JSON, b"{}x", 400, "malformed_json", None),
    ("19 second document", JSON, b"{}{}", 400, "malformed_json", None),
    ("19 cut short", JSON, b'{"a":"b', 400, "malformed_json", None),
    ("22 repeated field", FORM, b"email=a&email=b", 400, "repeated_key", "email"),
    ("22 repeated part", PARTS, part("a") + part("a") + b"--XyZ--", 400, "repeated_key", "a"),
    ("25 unknown charset", PARTS, part("a", content_type="Content-Type: text/plain; charset=nonesuch\r\n")
     + b"--XyZ--", 400, "unsupported_charset", "a"),
    ("26 bad UTF-8 in a part", PARTS, part("a", b"\xff") + b"--XyZ--", 400, "not_utf8", "a"),
    ("27 no boundary", "multipart/form-data", part("a") + b"--XyZ--", 400, "bad_boundary", None),
    ("27 empty boundary", 'multipart/form-data; boundary=""', b"", 400, "bad_boundary", None),
    ("27 long boundary", f"multipart/form-data; boundary={'b' * 1024}", b"", 400, "bad_boundary", None),
    ("27 CRLF boundary", "multipart/form-data; boundary=a\r\nb", b"", 400, "bad_boundary", None),
    ("27 other boundary", "multipart/form-data; boundary=Abc", part("a"), 400, "malformed_multipart", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("content_type", "body", "status", "reason", "field"),
    [pytest.param(*attack[1:], id=attack[0]) for attack in ATTACKS],
)
def test_it_refuses(
    content_type: str | None, body: bytes, status: int, reason: str, field: str | None
) -> None:
    bad = refusal(content_type, body)

    assert (bad.status, bad.reason, bad.field) == (status, reason, field)
    assert bad.message.endswith(".")
    assert bad.field is None or f"'{bad.field}'" in bad.message
    assert str(bad) == bad.message
    bad.message.encode()


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "identity, gzip", "x"])
def test_it_refuses_what_is_compressed(encoding: str) -> None:
    bad = refusal(JSON, b"\x1f\x8b", encoding)

    assert (bad.status, bad.reason) == (415, "unsupported_encoding")


@pytest.mark.parametrize("encoding", [None, "", "identity", "Identity"])
@pytest.mark.parametrize(
    "content_type",
    [
        JSON,
        "Application/JSON; Charset=UTF-8",
        'application/json;charset="utf-8"',
        "application/json;",
        "application/vnd.api+json",
        "application/json; charset=us-ascii",
    ],
)
def test_it_knows_json_by_its_type(content_type: str, encoding: str | None) -> None:
    assert parse_body(content_type, encoding, b'{"a":"b"}') == {"a": "b"}


def test_it_passes_over_one_byte_order_mark() -> None:
    assert parse_body(JSON, None, b'\xef\xbb\xbf{"a":"b"}') == {"a": "b"}


def test_it_refuses_more_than_200_keys_wherever_they_are() -> None:
    fits = {"request_data": {f"k{n}": n for n in range(199)}}
    over = {"request_data": [{f"k{n}": n for n in range(100)}, {f"k{n}": n for n in range(100)}]}

    assert parse_body(JSON, None, json.dumps(fits).encode()) == fits
    for body in (over, {str(n): n for n in range(200_000)}):
        assert refusal(JSON, json.dumps(body).encode()).reason == "too_many_keys"


def test_it_refuses_a_text_over_64_kib_measured_in_bytes() -> None:
    for text in ("a" * 65_536, "ä" * 32_768):
        fits, over = (json.dumps({"message": t}, ensure_ascii=False).encode() for t in (text, text + "a"))
        assert parse_body(JSON, None, fits) == {"message": text}
        assert refusal(JSON, over).reason == "too_long"


def test_it_takes_32_levels_and_18_digits() -> None:
    for body in (nested(32), b'{"a":-999999999999999999}', b'{"a":[' + b"[" * 30 + b"]" * 30 + b"]}"):
        assert json.dumps(parse_body(JSON, None, body)) == json.dumps(json.loads(body))


def test_it_takes_odd_names_as_text() -> None:
    odd = {"__proto__": "$where", "constructor": {"$ne": "__class__"}, "name.__class__": "x", "": "y"}

    assert parse_body(JSON, None, json.dumps(odd).encode()) == odd


def test_it_never_repeats_a_value() -> None:
    for attack in (rb'{"a":"secret\u0000"}', b'{"a":"secret', b'{"a":"secret"} secret', b'"secret"'):
        assert "secret" not in refusal(JSON, attack).message
    assert "secret" not in refusal(FORM, b"a=secret&a=secret").message


def test_it_repeats_no_name_that_looks_like_a_value() -> None:
    document = b'{"email":"ada@example.org","url":"?q=caf%E9","more":"%00"}'
    assert refusal(FORM, document).field == "(not shown)"
    assert refusal(FORM, b"4155550123=%00").field == "(not shown)"
    assert "ada" not in refusal(FORM, b"ada@example.org=1&ada@example.org=2").message


def test_it_shortens_a_name_that_it_repeats() -> None:
    bad = refusal(FORM, b"%0D%0A" + b"k" * 5000 + b"=%00")

    assert bad.field == "\ufffd\ufffd" + "k" * 98
