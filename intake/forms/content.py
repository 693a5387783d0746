"""What a message says that people seldom say: rules on its words, in time that grows with its length."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from models.form import FormFacts

# Of a text in small letters.
LINKS = ("http://", "https://", "www.")
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
    links = sum(map(folded.count, LINKS))
    if links >= MANY_LINKS:
        yield "many_links", 60
    elif links >= SOME_LINKS:
        yield "links", 30
    if "[url" in folded or MARKUP.search(folded):
        yield "markup", 40
    if any(word.casefold() in folded for word in form.blocked_words):
        yield "blocked_word", 60
    if not text.isascii() and any(is_mixed(word) for word in WORD.findall(text)):
        yield "mixed_script", 30


def is_mixed(word: str) -> bool:
    """Whether one word has letters of the Latin alphabet and others that only look so."""
    if word.isascii():
        return False
    scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in word if letter.isalpha()}
    return "LATIN" in scripts and bool(scripts & MIXED)
