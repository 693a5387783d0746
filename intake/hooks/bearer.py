"""A bearer token (RFC 6750), or any header `Authorization: <scheme> <credentials>`."""

from collections.abc import Mapping

from intake.hooks.sent import Sent, Unverified, same


def verify(secret: str, _: Mapping[str, str], sent: Sent) -> None:
    """Raises `Unverified`."""
    if not same(secret, credentials(sent, "bearer")):
        raise Unverified


def credentials(sent: Sent, scheme: str) -> str:
    """What follows the scheme in the Authorization header, whose case does not count (RFC 9110, 11.1)."""
    named, _, given = sent.header("authorization").partition(" ")
    if named.lower() != scheme:
        raise Unverified
    return given.strip(" ")
