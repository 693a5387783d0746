"""A web process of a measurement: `python -m bench.serve module:factory FD`, as `intake web` does."""

import socket
import sys

import uvicorn


def main() -> None:
    application, descriptor = sys.argv[1:]
    config = uvicorn.Config(
        application,
        factory=True,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(descriptor))])


if __name__ == "__main__":
    main()
