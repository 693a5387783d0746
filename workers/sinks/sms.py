"""Twilio's Messages API with nobody behind it, for a machine without SMS_URL."""

import argparse
import base64
import binascii
import json
import re
import secrets
import signal
import threading
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import structlog

from models.digits import is_number
from workers.sinks.folder import keep, opened
from workers.text import segments

log = structlog.get_logger()

LONGEST_REQUEST = 65_536
LONGEST_BODY = 1_600
_PATH = re.compile(r"/2010-04-01/Accounts/([A-Za-z0-9]+)/Messages\.json")
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")


class SmsSink(ThreadingHTTPServer):
    """A Messages API on the loopback; port 0 lets the kernel choose."""

    daemon_threads = True

    def __init__(self, port: int, folder: Path) -> None:
        self.folder = opened(folder)
        super().__init__(("127.0.0.1", port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: SmsSink
    protocol_version = "HTTP/1.1"
    server_version = "sms-sink"
    sys_version = ""
    timeout = 30
    wbufsize = -1  # Head and body leave together, so that no delayed acknowledgement comes between them.

    def do_POST(self) -> None:
        status, document = self._answer()
        content = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Say nothing: request lines name accounts."""

    def _answer(self) -> tuple[int, dict[str, object]]:
        match, form = _PATH.fullmatch(self.path), self._form()
        if match is None or form is None:
            self.close_connection = True
            return _refusal(404, 20404, "The requested resource was not found")
        account = match.group(1)
        if account != self._user():
            return _refusal(401, 20003, "Authenticate")
        return _fault(form) or self._kept(account, form)

    def _form(self) -> dict[str, str] | None:
        length = self.headers.get("Content-Length", "")
        if not is_number(length) or int(length) > LONGEST_REQUEST:
            return None
        fields = parse_qs(self.rfile.read(int(length)).decode("utf-8", "replace"))
        return {name: values[-1] for name, values in fields.items()}

    def _user(self) -> str | None:
        """The account of the Basic credentials; any token will do."""
        scheme, _, credentials = self.headers.get("Authorization", "").partition(" ")
        try:
            user, _, token = base64.b64decode(credentials, validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            return None
        return user if scheme.lower() == "basic" and token else None

    def _kept(self, account: str, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        message = _message(account, form)
        try:
            keep(self.server.folder, json.dumps(message, ensure_ascii=False).encode(), ".sms.json")
        except OSError:
            log.exception("text message not kept")
            return _refusal(500, 20500, "The folder cannot be written")
        return 201, message


def _fault(form: dict[str, str]) -> tuple[int, dict[str, object]] | None:
    """What Twilio finds wrong with a message, in its own codes."""
    if not form.get("To"):
        return _refusal(400, 21604, "A 'To' phone number is required.")
    if not _NUMBER.fullmatch(form["To"]):
        return _refusal(400, 21211, "Invalid 'To' Phone Number")
    if not (form.get("From") or form.get("MessagingServiceSid")):
        return _refusal(400, 21603, "A 'From' phone number is required.")
    if not form.get("Body"):
        return _refusal(400, 21602, "Message body is required.")
    if len(form["Body"]) > LONGEST_BODY:
        return _refusal(400, 21617, "The concatenated message body exceeds the 1600 character limit")
    return None


def _refusal(status: int, code: int, message: str) -> tuple[int, dict[str, object]]:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return status, {"code": code, "message": message, "more_info": more, "status": status}


def _message(account: str, form: dict[str, str]) -> dict[str, object]:
    sid, now = f"SM{secrets.token_hex(16)}", format_datetime(datetime.now(UTC))
    uri = f"/2010-04-01/Accounts/{account}/Messages/{sid}"
    return {
        "sid": sid,
        "account_sid": account,
        "api_version": "2010-04-01",
        "from": form.get("From"),
        "messaging_service_sid": form.get("MessagingServiceSid"),
        "to": form["To"],
        "body": form["Body"],
        "status": "queued",
        "direction": "outbound-api",
        "num_segments": str(segments(form["Body"])[1]),
        "num_media": "0",
        "date_created": now,
        "date_updated": now,
        "date_sent": None,
        "price": None,
        "price_unit": "USD",
        "error_code": None,
        "error_message": None,
        "uri": f"{uri}.json",
        "subresource_uris": {"media": f"{uri}/Media.json"},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--dir", type=Path, required=True)
    arguments = parser.parse_args()
    # Waited for rather than handled: a handler that sets an Event can deadlock with the wait for it.
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    with SmsSink(arguments.port, arguments.dir) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        log.info("sms sink ready", port=server.server_address[1])
        signal.sigwait(ends)
        server.shutdown()


if __name__ == "__main__":
    main()
