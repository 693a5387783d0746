"""What LinkedIn's Lead Sync API answers, in the shape of its documented samples."""

from typing import Any

RESPONSE = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0-6"
CONSENT = "I agree to be written to about chairs."

Document = dict[str, Any]


def question(number: int, text: str, own: str = "", **details: Any) -> Document:
    asked: Document = {
        "questionId": number,
        "question": {"localized": {"de_DE": text}},
        "name": text,
        "responseEditable": True,
        "responseRequired": True,
        "questionDetails": details or {"textQuestionDetails": {"maxResponseLength": 300}},
    }
    return asked | ({"predefinedField": own} if own else {})


def answer(number: int, text: str = "", *chosen: int) -> Document:
    details = (
        {"multipleChoiceAnswer": {"options": chosen}} if chosen else {"textQuestionAnswer": {"answer": text}}
    )
    return {"questionId": number, "answerDetails": details}


def choices(*texts: str) -> Document:
    options = [{"id": number, "text": {"localized": {"de_DE": text}}} for number, text in enumerate(texts)]
    return {"multipleChoiceQuestionDetails": {"options": options}}


def lead_form() -> Document:
    """A form in German: LinkedIn's own questions have a name in every language, ours only their text."""
    return {
        "id": 7234246,
        "name": "Chairs, spring",
        "creationLocale": {"country": "DE", "language": "de"},
        "hiddenFields": [{"name": "utm_campaign", "value": "spring"}],
        "content": {
            "questions": [
                question(107234246, "Vorname", "FIRST_NAME"),
                question(207234246, "Nachname", "LAST_NAME"),
                question(307234246, "E-Mail-Adresse", "EMAIL"),
                question(407234246, "Telefonnummer", "PHONE_NUMBER"),
                question(507234246, "Unternehmen", "COMPANY_NAME"),
                question(607234246, "Jobbezeichnung", "JOB_TITLE"),
                question(707234246, "Welches Holz?", **choices("Buche", "Eiche")),
                question(807234246, "Bis wann?"),
            ],
            "legalInfo": {
                "legalInfoId": 1,
                "privacyPolicyUrl": "https://example.org/privacy",
                "consents": [{"id": 0, "checkRequired": True, "consent": {"localized": {"de_DE": CONSENT}}}],
            },
        },
    }


def response(*answers: Document, form: Document | None = None, **more: Any) -> Document:
    """A response with its form, as the projection asks for it; `form={}` leaves it out."""
    given = [
        answer(307234246, "ada@example.org"),
        answer(707234246, "", 1),
        answer(807234246, "Mai"),
        answer(107234246, "Ada"),
        answer(207234246, "Lovelace"),
        answer(407234246, "+14155550123"),
        answer(507234246, "Analytical Engines"),
        answer(607234246, "Countess"),
    ]
    told: Document = {
        "id": RESPONSE,
        "owner": {"sponsoredAccount": "urn:li:sponsoredAccount:1234567"},
        "leadType": "SPONSORED",
        "leadMetadata": {"sponsoredLeadMetadata": {"campaign": "urn:li:sponsoredCampaign:198356826"}},
        "versionedLeadGenFormUrn": "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:7234246,1)",
        "submittedAt": 1689894599288,
        "testLead": False,
        "formResponse": {
            "answers": list(answers) or given,
            "consentResponses": [{"accepted": True, "consentId": 0}],
        },
        "form": lead_form() if form is None else form,
    }
    return {name: value for name, value in (told | more).items() if value != {}}
