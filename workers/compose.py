"""Composes the message that is owed: a mail, a text, or a chat message."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from models.operations.owed import Owed
from models.settings import Settings
from workers.invitation import invitation
from workers.mail import Mail, build_mail
from workers.text import fit
from workers.wording import context, worded

# RFC 3834 section 5: a program wrote it, and no program should answer it. Exchange looks at the second.
AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


@dataclass(frozen=True, slots=True)
class Note:
    """A message for a chat or a pager."""

    title: str
    body: str


class Composer:
    """Knows the sender and the public address; everything else comes with the message."""

    def __init__(self, settings: Settings) -> None:
        self._public_url = settings.public_url.rstrip("/")
        self.sender = settings.mail_from or f"no-reply@{urlsplit(settings.public_url).hostname}"

    def mail(self, message: Owed) -> Mail:
        """A mail to the visitor or to the owner; the owner's answers go to the lead (Reply-To)."""
        names = context(message, self.unsubscribe_url(message), self.confirm_url(message))
        return build_mail(
            sender=self.sender,
            sender_name=message.facts["business_name"],
            recipient=message.to,
            # A null return path keeps two answering machines apart (RFC 3834 section 3.3).
            return_path="" if message.is_unasked else self.sender,
            subject=worded(message, "subject", names),
            text=worded(message, "text", names),
            html=worded(message, "html", names),
            message_id=message.message_id,
            date=datetime.now(UTC),
            reply_to=message.facts["business_email" if message.is_to_visitor else "email"],
            headers=AUTOMATIC | self._one_click(message),
            invitation=invitation(message, self.sender),
        )

    def text(self, message: Owed) -> str:
        """A text message of three segments at most."""
        return fit(worded(message, "sms", context(message, "")))

    def note(self, message: Owed) -> Note:
        names = context(message, "")
        return Note(worded(message, "subject", names), worded(message, "text", names))

    def unsubscribe_url(self, message: Owed) -> str:
        token = message.unsubscribe_token
        return f"{self._public_url}/unsubscribe/{token}" if token else ""

    def confirm_url(self, message: Owed) -> str:
        token = message.facts.get("confirm_token")
        return f"{self._public_url}/f/confirm/{token}" if token else ""

    def _one_click(self, message: Owed) -> dict[str, str]:
        """RFC 8058: mail programs unsubscribe with one POST, which a link scanner's GET never does."""
        url = self.unsubscribe_url(message)
        if not url:
            return {}
        return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
