"""What every handler of a kind of job offers."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from sqlalchemy import Connection
from sqlmodel import Session

from models.database import transaction
from models.job import JobState
from models.operations.claim import Claimed
from models.operations.settle import finish
from models.settings import Settings


class Work(Protocol):
    """One job, with whatever its handler looked up for it."""

    @property
    def job(self) -> Claimed: ...


W = TypeVar("W", bound=Work)


class Handler(Protocol[W]):
    """Does one batch of jobs; made for the batch, and closed after it."""

    def __init__(self, settings: Settings) -> None: ...

    def prepare(self, session: Session, jobs: Sequence[Claimed]) -> list[W]:
        """Look up what the jobs need, in one transaction; a job without a subject is left out."""

    def do(self, connection: Connection, work: W) -> None:
        """Do one job and record it. The connection commits each statement by itself."""

    def close(self) -> None:
        """Let go of connections to providers."""


@dataclass(frozen=True, slots=True)
class Alone:
    """A job whose ids say it all."""

    job: Claimed


class InOneTransaction(ABC):
    """A handler whose effect is in the database: effect and end of the job are one transaction.

    A kill at any step leaves both or neither.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def prepare(self, _: Session, jobs: Sequence[Claimed]) -> list[Alone]:
        return [Alone(job) for job in jobs]

    def do(self, _: Connection, work: Alone) -> None:
        with transaction() as session:
            state = self.effect(session, work.job)
            finish(session.connection(), work.job.id, work.job.claim, state)

    @abstractmethod
    def effect(self, session: Session, job: Claimed) -> JobState:
        """Do the job, and say how it ends."""

    def close(self) -> None:  # noqa: B027 - nothing was opened, as no provider is asked
        pass
