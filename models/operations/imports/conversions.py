"""Conversions of another system: which of its leads became which of its contacts and deals.

It tells no more of a lead that was converted, so such a lead is made anew from what it became. Who asks
again by another door is known, and the history of both is one, as after a conversion of ours.
"""

from collections.abc import Sequence

from sqlmodel import col, select

from models.contact import Contact
from models.conversion import Conversion, ConversionState
from models.operations.imports.kind import Batch, ImportKind, Row
from models.operations.imports.load import add
from models.operations.imports.people import LEADS
from models.operations.imports.references import ours
from models.timeline import Owner

# What a lead and the contact that it became have in common.
SHARED = (
    *("uid", "first_name", "last_name", "title", "description", "industry", "website", "email", "phone"),
    *("mobile", "fax", "twitter", "facebook", "linkedin", "skype", "tags", "owner_id"),
)

BECAME = "coalesce(c.individual_id, c.organization_id)"
END = """
    UPDATE lead l SET converted_at = c.created_at FROM conversion c
    WHERE c.id = ANY(%(ids)s) AND l.id = c.lead_id AND l.converted_at IS NULL
"""
# One uid names a person all the way.
ONE_UID = f"""
    UPDATE contact k SET uid = l.uid FROM conversion c JOIN lead l ON l.id = c.lead_id
    WHERE c.id = ANY(%(ids)s) AND k.id = {BECAME} AND k.uid <> l.uid
"""  # noqa: S608 - names of our own
POINT = f"""
    INSERT INTO timeline (id, business_id, owner_type, owner_id)
    SELECT l.timeline_id, c.business_id, '{Owner.CONTACT}', {BECAME}
    FROM conversion c JOIN lead l ON l.id = c.lead_id
    WHERE c.id = ANY(%(ids)s) AND {BECAME} IS NOT NULL
    ON CONFLICT (id) DO UPDATE SET owner_type = EXCLUDED.owner_type, owner_id = EXCLUDED.owner_id
"""  # noqa: S608
FOLLOW = f"""
    INSERT INTO follow (business_id, follower_type, follower_id, timeline_id)
    SELECT c.business_id, f.type, f.id, l.timeline_id
    FROM conversion c JOIN lead l ON l.id = c.lead_id CROSS JOIN LATERAL (VALUES
        ('{Owner.CONTACT}', CASE WHEN c.individual_id IS NOT NULL THEN c.organization_id END),
        ('{Owner.DEAL}', c.deal_id)
    ) AS f(type, id)
    WHERE c.id = ANY(%(ids)s) AND f.id IS NOT NULL
    ON CONFLICT DO NOTHING
"""  # noqa: S608


def make_leads(batch: Batch, rows: Sequence[Row]) -> None:
    """A lead of which nothing was told but that it was converted is made from what it became."""
    connection, business = batch.session.connection(), batch.business.id
    known = ours(connection, business, [LEADS.name], [row["lead_id"] for row in rows])
    missing = {row["lead_id"]: row for row in rows if row["lead_id"] not in known}
    found = contacts_of(batch, list(missing.values()))
    leads = batch.of(LEADS)
    add(leads, [lead_of(row, found) for row in missing.values()])


def contacts_of(batch: Batch, rows: Sequence[Row]) -> dict[int, Contact]:
    """Contacts by their ids there."""
    ids = {row[column] for row in rows for column in ("individual_id", "organization_id") if row.get(column)}
    known = ours(batch.session.connection(), batch.business.id, ["contacts"], ids)
    query = select(Contact).where(col(Contact.id).in_(known.values()))
    kept = {contact.id: contact for contact in batch.session.exec(query)}
    return {foreign: kept[number] for foreign, number in known.items() if number in kept}


def lead_of(row: Row, contacts: dict[int, Contact]) -> Row:
    person = contacts.get(row.get("individual_id") or 0)
    company = contacts.get(row.get("organization_id") or 0)
    became = person or company
    born = {"id": row["lead_id"], "created_at": row["created_at"], "updated_at": row["created_at"]}
    if became is None:
        return born
    shared = {name: getattr(became, name) for name in SHARED}
    names = {
        "creator_id": became.creator_id,
        "organization_name": company.name if company else "",
        "place": became.address,
        "fields": became.custom_fields,
        "created_at": min(became.created_at, row["created_at"]),
    }
    return born | shared | names


def converted_here(batch: Batch, rows: Sequence[Row]) -> dict[int, int]:
    """A lead that somebody has converted here meanwhile stays what it became here."""
    leads = {row["lead_id"]: row["id"] for row in reversed(rows)}
    query = select(Conversion.lead_id, Conversion.id).where(
        Conversion.business_id == batch.business.id,
        col(Conversion.lead_id).in_(leads),
        Conversion.state != ConversionState.UNDONE,
    )
    return {leads[lead]: number for lead, number in batch.session.exec(query)}


def begin_conversion(_: Batch, row: Row) -> None:
    row["state"] = ConversionState.COMPLETE
    row["completed_at"] = row["created_at"]


def end_leads(batch: Batch, rows: Sequence[Row]) -> None:
    """The leads are leads no more, and their histories are those of what they became."""
    ids = {"ids": [row["id"] for row in rows]}
    for sql in (END, ONE_UID, POINT, FOLLOW):
        batch.session.connection().exec_driver_sql(sql, ids)


CONVERSIONS = ImportKind(
    name="lead_conversions",
    table=Conversion,
    references={
        "creator_id": ("users",),
        "lead_id": ("leads",),
        "individual_id": ("contacts",),
        "organization_id": ("contacts",),
        "deal_id": ("deals",),
    },
    required=frozenset({"lead_id"}),
    before=make_leads,
    is_here=converted_here,
    begin=begin_conversion,
    written=end_leads,
)
