"""Providers on the loopback for every test that sends."""

from collections.abc import Iterator

import pytest

from tests.workers.promised import Providers, provided


@pytest.fixture
def providers(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Providers]:
    with provided(monkeypatch) as providers:
        yield providers
