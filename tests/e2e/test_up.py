"""`intake up`, the whole service as a newcomer starts it: engines, sinks and parts out of one command."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.part import eventually
from tests.e2e.up import folder_for_data, up
from tests.support.local import local

STOPS_WITHIN = 30.0  # promised


@pytest.fixture
def data() -> Iterator[Path]:
    with folder_for_data() as folder:
        yield folder


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_works(data: Path) -> None:
    with up(data) as service:
        service.post("ada@example.org")
        eventually(lambda: len(service.caught()) == 3, "three messages are in the inbox")
        page = local.get(f"{service.url}/inbox").text
        assert all(words in page for words in ("ada@example.org", "owner@example.org", "+14155550100"))
        worker = next(pid for pid, args in service.family().items() if "notify.email" in args)
        os.kill(worker, signal.SIGKILL)
        service.post("grace@example.org")
        eventually(lambda: len(service.caught()) == 6, "the killed worker's successor works")
        assert "part died" in service.log
        assert service.command("reconcile") == 0
        family = service.family()
        service.process.terminate()
        assert service.process.wait(STOPS_WITHIN) == 0
        eventually(lambda: not any(map(is_alive, family)), "no process is left")
        token = service.token
    with up(data) as service:
        assert service.token == token
        service.post("edsger@example.org")
        eventually(lambda: len(service.caught()) == 9, "it works on with the data of before")
        assert service.command("reconcile") == 0
