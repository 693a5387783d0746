"""Notify: one message to one recipient, sent at most once by us, or the reason why not."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import structlog
from sqlalchemy import Connection
from sqlmodel import Session

from models.delivery import Channel, DeliveryState
from models.job import JobState
from models.operations.claim import Claimed
from models.operations.consent import Limits
from models.operations.owe import owe
from models.operations.owed import Owed
from models.operations.settle import Settled, finish, intend, settle
from models.settings import Settings
from workers import metrics
from workers.backoff import wait
from workers.channels.error import ChannelError
from workers.compose import Composer
from workers.mail import is_answerable
from workers.outbound import Outbound

log = structlog.get_logger()

SECONDS_A_HOUR = 3600.0
MOST_COPIES = 2


class Notify:
    """Sends a batch of messages over connections that it keeps for the batch."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._host = urlsplit(settings.public_url).hostname or "localhost"
        self._composer = Composer(settings)
        self._outbound = Outbound(settings)

    def prepare(self, session: Session, jobs: Sequence[Claimed]) -> list[Owed]:
        limits = Limits(self._settings.auto_reply_hours * SECONDS_A_HOUR, self._settings.auto_reply_daily)
        return owe(session, jobs, limits, self._host)

    def close(self) -> None:
        self._outbound.close()

    def do(self, connection: Connection, work: Owed) -> None:
        if work.state == DeliveryState.SENT:
            finish(connection, work.job.id, work.job.claim, JobState.DONE)
        elif work.state == DeliveryState.IN_FLIGHT:
            # Whoever claimed it before died between its intent and the provider's answer.
            lost = ChannelError("the worker was lost", permanent=False, unknown=True)
            self._unknown(connection, work, lost)
        elif refusal := work.refusal or self._unanswerable(work):
            record(connection, work, DeliveryState.SUPPRESSED, JobState.DONE, reason=refusal)
        else:
            self._send(connection, work)

    def _unanswerable(self, work: Owed) -> str | None:
        """Why no automatic reply may go there at all: our own address, a role, a list (RFC 3834)."""
        if not work.is_unasked:
            return None
        own = {self._composer.sender, work.facts["business_email"]}
        return is_answerable(work.to, own)

    def _send(self, connection: Connection, work: Owed) -> None:
        def before() -> None:
            intend(connection, work.delivery_id, work.job.claim)

        try:
            answer = self._outbound.send(work, self._composer, before)
        except ChannelError as exc:
            self._not_sent(connection, work, exc)
            return
        provider_id = answer if work.channel == Channel.SMS else ""
        record(connection, work, DeliveryState.SENT, JobState.DONE, answer=answer, provider_id=provider_id)
        metrics.SENT.labels(work.channel, work.template).inc()
        if work.event is None:
            elapsed = (datetime.now(UTC) - work.facts["created_at"]).total_seconds()
            metrics.FIRST_NOTICE.labels(work.template).observe(max(elapsed, 0.0))
        log.info("message sent", **ids_of(work))

    def _not_sent(self, connection: Connection, work: Owed, exc: ChannelError) -> None:
        if exc.unknown:
            self._unknown(connection, work, exc)
        elif exc.permanent or work.job.attempts >= self._settings.max_attempts:
            record(connection, work, DeliveryState.FAILED, JobState.DEAD, exc)
        else:
            pause = wait(work.job.attempts, self._settings.retry_first_seconds, exc.retry_after)
            record(connection, work, DeliveryState.DEFERRED, JobState.PENDING, exc, wait=pause)

    def _unknown(self, connection: Connection, work: Owed, exc: ChannelError) -> None:
        """A mail goes once more under the same Message-ID; a text or a chat message never does by itself."""
        again = work.channel == Channel.EMAIL and work.copies + 1 < MOST_COPIES
        if again:
            pause = self._settings.unknown_wait_seconds
            record(connection, work, DeliveryState.UNKNOWN, JobState.PENDING, exc, wait=pause)
        else:
            record(connection, work, DeliveryState.UNKNOWN, JobState.DEAD, exc)


def record(
    connection: Connection,
    work: Owed,
    state: DeliveryState,
    job_state: JobState,
    exc: ChannelError | None = None,
    **columns: Any,  # noqa: ANN401 - further columns of the try
) -> None:
    """Record a try of a message. A provider's own words are kept in its row, and not logged."""
    said = columns | (fault(exc) if exc else {})
    settle(
        connection,
        Settled(
            delivery=work.delivery_id,
            job=work.job.id,
            claim=work.job.claim,
            state=state,
            job_state=job_state,
            **said,
        ),
    )
    if state != DeliveryState.SENT:
        metrics.NOT_SENT.labels(work.channel, work.template, state).inc()
        told = {"state": state, "reason": own_word(columns.get("reason", "")), "code": said.get("code", "")}
        log.info("message not sent", **ids_of(work), **told)


def own_word(reason: str) -> str:
    """Why a message did not go; of an address that is suppressed the reason is what its provider said."""
    return reason if reason.isidentifier() or not reason else "dead_address"


def fault(exc: ChannelError) -> dict[str, Any]:
    """The columns of a try that did not succeed."""
    return {"reason": exc.message, "code": exc.code, "answer": exc.message, "suppress": exc.suppress}


def ids_of(work: Owed) -> dict[str, object]:
    """What a log line may tell of a message: ids, and no person."""
    return {
        "business": work.job.business_id,
        "job": work.job.id,
        "delivery": work.delivery_id,
        "template": work.template,
    }
