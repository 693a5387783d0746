"""Who calls, by the Authorization header as this tongue reads it; and what is done on the caller's word."""

from dataclasses import dataclass

from litestar.datastructures import Headers

from intake.auth import require
from intake.dialects.nateq.envelope import BadKey, TooMany
from intake.door import AnyRequest, doors_of
from models.operations.identify import Tenant, is_token


@dataclass(frozen=True, slots=True)
class Caller:
    """The business that is spoken for, and the user who speaks, if the token is one's."""

    tenant: Tenant
    user_id: int | None


def key_of(headers: Headers) -> str:
    """The key, after `Bearer` or bare as in the seeds' samples. Raises `BadKey`."""
    sent = [text for value in headers.getall("authorization", []) if (text := value.strip(" \t"))]
    if not sent:
        raise BadKey("MISSING_API_KEY", "The Authorization header is missing")
    scheme, _, rest = sent[0].partition(" ")
    bearer = scheme.lower() == "bearer" and rest.strip()
    key = rest.strip() if bearer else sent[0]
    if len(sent) > 1 or not (bearer or key.startswith("tg_")):
        raise BadKey("INVALID_AUTH_FORMAT", "Send the API key as Authorization: Bearer tg_live_...")
    if not is_token(key):
        raise BadKey("INVALID_API_KEY_FORMAT", "An API key is tg_live_ or tg_test_ and 56 letters and digits")
    return key


async def caller_of(request: AnyRequest, scope: str) -> Caller:
    """Raises `BadKey`, `TooMany`, or what `intake.auth` raises."""
    doors = doors_of(request)
    speaker = await doors.accounts.speaker(key_of(request.headers))
    if not doors.nateq_rate.take(speaker.token_id):
        raise TooMany
    require(speaker, scope)
    tenant = await doors.accounts.tenant(speaker, request.headers.get("x-on-behalf-of"))
    return Caller(tenant, speaker.user_id)
