"""The desk's door: a token is shown once, and a session that ends by itself stands for it afterwards."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import structlog
from litestar import Request, Response, get, post
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.exceptions import PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.params import RawBody
from litestar.response import Redirect
from sqlmodel import Session

from intake.auth import Forbidden, Unauthenticated, require
from intake.body import BadBody, parse_body
from intake.page import page
from models.business import Business, Token, TokenKind, User
from models.database import transact
from models.errors import Refusal
from models.operations.identify import Speaker, Tenant, identify
from models.operations.tokens import SESSION_LIFE, Scope, issue, revoke
from models.settings import settings

COOKIE = "desk"
HOME = "/desk"
LONGEST_FORM = 4096
SAME = ("same-origin", "none")

# With no-referrer a browser would send `Origin: null` with our own forms too.
OWN_FORMS = {"Referrer-Policy": "same-origin"}

log = structlog.get_logger()


def same_site(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Refuse a form that another site sent. A caller that is no browser names no site, and has no cookie."""
    fetch_site = connection.headers.get("sec-fetch-site")
    origin = connection.headers.get("origin")
    if fetch_site is not None:
        ours = fetch_site in SAME
    else:
        ours = origin is None or _is_ours(origin, connection.headers.get("host", ""))
    if not ours:
        raise PermissionDeniedException("the form was sent from another site")


def _is_ours(origin: str, host: str) -> bool:
    """By the host alone: behind a proxy that ends TLS the scheme that we see is not the browser's."""
    public = urlsplit(settings().public_url)
    return origin.partition("://")[2] in {host, public.netloc} - {""}


def ask(status: int = 200, message: str = "") -> Response[str]:
    """The page that asks for a token, with what was wrong with the last one."""
    return page("login.html", status, OWN_FORMS, message=message)


def tenant_of(session: Session, told: str) -> Tenant | None:
    """The business whose session this is; None where it is unknown, has ended, or is no session."""
    speaker = identify(session, told)
    return speaker.tenant if speaker is not None and speaker.kind == TokenKind.SESSION else None


def open_session(session: Session, told: str) -> str:
    """A session for whoever holds the token. Raises `Unauthenticated` or `Forbidden`."""
    speaker = identify(session, told)
    if speaker is None or speaker.tenant is None or speaker.kind not in (TokenKind.STAFF, TokenKind.APP):
        raise Unauthenticated
    require(speaker, Scope.LEADS_READ)
    log.info("desk opened", business=speaker.tenant.uid, token_id=speaker.token_id)
    return issue(
        session,
        business=session.get_one(Business, speaker.tenant.id),
        user=session.get(User, speaker.user_id) if speaker.user_id else None,
        kind=TokenKind.SESSION,
        scopes=(Scope.LEADS_READ,),
        live=speaker.live,
        expires_at=_end_of(session, speaker),
    )


def _end_of(session: Session, speaker: Speaker) -> datetime | None:
    """A session never outlives the token it stands for; None: its own time."""
    ends = session.get_one(Token, speaker.token_id).expires_at
    return ends if ends is not None and ends < datetime.now(UTC) + SESSION_LIFE else None


def close_session(session: Session, told: str) -> None:
    """End a session now; any other token is left alone."""
    speaker = identify(session, told)
    if speaker is not None and speaker.kind == TokenKind.SESSION:
        revoke(session, speaker.token_id)


@get("/login", sync_to_thread=False, include_in_schema=False)
def ask_again() -> Redirect:
    """Where a refused login leaves the address bar."""
    return Redirect(HOME, status_code=303)


@post(
    "/login",
    guards=[same_site],
    request_max_body_size=LONGEST_FORM,
    sync_to_thread=True,
    include_in_schema=False,
)
def sign_in(request: Request[Any, Any, Any], body: RawBody) -> Response[Any]:
    headers = request.headers
    try:
        sent = parse_body(headers.get("content-type"), headers.get("content-encoding"), body).get("token")
        told = transact(open_session, sent.strip() if isinstance(sent, str) else "")
    except BadBody as bad:
        return ask(bad.status, "The form could not be read.")
    except Forbidden as fact:
        return _refused(403, fact, "This token may not read leads: use a staff token.")
    except Unauthenticated as fact:
        return _refused(401, fact, "This token is not known, or it has ended.")
    return Redirect(HOME, status_code=303, cookies=[_cookie(told, int(SESSION_LIFE.total_seconds()))])


@post("/logout", guards=[same_site], sync_to_thread=True, include_in_schema=False)
def sign_out(request: Request[Any, Any, Any]) -> Redirect:
    transact(close_session, request.cookies.get(COOKIE, ""))
    return Redirect(HOME, status_code=303, cookies=[_cookie("", 0)])


def _refused(status: int, fact: Refusal, message: str) -> Response[str]:
    log.info("desk refused", reason=fact.reason)
    return ask(status, message)


def _cookie(value: str, seconds: int) -> Cookie:
    return Cookie(
        key=COOKIE,
        value=value,
        max_age=seconds,
        path=HOME,
        httponly=True,
        samesite="strict",
        secure=urlsplit(settings().public_url).scheme == "https",
    )
