"""What every handler of a kind of job offers, and how it ends a job that sent nothing."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from sqlalchemy import Connection
from sqlmodel import Session

from models.operations.claim import Claimed
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
