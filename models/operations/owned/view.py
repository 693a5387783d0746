"""View: one lead with what was lately done about it, and its notes."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.activity import Activity, Note
from models.business import User
from models.enquiry import Enquiry, message_of
from models.lead import Lead
from models.operations.history import recent_activities
from models.operations.owned.find import living_lead
from models.operations.owned.words import told_source, told_status

MOST_ACTIVITIES = 20
MOST_NOTES = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class ViewLead:
    business_id: int
    slug: str


@dataclass(frozen=True, slots=True)
class Viewed:
    """The lead in this tongue's words; activities and notes newest first, notes with a username each."""

    lead: Lead
    status: str
    source: str
    message: str
    activities: Sequence[Activity]
    notes: Sequence[tuple[Note, str]]


def view_lead(session: Session, command: ViewLead) -> Viewed:
    """A lead of the business, whoever owns it. Raises `UnknownLead`."""
    lead = living_lead(session, command.business_id, command.slug)
    status, source = session.execute(select(told_status(), told_source()).where(Lead.id == lead.id)).one()
    return Viewed(
        lead=lead,
        status=status,
        source=source,
        message=lead.description or asked(session, lead),
        activities=recent_activities(session, [lead.timeline_id], MOST_ACTIVITIES),
        notes=notes_of(session, lead),
    )


def asked(session: Session, lead: Lead) -> str:
    """What the newest enquiry said in free text, else what it was about."""
    newest = select(Enquiry).where(Enquiry.timeline_id == lead.timeline_id).order_by(col(Enquiry.id).desc())
    enquiry = session.exec(newest.limit(1)).first()
    if enquiry is None:
        return ""
    said = [*enquiry.message_data.items(), *enquiry.request_data.items()]
    return message_of(said, enquiry.title)


def notes_of(session: Session, lead: Lead) -> list[tuple[Note, str]]:
    query = (
        select(Note, User.username)
        .join(User, col(User.id) == col(Note.creator_id), isouter=True)
        .where(Note.timeline_id == lead.timeline_id, col(Note.deleted_at).is_(None))
        .order_by(col(Note.id).desc())
        .limit(MOST_NOTES)
    )
    return [(note, username or "") for note, username in session.exec(query)]
