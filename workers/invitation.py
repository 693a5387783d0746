"""The event of an appointment, as an iCalendar object (RFC 5545) that acts by iTIP's rules (RFC 5546)."""

from datetime import UTC, datetime
from urllib.parse import quote

from icalendar import Calendar, vCalAddress
from icalendar import Event as Entry

from models.appointment import DEFAULT_NOTE, AppointmentStatus
from models.operations.owed import Event, Facts, Owed
from workers.mail import BadAddress, clean_header, one_address
from workers.mail_body import Invitation

PRODUCT = "-//lead-intake//appointments//EN"


def invitation(message: Owed, sender: str) -> Invitation | None:
    """What the lead's own calendar is to do; None where a message is to change nothing there.

    `sender` stands for a business that has no address of its own.
    """
    if message.event is None or message.template != "appointment-confirmation":
        return None
    method = "CANCEL" if message.event.is_off else "REQUEST"
    calendar = Calendar()
    for name, value in {"prodid": PRODUCT, "version": "2.0", "method": method}.items():
        calendar.add(name, value)
    calendar.add_component(entry(message.event, message.facts, message.to, sender))
    return Invitation(method, calendar.to_ical())


def entry(event: Event, facts: Facts, recipient: str, sender: str) -> Entry:
    """The library escapes and folds; whatever a lenient reader takes for a line's end is gone before."""
    made = Entry()
    made.add("uid", event.uid)
    made.add("sequence", event.sequence)
    made.add("dtstamp", datetime.now(UTC))
    made.add("dtstart", event.starts_at.astimezone(UTC))
    made.add("dtend", event.ends_at.astimezone(UTC))
    made.add("status", status(event))
    business = clean_header(facts["business_name"], 100)
    made.add("summary", f"Appointment with {business}")
    if note := noted(event.note):
        made.add("description", note)
    made.add("organizer", person(facts["business_email"], business, sender))
    lead = person(recipient, clean_header(f"{facts['first_name']} {facts['last_name']}", 100), sender)
    lead.params |= {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "FALSE"}
    made.add("attendee", lead)
    return made


def status(event: Event) -> str:
    if event.is_off:
        return "CANCELLED"
    return "TENTATIVE" if event.status == AppointmentStatus.PENDING else "CONFIRMED"


def person(address: str, name: str, sender: str) -> vCalAddress:
    """A calendar user by the address, else by the sender's."""
    try:
        address = one_address(address)
    except BadAddress:
        address = sender
    user = vCalAddress(f"mailto:{quote(address, safe='@!$*+=^_`{|}~-.')}")
    if name:
        user.params["CN"] = name
    return user


def noted(note: str) -> str:
    """What staff wrote of an appointment; nothing where they wrote nothing of their own."""
    if note == DEFAULT_NOTE:
        return ""
    return "\n".join(clean_header(line) for line in note.splitlines()).strip()
