"""Events go to whoever can prove the name in the URL, and to nobody else."""

import ssl
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest

from models.targets import networks
from tests.events.test_targets import LOOPBACK, SECRET, Names
from tests.support.receiver import Receiver
from tests.workers.test_smtp_security import certificate
from workers.channels.error import ChannelError
from workers.channels.webhook import Poster

__all__ = ["certificate"]


@pytest.fixture
def named() -> list[str]:
    """The names that callers asked for by SNI."""
    return []


@pytest.fixture
def server(certificate: Path, named: list[str]) -> Iterator[Receiver]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{certificate}.crt", certificate)
    context.sni_callback = lambda _, name, __: named.append(name)
    with Receiver(tls=context) as receiver:
        yield receiver


def post(server: Receiver, host: str, trusted: Path | None) -> None:
    trust = ssl.create_default_context(cafile=str(trusted)) if trusted else None
    allowed = networks("127.0.0.0/8")
    with Poster(allowed, 5, 20, Names([LOOPBACK, ip_address("127.0.0.1")]), trust) as poster:
        poster.post(f"https://{host}:{server.port}/", "evt_1", "{}", [SECRET])


def test_it_works(server: Receiver, certificate: Path, named: list[str]) -> None:
    post(server, "localhost", Path(f"{certificate}.crt"))
    assert (len(server.posted), named) == (1, ["localhost"])


@pytest.mark.parametrize("host", ["localhost", "hooks.example.org"])
def test_it_tells_nothing_to_whom_it_cannot_trust(server: Receiver, certificate: Path, host: str) -> None:
    trusted = None if host == "localhost" else Path(f"{certificate}.crt")
    with pytest.raises(ChannelError, match="ConnectError"):
        post(server, host, trusted)
    assert server.posted == []
