"""What a message says that people seldom say: rules on its words, in time that grows with its length."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from models.form import FormFacts

# Of a text in small letters.
LINKS = ("http://", "https://", "www.")
# One link that begins in two ways.
DOUBLE = ("http://www.", "https://www.")
MARKUP = re.compile(r"<a\s+href")
WORD = re.compile(r"\w+")
SOME_LINKS, MANY_LINKS = 3, 6
# Letters that look like those of the Latin alphabet.
MIXED = frozenset({"CYRILLIC", "GREEK"})
LONGEST_LOOK = 20_000


def content_rules(form: FormFacts, texts: Iterable[str]) -> Iterator[tuple[str, int]]:
    """The rules that a message breaks, each with its score."""
    text = "\n".join(texts)[:LONGEST_LOOK]
    folded = text.casefold()
    links = links_in(folded)
    if links >= MANY_LINKS:
        yield "many_links", 60
    elif links >= SOME_LINKS:
        yield "links", 30
    if "[url" in folded or MARKUP.search(folded):
        yield "markup", 40
    if any(word in folded and stands_alone(word, folded) for word in map(str.casefold, form.blocked_words)):
        yield "blocked_word", 60
    if not text.isascii() and any(is_mixed(word) for word in WORD.findall(text)):
        yield "mixed_script", 30


def links_in(folded: str) -> int:
    found = sum(map(folded.count, LINKS))
    return found - sum(map(folded.count, DOUBLE)) if found >= SOME_LINKS else found


def stands_alone(word: str, folded: str) -> bool:
    """Whether a text holds a word as no part of another: "cialis" does not stand in "specialist"."""
    return whole(word).search(folded) is not None


@lru_cache(maxsize=1024)
def whole(word: str) -> re.Pattern[str]:
    """Where a word begins or ends with a letter or digit, none stands beside it."""
    before = r"(?<!\w)" if WORD.match(word[:1]) else ""
    after = r"(?!\w)" if WORD.match(word[-1:]) else ""
    return re.compile(f"{before}{re.escape(word)}{after}")


def is_mixed(word: str) -> bool:
    """Whether one word has letters of the Latin alphabet and others that only look so."""
    if word.isascii():
        return False
    scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in word if letter.isalpha()}
    return "LATIN" in scripts and bool(scripts & MIXED)
