"""The one Celery task: claim a batch of jobs, do each, record each."""

import threading
import time
from collections.abc import Sequence
from contextlib import closing, nullcontext
from itertools import groupby
from typing import Any

import structlog
from celery.signals import worker_shutting_down
from sqlalchemy import Connection

from models.database import engine, transaction
from models.job import JobKind, JobState
from models.operations.claim import Claimed, any_suspect, claim, give_back
from models.operations.settle import LeaseLost, finish
from models.settings import settings
from workers.app import app
from workers.backoff import wait
from workers.company import Company
from workers.handlers.convert import Convert
from workers.handlers.erase import Erase
from workers.handlers.notify import Notify
from workers.handlers.reattach import Reattach
from workers.handlers.receive import Receive
from workers.handlers.webhook import Webhook
from workers.handling import Handler
from workers.leases import Leases

log = structlog.get_logger()

HANDLERS: dict[JobKind, type[Handler[Any]]] = {
    JobKind.AUTO_REPLY: Notify,
    JobKind.OWNER_EMAIL: Notify,
    JobKind.OWNER_SMS: Notify,
    JobKind.OWNER_CHANNEL: Notify,
    JobKind.ASSIGNEE_EMAIL: Notify,
    JobKind.REASSIGNED_EMAIL: Notify,
    JobKind.APPOINTMENT_CONFIRMATION: Notify,
    JobKind.APPOINTMENT_REMINDER: Notify,
    JobKind.OPT_IN_CONFIRMATION: Notify,
    JobKind.CONVERT: Convert,
    JobKind.REATTACH: Reattach,
    JobKind.EVENT: Webhook,
    JobKind.SUBSCRIPTION: Notify,
    JobKind.SILENCE: Notify,
    JobKind.GIVEN_UP: Notify,
    JobKind.WEBHOOK_FAILED: Notify,
    JobKind.QUARANTINED: Notify,
    JobKind.RECEIVE: Receive,
    JobKind.ERASE: Erase,
}

leases = Leases()
company = Company()
stopping = threading.Event()


@worker_shutting_down.connect
def stop_soon(**_: object) -> None:
    """Finish the message in hand, and give the rest back."""
    stopping.set()


@app.task(name="run")
def run(ids: list[int], *, alone: bool = False) -> None:
    """Do the jobs of one doorbell. Rung twice, it finds nothing to claim: that is harmless.

    One that may have killed its workers is claimed, and done, while this process does nothing else.
    """
    if not isinstance(ids, list) or not all(type(one) is int for one in ids):
        log.warning("doorbell refused")
        return
    with company.alone() if alone and is_suspect(ids) else nullcontext():
        do(ids)


def is_suspect(ids: list[int]) -> bool:
    """Asked again, since a doorbell may be a copy, or older than what became of its job."""
    with transaction() as session:
        return any_suspect(session, ids, settings().max_crashes)


def do(ids: list[int]) -> None:
    with company.together(), transaction() as session:
        jobs = claim(session, ids, lease=settings().lease_seconds, max_crashes=settings().max_crashes)
    if not jobs:
        return
    deadline = time.monotonic() + settings().batch_budget_seconds
    with leases.holding(jobs), engine().connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        for handler, batch in groupby(jobs, key=lambda job: HANDLERS[JobKind(job.kind)]):
            work_off(handler, connection, list(batch), deadline)


def work_off(
    kind: type[Handler[Any]], connection: Connection, jobs: Sequence[Claimed], deadline: float
) -> None:
    """Do the jobs that one handler does, one after another, within the time that is left."""
    with closing(kind(settings())) as handler:
        works = prepared(handler, connection, jobs)
        for number, work in enumerate(works):
            if stopping.is_set() or time.monotonic() > deadline:
                return_jobs([later.job for later in works[number:]])
                return
            attempt(handler, connection, work)


def prepared(handler: Handler[Any], connection: Connection, jobs: Sequence[Claimed]) -> list[Any]:
    """What the handler found for the jobs. One that makes it stumble is tried alone, and fails alone."""
    try:
        with transaction() as session:
            works = handler.prepare(session, jobs)
    except Exception as exc:  # noqa: BLE001 - a fault of one job must not take the others along
        if len(jobs) == 1:
            failed(connection, jobs[0], exc)
            return []
        return [work for job in jobs for work in prepared(handler, connection, [job])]
    found = {work.job.id for work in works}
    for job in jobs:
        if job.id not in found:
            finish(connection, job.id, job.claim, JobState.CANCELLED, error="what it was about is gone")
    return works


def attempt(handler: Handler[Any], connection: Connection, work: Any) -> None:  # noqa: ANN401 - the handler's own type
    try:
        with company.together():
            handler.do(connection, work)
    except LeaseLost:
        log.warning("lease lost", job=work.job.id)
    except Exception as exc:  # noqa: BLE001 - a fault of one job must not take the others along
        failed(connection, work.job, exc)


def failed(connection: Connection, job: Claimed, exc: Exception) -> None:
    """Record a fault of ours. Its text is not kept: it might tell what a person wrote."""
    error = f"{type(exc).__name__} in {job.kind}"
    dead = job.attempts >= settings().max_attempts
    log.error("job failed", job=job.id, kind=job.kind, error=type(exc).__name__, attempt=job.attempts)
    pause = wait(job.attempts, settings().retry_first_seconds)
    state = JobState.DEAD if dead else JobState.PENDING
    finish(connection, job.id, job.claim, state, error=error, wait=0.0 if dead else pause)


def return_jobs(jobs: Sequence[Claimed]) -> None:
    log.info("jobs given back", count=len(jobs))
    with transaction() as session:
        give_back(session, [job.id for job in jobs], jobs[0].claim)
