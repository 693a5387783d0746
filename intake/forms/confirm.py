"""/f/confirm/{token}: the link in a mail that asks whether it was the recipient who agreed.

A look at the page confirms nothing: link scanners open links. Only the button does.
"""

import re

from litestar import get, post
from litestar.params import FromPath

from intake.ask import ask
from intake.door import AnyRequest
from intake.forms.pages import Page, Sayer, say
from models.errors import NotFound
from models.operations.opt_in import Agreed, agreed, confirm

# Only what may be one of ours is looked up: PostgreSQL takes no NUL, and a link may be mangled on its way.
SHAPE = re.compile(r"[\w-]{1,100}", re.ASCII)

Token = FromPath[str]


@get("/confirm/{token:str}", include_in_schema=False)
async def look(request: AnyRequest, token: Token) -> Page:  # noqa: ARG001 - the framework passes it
    found = await ask(agreed, shaped(token))
    if not found.is_open or found.consent.confirmed_at is not None:
        return outcome(found)
    return say(sayer(found), "confirm", "confirm_text", consent=found.consent.wording)


@post("/confirm/{token:str}", status_code=200, include_in_schema=False)
async def agree(request: AnyRequest, token: Token) -> Page:  # noqa: ARG001 - the framework passes it
    """Opt in; a second time changes nothing. No cookie and no login: the token is the permission."""
    return outcome(await ask(confirm, shaped(token)))


def outcome(found: Agreed) -> Page:
    if not found.is_open:
        return say(sayer(found), "expired", "expired_text", status=410)
    return say(sayer(found), "confirmed", "confirmed_text")


def sayer(found: Agreed) -> Sayer:
    return Sayer(found.business.name, found.form.language, ())


def shaped(token: str) -> str:
    if SHAPE.fullmatch(token) is None:
        raise NotFound("no mail carried such a token")
    return token
