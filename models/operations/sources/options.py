"""What a scheme may be told: the header that holds a signature, how it is written, and what is signed."""

import base64
import binascii
import re
from collections.abc import Mapping

from models.errors import Invalid, Missing
from models.source import Scheme

HEADER = re.compile(r"[A-Za-z0-9-]{1,100}")
FIELD = re.compile(r"[A-Za-z0-9_]{1,20}")
ONE_OF = {"encoding": ("hex", "base64"), "unit": ("s", "ms")}
SHAPES = {
    "header": HEADER,
    "timestamp_header": HEADER,
    "delivery_header": HEADER,
    "field": FIELD,
    "timestamp_field": FIELD,
    "prefix": re.compile(r"[!-~]{0,50}"),
    "signed": re.compile(r"(?:[ -z|~]|\{(?:body|timestamp|method|url)\}){0,200}"),
}
EVERY = ("delivery_header",)
SIGNED = (*EVERY, "header", "timestamp_header", "field", "timestamp_field", "prefix", "signed", *ONE_OF)
SHORTEST_SECRET, LONGEST_SECRET = 8, 500


def check_options(scheme: Scheme, options: Mapping[str, str]) -> None:
    """Raises `Invalid`, or `Missing` for a signature without its header."""
    allowed = SIGNED if scheme == Scheme.HMAC else EVERY
    for name, value in options.items():
        if name not in allowed:
            message = f"option {name} is unknown to scheme {scheme}; choose from {', '.join(allowed)}"
            raise Invalid(message, name)
        if value not in ONE_OF[name] if name in ONE_OF else not SHAPES[name].fullmatch(value):
            message = f"option {name} cannot be so"
            raise Invalid(message, name)
    if scheme == Scheme.HMAC:
        _check_signature(options)


def _check_signature(options: Mapping[str, str]) -> None:
    if not options.get("header"):
        raise Missing("option header is needed: which header holds the signature", "header")
    signed = options.get("signed", "{body}")
    if signed.count("{body}") != 1:
        raise Invalid("option signed must hold {body} once", "signed")
    is_timed = bool(options.get("timestamp_header") or options.get("timestamp_field"))
    if is_timed != ("{timestamp}" in signed):
        raise Invalid("a timestamp must be signed, and one that is signed must be sent", "signed")


def check_secret(scheme: Scheme, secret: str) -> None:
    """Raises `Missing` or `Invalid`, whose words never repeat the secret."""
    if scheme == Scheme.URL:
        if secret:
            raise Invalid("scheme url has no secret: the address is the secret", "secret")
        return
    if not secret:
        message = f"scheme {scheme} needs the secret that the sender shares with us"
        raise Missing(message, "secret")
    if not (SHORTEST_SECRET <= len(secret) <= LONGEST_SECRET and secret.isprintable()):
        message = f"secret must be {SHORTEST_SECRET} to {LONGEST_SECRET} printable characters"
        raise Invalid(message, "secret")
    if scheme == Scheme.BASIC and ":" not in secret:
        raise Invalid("the secret of scheme basic is user:password", "secret")
    if scheme == Scheme.STANDARD_WEBHOOKS and not _is_base64(secret.removeprefix("whsec_")):
        raise Invalid("the secret of scheme standard-webhooks is whsec_ and base64", "secret")


def _is_base64(text: str) -> bool:
    try:
        return bool(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        return False
