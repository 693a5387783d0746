"""Receive: what a partner's webhook sent becomes leads, or a receipt that says why not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy import Connection
from sqlmodel import Session

from models.database import transaction
from models.errors import Refusal
from models.job import JobState
from models.mapping.items import FETCHED, Item, items_of
from models.mapping.payload import Payload
from models.operations.claim import Claimed
from models.operations.commands import Captured
from models.operations.plan import Answer
from models.operations.settle import finish
from models.operations.sources.receive import Received, Waiting, receive, waiting_for
from models.settings import Settings
from workers import metrics
from workers.backoff import wait
from workers.partners import hubspot, linkedin, meta
from workers.partners.ask import Asker, NotFetched

log = structlog.get_logger()

Fetch = Callable[[Asker, Settings, str, Payload], dict[str, Payload]]

FETCHES: dict[str, Fetch] = {"meta": meta.fetch, "hubspot": hubspot.fetch, "linkedin": linkedin.fetch}


@dataclass(frozen=True, slots=True)
class Delivery:
    """One job with its receipt and source; None where the receipt has its verdict already."""

    job: Claimed
    waiting: Waiting | None


class Receive:
    """Asks partners before any transaction is open; then leads, receipts and the end of the job are one."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._asker: Asker | None = None

    def prepare(self, session: Session, jobs: Sequence[Claimed]) -> list[Delivery]:
        return [Delivery(job, waiting_for(session, job.subject_id)) for job in jobs]

    def close(self) -> None:
        if self._asker is not None:
            self._asker.close()

    def do(self, connection: Connection, work: Delivery) -> None:
        if work.waiting is None:
            finish(connection, work.job.id, work.job.claim, JobState.DONE)
            return
        try:
            received = self._read(work.waiting, is_last=work.job.attempts >= self._settings.max_attempts)
        except NotFetched as exc:
            self._later(connection, work.job, work.waiting, exc)
            return
        # What was not told in the end waits for a replay, and the job is told as dead.
        error = next((exc.message for exc in received.faults.values() if is_for_now(exc)), "")
        decide(work.job, received, JobState.DEAD if error else JobState.DONE, error)

    def _read(self, waiting: Waiting, *, is_last: bool) -> Received:
        """The items of a receipt, whole. Raises `NotFetched` where the partner is to be asked again.

        At the last try the items that were not told of fail alone.
        """
        receipt = waiting.receipt
        try:
            items = items_of(waiting.preset, waiting.source.mapping, receipt.content_type, receipt.body)
        except Refusal as exc:
            return Received(waiting=waiting, fault=exc)
        faults: dict[int, Refusal] = {}
        whole: list[Item] = []
        for number, item in enumerate(items):
            try:
                whole.append(self._whole(waiting, item))
            except NotFetched as exc:
                if is_for_now(exc) and not is_last:
                    raise
                faults[number] = exc
                whole.append(item)
        return Received(waiting=waiting, items=whole, faults=faults)

    def _whole(self, waiting: Waiting, item: Item) -> Item:
        """An item with what its partner told beside. Raises `NotFetched`."""
        fetch = FETCHES.get(waiting.preset.fetch)
        if fetch is None or item.is_ignored or not isinstance(item.content, dict):
            return item
        if self._asker is None:
            self._asker = Asker(self._settings)
        told = fetch(self._asker, self._settings, waiting.source.token, item.content)
        return Item({**item.content, FETCHED: told}, item.id, item.is_ignored)

    def _later(self, connection: Connection, job: Claimed, waiting: Waiting, exc: NotFetched) -> None:
        """Ask again after a pause."""
        log.info("delivery not fetched", job=job.id, source=waiting.source.uid, attempt=job.attempts)
        pause = wait(job.attempts, self._settings.retry_first_seconds, exc.retry_after)
        finish(connection, job.id, job.claim, JobState.PENDING, error=exc.message, wait=pause)


def is_for_now(exc: Refusal) -> bool:
    """Whether the partner may tell of it another time."""
    return isinstance(exc, NotFetched) and not exc.is_permanent


def decide(job: Claimed, received: Received, state: JobState, error: str = "") -> None:
    """The verdicts, the leads and the end of the job: all of it or nothing."""
    with transaction() as session:
        answers = receive(session, received)
        finish(session.connection(), job.id, job.claim, state, error=error)
    tell(job, received.waiting, answers)


def tell(job: Claimed, waiting: Waiting, answers: Sequence[Answer]) -> None:
    verdicts = [answer.verdict if isinstance(answer, Captured) else answer.reason for answer in answers]
    for verdict in verdicts:
        metrics.HOOKS.labels(waiting.source.preset, verdict).inc()
    log.info("delivery received", job=job.id, source=waiting.source.uid, verdicts=verdicts)
