"""Digits: which texts are whole numbers that a column can hold."""

MOST_DIGITS = 18  # What surely fits into the integer key.


def is_number(text: str, most: int = MOST_DIGITS) -> bool:
    """Whether the text is nothing but `most` digits or fewer, of ASCII alone."""
    return text.isascii() and text.isdigit() and len(text) <= most
