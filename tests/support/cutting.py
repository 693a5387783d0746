"""A way to the database that breaks off at the worst moment: when a COMMIT is done and nobody has heard."""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self

from psycopg.conninfo import conninfo_to_dict

DONE = b"COMMIT\x00"  # As CommandComplete tells it.


class Cutting:
    """Passes bytes on to the PostgreSQL that `url` names; `cuts` answers to a COMMIT do not come through."""

    def __init__(self, url: str) -> None:
        self._of = conninfo_to_dict(url.replace("+psycopg", ""))
        self.cuts = 0
        self.made = 0
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._door = socket.create_server(("127.0.0.1", 0))
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        for sock in (self._door, *self._open):
            hang_up(sock)
        for thread in self._threads:
            thread.join(10)

    @property
    def url(self) -> str:
        user, name = self._of.get("user", "postgres"), self._of["dbname"]
        return f"postgresql+psycopg://{user}@127.0.0.1:{self._door.getsockname()[1]}/{name}?sslmode=disable"

    def _start(self, work: object, *given: object) -> None:
        thread = threading.Thread(target=work, args=given, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                caller, _ = self._door.accept()
                server = self._reach()
                self._open += [caller, server]
                self._start(self._pass, caller, server, False)
                self._start(self._pass, server, caller, True)

    def _reach(self) -> socket.socket:
        host, port = str(self._of.get("host", "127.0.0.1")), int(str(self._of.get("port", 5432)))
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{host}/.s.PGSQL.{port}")
        return server

    def _pass(self, source: socket.socket, to: socket.socket, is_answer: bool) -> None:  # noqa: FBT001
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                if is_answer and DONE in data and self._is_cut():
                    break
                to.sendall(data)
        hang_up(source)
        hang_up(to)

    def _is_cut(self) -> bool:
        with self._lock:
            if self.cuts == 0:
                return False
            self.cuts -= 1
            self.made += 1
            return True


def hang_up(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
    sock.close()
