"""One SMTP connection under deadlines: smtplib, whose own time-out starts anew with every octet."""

import re
import smtplib
import socket
import ssl
import time
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

LONGEST_ANSWER = 65_536
_HOST_NAME = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}")


@dataclass(frozen=True)
class Server:
    """Where SMTP_URL points."""

    host: str
    port: int
    user: str
    password: str
    is_tls: bool
    starttls: bool

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Raise ValueError where the URL is none of ours; its text never shows the password."""
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("SMTP_URL is not smtp:// or smtps:// with a host")
        is_tls = parts.scheme == "smtps"
        starttls = parse_qs(parts.query).get("starttls", ["0"])[-1] in {"1", "true", "yes"} and not is_tls
        return cls(
            host=parts.hostname,
            port=parts.port or (465 if is_tls else 587 if starttls else 25),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            is_tls=is_tls,
            starttls=starttls,
        )


class _Answers:
    """The lines of a server; what arrived beyond the last line read waits in `pending`."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self.pending = b""

    def readline(self, limit: int) -> bytes:
        while b"\n" not in self.pending and len(self.pending) < limit:
            octets = self._session.receive()
            if not octets:
                break
            self.pending += octets
        end = min(self.pending.find(b"\n") + 1 or limit, limit)
        line, self.pending = self.pending[:end], self.pending[end:]
        return line

    def close(self) -> None:
        self.pending = b""


class Session(smtplib.SMTP):
    """A connection with one deadline for a whole exchange, and a limit on the length of an answer."""

    def __init__(self, server: Server, connect_timeout: float, seconds: float) -> None:
        self.allow(seconds)
        self._answer_size = 0
        patience = max(min(connect_timeout, seconds), 0.001)
        super().__init__(server.host, server.port, local_hostname=_own_name(), timeout=patience)

    def allow(self, seconds: float) -> None:
        self._deadline = time.monotonic() + seconds

    def receive(self) -> bytes:
        octets = self._armed().recv(8192)
        self._answer_size += len(octets)
        if self._answer_size > LONGEST_ANSWER:
            raise OSError("the answer does not end")
        return octets

    def send(self, s: bytes | str) -> None:  # type: ignore[override] # typeshed wants any buffer
        self._armed()
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        self._answer_size = 0
        if self.file is None:
            self.file = _Answers(self)
        return super().getreply()

    def is_silent(self) -> bool:
        """Whether the server has said nothing and not hung up; asked when it has no reason to speak."""
        if self.file is not None and self.file.pending:
            return False
        sock = self._armed()
        sock.settimeout(0)
        try:
            sock.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        except OSError:
            return False
        return False

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return _opened(host, port, timeout)

    def _armed(self) -> socket.socket:
        """The socket, set to wait no longer than the deadline allows."""
        sock: socket.socket | None = self.sock
        if sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        sock.settimeout(left)
        return sock


class TLSSession(Session):
    """TLS from the first octet (RFC 8314)."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = _opened(host, port, timeout)
        try:
            return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            raise


def _opened(host: str, port: int, timeout: float) -> socket.socket:
    """The final dot leaves at once. Held back for an acknowledgement it costs 40 ms a mail (RFC 896)."""
    opened = socket.create_connection((host, port), timeout)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return opened


def connect(server: Server, connect_timeout: float, seconds: float) -> Session:
    """A session that the server has greeted and knows.

    The connection is made within `connect_timeout`, and all is done within `seconds`.
    Raises OSError (smtplib's errors are such) and leaves nothing open then.
    """
    session = (TLSSession if server.is_tls else Session)(server, connect_timeout, seconds)
    try:
        session.ehlo_or_helo_if_needed()
        if server.starttls:
            session.starttls(context=ssl.create_default_context())
            session.ehlo_or_helo_if_needed()
        if server.user:
            session.login(server.user, server.password)
    except BaseException:
        session.close()
        raise
    return session


def _own_name() -> str:
    """The name for EHLO. smtplib's own way may ask a DNS server, and wait for it."""
    name = socket.gethostname()
    return name if _HOST_NAME.fullmatch(name) else "[127.0.0.1]"
