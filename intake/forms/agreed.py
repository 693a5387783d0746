"""What a visitor agreed to: the wording that the page showed, as far as the page says which."""

import re

from intake.forms.book import OpenForm

NO = {"", "0", "no", "off", "false"}
# A page that names a wording never means another one, whatever stands beside the name.
DIGEST = re.compile(r"[0-9a-f]{16}")


def wording_of(open_form: OpenForm, said: str) -> str:
    """Empty where nothing was agreed to. A box that names no wording means the one of now."""
    if said in open_form.wordings:
        return open_form.wordings[said]
    return open_form.form.consent if agrees(said) and not DIGEST.search(said) else ""


def agrees(said: str) -> bool:
    """Whether a box was ticked, whatever it says."""
    return said.lower() not in NO
