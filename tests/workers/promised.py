"""Leads whose messages are owed, and a look at what became of them."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest
from sqlmodel import col, select

from models.business import Business
from models.database import engine, transaction
from models.delivery import Delivery, DeliveryAttempt
from models.identifiers import email_address, new_uid
from models.job import MESSAGE_KINDS, Job, JobKind
from models.lead import IdentityKind
from models.operations.capture import capture_lead
from models.operations.claim import Claimed, claim
from models.operations.commands import Arrival, CaptureLead
from models.settings import settings
from tests.support.sms_server import SmsServer
from tests.support.smtp_dialogue import Received
from tests.support.smtp_server import SmtpServer

MAIL_FROM = "no-reply@leads.example.org"
AUTO_REPLY, OWNER_EMAIL, OWNER_SMS = JobKind.AUTO_REPLY, JobKind.OWNER_EMAIL, JobKind.OWNER_SMS


@dataclass(frozen=True)
class Providers:
    smtp: SmtpServer
    sms: SmsServer
    patch: pytest.MonkeyPatch

    def set(self, **variables: str) -> None:
        """Change settings for the rest of the test."""
        for name, value in variables.items():
            self.patch.setenv(name, value)
        settings.cache_clear()


@contextmanager
def provided(patch: pytest.MonkeyPatch) -> Iterator[Providers]:
    """Providers on the loopback, and no waiting between tries."""
    with SmtpServer() as smtp, SmsServer() as sms:
        providers = Providers(smtp, sms, patch)
        providers.set(
            SMTP_URL=smtp.url,
            SMS_URL=sms.url,
            MAIL_FROM=MAIL_FROM,
            PUBLIC_URL="https://leads.example.org",
            RETRY_FIRST_SECONDS="0",
            UNKNOWN_WAIT_SECONDS="0",
        )
        yield providers
    settings.cache_clear()


def somebody() -> str:
    """An address that no other test writes to, since limits hold over all businesses."""
    return f"ada-{uuid.uuid4().hex[:12]}@example.org"


def promised(business: Business, *kinds: JobKind, email: str | None = None, **given: Any) -> list[int]:
    """Take in an enquiry that asks for such messages; the ids of its jobs."""
    address = somebody() if email is None else email
    arrival = Arrival(uid=new_uid(), business_id=business.id, door=given.pop("door", "leadgen"), body=b"")
    wanted = CaptureLead(
        arrival=arrival,
        match_on=IdentityKind.EMAIL if address else IdentityKind.UNIQUE_ID,
        email=email_address(address) if address else None,
        notifications=frozenset(kinds) - {JobKind.OWNER_CHANNEL},
        **{"title": "A chair", "first_name": "Ada"} | given,
    )
    with transaction() as session:
        enquiry = capture_lead(session, wanted).enquiry_uid
        ids = session.connection().exec_driver_sql(
            """SELECT j.id FROM job j JOIN enquiry e ON e.id = j.subject_id
               WHERE e.uid = %s AND j.kind = ANY(%s) ORDER BY j.id""",
            (enquiry, [str(kind) for kind in MESSAGE_KINDS]),
        )
        return [row[0] for row in ids]


def job(job_id: int) -> Job:
    with transaction() as session:
        return session.exec(select(Job).where(Job.id == job_id)).one()


def delivery(job_id: int) -> Delivery:
    with transaction() as session:
        return session.exec(select(Delivery).where(Delivery.job_id == job_id)).one()


def states(job_id: int) -> tuple[str, str]:
    """Of its delivery, and of the job itself."""
    return delivery(job_id).state, job(job_id).state


def outcomes(job_id: int) -> list[str]:
    with transaction() as session:
        attempts = (
            select(DeliveryAttempt.outcome)
            .join(Delivery, col(Delivery.id) == col(DeliveryAttempt.delivery_id))
            .where(Delivery.job_id == job_id)
            .order_by(col(DeliveryAttempt.id))
        )
        return list(session.exec(attempts).all())


def read(mail: Received) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(mail.content)


def body(mail: EmailMessage) -> str:
    """The text of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def claimed(ids: Sequence[int], lease: float = 60, max_crashes: int = 3) -> list[Claimed]:
    with transaction() as session:
        return claim(session, ids, lease=lease, max_crashes=max_crashes)


def execute(sql: str, *parameters: object) -> None:
    with engine().begin() as connection:
        connection.exec_driver_sql(sql, parameters)


def end_lease(*ids: int) -> None:
    """As if the worker had died a lease ago."""
    execute(
        "UPDATE job SET next_at = clock_timestamp(), ring_at = clock_timestamp() WHERE id = ANY(%s)",
        list(ids),
    )
