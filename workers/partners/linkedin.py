"""LinkedIn's Lead Sync API: a response and the form that it answers (learn.microsoft.com, Lead Forms).

An answer names its question by number, and a choice by another; what they mean stands in the form. Here
the two are put together, as `fields`.
"""

import re
from collections.abc import Iterator

from models.mapping.functions import written
from models.mapping.payload import Payload
from models.settings import Settings
from workers.partners.ask import UNNAMED, Asker, NotFetched, inside

RESPONSE = re.compile(r"urn:li:leadGenFormResponse:([A-Za-z0-9_-]{1,100})")
FORM = re.compile(r"urn:li:versionedLeadGenForm:\(urn:li:leadGenForm:([0-9]{1,20}), ?[0-9]{1,10}\)")
OF_FORM = "id,name,hiddenFields,content"
FIELDS = (
    f"id,leadType,leadMetadata,versionedLeadGenFormUrn,submittedAt,testLead,formResponse,form:({OF_FORM})"
)
# What a label of an enquiry may have, less room for a number.
LONGEST_LABEL = 450


def fetch(asker: Asker, settings: Settings, token: str, item: Payload) -> dict[str, Payload]:
    """Raises `NotFetched`."""
    number = _named(RESPONSE, inside(item, "leadGenFormResponse"))
    told = _ask(asker, settings, token, f"leadFormResponses/{number}", FIELDS)
    if not isinstance(told.get("form"), dict):
        # LinkedIn's own example of an answer has no form in it, though it asks for one.
        number = _named(FORM, told.get("versionedLeadGenFormUrn"))
        told["form"] = _ask(asker, settings, token, f"leadForms/{number}", OF_FORM)
    return {**told, "fields": fields_of(told)}


def _ask(asker: Asker, settings: Settings, token: str, path: str, fields: str) -> dict[str, Payload]:
    headers = {"LinkedIn-Version": settings.linkedin_version, "X-Restli-Protocol-Version": "2.0.0"}
    url = f"{settings.linkedin_url.rstrip('/')}/{path}"
    return asker.ask(url, token, {"fields": fields}, headers=headers)


def _named(urn: re.Pattern[str], text: Payload) -> str:
    found = urn.fullmatch(written(text))
    if found is None:
        raise NotFetched(UNNAMED, is_permanent=True)
    return found[1]


def fields_of(told: dict[str, Payload]) -> dict[str, Payload]:
    """Each answer under its question; then what was agreed to, and the form's hidden fields.

    Of two that are called the same, the second has its number behind, so that none hides another.
    """
    fields: dict[str, Payload] = {}
    for label, number, value in (*_answers(told), *_consents(told), *_hidden(told)):
        short = label[:LONGEST_LABEL]
        fields[f"{short} ({number})" if short in fields else short] = value
    return fields


def _answers(told: Payload) -> Iterator[tuple[str, str, Payload]]:
    """LinkedIn's own questions have a name that is the same in every language."""
    questions = _numbered(told, "questionId", "form", "content", "questions")
    for answer in _each(told, "formResponse", "answers"):
        number = written(inside(answer, "questionId"))
        question = questions.get(number)
        own = written(inside(question, "predefinedField"))
        yield (
            own or _localized(question, "question") or f"question {number}",
            number,
            _value(answer, question),
        )


def _value(answer: Payload, question: Payload) -> Payload:
    """The text of an answer, or the texts of what was chosen."""
    details = inside(answer, "answerDetails")
    choices = _numbered(question, "id", "questionDetails", "multipleChoiceQuestionDetails", "options")
    chosen = [written(one) for one in _each(details, "multipleChoiceAnswer", "options")]
    texts: list[Payload] = [_localized(choices.get(one), "text") or one for one in chosen]
    return texts or inside(details, "textQuestionAnswer", "answer")


def _consents(told: Payload) -> Iterator[tuple[str, str, Payload]]:
    wordings = _numbered(told, "id", "form", "content", "legalInfo", "consents")
    for consent in _each(told, "formResponse", "consentResponses"):
        number = written(inside(consent, "consentId"))
        wording = _localized(wordings.get(number), "consent")
        yield wording or f"consent {number}", number, inside(consent, "accepted")


def _hidden(told: Payload) -> Iterator[tuple[str, str, Payload]]:
    for place, hidden in enumerate(_each(told, "form", "hiddenFields"), 1):
        if name := written(inside(hidden, "name")):
            yield name, f"hidden {place}", inside(hidden, "value")


def _localized(item: Payload, name: str) -> str:
    """A text of the form, which is written in one language."""
    texts = inside(item, name, "localized")
    return written(next(iter(texts.values()), None)) if isinstance(texts, dict) else ""


def _numbered(item: Payload, number: str, *path: str) -> dict[str, Payload]:
    return {written(inside(one, number)): one for one in _each(item, *path)}


def _each(item: Payload, *path: str) -> list[Payload]:
    found = inside(item, *path)
    return found if isinstance(found, list) else []
