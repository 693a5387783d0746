"""Who manages, for which business, and what was sent as JSON."""

from dataclasses import dataclass
from datetime import timedelta

from intake.body import BadBody, Document
from intake.body.media_type import parse_media_type
from intake.door import AnyRequest, document_of, doors_of, speaker_of
from models.errors import Invalid
from models.operations.tokens import Scope


@dataclass(frozen=True, slots=True)
class Manager:
    """The business that is managed, and the user who does it, if the token is one's."""

    business_id: int
    user_id: int | None


async def manager_of(request: AnyRequest) -> Manager:
    """Whoever holds a token with the scope admin. A directory names its business by X-On-Behalf-Of.

    Raises what `intake.auth` raises.
    """
    speaker = await speaker_of(request, Scope.ADMIN)
    tenant = await doors_of(request).accounts.tenant(speaker, request.headers.get("x-on-behalf-of"))
    return Manager(tenant.id, speaker.user_id)


async def sent_object(request: AnyRequest) -> Document:
    """The JSON object that a request carries. Raises `BadBody`."""
    if parse_media_type(request.headers.get("content-type") or "").kind != "json":
        raise BadBody("Send the body as application/json.", status=415, reason="unsupported_type")
    return await document_of(request)


async def sent_overlap(request: AnyRequest, usual: timedelta) -> timedelta:
    """How long what is replaced works still, by `overlap_hours`; nothing need be sent. Raises `Invalid`."""
    sent = await sent_object(request) if request.headers.get("content-type") else {}
    if "overlap_hours" not in sent:
        return usual
    hours = sent["overlap_hours"]
    if isinstance(hours, bool) or not isinstance(hours, int | float) or not 0 <= hours <= 8760:
        raise Invalid("overlap_hours must be a number from 0 to 8760", "overlap_hours")
    return timedelta(hours=hours)
