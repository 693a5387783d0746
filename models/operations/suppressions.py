"""Suppressions: the addresses that a business must not write to, and why; said and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from models.business import Business
from models.delivery import OF_VISITORS, Channel, Suppression, hashed
from models.errors import Invalid, NotFound
from models.identifiers import email_address, phone_e164

MANUAL = "manual"
MOST_LISTED = 1000

# Of an address that was erased only a hash is there.
LIFT = f"""
    DELETE FROM suppression s USING business b, unnest(%(addresses)s::text[]) AS k(address)
    WHERE b.id = %(business)s AND s.business_id = b.id AND s.channel = %(channel)s
        AND s.address IN (k.address, {hashed("b.salt", "k.address")})
    RETURNING s.reason
"""  # noqa: S608 - an expression of our own


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """An email address, or a telephone number as it is dialled in the business's country."""

    business: Business
    written: str

    @property
    def channel(self) -> Channel:
        return Channel.EMAIL if "@" in self.written else Channel.SMS

    def forms(self) -> list[str]:
        """How it may be kept, first as messages go to it. Raises `Invalid`."""
        if self.channel == Channel.EMAIL:
            one = email_address(self.written, "address")
            return list(dict.fromkeys((one.address.casefold(), one.address.lower(), one.identity)))
        number = phone_e164(self.written, self.business.country)
        if not number:
            raise Invalid("address is no email address and no telephone number", "address")
        return [number]


def suppress(session: Session, address: Address) -> None:
    """Write to it no more, whatever is promised already; saying it again changes nothing."""
    row = {
        "business_id": address.business.id,
        "channel": address.channel,
        "address": address.forms()[0],
        "reason": MANUAL,
    }
    statement = insert(Suppression).values(row)
    # One for visitors' mail alone holds for all mail from now on.
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["business_id", "channel", "address"],
            set_={"reason": MANUAL},
            where=col(Suppression.reason).in_(OF_VISITORS),
        )
    )


def lift(session: Session, address: Address) -> list[str]:
    """Let it be written to again, and give why it was not. Raises `NotFound` where it was."""
    names = {"business": address.business.id, "channel": address.channel, "addresses": address.forms()}
    reasons = list(session.connection().exec_driver_sql(LIFT, names).scalars())
    if not reasons:
        raise NotFound("this address is not suppressed", "address")
    return reasons


def suppressions_of(session: Session, business: Business) -> Sequence[Suppression]:
    """The newest first."""
    mine = select(Suppression).where(Suppression.business_id == business.id)
    return session.exec(mine.order_by(col(Suppression.id).desc()).limit(MOST_LISTED)).all()
