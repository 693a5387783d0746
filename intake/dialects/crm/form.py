"""What a caller sent: parameters of the query and fields of any kind of body, read and checked by name."""

from collections.abc import Mapping

from intake.body import Document, parse_body, read_body
from intake.dialects.crm.envelope import BadFields, Errors, RequestFailed
from intake.door import AnyRequest, doors_of
from models.digits import is_number

REQUIRED = "This field is required."
BLANK = "This field may not be blank."
# Said by the appointments' endpoints (wire.md 4.3 row 8).
IS_BLANK = "This field is may not be blank."
NO_BODY = "Body data not found."
NOT_TEXT = "Not a valid string."
BAD_CHARACTER = "Null characters are not allowed."


class Form:
    """The fields by name, and what is wrong with them, so that all is told at once."""

    def __init__(self, sent: Mapping[str, object]) -> None:
        self.sent = sent
        self.errors: Errors = {}

    def text(
        self, name: str, *, needed: bool = False, blank: str = "", most: int | None = None, trim: bool = True
    ) -> str | None:
        """A field's text, without blanks around it unless told; None where it was not sent or is refused.

        `needed` refuses one that was not sent; `blank` is said of one that is blank, where that is
        refused; `most` is its greatest length.
        """
        if name not in self.sent:
            if needed:
                self.refuse(name, REQUIRED)
            return None
        text, fault = readable(self.sent[name])
        text = text.strip() if trim else text
        if not fault and not text:
            fault = blank
        if not fault and most is not None and len(text) > most:
            fault = f"Ensure this field has no more than {most} characters."
        if fault:
            self.refuse(name, fault)
            return None
        return text

    def row_id(self, name: str, *, blank: str, bad: str) -> int:
        """The id of a row, which must be sent; nought where it is refused. `bad` is said of what is none."""
        typed = self.text(name, needed=True, blank=blank)
        if typed is None:
            return 0
        if not is_number(typed):
            self.refuse(name, bad)
            return 0
        return int(typed)

    def refuse(self, name: str, message: str) -> None:
        self.errors.setdefault(name, []).append(message)

    def check(self) -> None:
        """Raises `BadFields` where a field was refused."""
        if self.errors:
            raise BadFields(self.errors)

    def needs_any(self, *names: str) -> None:
        """Raises `RequestFailed` where none of the fields that an endpoint knows was sent (row 6)."""
        if not any(name in self.sent for name in names):
            raise RequestFailed(NO_BODY)


def readable(value: object) -> tuple[str, str]:
    """A value as text, null as an empty one, and what is wrong with it."""
    if isinstance(value, bool | dict | list):
        return "", NOT_TEXT
    text = "" if value is None else str(value)
    return text, BAD_CHARACTER if "\0" in text else ""


def query_of(request: AnyRequest) -> Form:
    """The parameters of the query alone; of one that is sent twice, the first."""
    return Form(parameters(request))


async def form_of(request: AnyRequest) -> Form:
    """Parameters of the query and fields of the body; a field in the body wins (row 4). Raises `BadBody`."""
    return Form(document(request, await read_body(request, doors_of(request).settings.body_limit_bytes)))


def document(request: AnyRequest, body: bytes) -> Document:
    """A request without a body sent an empty one, whatever its type. Raises `BadBody`."""
    sent = parameters(request)
    if body:
        headers = request.headers
        sent |= parse_body(headers.get("content-type"), headers.get("content-encoding"), body)
    return sent


def parameters(request: AnyRequest) -> Document:
    return {name: values[0] for name, values in request.query_params.dict().items()}
