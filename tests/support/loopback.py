"""An HTTP server on the loopback, in threads of its own, that leaves nothing behind."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from typing import Self


class Loopback:
    """Serves with `handler`, whose `server.owner` this is; `stopped` is set when the test ends."""

    handler: type[BaseHTTPRequestHandler]

    def __init__(self, port: int = 0, tls: SSLContext | None = None) -> None:
        self.connections = 0
        self.stopped = threading.Event()
        self.lock = threading.Lock()
        self._port = port
        self._tls = tls

    def __enter__(self) -> Self:
        self._http = Http(self, self._port)
        if self._tls is not None:
            self._http.socket = self._tls.wrap_socket(self._http.socket, server_side=True)
        self.port: int = self._http.server_address[1]
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self._http.shutdown()
        self._thread.join(10)
        self._http.hang_up()
        self._http.server_close()


class Http(ThreadingHTTPServer):
    daemon_threads = False  # Closing the server waits for its threads.

    def __init__(self, owner: Loopback, port: int) -> None:
        self.owner = owner
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), owner.handler)

    def process_request(self, request: object, client_address: object) -> None:
        assert isinstance(request, socket.socket)
        self.owner.connections += 1
        self._open.add(request)
        super().process_request(request, client_address)

    def hang_up(self) -> None:
        for sock in list(self._open):
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
