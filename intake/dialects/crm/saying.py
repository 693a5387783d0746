"""Saying: the facts that an operation may state, in the words that an endpoint has for them."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from sqlmodel import Session

from intake.ask import ask
from intake.dialects.crm.envelope import BadFields, RequestFailed
from models.errors import Refusal

C = TypeVar("C")
T = TypeVar("T")

# By the fact: the field that is at fault, or none where the whole request fails, and the words.
Words = Mapping[type[Refusal], tuple[str | None, str]]


async def ask_saying(operation: Callable[[Session, C], T], wanted: C, words: Words) -> T:
    """Run an operation. Raises `BadFields` or `RequestFailed` for the facts that there are words for."""
    try:
        return await ask(operation, wanted)
    except tuple(words) as exc:
        raise said(exc, words) from exc


def said(exc: Refusal, words: Words) -> Refusal:
    field, message = next(words[fact] for fact in type(exc).__mro__ if fact in words)
    return RequestFailed(message) if field is None else BadFields({field: [message]})
