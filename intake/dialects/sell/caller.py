"""Who calls, after all that is checked before a resource is looked at."""

from dataclasses import dataclass

from intake.auth import require, token_of
from intake.dialects.sell.refusals import refusal
from intake.door import AnyRequest, doors_of
from models.operations.tokens import Scope

READABLE = {"*/*", "application/*", "application/json"}


@dataclass(frozen=True, slots=True)
class Caller:
    """The business spoken for, the user who speaks, if it is one, and where links begin."""

    business_id: int
    user_id: int | None
    base: str


async def called(request: AnyRequest, scope: Scope) -> Caller:
    """Check headers, token, rate and scope, in this order. Raises what the router puts into words."""
    check_headers(request)
    doors = doors_of(request)
    speaker = await doors.accounts.speaker(token_of(request.headers))
    if not doors.sell_rate.take(speaker.token_id):
        raise refusal(429, "rate_limit_exceeded", "The token has sent too many requests: slow down.")
    require(speaker, scope)
    tenant = await doors.accounts.tenant(speaker, request.headers.get("x-on-behalf-of"))
    return Caller(tenant.id, speaker.user_id, f"{doors.settings.public_url.rstrip('/')}/v2")


def check_headers(request: AnyRequest) -> None:
    """Sell wants to know the caller's program, and speaks JSON only."""
    if not request.headers.get("user-agent", "").strip():
        raise refusal(400, "invalid_user_agent", "The User-Agent header is required.")
    if not accepts_json(request.headers.get("accept", "")):
        raise refusal(406, "invalid_header", "The Accept header must allow application/json.")


def accepts_json(accept: str) -> bool:
    """Whether a media range of the header covers JSON and has a weight (RFC 9110 section 12.5.1)."""
    if not accept.strip():
        return True
    ranges = [media_range.split(";") for media_range in accept.lower().split(",")]
    return any(name.strip() in READABLE and not weightless(rest) for name, *rest in ranges)


def weightless(parameters: list[str]) -> bool:
    words = [parameter.replace(" ", "") for parameter in parameters]
    return any(word.startswith("q=") and word[2:].strip("0.") == "" for word in words)
