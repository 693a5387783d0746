"""The wordings of a form's consent: by a digest a ticked box says which of them its page showed."""

import hashlib

from models.form import Form, FormFacts

DIGEST_BYTES = 8


def digest_of(wording: str) -> str:
    return hashlib.blake2b(wording.encode(), digest_size=DIGEST_BYTES).hexdigest()


def wordings_of(form: FormFacts) -> dict[str, str]:
    """The wording of now and all earlier ones, by digest."""
    return form.wordings | ({digest_of(form.consent): form.consent} if form.consent else {})


def reword(form: Form, wording: str) -> None:
    """Ask for another consent; pages that show the one of before stay open for days."""
    if wording != form.consent:
        form.wordings, form.consent = wordings_of(form), wording
