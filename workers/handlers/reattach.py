"""Reattach: the history of a converted lead goes to its contact and its deal."""

from collections.abc import Sequence

import structlog
from sqlmodel import Session

from models.job import JobState
from models.operations.claim import Claimed
from models.operations.reattach import begin_reattach, reattach
from workers.handling import Alone, InOneTransaction

log = structlog.get_logger()


class Reattach(InOneTransaction):
    """A step that takes the same time for a history of any length."""

    def prepare(self, session: Session, jobs: Sequence[Claimed]) -> list[Alone]:
        for job in jobs:
            begin_reattach(session, job.subject_id)
        return [Alone(job) for job in jobs]

    def effect(self, session: Session, job: Claimed) -> JobState:
        moved = reattach(session, job.subject_id)
        log.info("history reattached", job=job.id, conversion=job.subject_id, moved=moved)
        return JobState.DONE
