"""Keeps the leases of the jobs that this process works on, so that nobody else takes them."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from models.database import transaction
from models.operations.claim import Claimed, renew
from models.settings import settings

log = structlog.get_logger()


class Leases:
    """One thread a process renews what the others hold, well before it ends."""

    def __init__(self) -> None:
        self._held: dict[UUID, list[int]] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @contextmanager
    def holding(self, jobs: Sequence[Claimed]) -> Iterator[None]:
        """Renew these jobs' leases for as long as the block runs."""
        token = jobs[0].claim
        with self._lock:
            self._held[token] = [job.id for job in jobs]
            if self._thread is None:
                # Read once: the thread goes on for as long as the process.
                terms = settings().lease_renewal_seconds, settings().lease_seconds
                self._thread = threading.Thread(target=self._keep, args=terms, name="leases", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                del self._held[token]

    def _keep(self, often: float, lease: float) -> None:
        pause = threading.Event()
        while not pause.wait(often):
            with self._lock:
                held = dict(self._held)
            for token, ids in held.items():
                self._renew(ids, token, lease)

    def _renew(self, ids: list[int], token: UUID, lease: float) -> None:
        try:
            with transaction() as session:
                renew(session, ids, token, lease)
        except SQLAlchemyError as exc:
            # The lease runs out by itself then, and the job is rung for somebody else.
            log.warning("lease not renewed", jobs=len(ids), error=type(exc).__name__)
