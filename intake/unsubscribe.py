"""/unsubscribe/{token}: one click ends our mail to a visitor (RFC 8058); a look at the page ends nothing."""

from typing import Annotated

from litestar import MediaType, Response, Router, get, post
from litestar.params import PathParameter

from intake.page import page
from models.database import transact
from models.errors import NotFound
from models.operations.unsubscribe import business_of, unsubscribe

Token = Annotated[str, PathParameter(description="From the message's List-Unsubscribe header")]


@get("/{token:str}", sync_to_thread=True, include_in_schema=False)
def ask(token: Token) -> Response[str]:
    """A page with one button: link scanners open links, and must not unsubscribe anybody."""
    return page("unsubscribe.html", business=transact(business_of, token), done=False)


@post("/{token:str}", sync_to_thread=True, status_code=200, include_in_schema=False)
def confirm(token: Token) -> Response[str]:
    """Unsubscribe; a second time changes nothing. No cookie and no login: the token is the permission."""
    return page("unsubscribe.html", business=transact(unsubscribe, token), done=True)


def unknown(_: object, __: Exception) -> Response[str]:
    return Response("This link is not known.\n", status_code=404, media_type=MediaType.TEXT)


router = Router(path="/unsubscribe", route_handlers=[ask, confirm], exception_handlers={NotFound: unknown})
