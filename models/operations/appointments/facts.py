"""Why an appointment cannot be made, changed or found."""

from models.errors import NotFound, Refusal


class UnknownAppointment(NotFound):
    reason = "unknown_appointment"


class NotInvolved(Refusal):
    """Neither the lead nor the calendar is this user's."""

    reason = "not_involved"


class NotYourLead(Refusal):
    """Appointments with a lead are for its owner and its assignee to make."""

    reason = "not_your_lead"


class Overlaps(Refusal):
    """The calendar holds something else at that time."""

    reason = "overlaps"


class EndsFirst(Refusal):
    """It would be over before it begins, or in the same moment."""

    reason = "ends_first"


class InThePast(Refusal):
    reason = "in_the_past"
