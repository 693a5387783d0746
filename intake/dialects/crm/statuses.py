"""The statuses of appointments as this tongue spells them."""

from intake.dialects.crm.form import Form
from models.appointment import AppointmentStatus

BAD_STATUS = "Invalid appointment status."

# The contract has a letter too many: it is told so, and both are read (wire.md 4.3 row 27).
SPELT = {AppointmentStatus.FULFILLED: "fullfilled"}
STATUSES = {str(status): status for status in AppointmentStatus} | {
    word: status for status, word in SPELT.items()
}


def status_of(form: Form, name: str) -> AppointmentStatus | None:
    """In any case and both spellings; a blank one is none."""
    typed = (form.text(name) or "").lower()
    if typed and typed not in STATUSES:
        form.refuse(name, BAD_STATUS)
    return STATUSES.get(typed)


def spelt(status: str) -> str:
    return SPELT.get(AppointmentStatus(status), status)
