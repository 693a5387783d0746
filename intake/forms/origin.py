"""Which pages a form may be sent from, and what CORS tells a browser of it (Fetch standard, 3.2)."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from litestar.datastructures import Headers

from models.form import FormFacts
from models.operations.form_settings import origin_of
from models.settings import settings

METHODS = "POST, OPTIONS"
REQUEST_HEADERS = "Content-Type, Accept"
KEEP_SECONDS = "600"
# A page under `Referrer-Policy: no-referrer` sends it with a plain form, and so does any page in a sandbox.
HIDDEN = "null"


def is_allowed(form: FormFacts, headers: Headers) -> bool:
    """Whether the page that sends a post may do so. A caller that names none is no browser of today."""
    origin = headers.get("origin")
    if origin is None or origin == HIDDEN or not form.origins:
        return True
    return origin in form.origins or is_ours(origin, headers.get("host", ""))


def hidden_rules(form: FormFacts, headers: Headers) -> Iterator[tuple[str, int]]:
    """The rule that a page breaks which does not say where it is, by a form that names its pages."""
    if form.origins and headers.get("origin") == HIDDEN:
        yield "hidden_origin", 50


def is_ours(origin: str, host: str) -> bool:
    """The hosted page: at our public address, or at the one that it was asked for by."""
    public = urlsplit(settings().public_url)
    told = origin_of(public) if public.scheme in ("http", "https") else ""
    return origin == told or (host != "" and origin.partition("://")[2] == host)


def cors(form: FormFacts, headers: Headers) -> dict[str, str]:
    """Headers that let a script of an allowed page read the answer; never with credentials."""
    origin = headers.get("origin", "")
    if form.origins and origin not in form.origins:
        return {"Vary": "Origin"}
    return {"Vary": "Origin", "Access-Control-Allow-Origin": origin if form.origins else "*"}


def preflight(form: FormFacts, headers: Headers) -> dict[str, str]:
    told = cors(form, headers)
    if "Access-Control-Allow-Origin" not in told:
        return told
    return told | {
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Allow-Headers": REQUEST_HEADERS,
        "Access-Control-Max-Age": KEEP_SECONDS,
    }
