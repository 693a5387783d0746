"""An account of Zendesk Sell's that moves, and the business that it moves to."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from models.business import Business
from tests.moving.account import Lists, an_account
from tests.sell.conftest import Seller, client, seller, sellers, stranger, unlimited
from tests.support.command import Done, run
from tests.support.sell_server import TOKEN, SellServer

__all__ = ["client", "seller", "sellers", "stranger", "unlimited"]


@dataclass(frozen=True)
class Move:
    """`n` is the number on which all ids of the account are built."""

    n: int
    sell: SellServer
    folder: Path

    @property
    def lists(self) -> Lists:
        return self.sell.lists

    def pull(self) -> Done:
        there = ("--to", str(self.folder), "--url", self.sell.url, "--rate", "0")
        return run("sell", "pull", *there, sent=f"{TOKEN}\n")

    def load(self, business: Business) -> Done:
        return run("sell", "load", "--from", str(self.folder), "--business", business.nickname)

    def moved(self, business: Business) -> dict[str, dict[str, int]]:
        """Move all; what became of each list by the columns of the answer."""
        assert self.pull().returncode == 0
        done = self.load(business)
        assert done.returncode == 0, done.stderr
        return counts(done)


def counts(done: Done) -> dict[str, dict[str, int]]:
    head, *lines = done.stdout.replace("left out", "left_out").splitlines()
    names = head.split()[1:]
    return {line.split()[0]: dict(zip(names, map(int, line.split()[1:]), strict=True)) for line in lines}


@pytest.fixture
def move(tmp_path: Path, seller: Seller) -> Iterator[Move]:
    n, lists = an_account()
    with SellServer(lists) as server:
        yield Move(n, server, tmp_path / "sell")
