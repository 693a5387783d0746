"""Reads the body of a request in Sell's tongue: a JSON envelope with the attributes in `data`."""

from intake.body import BadBody, Document
from intake.dialects.sell.refusals import refusal
from intake.door import AnyRequest, document_of


async def data_of(request: AnyRequest) -> Document:
    """The attributes that a request carries. Raises `BadBody`, or `Refused` where there is no envelope."""
    content_type = request.headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() != "application/json":
        message = "The Content-Type of the body must be application/json."
        raise BadBody(message, status=415, reason="unsupported_type")
    data = (await document_of(request)).get("data")
    if not isinstance(data, dict):
        raise refusal(
            422, "incorrect_payload", "The payload must be an object with the attributes in 'data'."
        )
    return data
