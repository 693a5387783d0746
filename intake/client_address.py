"""Whose address a request came from: the peer's, or what a proxy of ours says of it.

X-Forwarded-For is a list to which each proxy adds whom it saw. Anybody can begin it with lies, so it is
read from the right, and only as far as the proxies are ours (TRUSTED_PROXIES).
"""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from intake.door import AnyRequest
from models.settings import settings

Address = IPv4Address | IPv6Address
Networks = tuple[IPv4Network | IPv6Network, ...]

# More proxies than this stand in no row of ours.
MOST_HOPS = 20
# Of an address with a zone; what is longer is none, and must not be remembered.
LONGEST = 64
# A household or an office has a network of this length to choose its IPv6 addresses from.
SUBSCRIBER_BITS = 64


def address_of(request: AnyRequest) -> str:
    """The client's address; empty where it is none."""
    peer, _ = request.scope["client"] or ("", 0)
    forwarded = request.headers.getall("x-forwarded-for", None)
    if forwarded is None:
        return shown(peer)
    return client_address(peer, forwarded, networks(settings().trusted_proxies))


@lru_cache(maxsize=4096)
def shown(peer: str) -> str:
    return str(parsed(peer) or "")


def client_address(peer: str, forwarded: Sequence[str], trusted: Networks) -> str:
    """The right-most hop that is no proxy of ours. What is no address ends the search: it may be a lie."""
    address = parsed(peer)
    hops = ",".join(forwarded).split(",")
    for hop in reversed(hops[-MOST_HOPS:]):
        if address is None or not any(address in network for network in trusted):
            break
        before = parsed(hop.strip())
        if before is None:
            break
        address = before
    return str(address or "")


@lru_cache(maxsize=4096)
def subscriber(address: str) -> str:
    """What is limited together: an IPv4 address, or the IPv6 network that one subscriber has."""
    found = parsed(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, SUBSCRIBER_BITS), strict=False))
    return str(found or "")


def parsed(text: str) -> Address | None:
    """An address, with or without a port; one of IPv4 that is written in IPv6's way is one of IPv4."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    return address_in(text) if len(text) <= LONGEST else None


@lru_cache(maxsize=4096)
def address_in(text: str) -> Address | None:
    """Remembered, since visitors come again, and many behind one address."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        # A zone names an interface of the machine that wrote it, and could be any text.
        return address.ipv4_mapped or (None if address.scope_id else address)
    return address


@lru_cache(maxsize=4)
def networks(text: str) -> Networks:
    """The networks that a setting names."""
    words = filter(None, (one.strip() for one in text.split(",")))
    return tuple(ip_network(word, strict=False) for word in words)
