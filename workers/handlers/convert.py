"""Convert: one lead of a batch, or the reason why it could not be."""

import structlog
from sqlmodel import Session

from models.job import JobState
from models.operations.claim import Claimed
from models.operations.convert_later import convert_item
from workers.handling import InOneTransaction

log = structlog.get_logger()


class Convert(InOneTransaction):
    """A refusal is an outcome, which the batch tells; only a fault of ours is tried again."""

    def effect(self, session: Session, job: Claimed) -> JobState:
        item = convert_item(session, job.subject_id)
        log.info("lead of a batch converted", job=job.id, outcome=item.state if item else "gone")
        return JobState.DONE if item else JobState.CANCELLED
