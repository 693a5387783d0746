"""The application, sources of a business, and a worker that does what their deliveries promised."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from sqlmodel import col, select

from models.business import Business
from models.database import transact, transaction
from models.job import Job, JobKind, JobState
from models.operations.sources.manage import CreateSource, create_source
from models.receipt import Receipt
from models.source import Source
from tests.hooks.senders import Sender
from tests.support.web import Client, web
from workers.run import run

PUBLIC = "https://leads.example.org"


@pytest.fixture
def client(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    with web(monkeypatch, PUBLIC_URL=PUBLIC, RETRY_FIRST_SECONDS="0") as client:
        yield client


@dataclass(frozen=True)
class Partner:
    """A source and the sender behind it."""

    client: Client
    source: Source
    sender: Sender

    @property
    def path(self) -> str:
        return f"/hooks/{self.source.key}"

    def post(self, body: bytes | None = None, **signing: Any) -> Any:
        """Send the sample, or another body, with a signature of its own."""
        sent = self.sender.body if body is None else body
        headers = self.sender.headers(sent, url=f"{PUBLIC}{self.path}", **signing)
        return self.client.post(self.path, content=sent, headers=headers)

    def send(self, document: Any) -> Any:
        return self.post(json.dumps(document).encode())

    def receipts(self) -> Sequence[Receipt]:
        with transaction() as session:
            query = select(Receipt).where(col(Receipt.door) == self.source.door)
            return session.exec(query.order_by(col(Receipt.id))).all()

    def verdicts(self) -> list[str]:
        return [receipt.verdict for receipt in self.receipts()]

    def jobs(self) -> list[int]:
        """The ids of its deliveries' jobs that nobody finished."""
        ids = [receipt.id for receipt in self.receipts()]
        with transaction() as session:
            query = select(Job.id).where(col(Job.subject_id).in_(ids), col(Job.kind) == JobKind.RECEIVE)
            unfinished = query.where(col(Job.state) == JobState.PENDING).order_by(col(Job.id))
            return [one for one in session.exec(unfinished).all() if one is not None]

    def work(self) -> list[str]:
        """Do what is promised, as a worker does; the verdicts afterwards."""
        run(self.jobs())
        return self.verdicts()


Partners = Callable[..., Partner]


@pytest.fixture
def partner(client: Client, business: Business) -> Partners:
    """Makes a source for a sender."""

    def made(sender: Sender, **more: Any) -> Partner:
        wanted: dict[str, Any] = {
            "business": business.uid,
            "name": sender.preset,
            "preset": sender.preset,
            "scheme": sender.scheme or "",
            "secret": sender.secret
            if sender.sign.__name__ != "nothing" or sender.preset == "google-ads"
            else "",
        }
        return Partner(client, transact(create_source, CreateSource(**wanted | more)), sender)

    return made
