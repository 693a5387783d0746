"""Who speaks: the token in a request's headers, its holder, and the business that it speaks for."""

import hashlib
import re
import time

from litestar.datastructures import Headers

from intake.flight import Unavailable
from intake.remembered import Clock, Remembered
from models.database import transaction
from models.errors import Refusal
from models.operations.identify import Speaker, Tenant, find_tenant, identify, is_token
from models.settings import Settings

__all__ = [
    "Accounts",
    "Forbidden",
    "NoBusiness",
    "NotYourBusiness",
    "Unauthenticated",
    "Unavailable",
    "own",
    "require",
    "token_of",
]

LONGEST_HEADER = 200

# Schemes in any case (RFC 9110 section 11.1); token="..." is what Rails asks for, quotes or not.
CREDENTIALS = re.compile(
    r"""
      (?i:bearer) \x20+ (?P<bearer> [!-~]+ )
    | (?i:token) \x20+ token= (?: "(?P<quoted> [!\#-~]+ )" | (?P<unquoted> [!\#-+\--~]+ ) )
    | (?P<bare> tg_ [!-~]+ )
    """,
    re.VERBOSE,
)


class Unauthenticated(Refusal):
    """Nobody whom we know speaks: no token, or one that is malformed, unknown, revoked or expired."""

    reason = "unauthenticated"

    def __init__(self, message: str = "no valid token was given") -> None:
        super().__init__(message)


class Forbidden(Refusal):
    """The token is good, and not for this."""

    reason = "forbidden"


class NoBusiness(Refusal):
    """A directory speaks and does not say for which business."""

    reason = "no_business"

    def __init__(self, message: str = "the request names no business") -> None:
        super().__init__(message)


class NotYourBusiness(Refusal):
    """The business is unknown, or not the token's: one answer, so that nobody learns which."""

    reason = "not_your_business"

    def __init__(self, message: str = "the token cannot speak for this business") -> None:
        super().__init__(message)


def token_of(headers: Headers) -> str | None:
    """The one token in `Authorization: Bearer T`, `Token token="T"` or bare `tg_...`; None for all else."""
    sent = headers.getall("authorization", [])
    if len(sent) != 1 or len(sent[0]) > LONGEST_HEADER:
        return None
    found = CREDENTIALS.fullmatch(sent[0].strip(" \t"))
    return found[found.lastgroup] if found is not None and found.lastgroup else None


def require(speaker: Speaker, scope: str) -> None:
    """Raises `Forbidden` where the speaker's token lacks the scope."""
    if scope not in speaker.scopes:
        message = f"the token lacks the scope {scope}"
        raise Forbidden(message)


class Accounts:
    """Speakers and tenants by token and reference, believed for `token_cache_seconds`. One an app.

    A token that is revoked is refused after that time at the latest. While the database cannot be
    reached, what it said is believed for a quarter of an hour: leads cannot be taken in then anyway,
    and a caller should hear "later", not "who are you".
    """

    def __init__(self, settings: Settings, clock: Clock = time.monotonic) -> None:
        fresh, patience = settings.token_cache_seconds, settings.database_budget_seconds
        # Tokens are random: one that is unknown stays so. A business may be founded any moment.
        self._speakers: Remembered[bytes, Speaker] = Remembered(
            fresh=fresh, patience=patience, forget_unknown=False, clock=clock
        )
        self._tenants: Remembered[tuple[int, str], Tenant] = Remembered(
            fresh=fresh, patience=patience, forget_unknown=True, clock=clock
        )

    async def speaker(self, token: str | None) -> Speaker:
        """Who holds the token. Raises `Unauthenticated` or `Unavailable`."""
        if token is None or not is_token(token):
            raise Unauthenticated
        # By digest, so that what is remembered here holds no token.
        digest = hashlib.sha256(token.encode()).digest()
        speaker = await self._speakers.recall(digest, lambda: _identified(token))
        if speaker is None:
            raise Unauthenticated
        return speaker

    async def tenant(self, speaker: Speaker, reference: str | None) -> Tenant:
        """The business spoken for: the token's own, or for a directory the one that `reference` names.

        Raises `NoBusiness`, `NotYourBusiness` or `Unavailable`.
        """
        if speaker.tenant is not None:
            return own(speaker.tenant, reference)
        if not reference or speaker.directory_id is None:
            raise NoBusiness
        key = (speaker.directory_id, reference)
        tenant = await self._tenants.recall(key, lambda: _in_directory(*key))
        if tenant is None:
            raise NotYourBusiness
        return tenant


def own(tenant: Tenant, reference: str | None) -> Tenant:
    """The business of a token. Raises `NotYourBusiness` where the reference names another."""
    if reference and not tenant.is_called(reference):
        raise NotYourBusiness
    return tenant


def _identified(token: str) -> Speaker | None:
    with transaction() as session:
        return identify(session, token)


def _in_directory(directory_id: int, reference: str) -> Tenant | None:
    with transaction() as session:
        tenant = find_tenant(session, reference)
    return tenant if tenant is not None and tenant.directory_id == directory_id else None
