"""Forms: URL-encoded and multipart bodies hold fields whose names may carry one level of brackets."""

import json

import pytest

from intake.body import BadBody, Document, parse_body

FORM = "application/x-www-form-urlencoded"
PARTS = 'multipart/form-data; charset=UTF-8; boundary="----=_Part 1"'
END = b"------=_Part 1--\r\n"


def part(name: str, value: bytes, options: str = "", headers: str = "") -> bytes:
    head = f'------=_Part 1\r\nContent-Disposition: form-data; name="{name}"{options}\r\n{headers}\r\n'
    return head.encode() + value + b"\r\n"


def form(body: bytes) -> Document:
    return parse_body(FORM, None, body)


def reason(content_type: str, body: bytes) -> str:
    with pytest.raises(BadBody) as caught:
        parse_body(content_type, None, body)
    assert caught.value.status == 400
    return caught.value.reason


def test_it_works() -> None:
    body = b"email=ada%40example.org&request_data[First name]=Ada&tags[]=a&tags[]=b"
    document: Document = {
        "email": "ada@example.org",
        "request_data": {"First name": "Ada"},
        "tags": ["a", "b"],
    }

    assert form(body) == document
    parts = [part("email", b"ada@example.org"), part("request_data[First name]", b"Ada")]
    parts += [part("tags[]", b"a"), part("tags[]", b"b"), END]
    assert parse_body(PARTS, None, b"".join(parts)) == document


def test_it_keeps_the_order_of_fields() -> None:
    body = "&".join(f"k{n}[b{n}]=1" if n % 3 else f"k{n}=1" for n in range(60, 0, -1))

    assert list(form(body.encode())) == [f"k{n}" for n in range(60, 0, -1)]


@pytest.mark.parametrize(
    ("body", "document"),
    [
        (b"", {}),
        (b"&&", {}),
        (b"a", {"a": ""}),
        (b"a=", {"a": ""}),
        (b"a=b=c", {"a": "b=c"}),
        (b"=v", {"": "v"}),
        (b"a=1+%2B+1", {"a": "1 + 1"}),
        (b"a=%ZZ%4&b=100%", {"a": "%ZZ%4", "b": "100%"}),
        (b"a=%c3%a9\xc3\xa9", {"a": "éé"}),
        (b"a;b=1;2", {"a;b": "1;2"}),
        (b"%61%5bb%5d=1", {"a": {"b": "1"}}),
        (b"_charset_=utf-7&_method=DELETE", {"_charset_": "utf-7", "_method": "DELETE"}),
        (b"name[]=x", {"name": ["x"]}),
        (b"name[a][b]=c", {"name": {"a][b": "c"}}),
        (b"r[Size [cm]]=5&r[Size]=6", {"r": {"Size [cm]": "5", "Size": "6"}}),
        (b"name.__class__=x&__proto__[a]=b", {"name.__class__": "x", "__proto__": {"a": "b"}}),
        (b"[a]=1&b]=2&c[=3&d[e]f=4&]=5", {"[a]": "1", "b]": "2", "c[": "3", "d[e]f": "4", "]": "5"}),
        (b"\xef\xbb\xbfa=1", {"\ufeffa": "1"}),
    ],
)
def test_it_reads(body: bytes, document: Document) -> None:
    assert json.dumps(form(body)) == json.dumps(document)


@pytest.mark.parametrize(
    "body", [b"a=1&a[b]=2", b"a[b]=2&a=1", b"a[]=1&a[b]=2", b"a[b]=2&a[]=1", b"a=1&a[]=2", b"a[]=1&a=2"]
)
def test_it_refuses_names_that_contradict_each_other(body: bytes) -> None:
    assert reason(FORM, body) == "conflicting_key"


@pytest.mark.parametrize("body", [b"a=1&a=1", b"a[b]=1&a%5Bb%5D=1", b"a+b=1&a%20b=1"])
def test_it_refuses_a_name_given_twice(body: bytes) -> None:
    assert reason(FORM, body) == "repeated_key"


