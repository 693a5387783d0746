"""Erase: the rest of a person, which only a long look finds."""

import structlog
from sqlmodel import Session

from models.job import JobState
from models.operations.claim import Claimed
from models.operations.person.erase import finish_erasure
from workers.handling import InOneTransaction

log = structlog.get_logger()


class Erase(InOneTransaction):
    """It reads all receipts some times over, and takes as long as that takes."""

    def effect(self, session: Session, job: Claimed) -> JobState:
        erasure = finish_erasure(session, job.subject_id)
        log.info("person erased", job=job.id, erasure=job.subject_id, done=erasure is not None)
        return JobState.DONE
