"""Unseen: characters that show nothing of their own, and let one text pose as another."""

import re

# Bidirectional marks, embeddings and isolates, zero-width spaces and joiners of words, the byte-order mark.
# U+200C and U+200D stay: some scripts and emoji need them.
UNSEEN = re.compile(r"[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def without_unseen(text: str) -> str:
    return text if text.isascii() else UNSEEN.sub("", text)
