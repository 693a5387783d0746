"""A mail server that delivers nothing and keeps everything, for a machine without SMTP_URL."""

import argparse
import asyncio
import logging
import signal
from functools import partial
from pathlib import Path

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session

from workers.sinks.folder import keep, opened

log = structlog.get_logger()


class Keeper:
    """Keeps each mail as an .eml file whose first two lines tell the envelope."""

    def __init__(self, folder: Path) -> None:
        self._folder = opened(folder)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        recipients = ", ".join(f"<{recipient}>" for recipient in envelope.rcpt_tos)
        sender = (envelope.mail_from or "").strip("<>")  # aiosmtpd leaves the null path in its brackets
        head = f"X-Envelope-From: <{sender}>\r\nX-Envelope-To: {recipients}\r\n"
        content = envelope.original_content or b""
        try:
            name = keep(self._folder, head.encode("utf-8", "surrogateescape") + content, ".eml")
        except OSError:
            log.exception("mail not kept")
            return "451 4.3.0 The folder cannot be written"
        return f"250 2.0.0 Kept as {name}"


async def serve(port: int, folder: Path) -> None:
    """Listen on the loopback until SIGTERM or SIGINT."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    session = partial(SMTP, Keeper(folder), hostname="sink.localhost", enable_SMTPUTF8=True, loop=loop)
    server = await loop.create_server(session, "127.0.0.1", port)
    log.info("mail sink ready", port=server.sockets[0].getsockname()[1])
    await stop.wait()
    server.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--dir", type=Path, required=True)
    arguments = parser.parse_args()
    # aiosmtpd tells addresses at INFO.
    logging.getLogger("mail").setLevel(logging.ERROR)
    asyncio.run(serve(arguments.port, arguments.dir))


if __name__ == "__main__":
    main()
