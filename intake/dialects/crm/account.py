"""Login: username and password for an access and a refresh token, and these for another pair."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from litestar import post
from litestar.handlers import HTTPRouteHandler

from intake.ask import ask
from intake.dialects.crm import schema
from intake.dialects.crm.caller import key_of
from intake.dialects.crm.envelope import Envelope, TooMany, succeeded
from intake.dialects.crm.form import BLANK, form_of
from intake.dialects.crm.paths import spellings
from intake.door import AnyRequest, doors_of
from models.operations.login import (
    LookUp,
    NotLoggedIn,
    OpenLogin,
    Pair,
    RefreshLogin,
    credentials_of,
    open_login,
    refresh_login,
)
from models.passwords import LONGEST, matches

MINUTE = 60

# A hash takes memory and a core for itself: more at once would only slow down the doors.
HASHING = ThreadPoolExecutor(2, thread_name_prefix="hash")


@post(
    spellings("/user/login"),
    status_code=200,
    operation_class=schema.Login,
    summary="Log in",
    tags=["crm account"],
)
async def login(request: AnyRequest) -> Envelope:
    """Open a login for a member of staff who has a password."""
    _, tenant = await key_of(request)
    form = await form_of(request)
    username = form.text("username", needed=True, blank=BLANK, most=100)
    password = form.text("password", needed=True, blank=BLANK, most=LONGEST, trim=False)
    form.check()
    if not doors_of(request).login_rate.take((tenant.id, (username or "").lower())):
        raise TooMany(MINUTE)
    known = await ask(credentials_of, LookUp(business_id=tenant.id, username=username or ""))
    loop = asyncio.get_running_loop()
    right = await loop.run_in_executor(HASHING, matches, known.password_hash, password or "")
    if known.user_id is None or not right:
        raise NotLoggedIn("the password is not the user's", "password")
    return opened(await ask(open_login, OpenLogin(user_id=known.user_id, password_hash=known.password_hash)))


@post(
    [*spellings("/user/refresh"), *spellings("/user/token/refresh")],
    status_code=200,
    operation_class=schema.Refresh,
    summary="Refresh a login",
    tags=["crm account"],
)
async def refresh(request: AnyRequest) -> Envelope:
    """Change a refresh token for another pair; it is good once."""
    _, tenant = await key_of(request)
    form = await form_of(request)
    token = form.text("refresh", needed=True, blank=BLANK)
    form.check()
    return opened(await ask(refresh_login, RefreshLogin(business_id=tenant.id, token=token or "")))


def opened(pair: Pair) -> Envelope:
    # RFC 6749 section 5.1: no cache keeps an answer with tokens.
    return succeeded({"access": pair.access, "refresh": pair.refresh}, {"Cache-Control": "no-store"})


HANDLERS: list[HTTPRouteHandler] = [login, refresh]
