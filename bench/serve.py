"""A web process of a measurement: `python -m bench.serve module:factory FD`, as `intake web` does."""

import socket
import sys

import uvicorn

from intake.serving import OPTIONS


def main() -> None:
    application, descriptor = sys.argv[1:]
    config = uvicorn.Config(application, **OPTIONS)
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(descriptor))])


if __name__ == "__main__":
    main()
