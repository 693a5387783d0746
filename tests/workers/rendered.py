"""Templates rendered with usual facts."""

from typing import Any

from workers.render import FOLDER, PARTS
from workers.render import render as render_part

BUILT_IN = [
    (folder.name, part)
    for folder in sorted(FOLDER.iterdir())
    for part, file in PARTS.items()
    if (folder / file).is_file()
]

USUAL: dict[str, Any] = {
    "business": {
        "name": "Acme Kitchens",
        "email": "hello@acme.example",
        "phone": "+14155550100",
        "url": "https://acme.example",
    },
    "lead": {
        "name": "Ada Lovelace",
        "first_name": "Ada",
        "last_name": "Lovelace",
        "email": "ada@example.org",
        "phone": "+442079460000",
        "address": "12 St James's Square, London",
    },
    "enquiry": {
        "title": "A new kitchen",
        "message": "Hello,\nwhat would it cost?",
        "source": "Website",
        "source_url": "https://acme.example/kitchens?utm=1",
        "system_message": "Came by the spring campaign",
        "data": [("Budget", "10,000"), ("When", "May"), ("Budget", "or more")],
    },
    "appointment": {
        "starts_at": "2026-03-02 09:00 UTC",
        "ends_at": "2026-03-02 10:00 UTC",
        "note": "Bring samples",
        "status": "pending",
        "changed": False,
    },
    "repeat": "",
    "conflict": False,
    "contact": "",
    "first_touch": "source: newsletter, campaign: winter",
    "touch": "source: google, gclid: g-1",
    "consent": "Yes, write to me about offers",
    "confirm_url": "https://acme.example/f/confirm/token",
    "alert": {
        "is_message": True,
        "source": "Fair",
        "form": "Contact us",
        "business": "acme",
        "waiting": 2,
        "host": "hooks.example.org",
        "uid": "a1b2c3d4e5f60718",
        "reason": "410 Gone",
        "door": "form:contact",
        "last_at": "2026-03-01 12:30 UTC",
        "usual": "4 hours",
        "message": "auto-reply",
        "job": 17,
    },
    "unsubscribe_url": "https://acme.example/u/token",
    "received_at": "2026-03-01 12:30 UTC",
}


def context(**changed: Any) -> dict[str, Any]:
    return {**USUAL, **changed}


def render(name: str, part: str, override: str | None = None, **changed: Any) -> str:
    return render_part(name, part, context(**changed), override)
