"""Receipt: every authenticated request as it arrived, and its verdict."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, LargeBinary
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from models.columns import Moment, big, count, document, flag, key, moment, text


class Verdict(StrEnum):
    """Where a receipt may end. `received` alone is not an end: it waits for a worker.

    `split` is a partner's batch, whose items have receipts of their own.
    """

    RECEIVED = "received"
    CREATED = "created"
    UPDATED = "updated"
    REPEAT = "repeat"
    QUARANTINED = "quarantined"
    REFUSED = "refused"
    FAILED = "failed"
    SPLIT = "split"


# What tells that a door is not silent: each door is a form or a partner's source. Refusals and spam come in
# also where no lead can.
WATCHED = (
    "(door LIKE 'form:%' OR door LIKE 'hook:%')"
    " AND verdict IN ('created', 'updated', 'repeat', 'received', 'failed', 'split')"
)


class Receipt(SQLModel, table=True):
    """One request: its raw body, what it matched on, and what it changed, field by field.

    `uid` is also the answer's X-Request-Id. `promised` counts the jobs made with it, which lets
    `reconcile` prove that none is missing.
    """

    __table_args__ = (
        Index(
            "uq_receipt_idempotency_key",
            "business_id",
            "idempotency_key",
            unique=True,
            postgresql_where=sql("idempotency_key IS NOT NULL"),
        ),
        Index(
            "ix_receipt_open",
            "received_at",
            postgresql_where=sql("verdict IN ('received', 'quarantined', 'failed')"),
        ),
        Index("ix_receipt_received_at", "received_at", postgresql_using="brin"),
        # The rhythm of forms and sources, which all other doors need not pay for.
        Index("ix_receipt_door", "business_id", "door", "received_at", postgresql_where=sql(WATCHED)),
    )

    id: int = key()
    uid: str = text(None)
    business_id: int = big()
    token_id: int | None = big(nullable=True)
    door: str = text()
    verdict: str = text(Verdict.RECEIVED)
    reason: str = text()
    content_type: str = text()
    body: bytes = Field(sa_type=LargeBinary, nullable=False)
    lead_id: int | None = big(nullable=True)
    enquiry_id: int | None = big(nullable=True)
    matched_on: str = text()
    difference: list[dict[str, Any]] | None = document(nullable=True)
    identity_conflict: bool = flag()
    promised: int = count()
    idempotency_key: str | None = text(None, nullable=True)
    fingerprint: str | None = text(None, nullable=True)
    # When one that waited for a worker had its verdict.
    decided_at: Moment = moment()
    received_at: datetime = moment(now=True)
