"""Leads and contacts of another system."""

from collections.abc import Sequence

from models.contact import Contact
from models.delivery import Channel, hashed
from models.errors import Invalid
from models.identifiers import EmailAddress, email_address, new_uid, phone_e164, slugify
from models.lead import IdentityKind, Lead
from models.operations.imports.kind import Batch, Identity, ImportKind, Row
from models.operations.records.identities import known_by
from models.operations.records.people import NEW
from models.operations.tags import know_tags
from models.timeline import Owner

OF_LEADS = ("lead_sources", "sources")
PEOPLE = {"creator_id": ("users",), "owner_id": ("users",)}
ERASED_HERE = "the person was erased here"

ERASED = f"""
    SELECT a FROM business b CROSS JOIN unnest(%(addresses)s::text[]) AS a
    JOIN suppression s
        ON s.business_id = b.id AND s.channel = '{Channel.EMAIL}' AND s.address = {hashed("b.salt", "a")}
    WHERE b.id = %(business)s
"""  # noqa: S608 - words of our own
# A lead is known by its present address alone.
LET_GO = """
    DELETE FROM identity i USING unnest(%(leads)s::bigint[], %(values)s::text[]) AS w(lead_id, value)
    WHERE i.lead_id = w.lead_id AND i.kind = 'email' AND i.value <> w.value
"""
# Of two with one address the first keeps being known by it.
TAKE = """
    INSERT INTO identity (business_id, kind, value, lead_id)
    SELECT %(business)s, 'email', w.value, w.lead_id
    FROM unnest(%(leads)s::bigint[], %(values)s::text[]) AS w(lead_id, value)
    WHERE w.value <> '' ORDER BY w.lead_id
    ON CONFLICT DO NOTHING
"""


def leave_out_erased(batch: Batch, rows: Sequence[Row]) -> None:
    """Nobody who was erased here comes back with old data."""
    for row in rows:
        if row["id"] in batch.barred and row["id"] not in batch.known:
            batch.leave_out(row, batch.barred[row["id"]])
    typed = {row["id"]: address for row in rows if (address := checked(row.get("email") or ""))}
    names = {
        "business": batch.business.id,
        "addresses": sorted({form for one in typed.values() for form in (one.address, one.identity)}),
    }
    gone = set(batch.session.connection().exec_driver_sql(ERASED, names).scalars())
    for number, one in typed.items():
        if {one.address, one.identity} & gone:
            batch.loaded.left_out[number] = ERASED_HERE


def checked(typed: str) -> EmailAddress | None:
    """What we would write to; an address that is none stays as it was typed, and nobody is known by it."""
    try:
        return email_address(typed) if typed else None
    except Invalid:
        return None


def begin_person(_: Batch, row: Row) -> None:
    row.setdefault("uid", new_uid())


def begin_lead(batch: Batch, row: Row) -> None:
    begin_person(batch, row)
    row["slug"] = slugify(f"{row.get('first_name') or ''} {row.get('last_name') or ''}", row["id"])


def complete_person(batch: Batch, row: Row) -> None:
    """The forms in which addresses and numbers are matched."""
    if address := checked(row.get("email") or ""):
        row["email"] = address.address
    row["phone_e164"] = phone_e164(row.get("phone") or "", batch.business.country)


def complete_lead(batch: Batch, row: Row) -> None:
    complete_person(batch, row)
    row["status"] = row.get("status") or NEW
    # The other tongues know an address as one text.
    row["address"] = ", ".join(str(line) for line in (row.get("place") or {}).values() if line)


def complete_contact(batch: Batch, row: Row) -> None:
    complete_person(batch, row)
    row["name"] = row.get("name") or " ".join(filter(None, (row.get("first_name"), row.get("last_name"))))


def identities_of(batch: Batch, rows: Sequence[Row]) -> set[Identity]:
    """What leads are known by, and will be."""
    sent = {one.identity for row in rows if (one := checked(row.get("email") or ""))}
    held = known_by(batch.session, batch.business.id, [note.record_id for note in batch.known.values()])
    return {(batch.business.id, str(IdentityKind.EMAIL), value) for value in sent} | set(held)


def know_leads(batch: Batch, rows: Sequence[Row]) -> None:
    know(batch, rows)
    known = {row["id"]: one.identity if (one := checked(row.get("email") or "")) else "" for row in rows}
    names = {"business": batch.business.id, "leads": list(known), "values": list(known.values())}
    for sql in (LET_GO, TAKE):
        batch.session.connection().exec_driver_sql(sql, names)


def know(batch: Batch, rows: Sequence[Row]) -> None:
    """The business knows the tags of its records."""
    names = {tag for row in rows for tag in row.get("tags") or ()}
    know_tags(batch.session, batch.business.id, batch.kind.columns.name, names)


LEADS = ImportKind(
    name="leads",
    table=Lead,
    references={
        **PEOPLE,
        "source_id": OF_LEADS,
        "unqualified_reason_id": ("lead_unqualified_reasons",),
    },
    people=identities_of,
    before=leave_out_erased,
    begin=begin_lead,
    complete=complete_lead,
    written=know_leads,
    owner=Owner.LEAD,
)
CONTACTS = ImportKind(
    name="contacts",
    table=Contact,
    references={**PEOPLE, "contact_id": ("contacts",), "parent_organization_id": ("contacts",)},
    before=leave_out_erased,
    begin=begin_person,
    complete=complete_contact,
    written=know,
    owner=Owner.CONTACT,
)
