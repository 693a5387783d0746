"""ALTCHA: a riddle that costs a browser a second and a sender of thousands a fortune, without anybody else.

Each form has riddles of its own, signed with its secret. A solution counts once: the capture counts it.
"""

import base64
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from altcha import v1 as altcha

from models.form import FormFacts

LIFE = timedelta(minutes=10)
HARDEST = 50_000
KEYS = {"algorithm": str, "challenge": str, "number": int, "salt": str, "signature": str}
LONGEST = 2_000


def new_riddle(form: FormFacts) -> dict[str, Any]:
    """In the words of ALTCHA's widget, which reads `maxnumber` in older versions and `maxNumber` in newer."""
    # The package compares with the clock of this machine, so that clock sets the end.
    made = altcha.create_challenge(
        altcha.ChallengeOptions(max_number=HARDEST, hmac_key=key_of(form), expires=datetime.now(UTC) + LIFE)
    )
    return made.to_dict() | {"maxnumber": made.max_number}


def rules(form: FormFacts, solution: str) -> Iterator[tuple[str, int]]:
    """What is to be said against a post by its solution, if the form asks for one."""
    if not form.altcha:
        return
    if not solution:
        yield "no_solution", 60
    elif not is_solved(form, solution):
        yield "wrong_solution", 60


def is_solved(form: FormFacts, solution: str) -> bool:
    """Whether it solves a riddle of this form that has not ended."""
    told = told_by(solution)
    # An end must be there: a riddle without one is none of ours.
    if told is None or "expires=" not in told["salt"]:
        return False
    return altcha.verify_solution(told, key_of(form), check_expires=True)[0]


def challenge_of(solution: str) -> str:
    """Which riddle it solves; there is one number for each, so the answer names it whatever its spelling."""
    told = told_by(solution)
    return told["challenge"] if told else solution


def told_by(solution: str) -> Any:  # noqa: ANN401 - the package's own type of a payload
    """The answer, which the widget sends as JSON in base64; None where it is nothing of the kind."""
    if len(solution) > LONGEST:
        return None
    try:
        told = json.loads(base64.b64decode(solution, validate=True))
    except (ValueError, RecursionError):
        return None
    is_sound = isinstance(told, dict) and all(type(told.get(name)) is kind for name, kind in KEYS.items())
    return told if is_sound else None


def key_of(form: FormFacts) -> str:
    return hashlib.sha256(b"riddle" + form.secret).hexdigest()
