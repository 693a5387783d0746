"""An SMTP server that says what a test scripted, stage by stage, and keeps the mails that it took."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Self

from tests.support.smtp_dialogue import Dialogue, HungUpError, Received


class SmtpServer:
    """Listens on the loopback while it is a context.

    `script` maps a stage (connect, EHLO, AUTH, MAIL, RCPT, DATA, content, dot, RSET, QUIT) to what happens
    there: a reply, CLOSE, RESET, HANG or DRIP; or to a list of such, one a time, after which all is well
    again. None in a list means well. `content` happens while the mail's text arrives. A mail counts as taken
    (`mails`) when its dot was answered with 250, or with a hang-up or silence, as a server may have taken it.
    With `tls` the server knows STARTTLS, or speaks TLS from the first octet (`is_tls_first`).
    """

    def __init__(
        self,
        script: Mapping[str, str | Sequence[str | None]] | None = None,
        extensions: Sequence[str] = ("SIZE 10000000", "8BITMIME", "AUTH PLAIN LOGIN"),
        tls: ssl.SSLContext | None = None,
        *,
        is_tls_first: bool = False,
    ) -> None:
        self.script: dict[str, str | list[str | None]] = {}
        for stage, action in (script or {}).items():
            self.script[stage] = action if isinstance(action, str) else list(action)
        self.extensions = [*extensions, "STARTTLS"] if tls and not is_tls_first else extensions
        self.tls = tls
        self.is_tls_first = is_tls_first
        self.mails: list[Received] = []
        self.commands: list[str] = []
        self.raw: list[bytes] = []
        self.connections = 0
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._stopped = threading.Event()

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.drop_connections()
        for thread in self._threads:
            thread.join(10)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def drop_connections(self) -> None:
        """Hang up on every client, as a server does with idle ones."""
        with self._lock:
            for sock in self._open:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)

    def wait_until_idle(self, seconds: float = 20.0) -> None:
        """Return when no connection is open, as seen from here."""
        deadline = time.monotonic() + seconds
        while self._open and time.monotonic() < deadline:
            time.sleep(0.005)

    def action(self, stage: str) -> str | None:
        """What the script says to this stage, used up if it is a list."""
        with self._lock:
            scripted = self.script.get(stage)
            if isinstance(scripted, list):
                return scripted.pop(0) if scripted else None
            return scripted

    def _start(self, work: object, *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stopped.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                self._open.add(sock)
            self._start(self._serve, sock)

    def _serve(self, sock: socket.socket) -> None:
        with contextlib.suppress(HungUpError, OSError):
            Dialogue(self, sock).run()
        sock.close()
        with self._lock:
            self._open.discard(sock)
