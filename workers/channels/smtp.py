"""E-mail over SMTP, one connection for many mails, and the final dot in the caller's hands."""

import re
import smtplib
import time
from collections.abc import Callable
from typing import Self

from workers.channels.error import ChannelError, provider_words
from workers.channels.smtp_session import Server, Session, connect
from workers.mail import Mail

QUIT_SECONDS = 2.0
# The server refuses us, not this message: no credentials, wrong ones, or TLS missing (RFC 4954 sec. 6).
CONFIGURATION_CODES = frozenset({530, 534, 535, 538})
_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
_ENVELOPE_PATH = re.compile(r"[^\x00-\x20\x7f<>\\\"\s\ud800-\udfff]*")
# RFC 3463 sec. 3.2: the recipient's address is at fault. 5.1.7 and 5.1.8 speak of the sender's.
_DEAD_ADDRESS = re.compile(r"5\.1\.(?:1|2|3|6|10)(?!\d)")


class Mailer:
    """Sends mails to one server, over one connection; not for use by two threads at once.

    `connect_timeout` bounds the connection, `command_timeout` all that comes before the final dot, and once
    more the answer to the dot; so no mail takes longer than twice that. Both in seconds.
    """

    def __init__(self, url: str, connect_timeout: float, command_timeout: float) -> None:
        self._server = Server.from_url(url)
        self._connect_timeout = connect_timeout
        self._command_timeout = command_timeout
        self._session: Session | None = None
        self._is_usable = False
        self._is_reset_due = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, mail: Mail, before_dot: Callable[[], None]) -> str:
        """The server's final answer; ChannelError where the mail was not, or perhaps not, taken.

        `before_dot` is called when the server holds all but the final dot: the caller commits its intent
        there. When it raises, the connection is dropped, no mail is sent, and the exception passes.
        """
        self._is_usable = False
        try:
            session = self._offered(mail)
            before_dot()
            return self._finish(session)
        finally:
            # Whatever stopped us, only a server that had the last word stands where the next mail can begin.
            if not self._is_usable:
                self._drop()

    def close(self) -> None:
        """Say goodbye, for at most two seconds."""
        session, self._session = self._session, None
        if session is None:
            return
        try:
            session.allow(min(QUIT_SECONDS, self._command_timeout))
            session.docmd("QUIT")
        except OSError:
            pass  # A server that is gone needs no goodbye.
        finally:
            session.close()

    def _offered(self, mail: Mail) -> Session:
        """Bring the server to where only the dot is missing; once more where a kept connection was dead."""
        is_kept = self._session is not None
        deadline = time.monotonic() + self._command_timeout
        while True:
            try:
                return self._offer(mail, deadline, is_kept=is_kept)
            except OSError as exc:  # smtplib's errors are OSErrors too
                self._drop()
                if not is_kept or time.monotonic() >= deadline:
                    raise _lost(exc) from exc
                is_kept = False

    def _offer(self, mail: Mail, deadline: float, *, is_kept: bool) -> Session:
        session = self._session or self._connect(deadline)
        session.allow(deadline - time.monotonic())
        if self._is_reset_due:
            session.rset()
            self._is_reset_due = False
        code, answer = session.docmd("MAIL", self._mail_from(session, mail))
        if code == 421 and is_kept:
            raise smtplib.SMTPServerDisconnected("the server ended the kept connection")
        self._expect("MAIL", 250, code, answer)
        self._expect("RCPT", 250, *session.docmd("RCPT", f"TO:<{mail.recipient}>"))
        self._expect("DATA", 354, *session.docmd("DATA"))
        session.send(wire_content(mail.content))
        if not session.is_silent():
            raise smtplib.SMTPServerDisconnected("the server hung up before the final dot")
        return session

    def _connect(self, deadline: float) -> Session:
        """A new session. What goes wrong here is never the mail's fault, so nothing here is permanent."""
        try:
            self._session = connect(self._server, self._connect_timeout, deadline - time.monotonic())
        except smtplib.SMTPResponseException as exc:
            raise ChannelError(_text(exc.smtp_error), permanent=False, code=str(exc.smtp_code)) from exc
        except UnicodeError as exc:
            raise ChannelError("the credentials are not ASCII", permanent=False) from exc
        self._is_reset_due = False
        return self._session

    def _mail_from(self, session: Session, mail: Mail) -> str:
        """The argument of MAIL, with the extensions that this mail needs and the server offers."""
        paths = mail.return_path + mail.recipient
        if not mail.recipient or not _ENVELOPE_PATH.fullmatch(paths):
            raise ChannelError("not an envelope address", permanent=True)
        needs_utf8 = not paths.isascii()
        if needs_utf8 and not session.has_extn("smtputf8"):
            raise ChannelError("the address needs SMTPUTF8, which the server does not offer", permanent=True)
        session.command_encoding = "utf-8" if needs_utf8 else "ascii"
        options = [f"FROM:<{mail.return_path}>"]
        if session.has_extn("size"):
            options.append(f"SIZE={len(mail.content)}")
        if session.has_extn("8bitmime") and not mail.content.isascii():
            options.append("BODY=8BITMIME")
        return " ".join([*options, "SMTPUTF8"] if needs_utf8 else options)

    def _finish(self, session: Session) -> str:
        """Send the dot. Until it is on its way nothing is accepted; after that only the answer tells."""
        session.allow(self._command_timeout)
        if not session.is_silent():
            raise ChannelError("the server hung up before the final dot", permanent=False)
        try:
            session.send(b".\r\n")
        except OSError as exc:
            # A reset is told before anything is written; a time-out may have written a part.
            is_unsure = isinstance(exc.__context__, TimeoutError)
            raise ChannelError("lost at the final dot", permanent=False, unknown=is_unsure) from exc
        try:
            code, answer = session.getreply()
        except OSError as exc:
            raise ChannelError("no answer to the final dot", permanent=False, unknown=True) from exc
        self._expect("dot", 250, code, answer)
        self._is_usable = True
        return provider_words(_text(answer))

    def _expect(self, stage: str, wanted: int, code: int, answer: bytes) -> None:
        if code // 10 == wanted // 10:
            return
        is_answer = 400 <= code < 600
        self._is_usable = is_answer and code != 421
        # The next mail begins with RSET: a server may still hold this one's sender.
        self._is_reset_due = True
        words = _text(answer)
        is_permanent = code >= 500 and is_answer and code not in CONFIGURATION_CODES
        raise ChannelError(
            words,
            permanent=is_permanent,
            unknown=stage == "dot" and not is_answer,
            code=str(code),
            suppress=stage == "RCPT" and is_permanent and _DEAD_ADDRESS.match(words) is not None,
        )

    def _drop(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.close()


def wire_content(content: bytes) -> bytes:
    """The content as DATA takes it: CRLF only, each leading dot doubled, CRLF at the end.

    A bare CR or LF would let a second mail hide inside the first (SMTP smuggling).
    """
    text = _LINE_END.sub(b"\r\n", content)
    if text and not text.endswith(b"\r\n"):
        text += b"\r\n"
    return _LEADING_DOT.sub(b"..", text)


def _lost(exc: OSError) -> ChannelError:
    """A server that is away, or went away, before the dot."""
    code = str(exc.smtp_code) if isinstance(exc, smtplib.SMTPResponseException) else ""
    return ChannelError(str(exc) or type(exc).__name__, permanent=False, code=code)


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
