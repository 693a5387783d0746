"""What a sender asks by GET before it sends anything: prove that the address is yours."""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping

from litestar import MediaType, Response

from intake.hooks.sent import Unverified, same
from models.errors import Invalid, Refusal
from models.operations.sources.hear import Heard

# It comes back in the answer, so it must be nothing that a browser could make something of.
WORD = re.compile(r"[A-Za-z0-9_-]{1,200}", re.ASCII)

Query = Mapping[str, str]


class NotServed(Refusal):
    """This sender asks nothing by GET."""

    reason = "method_not_allowed"


class BadVerifyToken(Unverified):
    """Meta was given another verify token than the source's key."""

    reason = "bad_verify_token"


def answer(heard: Heard, query: Query) -> Response[object]:
    """Raises `NotServed`, `Invalid` or `BadVerifyToken`."""
    ask = ASKED.get(heard.preset.challenge)
    if ask is None:
        raise NotServed("this address takes POST alone")
    return ask(heard, query)


def meta(heard: Heard, query: Query) -> Response[object]:
    """The challenge as plain text, where the verify token is the source's key (Meta, Graph API webhooks)."""
    if query.get("hub.mode") != "subscribe" or not same(heard.key, query.get("hub.verify_token", "")):
        raise BadVerifyToken
    return Response(word(query, "hub.challenge"), media_type=MediaType.TEXT)


def linkedin(heard: Heard, query: Query) -> Response[object]:
    """The HMAC of the challenge with the client secret, in hexadecimal (LinkedIn, webhook validation)."""
    code = word(query, "challengeCode")
    proof = hmac.new(heard.secrets[0].encode(), code.encode(), hashlib.sha256).hexdigest()
    return Response({"challengeCode": code, "challengeResponse": proof})


def word(query: Query, name: str) -> str:
    found = query.get(name, "")
    if not WORD.fullmatch(found):
        message = f"{name} must be 1 to 200 letters, digits, hyphens or underscores"
        raise Invalid(message, name)
    return found


ASKED: dict[str, Callable[[Heard, Query], Response[object]]] = {"meta": meta, "linkedin": linkedin}
