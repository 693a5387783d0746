"""Text messages: how many segments, and how to fit into them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.text import fit, segments


def test_it_works() -> None:
    assert fit("Acme: enquiry from Ada") == "Acme: enquiry from Ada"
    assert segments("Acme: enquiry from Ada") == ("GSM-7", 1)


@pytest.mark.parametrize(
    ("text", "encoding", "count"),
    [
        ("", "GSM-7", 1),
        ("a" * 160, "GSM-7", 1),
        ("a" * 161, "GSM-7", 2),
        ("a" * 306, "GSM-7", 2),
        ("a" * 307, "GSM-7", 3),
        ("a" * 459, "GSM-7", 3),
        ("a" * 460, "GSM-7", 4),
        ("€" * 80, "GSM-7", 1),
        ("€" * 81, "GSM-7", 2),
        # 153 is odd: an escape pair never straddles two segments, so each holds 76 and not 76.5.
        ("€" * 152, "GSM-7", 2),
        ("€" * 153, "GSM-7", 3),
        ("a" + "€" * 152, "GSM-7", 2),
        ("é" * 160, "GSM-7", 1),
        ("a" * 159 + "’", "UCS-2", 3),  # One curly apostrophe makes one segment three.
        ("ж" * 70, "UCS-2", 1),
        ("ж" * 71, "UCS-2", 2),
        ("ж" * 134, "UCS-2", 2),
        ("ж" * 135, "UCS-2", 3),
        ("😀" * 35, "UCS-2", 1),
        ("😀" * 36, "UCS-2", 2),
        ("😀" * 66, "UCS-2", 2),  # 33 a segment, for 67 is odd too.
        ("😀" * 67, "UCS-2", 3),
        ("í", "UCS-2", 1),
    ],
)
def test_it_counts_segments_as_providers_do(text: str, encoding: str, count: int) -> None:
    assert segments(text) == (encoding, count)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("It’s “fine” – really…", 'It\'s "fine" - really...'),
        ("a\u00a0b\u202fc\td", "a b c d"),
        ("• one\r\n• two\rthree", "- one\n- two\nthree"),
        ("Cafe\u0301", "Café"),
        ("a\u200bb\ufeffc\u00add", "abcd"),
        ("a\x00b\x1b[2Jc\x7f\x9b", "ab[2Jc"),
        ("\u202eevil", "evil"),
        ("bad \ud83d half", "bad  half"),
        ("  \n trimmed \n", "trimmed"),
    ],
)
def test_it_writes_plainly(text: str, plain: str) -> None:
    assert fit(text) == plain
    assert segments(fit(text))[0] == "GSM-7"


def test_it_saves_two_segments_by_a_plain_apostrophe() -> None:
    assert segments(fit("a" * 159 + "’")) == ("GSM-7", 1)


@pytest.mark.parametrize("character", ["a", "€", "ж", "😀", "a€", "€ж"])
@pytest.mark.parametrize("most", [1, 2, 3])
def test_it_cuts_to_the_last_character_that_fits(character: str, most: int) -> None:
    text = character * 1_000

    cut = fit(text, most)

    assert segments(cut)[1] == most
    assert cut.endswith("...")
    kept = cut.removesuffix("...")
    assert text.startswith(kept)
    assert segments(text[: len(kept) + 1] + "...")[1] == most + 1


def test_it_leaves_whole_what_just_fits() -> None:
    for text in ("a" * 459, "€" * 228, "ж" * 201, "😀" * 99):
        assert fit(text) == text


def test_it_does_not_let_a_late_emoji_make_the_cut_shorter() -> None:
    assert len(fit("a" * 1_000 + "😀")) == 459


def test_it_leaves_no_joiner_dangling() -> None:
    for length in range(60, 80):
        cut = fit("x" * length + "👩\u200d👩\u200d👧 " * 40, 1)
        assert not cut.removesuffix("...").endswith("\u200d")


@given(st.text(max_size=800), st.integers(1, 4))
def test_it_always_fits(text: str, most: int) -> None:
    cut = fit(text, most)

    assert segments(cut)[1] <= most
    cut.encode("utf-16-le")
    assert all(c == "\n" or c.isprintable() or ord(c) > 0x9F for c in cut)
