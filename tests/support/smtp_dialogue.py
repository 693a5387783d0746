"""One client's dialogue with the scripted SMTP server, command by command."""

import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.smtp_server import SmtpServer

CLOSE = "close"  # Hang up in the orderly way.
RESET = "reset"  # Hang up with a TCP reset.
HANG = "hang"  # Say nothing until the client goes away.
DRIP = "drip"  # Say one octet at a time, without end.

GREETINGS = {
    "connect": "220 scripted.example ESMTP",
    "AUTH": "235 2.7.0 Welcome",
    "MAIL": "250 2.1.0 Ok",
    "RCPT": "250 2.1.5 Ok",
    "DATA": "354 Go on",
    "dot": "250 2.0.0 Ok: queued as {count}",
    "RSET": "250 2.0.0 Ok",
    "NOOP": "250 2.0.0 Ok",
    "QUIT": "221 2.0.0 Bye",
}


@dataclass(frozen=True)
class Received:
    """A mail that was taken; `content` is as it went over the wire, dots taken back."""

    return_path: str
    recipients: tuple[str, ...]
    content: bytes


class HungUpError(Exception):
    pass


class Dialogue:
    def __init__(self, server: "SmtpServer", sock: socket.socket) -> None:
        self._server = server
        self._sock = sock
        self._pending = b""
        self._path = ""
        self._recipients: list[str] = []

    def run(self) -> None:
        if self._server.is_tls_first:
            self._encrypt()
        try:
            self._step("connect")
            self._talk()
        finally:
            self._sock.close()

    def _encrypt(self) -> None:
        assert self._server.tls is not None
        self._sock = self._server.tls.wrap_socket(self._sock, server_side=True)

    def _lines(self) -> Iterator[bytes]:
        """Lines of what arrives, whatever socket it arrives by at the time."""
        while True:
            while b"\n" not in self._pending:
                octets = self._sock.recv(16_384)
                if not octets:
                    return
                self._pending += octets
            line, _, self._pending = self._pending.partition(b"\n")
            yield line + b"\n"

    def _talk(self) -> None:
        for line in self._lines():
            command = line.decode("utf-8", "replace").rstrip("\r\n")
            self._server.commands.append(command)
            self._obey(command.split(" ")[0].upper(), command)

    def _obey(self, verb: str, command: str) -> None:
        if verb in {"EHLO", "HELO"}:
            self._hello()
        elif verb == "MAIL":
            self._mail(command)
        elif verb == "RCPT":
            if self._step("RCPT"):
                self._recipients.append(_angle(command))
        elif verb == "DATA":
            self._data()
        elif verb == "RSET":
            self._path = ""
            self._step("RSET")
        elif verb == "QUIT":
            self._step("QUIT")
            raise HungUpError
        elif verb == "STARTTLS" and self._server.tls:
            self._say("220 2.0.0 Go on")
            self._encrypt()
        elif verb in GREETINGS:
            self._step(verb)
        else:
            self._say("502 5.5.1 Not implemented")

    def _hello(self) -> None:
        scripted = self._server.action("EHLO")
        if scripted is not None:
            self._do(scripted)
            return
        lines = ["scripted.example", *self._server.extensions]
        for line in lines[:-1]:
            self._sock.sendall(f"250-{line}\r\n".encode())
        self._say(f"250 {lines[-1]}")

    def _mail(self, command: str) -> None:
        if self._path:
            self._say("503 5.5.1 Nested MAIL")
        elif self._step("MAIL"):
            self._path, self._recipients = _angle(command) or "<>", []

    def _data(self) -> None:
        if not self._step("DATA"):
            return
        during = self._server.action("content")
        content, raw = b"", b""
        for line in self._lines():
            raw += line
            if line == b".\r\n":
                break
            if during is not None:
                self._do(during)
            content += line.removeprefix(b".") if line.startswith(b".") else line
        else:
            raise HungUpError
        self._server.raw.append(raw)
        self._end(content)

    def _end(self, content: bytes) -> None:
        scripted = self._server.action("dot")
        if scripted is None or scripted in {CLOSE, RESET, HANG, DRIP} or scripted.startswith("2"):
            path = "" if self._path == "<>" else self._path
            self._server.mails.append(Received(path, tuple(self._recipients), content))
        self._path = ""
        self._do(scripted or GREETINGS["dot"].format(count=len(self._server.mails)))

    def _step(self, stage: str) -> bool:
        return self._do(self._server.action(stage) or GREETINGS[stage])

    def _do(self, action: str) -> bool:
        """Whether the answer was a kind one."""
        if action == HANG:
            while self._sock.recv(65_536):
                pass
        if action == DRIP:
            while not self._server._stopped.wait(0.05):
                self._sock.sendall(b"2")
        if action == RESET:
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if action in {CLOSE, RESET, HANG, DRIP}:
            raise HungUpError
        return self._say(action)

    def _say(self, reply: str) -> bool:
        self._sock.sendall(reply.encode() + b"\r\n")
        if reply.startswith("421"):
            raise HungUpError
        return reply[0] in "23"


def _angle(command: str) -> str:
    return command.partition("<")[2].partition(">")[0]
