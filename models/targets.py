"""Targets: to which URLs and to which IP addresses the service may speak of its own accord.

A URL is looked at when it is given, and each address when a connection is made: a name may mean
another machine by then (reliability.md API7).
"""

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from models.errors import Invalid

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LONGEST_URL = 2048
PORTS = (443, 8443)
PRINTABLE = re.compile(r"[!-~]+")
NAME = re.compile(r"(?=.{1,253}\Z)(?:(?!-)[a-z0-9_-]{1,63}(?<!-)\.)+(?!-)[a-z0-9-]{2,63}(?<!-)")
LOCAL_ENDINGS = (".localhost", ".local", ".internal", ".localdomain", ".home.arpa", ".onion")

# Not the public internet: the IANA special-purpose registries (RFC 6890), multicast and reserved.
NOT_PUBLIC_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip
# Public addresses of IPv6 lie in 2000::/3, without protocol assignments (Teredo among them),
# documentation, and 6to4, which hides an address of IPv4. NAT64, mapped and local ones lie outside.
PUBLIC_6 = IPv6Network("2000::/3")
NOT_PUBLIC_6 = tuple(
    IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)


def networks(setting: str) -> tuple[Network, ...]:
    """The networks that a comma-separated setting lists. Raises `ValueError`."""
    return tuple(ip_network(part.strip()) for part in setting.split(",") if part.strip())


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in NOT_PUBLIC_4)
    return address in PUBLIC_6 and not any(address in network for network in NOT_PUBLIC_6)


def may_reach(address: Address, port: int, allowed: Sequence[Network]) -> bool:
    """Whether a connection may be made: to a public address at a port of HTTPS, or to an allowed network."""
    if any(address in network for network in allowed):
        return True
    return port in PORTS and is_public(address)


def checked_url(url: str, allowed: Sequence[Network]) -> str:
    """The URL, if it may be called at all; `allowed` lists private networks, reached by http too.

    Raises `Invalid`, whose words never repeat the URL: it may hold a secret.
    """
    if len(url) > LONGEST_URL or not PRINTABLE.fullmatch(url) or "\\" in url:
        raise Invalid(f"url must be at most {LONGEST_URL} printable ASCII characters", "url")
    parts, port = _split(url)
    if parts.scheme != "https" and not (allowed and parts.scheme == "http"):
        raise Invalid("url must begin with https://", "url")
    if "@" in parts.netloc or parts.fragment or not parts.hostname:
        raise Invalid("url must name a host, and no user and no fragment", "url")
    if not allowed and port not in (None, *PORTS):
        raise Invalid("url must use port 443 or 8443", "url")
    _check_host(parts.hostname, allowed)
    return url


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Invalid("url is not a URL", "url") from None
    return parts, port


def _check_host(host: str, allowed: Sequence[Network]) -> None:
    """A name with a dot, or an IP address in its usual form: the other forms pose as names."""
    address = literal(host)
    if address is not None:
        if not is_public(address) and not any(address in network for network in allowed):
            raise Invalid("url must name a public host", "url")
        return
    if allowed and host == "localhost":
        return
    if not NAME.fullmatch(host) or host.rpartition(".")[2][0].isdigit() or host.endswith(LOCAL_ENDINGS):
        raise Invalid("url must name a public host", "url")


def literal(host: str) -> Address | None:
    """The address that a host is written as, or None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None
