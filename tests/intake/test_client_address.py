"""Whose address a request came from, whatever X-Forwarded-For says."""

import pytest
from pydantic import ValidationError

from intake.client_address import client_address, networks, subscriber
from models.settings import Settings

PROXY, OTHER_PROXY, CLIENT = "10.0.0.1", "10.0.0.2", "203.0.113.7"
TRUSTED = networks("10.0.0.0/8, fd00::/8")


def test_it_works() -> None:
    assert client_address(PROXY, [CLIENT], TRUSTED) == CLIENT
    assert client_address(PROXY, [f"{CLIENT}, {OTHER_PROXY}"], TRUSTED) == CLIENT
    assert client_address(PROXY, [CLIENT, OTHER_PROXY], TRUSTED) == CLIENT


@pytest.mark.parametrize("peer", [CLIENT, "2001:db8::1"])
def test_it_believes_no_stranger(peer: str) -> None:
    assert client_address(peer, ["1.2.3.4"], TRUSTED) == peer
    assert client_address(peer, ["1.2.3.4"], ()) == peer


@pytest.mark.parametrize("lie", ["1.2.3.4", "10.9.9.9", "unknown", "", "' OR 1=1", "1.2.3.4, 10.9.9.9"])
def test_it_believes_no_word_before_the_last_strangers(lie: str) -> None:
    assert client_address(PROXY, [f"{lie}, {CLIENT}"], TRUSTED) == CLIENT


@pytest.mark.parametrize(
    ("hop", "address"),
    [
        ("203.0.113.7:55123", CLIENT),
        ("[2001:db8::7]:443", "2001:db8::7"),
        ("2001:db8::7", "2001:db8::7"),
        ("::ffff:203.0.113.7", CLIENT),
        ("fe80::1%eth0", PROXY),
        ("junk", PROXY),
        ("", PROXY),
        ("1.2.3", PROXY),
        ("²03.0.113.7", PROXY),
        ("x" * 10_000, PROXY),
    ],
)
def test_it_reads_a_hop_or_stays_with_the_proxy(hop: str, address: str) -> None:
    assert client_address(PROXY, [hop], TRUSTED) == address


def test_it_looks_at_so_many_hops_and_no_more() -> None:
    assert client_address(PROXY, [", ".join([CLIENT] + [OTHER_PROXY] * 100)], TRUSTED) == OTHER_PROXY


def test_it_knows_no_address_where_the_peer_has_none() -> None:
    assert client_address("testclient", ["1.2.3.4"], TRUSTED) == ""
    assert client_address("", [], ()) == ""


def test_it_limits_a_subscribers_network_together() -> None:
    assert subscriber("2001:db8:1:2::7") == subscriber("2001:db8:1:2:ffff::8") == "2001:db8:1:2::/64"
    assert (subscriber(CLIENT), subscriber("")) == (CLIENT, "")


def test_it_refuses_to_start_with_a_word_that_names_no_network() -> None:
    with pytest.raises(ValidationError):
        Settings(trusted_proxies="10.0.0.0/8,proxy.local")
