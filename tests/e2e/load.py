"""Leads posted to the service by many threads while a test does harm to it."""

import contextlib
import threading
import time
from collections.abc import Iterator
from typing import Self

import httpx

from tests.e2e.part import PATIENCE
from tests.e2e.stage import Stage, post


class Load:
    """Posts leads from some threads until told to stop; `answers` maps each lead's name to its status."""

    def __init__(self, stage: Stage, rate: float, notifications: str, threads: int = 4) -> None:
        self._stage, self._notifications = stage, notifications
        self._pause = threads / rate
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._post, args=(n,)) for n in range(threads)]
        self.answers: dict[str, int] = {}
        self.slowest = 0.0

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(PATIENCE)

    @property
    def accepted(self) -> set[str]:
        return {name for name, status in self.answers.items() if 200 <= status < 300}

    def _post(self, thread: int) -> None:
        number = 0
        with httpx.Client(verify=False, timeout=PATIENCE) as client:
            while not self._stopping.is_set():
                name = f"lead-{thread}-{number}"
                number += 1
                began = time.monotonic()
                try:
                    self.answers[name] = post(client, self._stage, name, self._notifications).status_code
                except httpx.HTTPError:
                    self.answers[name] = 0  # Nobody answered: it may exist, once.
                self.slowest = max(self.slowest, time.monotonic() - began)
                self._stopping.wait(self._pause)


@contextlib.contextmanager
def loaded(
    stage: Stage, *, rate: float = 20, notifications: str = "auto-reply,email", threads: int = 4
) -> Iterator[Load]:
    with Load(stage, rate, notifications, threads) as load:
        yield load
