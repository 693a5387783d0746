"""The facts that an operation may state. No HTTP in them: a dialect says them in its own tongue."""


class Refusal(Exception):  # noqa: N818 - a refusal is a fact, not a fault
    """A command that cannot be carried out, and why.

    `reason` is a short, stable word for metrics and receipts; `field` names the input at fault, if one is.
    """

    reason = "refused"

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Missing(Refusal):
    reason = "missing"


class Invalid(Refusal):
    reason = "invalid"


class UnknownBusiness(Refusal):
    reason = "unknown_business"


class KeyReused(Refusal):
    """The same idempotency key came with another body."""

    reason = "idempotency_key_reused"


class Taken(Refusal):
    """A name that must be unique already belongs to another row."""

    reason = "taken"


class NotFound(Refusal):
    reason = "not_found"


class UnknownLead(NotFound):
    reason = "unknown_lead"


class UnknownUser(NotFound):
    reason = "unknown_user"


class UnknownConversion(NotFound):
    reason = "unknown_conversion"


class WorkedOn(Refusal):
    """Somebody has worked on what a conversion made, so it cannot be taken back; the message names it."""

    reason = "worked_on"