def test_it_refuses_more_than_200_fields() -> None:
    assert len(form(b"&".join(b"k%d=1" % n for n in range(200)))) == 200
    for many in (201, 100_000):
        assert reason(FORM, b"&".join(b"k%d=1" % n for n in range(many))) == "too_many_keys"


def test_it_refuses_a_long_text_in_any_field() -> None:
    assert reason(FORM, b"a[b]=" + b"%C3%A4" * 32_769) == "too_long"
    assert reason(FORM, b"a[]=" + b"x" * 65_537) == "too_long"
    assert reason(FORM, b"x" * 65_537) == "too_long"


def test_it_reads_an_empty_multipart_form() -> None:
    assert parse_body(PARTS, None, END) == {}
    assert parse_body(PARTS, None, b"") == {}


def test_it_refuses_a_multipart_body_cut_anywhere() -> None:
    whole = part("a", b"1") + part("b[c]", b"2") + END.rstrip()

    assert parse_body(PARTS, None, whole) == {"a": "1", "b": {"c": "2"}}
    for length in range(1, len(whole)):
        assert reason(PARTS, whole[:length]) == "malformed_multipart"


def test_it_refuses_more_than_64_parts() -> None:
    assert len(parse_body(PARTS, None, b"".join(part(f"k{n}", b"1") for n in range(64)) + END)) == 64
    for many in (65, 5000):
        assert reason(PARTS, b"".join(part(f"k{n}", b"1") for n in range(many)) + END) == "multipart_limit"


def test_it_refuses_part_headers_without_end() -> None:
    assert reason(PARTS, part("a", b"1", headers="X-A: b\r\n" * 9) + END) == "multipart_limit"
    assert reason(PARTS, part("n" * 10_000, b"1") + END) == "multipart_limit"


@pytest.mark.parametrize(
    "options",
    [
        '; filename="cv.pdf"',
        '; filename="../../x"',
        '; filename="x\0.png"',
        f'; filename="{"x" * 3000}"',
        "; filename=cv.pdf",
        "; filename*=UTF-8''r%C3%A9sum%C3%A9.pdf",
    ],
)
def test_it_passes_over_files(options: str) -> None:
    file = part("file", b"\xff\xd8\0" * 1000, options, "Content-Type: image/jpeg\r\n")

    assert parse_body(PARTS, None, part("a", b"1") + file + file + part("b", b"2") + END) == {
        "a": "1",
        "b": "2",
    }


def test_it_refuses_a_file_name_of_10_kb() -> None:
    assert reason(PARTS, part("file", b"", f'; filename="{"x" * 10_240}"') + END) == "multipart_limit"


def test_it_takes_an_empty_file_input_for_a_field() -> None:
    assert parse_body(PARTS, None, part("cv", b"", '; filename=""') + END) == {"cv": ""}


def test_it_reads_content_as_it_is() -> None:
    lines = b"one\r\n\r\n--two\r\n------=_Part\r\n%41+"

    assert parse_body(PARTS, None, part("message *", lines) + END) == {"message *": lines.decode()}


def test_it_takes_parts_that_say_their_charset() -> None:
    for charset in ("utf-8", "UTF-8", "us-ascii"):
        named = part("a", "é".encode(), headers=f"Content-Type: text/plain; charset={charset}\r\n")
        assert parse_body(PARTS, None, named + END) == {"a": "é"}


@pytest.mark.parametrize(
    "body",
    [
        b"------=_Part 1\r\n\r\nx\r\n" + END,
        b"------=_Part 1\r\nContent-Disposition: form-data\r\n\r\nx\r\n" + END,
        b'------=_Part 1\r\nContent-Disposition: attachment; name="a"\r\n\r\nx\r\n' + END,
        b'------=_Part 1\r\nContent-Disposition: form-data; name="\xff"\r\n\r\nx\r\n' + END,
        b'------=_Part 1\nContent-Disposition: form-data; name="a"\n\nx\n' + END,
        b"no part at all",
    ],
)
def test_it_refuses_a_malformed_part(body: bytes) -> None:
    assert reason(PARTS, body) == "malformed_multipart"
