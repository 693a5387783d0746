"""Webhook: one event to one subscriber, until it takes it, wants no more, or the tries are over."""

import random
import time
from collections.abc import Sequence
from typing import Any

import structlog
from sqlalchemy import Connection
from sqlmodel import Session

from models.database import transaction
from models.job import JobState
from models.operations.claim import Claimed, give_back
from models.operations.happened import Telling, tellings
from models.operations.tried import Tried, record
from models.settings import Settings
from models.targets import networks
from workers import metrics
from workers.backoff import JITTER, event_wait
from workers.channels.error import ChannelError
from workers.channels.webhook import Answer, Poster
from workers.payload import body_of
from workers.turns import Turns

log = structlog.get_logger()

# Shared by all threads of the process: who hangs is known to each of them.
TURNS = Turns()


class Webhook:
    """A try that is made and not recorded is made again under the same webhook-id."""

    def __init__(self, settings: Settings) -> None:
        self._rest = settings.webhook_rest_seconds
        self._poster = Poster(
            networks(settings.webhook_networks),
            settings.smtp_connect_seconds,
            settings.webhook_timeout_seconds,
        )

    def prepare(self, session: Session, jobs: Sequence[Claimed]) -> list[Telling]:
        return tellings(session, jobs)

    def close(self) -> None:
        self._poster.close()

    def do(self, _: Connection, work: Telling) -> None:
        pause = TURNS.begin(work.subscription.uid)
        if pause:
            self._later(work, pause)
            return
        rest, began = 0.0, time.monotonic()
        try:
            answer = self._poster.post(
                work.subscription.url, work.happened.event.uid, body_of(work), work.secrets
            )
        except ChannelError as exc:
            rest = exc.retry_after or (self._rest if exc.permanent or not exc.code else 0.0)
            self._not_taken(work, exc, began)
        else:
            self._taken(work, answer, began)
        finally:
            TURNS.end(work.subscription.uid, rest)

    def _later(self, work: Telling, pause: float) -> None:
        """Give the job back as untried, spread so that not all of them come back at once."""
        with transaction() as session:
            give_back(session, [work.job.id], work.job.claim, pause * random.uniform(1, 1 + JITTER))

    def _taken(self, work: Telling, answer: Answer, began: float) -> None:
        tried = Tried(
            **ids_of(work, began),
            job_state=JobState.DONE,
            took=True,
            status=answer.status,
            answer=answer.words,
        )
        with transaction() as session:
            record(session, tried)
        metrics.EVENTS.labels(work.happened.event.type, "taken").inc()

    def _not_taken(self, work: Telling, exc: ChannelError, began: float) -> None:
        wait = None if exc.permanent else event_wait(work.job.attempts, exc.retry_after)
        ended = JobState.CANCELLED if exc.permanent else JobState.DEAD
        tried = Tried(
            **ids_of(work, began),
            job_state=ended if wait is None else JobState.PENDING,
            took=False,
            status=int(exc.code or 0),
            error=f"HTTP {exc.code}" if exc.code else exc.message,
            answer=exc.message if exc.code else "",
            wait=wait or 0.0,
            gone=exc.permanent,
        )
        with transaction() as session:
            disabled = record(session, tried)
        metrics.EVENTS.labels(work.happened.event.type, "not_taken").inc()
        log.info(
            "event not taken",
            business=work.job.business_id,
            job=work.job.id,
            subscription=work.subscription.uid,
            status=tried.status,
            again_in=wait,
            disabled=disabled,
        )


def ids_of(work: Telling, began: float) -> dict[str, Any]:
    """The columns of every try: whose it was, and how long it took."""
    return {
        "subscription": work.subscription.id,
        "event": work.happened.event.id,
        "job": work.job.id,
        "claim": work.job.claim,
        "milliseconds": round((time.monotonic() - began) * 1000),
    }
