"""The doors of /f/{key}: the hosted page, the snippet to paste, the post, and what a browser asks before."""

from litestar import HttpMethod, MediaType, Response, Router, get, post, route
from litestar.exceptions import HTTPException
from litestar.params import FromPath

from intake.capture_lane import Unavailable
from intake.door import AnyRequest, doors_of, status_of
from intake.forms.answers import Answer, wants_json
from intake.forms.book import OpenForm
from intake.forms.confirm import agree, look
from intake.forms.inputs import URL
from intake.forms.origin import cors, preflight
from intake.forms.pages import form_page, say, sayer_of, snippet
from intake.forms.post import Post
from intake.forms.riddle import new_riddle
from intake.forms.seals import show
from intake.forms.take import take
from intake.forms.touch import web_page
from intake.straight import STRAIGHT
from models.errors import NotFound
from models.touch import TOUCHED_BY

TRY_AGAIN = {"Retry-After": "2"}
SCRIPT = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

Key = FromPath[str]


async def form_of(request: AnyRequest, key: str) -> OpenForm:
    """Raises `NotFound` or `Unavailable`."""
    return await doors_of(request).forms.find(key)


@get("/{key:str}", include_in_schema=False)
async def show_form(request: AnyRequest, key: Key) -> Answer:
    """The form as a page of our own."""
    open_form = await form_of(request, key)
    return form_page(open_form, Post(brought(request)), show(open_form.form), {})


@get("/{key:str}/thanks", include_in_schema=False)
async def show_thanks(request: AnyRequest, key: Key) -> Answer:
    return say(sayer_of(await form_of(request, key)), "thanks", "thanks_text")


@get("/{key:str}/embed", include_in_schema=False, media_type=MediaType.TEXT)
async def show_snippet(request: AnyRequest, key: Key) -> Answer:
    """The form as HTML to paste, as plain text: to be read and copied, not to be run from here."""
    text = snippet(await form_of(request, key))
    return Response(f"{text}\n", media_type=MediaType.TEXT, headers=SCRIPT)


@get("/{key:str}/challenge", include_in_schema=False)
async def show_riddle(request: AnyRequest, key: Key) -> Answer:
    """A fresh riddle for ALTCHA's widget, or for our own page."""
    open_form = await form_of(request, key)
    return Response(new_riddle(open_form.form), headers=SCRIPT | cors(open_form.form, request.headers))


@post("/{key:str}", opt=STRAIGHT, include_in_schema=False)
async def take_post(request: AnyRequest, key: Key) -> Answer:
    """What a visitor sent: urlencoded, multipart or JSON, with no secret in the page."""
    return await take(request, await form_of(request, key))


@route(["/{key:str}", "/{key:str}/challenge"], http_method=HttpMethod.OPTIONS, include_in_schema=False)
async def ask_before(request: AnyRequest, key: Key) -> Answer:
    """The preflight of a script that sends JSON."""
    open_form = await form_of(request, key)
    headers = preflight(open_form.form, request.headers) | {"Allow": "GET, POST, OPTIONS"}
    return Response(None, status_code=204, headers=headers)


def brought(request: AnyRequest) -> dict[str, str]:
    """What the link to the page says of where the visitor came from: hidden inputs of the page."""
    said = {name: request.query_params.get(name, "")[:URL] for name in TOUCHED_BY}
    said["referrer"] = web_page(said["referrer"] or request.headers.get("referer", ""))
    said["landing_page"] = web_page(said["landing_page"])
    return {name: value for name, value in said.items() if value and value.isprintable()}


def plain(request: AnyRequest, status: int, text: str, headers: dict[str, str] | None = None) -> Answer:
    """An answer where no form is known whose language could be spoken."""
    if wants_json(request.headers):
        return Response({"error": text}, status_code=status, headers=headers)
    return Response(f"{text}\n", status_code=status, media_type=MediaType.TEXT, headers=headers)


def unknown(request: AnyRequest, _: Exception) -> Answer:
    return plain(request, 404, "There is no such form.")


def unavailable(request: AnyRequest, _: Exception) -> Answer:
    """Nothing may be taken for granted: the visitor, or the script, tries again."""
    return plain(request, 503, "We cannot take your message right now. Please try again.", TRY_AGAIN)


def unforeseen(request: AnyRequest, exc: Exception) -> Answer:
    status = status_of(exc)
    is_known = isinstance(exc, HTTPException) and status < 500
    return plain(
        request, status, exc.detail if is_known and isinstance(exc, HTTPException) else "Internal error"
    )


router = Router(
    path="/f",
    # The first of a path that answers OPTIONS keeps the framework from answering it by itself.
    route_handlers=[ask_before, show_form, show_thanks, show_snippet, show_riddle, take_post, look, agree],
    exception_handlers={
        NotFound: unknown,
        Unavailable: unavailable,
        HTTPException: unforeseen,
        Exception: unforeseen,
    },
)
