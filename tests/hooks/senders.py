"""Each sender's sample, of the shape that it documents."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.source import Scheme
from tests.hooks.signing import (
    JSON,
    SECRET,
    WHSEC,
    Headers,
    Sign,
    basic,
    bearer,
    calendly,
    hubspot,
    linkedin,
    meta,
    nothing,
    standard,
    typeform,
    webflow,
)


@dataclass(frozen=True)
class Sender:
    """A sender: its preset and scheme, a sample, and how it signs that."""

    preset: str
    document: Any
    sign: Sign = nothing
    secret: str = SECRET
    scheme: Scheme | None = None
    content_type: str = JSON
    raw: bytes | None = None
    is_timed: bool = False

    @property
    def body(self) -> bytes:
        return self.raw if self.raw is not None else json.dumps(self.document).encode()

    def headers(
        self, body: bytes | None = None, *, secret: str = "", ago: float = 0, url: str = ""
    ) -> Headers:
        sent = self.body if body is None else body
        signed = self.sign(secret or self.secret, sent, time.time() - ago, url)
        return {"Content-Type": self.content_type, **signed}


def with_google_key(key: str) -> dict[str, Any]:
    columns = {"FULL_NAME": "Ada Lovelace", "EMAIL": "ada@example.org", "PHONE_NUMBER": "+14155550123"}
    return {
        "lead_id": "lead-1",
        "user_column_data": [
            *({"column_id": name, "string_value": value} for name, value in columns.items()),
            {"column_name": "Which wood?", "string_value": "oak"},
        ],
        "api_version": "1.0",
        "form_id": 40000000000000000001,
        "campaign_id": 123456,
        "google_key": key,
        "is_test": False,
    }


TYPEFORM = {
    "event_id": "01H",
    "event_type": "form_response",
    "form_response": {
        "form_id": "lT4Z3j",
        "token": "a3a12ec67a1365927098a606107fac15",
        "submitted_at": "2027-01-18T18:17:02Z",
        "hidden": {"utm_source": "newsletter"},
        "definition": {
            "id": "lT4Z3j",
            "title": "A chair of your own",
            "fields": [
                {"id": "f1", "title": "Full name", "type": "short_text", "ref": "r1"},
                {"id": "f2", "title": "Where do we write to?", "type": "email", "ref": "r2"},
                {"id": "f3", "title": "And call?", "type": "phone_number", "ref": "r3"},
                {"id": "f4", "title": "Which wood?", "type": "multiple_choice", "ref": "r4"},
                {"id": "f5", "title": "Extras", "type": "multiple_choice", "ref": "r5"},
                {"id": "f6", "title": "Message", "type": "long_text", "ref": "r6"},
            ],
        },
        "answers": [
            {"type": "text", "text": "Ada Lovelace", "field": {"id": "f1", "type": "short_text"}},
            {"type": "email", "email": "ada@example.org", "field": {"id": "f2", "type": "email"}},
            {"type": "phone_number", "phone_number": "+14155550123", "field": {"id": "f3"}},
            {"type": "choice", "choice": {"label": "oak"}, "field": {"id": "f4"}},
            {"type": "choices", "choices": {"labels": ["arms", "wheels"]}, "field": {"id": "f5"}},
            {"type": "text", "text": "By May?", "field": {"id": "f6", "type": "long_text"}},
        ],
    },
}
WEBFLOW = {
    "triggerType": "form_submission",
    "payload": {
        "name": "Contact form",
        "siteId": "s1",
        "data": {
            "First Name": "Ada",
            "Last Name": "Lovelace",
            "Email": "ada@example.org",
            "Which wood?": "oak",
        },
        "submittedAt": "2027-01-18T18:17:02Z",
        "id": "6321ca84df3949bfc6752327",
        "formId": "f1",
    },
}
CALENDLY = {
    "event": "invitee.created",
    "created_at": "2027-01-18T18:17:02Z",
    "payload": {
        "uri": "https://api.calendly.com/scheduled_events/A/invitees/B",
        "email": "ada@example.org",
        "name": "Ada Lovelace",
        "first_name": None,
        "last_name": None,
        "status": "active",
        "questions_and_answers": [
            {"question": "Phone number", "answer": "+1 415 555 0123", "position": 0},
            {"question": "Which wood?", "answer": "oak", "position": 1},
        ],
        "tracking": {"utm_source": None},
        "scheduled_event": {"name": "A first talk", "start_time": "2027-01-20T09:00:00Z"},
    },
}
HUBSPOT = [
    {
        "eventId": number,
        "subscriptionId": 5,
        "portalId": 6,
        "appId": 7,
        "occurredAt": 1790000000000,
        "subscriptionType": "contact.creation",
        "attemptNumber": 0,
        "objectId": number,
        "changeSource": "CRM",
    }
    for number in (101, 102)
]
LINKEDIN: dict[str, Any] = {
    "type": "LEAD_ACTION",
    "leadGenFormResponse": "urn:li:leadGenFormResponse:0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0-6",
    "leadGenForm": "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:7234246, 1)",
    "owner": {"sponsoredAccount": "urn:li:sponsoredAccount:1234567"},
    "associatedEntity": {"sponsoredCreative": "urn:li:sponsoredCreative:241257736"},
    "leadType": "SPONSORED",
    "leadAction": "CREATED",
    "occurredAt": 1790000000000,
}
GRAVITY = {
    "id": "17", "form_id": "3", "date_created": "2027-01-18 18:17:02", "ip": "192.0.2.1",
    "source_url": "https://acme.example.org/contact", "user_agent": "Mozilla", "status": "active",
    "1.3": "Ada", "1.6": "Lovelace", "2": "ada@example.org", "4": "oak",
}  # fmt: skip
PLAIN = {"firstName": "Ada", "Last Name": "Lovelace", "e-mail": "ada@example.org", "Which wood?": "oak"}


def graph_changes(*ids: str) -> Mapping[str, Any]:
    changes = [
        {"field": "leadgen", "value": {"leadgen_id": one, "form_id": "12", "page_id": "3", "created_time": 1}}
        for one in ids
    ]
    return {"object": "page", "entry": [{"id": "3", "time": 1, "changes": changes}]}


def multipart(fields: Mapping[str, str]) -> bytes:
    parts = (f'--b\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items())
    return "".join([*parts, "--b--\r\n"]).encode()


JOTFORM = {
    "formID": "1", "submissionID": "5", "formTitle": "A chair", "ip": "192.0.2.1", "type": "WEB",
    "rawRequest": json.dumps(
        {
            "slug": "submit/1",
            "q3_name": {"first": "Ada", "last": "Lovelace"},
            "q4_email": "ada@example.org",
            "q5_whichWood": "oak",
        }
    ),
}  # fmt: skip

SENDERS = {
    "google-ads": Sender("google-ads", with_google_key(SECRET)),
    "typeform": Sender("typeform", TYPEFORM, typeform),
    "webflow": Sender("webflow", WEBFLOW, webflow, is_timed=True),
    "calendly": Sender("calendly", CALENDLY, calendly, is_timed=True),
    "jotform": Sender(
        "jotform", None, secret="", raw=multipart(JOTFORM), content_type="multipart/form-data; boundary=b"
    ),
    "gravity-forms": Sender("gravity-forms", GRAVITY, bearer, scheme=Scheme.BEARER),
    "zapier": Sender("zapier", PLAIN, basic, secret="zap:a-password", scheme=Scheme.BASIC),
    "json": Sender("json", PLAIN, secret=""),
    "standard-webhooks": Sender(
        "standard-webhooks", {"type": "lead", "timestamp": "t", "data": PLAIN}, standard, WHSEC, is_timed=True
    ),
}
THIN = {
    "meta": Sender("meta", graph_changes("111"), meta),
    "hubspot": Sender("hubspot", HUBSPOT, hubspot, is_timed=True),
    "linkedin": Sender("linkedin", LINKEDIN, linkedin),
}
SIGNED = {name: one for name, one in {**SENDERS, **THIN}.items() if one.sign is not nothing}
