"""Conversions of another system: which of its leads became which of its contacts and deals.

It tells no more of a lead that was converted, so such a lead is made anew from what it became. Who asks
again by another door is known, and the history of both is one, as after a conversion of ours.
"""

from collections.abc import Mapping, Sequence

from sqlmodel import col, select

from models.contact import Contact
from models.conversion import Conversion, ConversionState
from models.lead import Lead
from models.operations.imports import people
from models.operations.imports.kind import Batch, Identity, ImportKind, Row
from models.operations.imports.load import add
from models.operations.imports.people import CONTACTS, LEADS
from models.operations.imports.references import kept
from models.timeline import Owner

MADE = ("individual_id", "organization_id", "deal_id")
# What a lead and the contact that it became have in common.
SHARED = (
    *("uid", "first_name", "last_name", "title", "description", "industry", "website", "email", "phone"),
    *("mobile", "fax", "twitter", "facebook", "linkedin", "skype", "tags"),
    *("owner_id", "creator_id", "created_at"),
)

BECAME = "coalesce(c.individual_id, c.organization_id)"
END = """
    UPDATE lead l SET converted_at = c.created_at FROM conversion c
    WHERE c.id = ANY(%(ids)s) AND l.id = c.lead_id AND l.converted_at IS NULL
"""
# One uid names a person all the way; the first of several leads gives it.
ONE_UID = f"""
    UPDATE contact k SET uid = l.uid FROM conversion c JOIN lead l ON l.id = c.lead_id
    WHERE c.id = ANY(%(ids)s) AND k.id = {BECAME}
        AND NOT EXISTS (SELECT FROM lead o WHERE o.business_id = k.business_id AND o.uid = k.uid)
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


def identities_of(batch: Batch, rows: Sequence[Row]) -> set[Identity]:
    """What the leads that are made anew will be known by."""
    contacts = contacts_of(batch, rows).values()
    return people.identities_of(batch.of(LEADS), [{"email": one.email} for one in contacts])


def prepare(batch: Batch, rows: Sequence[Row]) -> None:
    """Leave out what was undone here by a deletion, and make the leads that are not told of any more."""
    contacts = contacts_of(batch, rows)
    leads = leads_of(batch, rows)
    for row in rows:
        why = fault_of(row, contacts, leads)
        if why and row["id"] not in batch.known:
            batch.leave_out(row, why)
    missing = {row["lead_id"]: row for row in batch.staying(rows) if row["lead_id"] not in leads}
    make_leads(batch, list(missing.values()), contacts)


def fault_of(row: Row, contacts: Mapping[int, Contact], leads: Mapping[int, Lead]) -> str:
    """Why a lead cannot be what it became; a lead is never lost for a contact that is not there."""
    lead = leads.get(row["lead_id"])
    if lead is not None and lead.deleted_at is not None:
        return f"its lead {row['lead_id']} was deleted here"
    number = row.get("individual_id") or row.get("organization_id")
    became = contacts.get(number or 0)
    if became is None:
        return f"its contact {number} is not there"
    return "" if became.deleted_at is None else f"its contact {number} was deleted here"


def make_leads(batch: Batch, rows: Sequence[Row], contacts: Mapping[int, Contact]) -> None:
    """A lead of which nothing is told but that it was converted is made from what it became."""
    made = [lead_of(row, contacts) for row in rows]
    uids = [row["uid"] for row in made]
    query = select(Lead.uid).where(Lead.business_id == batch.business.id, col(Lead.uid).in_(uids))
    taken = set(batch.session.exec(query))
    for row in made:
        # Of two who became one contact, the first has its uid.
        if row["uid"] in taken:
            del row["uid"]
        else:
            taken.add(row["uid"])
    add(batch.of(LEADS), made)


def leads_of(batch: Batch, rows: Sequence[Row]) -> dict[int, Lead]:
    """Leads by their ids there, deleted ones too."""
    return kept(batch, Lead, [LEADS.name], {row["lead_id"] for row in rows})


def contacts_of(batch: Batch, rows: Sequence[Row]) -> dict[int, Contact]:
    """Contacts by their ids there, deleted ones too."""
    ids = {row[column] for row in rows for column in ("individual_id", "organization_id") if row.get(column)}
    return kept(batch, Contact, [CONTACTS.name], ids)


def lead_of(row: Row, contacts: Mapping[int, Contact]) -> Row:
    company = contacts.get(row.get("organization_id") or 0)
    became = contacts.get(row.get("individual_id") or 0) or company
    return {name: getattr(became, name) for name in SHARED} | {
        "id": row["lead_id"],
        "organization_name": company.name if company else "",
        "place": getattr(became, "address", {}),
        "fields": getattr(became, "custom_fields", {}),
        "updated_at": row["created_at"],
    }


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
    # What it made was worked on for as long as it stood there, so nobody takes it back.
    row["moved"] = {"imported": True}


def fill(_: Batch, row: Row, stands: Row) -> Row:
    """A conversion is never another one; what it made may come later. One that was made here is ours."""
    if not stands["moved"].get("imported"):
        return {}
    return {name: row[name] for name in MADE if stands[name] is None and row[name] is not None}


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
    required=frozenset({"lead_id", "created_at"}),
    people=identities_of,
    before=prepare,
    is_here=converted_here,
    begin=begin_conversion,
    written=end_leads,
    follow=fill,
)
