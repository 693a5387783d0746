"""/unsubscribe/{token}: one click ends our mail to a visitor (RFC 8058); a look at the page ends nothing."""

import re
from typing import Annotated

import structlog
from litestar import MediaType, Response, Router, get, post
from litestar.params import PathParameter
from sqlalchemy.exc import SQLAlchemyError

from intake.page import page
from models.database import transact
from models.errors import NotFound
from models.operations.unsubscribe import business_of, unsubscribe

# Only what may be one of ours is looked up: PostgreSQL takes no NUL, and a link may be mangled on its way.
SHAPE = re.compile(r"[0-9A-Za-z_-]{1,100}")

log = structlog.get_logger()

Token = Annotated[str, PathParameter(description="From the message's List-Unsubscribe header")]


@get("/{token:str}", sync_to_thread=True, include_in_schema=False)
def ask(token: Token) -> Response[str]:
    """A page with one button: link scanners open links, and must not unsubscribe anybody."""
    return page("unsubscribe.html", business=transact(business_of, shaped(token)), done=False)


@post("/{token:str}", sync_to_thread=True, status_code=200, include_in_schema=False)
def confirm(token: Token) -> Response[str]:
    """Unsubscribe; a second time changes nothing. No cookie and no login: the token is the permission."""
    return page("unsubscribe.html", business=transact(unsubscribe, shaped(token)), done=True)


def shaped(token: str) -> str:
    if SHAPE.fullmatch(token) is None:
        raise NotFound("no message carries such a token")
    return token


def unknown(_: object, __: Exception) -> Response[str]:
    return Response("This link is not known.\n", status_code=404, media_type=MediaType.TEXT)


def unavailable(_: object, exc: Exception) -> Response[str]:
    """The mail program, or its reader, comes again; a 2xx would say that it is done."""
    log.error("unsubscribe failed", error=type(exc).__name__)
    return Response("Please try again later.\n", status_code=503, media_type=MediaType.TEXT)


router = Router(
    path="/unsubscribe",
    route_handlers=[ask, confirm],
    exception_handlers={NotFound: unknown, SQLAlchemyError: unavailable},
)
