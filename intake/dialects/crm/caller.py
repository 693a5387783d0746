"""Who calls: the `apikey` header names the business, the bearer token the member of its staff."""

from dataclasses import dataclass

from intake.auth import Unauthenticated, require, token_of
from intake.dialects.crm.envelope import TooMany
from intake.door import AnyRequest, doors_of
from models.business import TokenKind
from models.operations.identify import Speaker, Tenant

# An access token is a session that a login opened.
BEARERS = (TokenKind.STAFF, TokenKind.SESSION)


@dataclass(frozen=True, slots=True)
class Caller:
    """The business, the member of staff who speaks, and the token that says so."""

    tenant: Tenant
    user_id: int
    speaker: Speaker


async def caller_of(request: AnyRequest, scope: str) -> Caller:
    """Whoever sent both headers, each good for the scope.

    Raises `TooMany`, or what `intake.auth` raises.
    """
    doors = doors_of(request)
    key, tenant = await key_of(request)
    speaker = await doors.accounts.speaker(token_of(request.headers))
    if speaker.kind not in BEARERS or speaker.tenant is None or speaker.tenant.id != tenant.id:
        raise Unauthenticated
    if not doors.crm_rate.take(speaker.token_id):
        raise TooMany
    for one in (key, speaker):
        require(one, scope)
    user_id = speaker.user_id or tenant.owner_id
    if user_id is None:
        raise Unauthenticated
    return Caller(tenant, user_id, speaker)


async def key_of(request: AnyRequest) -> tuple[Speaker, Tenant]:
    """Who holds the `apikey`, and its business; a directory names that by X-On-Behalf-Of.

    Raises what `intake.auth` raises.
    """
    accounts = doors_of(request).accounts
    sent = [value.strip() for value in request.headers.getall("apikey", [])]
    key = await accounts.speaker(sent[0] if len(sent) == 1 else None)
    if key.kind == TokenKind.REFRESH:
        raise Unauthenticated
    return key, await accounts.tenant(key, request.headers.get("x-on-behalf-of"))
