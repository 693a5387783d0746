"""What forms say to visitors, in their language; English where we do not speak it."""

from collections.abc import Mapping

ENGLISH = {
    "missing": "Please fill in this field.",
    "email": "Please enter a complete email address, such as name@example.org.",
    "too_long": "This is too long.",
    "choice": "Please choose one of the options.",
    "check": "Please check the marked fields.",
    "send": "Send",
    "optional": "optional",
    "choose": "Please choose",
    "leave_empty": "Please leave this field empty",
    "thanks": "Thank you",
    "thanks_text": "Your message has reached us. We will come back to you soon.",
    "unreadable": "The form could not be read. Please go back and try again.",
    "not_allowed": "This form cannot be sent from this page.",
    "too_many": "Too many messages at once. Please wait a minute and try again.",
    "later": "This does not work right now. Please try again in a minute.",
    "confirm": "Please confirm",
    "confirm_text": "You agreed to the following:",
    "confirm_button": "Yes, I agree",
    "confirmed": "Confirmed",
    "confirmed_text": "Thank you. Nothing else is to be done.",
    "expired": "This link has ended",
    "expired_text": "Please send the form again to get a new one.",
    "working": "One moment ...",
}
GERMAN = {
    "missing": "Bitte füllen Sie dieses Feld aus.",
    "email": "Bitte geben Sie eine vollständige E-Mail-Adresse ein, zum Beispiel name@example.org.",
    "too_long": "Das ist zu lang.",
    "choice": "Bitte wählen Sie eine der Möglichkeiten.",
    "check": "Bitte prüfen Sie die markierten Felder.",
    "send": "Senden",
    "optional": "freiwillig",
    "choose": "Bitte wählen",
    "leave_empty": "Bitte lassen Sie dieses Feld leer",
    "thanks": "Vielen Dank",
    "thanks_text": "Ihre Nachricht ist angekommen. Wir melden uns bald bei Ihnen.",
    "unreadable": "Das Formular war nicht lesbar. Bitte gehen Sie zurück und versuchen Sie es noch einmal.",
    "not_allowed": "Dieses Formular kann von dieser Seite aus nicht gesendet werden.",
    "too_many": "Zu viele Nachrichten auf einmal. Bitte versuchen Sie es in einer Minute noch einmal.",
    "later": "Das geht gerade nicht. Bitte versuchen Sie es in einer Minute noch einmal.",
    "confirm": "Bitte bestätigen Sie",
    "confirm_text": "Sie haben zugestimmt:",
    "confirm_button": "Ja, ich stimme zu",
    "confirmed": "Bestätigt",
    "confirmed_text": "Vielen Dank. Sie müssen nichts weiter tun.",
    "expired": "Dieser Link gilt nicht mehr",
    "expired_text": "Bitte senden Sie das Formular noch einmal, um einen neuen zu bekommen.",
    "working": "Einen Moment ...",
}
SPOKEN: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "de": GERMAN}


def spoken(language: str) -> str:
    """The language that we speak to somebody who asked for this one."""
    tongue = language.partition("-")[0].lower()
    return tongue if tongue in SPOKEN else "en"


def words_in(language: str) -> Mapping[str, str]:
    return SPOKEN[spoken(language)]
