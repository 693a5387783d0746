"""Which URLs may be subscribed, and which addresses are called in the end (attack list 84 to 89)."""

from collections.abc import Sequence
from ipaddress import ip_address

import pytest

from models.errors import Invalid
from models.targets import Address, checked_url, is_public, may_reach, networks
from tests.support.receiver import Receiver
from workers.channels.error import ChannelError
from workers.channels.webhook import Poster

SECRET = "whsec_" + "c2VjcmV0" * 5
PUBLIC, LOOPBACK = ip_address("93.184.215.14"), ip_address("127.0.0.1")


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.org/leads?key=a%20b",
        "https://hooks.example.org:8443/",
        "https://xn--bcher-kva.example/",
        "https://93.184.215.14/",
        "https://[2606:2800:21f:cb07::1]:443/",
    ],
)
def test_it_works(url: str) -> None:
    assert checked_url(url, ()) == url


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://127.0.0.1",
            "http://hooks.example.org/",
            "gopher://hooks.example.org/",
            "file:///etc/passwd",
        ),
        *(
            "ftp://hooks.example.org/",
            "unix:///var/run/docker.sock",
            "//hooks.example.org/",
            "hooks.example.org",
        ),
        *("https://127.0.0.1", "https://localhost", "https://localhost.", "https://a.localhost/"),
        *(
            "https://[::1]",
            "https://[::ffff:127.0.0.1]",
            "https://0",
            "https://0.0.0.0",
            "https://2130706433",
        ),
        *("https://0x7f.1", "https://0x7f000001", "https://017700000001", "https://127.1", "https://127.0.1"),
        *("https://127.0.0.01/", "https://hooks.example.0x7f/", "https://hooks.example.1/"),
        *("https://169.254.169.254/latest/meta-data", "https://[fd00:ec2::254]/", "https://100.64.0.1/"),
        *("https://metadata.google.internal/", "https://printer.local/", "https://198.18.0.1/"),
        *(
            "https://192.0.0.1/",
            "https://[64:ff9b::7f00:1]/",
            "https://[2002:7f00:1::]/",
            "https://10.0.0.8/",
        ),
        *("https://u:p@good@127.0.0.1", "https://good.example#@evil.example", "https://u@good.example/"),
        *("https://\u24c1ocalhost", "https://hooks.example\u3002org/", "https://b\u00fccher.example/"),
        *("https://good.example:22/", "https://good.example:80/", "https://good.example:99999/"),
        *("https://good.example\\@127.0.0.1/", "https://good.example/\r\nHost: evil", "https://a b.example/"),
        *(
            "https:///path",
            "https://[fe80::1%25eth0]/",
            "https://[::1",
            "https://-a.example/",
            "",
            "https://",
        ),
        "https://good.example/" + "a" * 2048,
    ],
)
def test_it_refuses_what_is_no_public_place(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_url(url, ())
    assert refused.value.field == "url"
    assert "127.0.0.1" not in refused.value.message


GOOD = [
    "93.184.215.14",
    "1.1.1.1",
    "192.0.1.1",
    "100.128.0.1",
    "223.255.255.254",
    "2606:4700::1111",
    "2a00:1450:4001::1",
    "2001:200::1",
]
BAD = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.9.9",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:93.184.215.14",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", GOOD)
def test_it_knows_the_public_internet(address: str) -> None:
    assert is_public(ip_address(address))
    assert may_reach(ip_address(address), 443, ())
    assert not may_reach(ip_address(address), 22, ())
    assert may_reach(ip_address(address), 22, networks("0.0.0.0/0,::/0"))


@pytest.mark.parametrize("address", BAD)
def test_it_knows_what_is_not_the_public_internet(address: str) -> None:
    assert not is_public(ip_address(address))
    assert not may_reach(ip_address(address), 443, networks("127.0.0.2/32"))


class Names:
    """A resolver that answers each question with the next answer, and the last one again and again."""

    def __init__(self, *answers: Sequence[Address]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    def __call__(self, host: str, port: int) -> Sequence[Address]:
        self.asked.append((host, port))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def post(url: str, names: Names, allowed: str = "") -> None:
    with Poster(networks(allowed), connect_timeout=2, timeout=4, resolve=names) as poster:
        poster.post(url, "evt_1", "{}", [SECRET])


@pytest.mark.parametrize(
    "addresses",
    [
        [LOOPBACK],
        [PUBLIC, LOOPBACK],
        [ip_address("169.254.169.254")],
        [PUBLIC, ip_address("::ffff:127.0.0.1")],
        [ip_address("fd00:ec2::254")],
        [ip_address("10.1.2.3")],
    ],
    ids=str,
)
def test_it_connects_to_no_address_that_is_not_public(addresses: list[Address]) -> None:
    names = Names(addresses)
    with pytest.raises(ChannelError, match="names no public host") as refused:
        post("https://hooks.example.org/", names)
    assert names.asked == [("hooks.example.org", 443)]
    assert (refused.value.permanent, refused.value.code) == (False, "")


def test_it_looks_at_the_address_each_time_that_it_connects(receiver: Receiver) -> None:
    """The first answer was allowed; by the second the name means a machine that is not."""
    names = Names([LOOPBACK], [ip_address("127.9.9.9")])
    url = f"http://hooks.example.org:{receiver.port}/"
    post(url, names, allowed="127.0.0.0/30")
    with pytest.raises(ChannelError, match="names no public host"):
        post(url, names, allowed="127.0.0.0/30")
    assert len(receiver.posted) == 1


def test_it_connects_to_the_very_address_and_keeps_the_name(receiver: Receiver) -> None:
    names = Names([LOOPBACK])
    post(f"http://hooks.example.org:{receiver.port}/a?b=c", names, allowed="127.0.0.0/8")
    [posted] = receiver.posted
    assert (posted.headers["host"], posted.path) == (f"hooks.example.org:{receiver.port}", "/a?b=c")
    # Asked once: nothing else looks the name up.
    assert len(names.asked) == 1


def test_it_tries_the_next_address_where_one_is_dead(receiver: Receiver) -> None:
    names = Names([ip_address("127.0.0.77"), LOOPBACK])
    post(f"http://hooks.example.org:{receiver.port}/", names, allowed="127.0.0.0/8")
    assert len(receiver.posted) == 1


def test_it_needs_no_resolver_that_answers() -> None:
    def unknown(host: str, port: int) -> Sequence[Address]:
        raise OSError("no such host")

    with (
        Poster((), connect_timeout=2, timeout=4, resolve=unknown) as poster,
        pytest.raises(ChannelError, match="ConnectError"),
    ):
        poster.post("https://hooks.example.org/", "evt_1", "{}", [SECRET])


def test_it_takes_no_proxy_from_the_environment(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    post(f"http://hooks.example.org:{receiver.port}/", Names([LOOPBACK]), allowed="127.0.0.0/8")
    assert len(receiver.posted) == 1
