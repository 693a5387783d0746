"""The table of schemes: each a pure function of a secret, options and what was sent."""

from collections.abc import Callable, Mapping

from intake.hooks import basic, bearer, google, signature, standard_webhooks
from intake.hooks.sent import Sent, Unverified
from models.operations.sources.hear import Heard
from models.source import Scheme

Verify = Callable[[str, Mapping[str, str], Sent], None]


def by_address(_: str, __: Mapping[str, str], ___: Sent) -> None:
    """Who knows the address may send."""


SCHEMES: Mapping[Scheme, Verify] = {
    Scheme.STANDARD_WEBHOOKS: standard_webhooks.verify,
    Scheme.HMAC: signature.verify,
    Scheme.GOOGLE: google.verify,
    Scheme.BASIC: basic.verify,
    Scheme.BEARER: bearer.verify,
    Scheme.URL: by_address,
}


def verify(heard: Heard, sent: Sent) -> None:
    """Accept what any of the source's valid secrets vouches for. Raises `Unverified` or `BadDelivery`."""
    for secret in heard.secrets:
        try:
            SCHEMES[heard.scheme](secret, heard.options, sent)
        except Unverified:
            continue
        return
    raise Unverified
