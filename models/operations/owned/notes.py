"""Notes that the owner or the assignee of a lead takes on it."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.activity import Note
from models.errors import NotFound
from models.lead import Lead
from models.operations.owned.find import NotYours, is_hers, living_lead
from models.operations.records.kind import Kind
from models.operations.records.write import CreateRecord, RemoveRecord, create_record, remove_record

# Which timeline they stand on is known here, so that nothing is left to settle.
NOTES = Kind(name="note", table=Note, ended=("deleted_at",))


@dataclass(frozen=True, kw_only=True, slots=True)
class AddNote:
    business_id: int
    user_id: int
    slug: str
    content: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DropNote:
    business_id: int
    user_id: int
    note_id: int


def add_note(session: Session, command: AddNote) -> None:
    """Raises `UnknownLead`, `DeletedLead` or `NotYours`."""
    lead = living_lead(session, command.business_id, command.slug, locked=True)
    if not is_hers(lead, command.user_id):
        raise NotYours("the lead is another's", "slug")
    creation = CreateRecord(
        kind=NOTES,
        business_id=command.business_id,
        user_id=command.user_id,
        values={"timeline_id": lead.timeline_id, "content": command.content},
    )
    create_record(session, creation)


def drop_note(session: Session, command: DropNote) -> None:
    """Raises `NotFound`, for a note that is on no living lead too, or `NotYours`."""
    lead = lead_of(session, command)
    if lead is None:
        raise NotFound("there is no such note", "note_id")
    if not is_hers(lead, command.user_id):
        raise NotYours("the lead of the note is another's", "note_id")
    removal = RemoveRecord(
        kind=NOTES, business_id=command.business_id, user_id=command.user_id, record_id=command.note_id
    )
    remove_record(session, removal)


def lead_of(session: Session, command: DropNote) -> Lead | None:
    query = (
        select(Lead)
        .join(Note, col(Note.timeline_id) == Lead.timeline_id)
        .where(Note.id == command.note_id, Note.business_id == command.business_id)
        .where(col(Note.deleted_at).is_(None), col(Lead.deleted_at).is_(None))
    )
    return session.exec(query).first()
