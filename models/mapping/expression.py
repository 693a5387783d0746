"""JMESPath expressions (jmespath.org): checked when a source is made or changed, evaluated by a worker."""

from functools import lru_cache
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult

from models.errors import Invalid, Refusal
from models.mapping.functions import Functions
from models.mapping.payload import Payload, Unreadable

LONGEST = 1000
OPTIONS = jmespath.Options(custom_functions=Functions())


class Unmapped(Refusal):
    """What was sent gives no lead; the message names attributes and never repeats a value."""

    reason = "unmapped"


@lru_cache(maxsize=2048)
def compiled(text: str) -> ParsedResult:
    return jmespath.compile(text)


def check(name: str, text: str) -> None:
    """Refuse an expression that can never be evaluated. Raises `Invalid`, which says where it is wrong."""
    if len(text) > LONGEST:
        message = f"the expression of {name} is longer than {LONGEST} characters"
        raise Invalid(message, name)
    try:
        unknown = _functions(compiled(text).parsed) - Functions.FUNCTION_TABLE.keys()
    except (JMESPathError, RecursionError, ValueError) as exc:
        message = f"the expression of {name} is no JMESPath: {str(exc).partition(chr(10))[0]}"
        raise Invalid(message, name) from exc
    if unknown:
        message = f"the expression of {name} calls an unknown function: {', '.join(sorted(unknown))}"
        raise Invalid(message, name)


def search(name: str, text: str, document: Payload) -> Payload:
    """What an expression finds. Raises `Unmapped`, which names the attribute only."""
    try:
        found: Payload = compiled(text).search(document, options=OPTIONS)
    except (JMESPathError, Unreadable, RecursionError, TypeError, ValueError, ArithmeticError):
        message = f"{name}: the expression cannot be evaluated on what was sent"
        raise Unmapped(message, name) from None
    return found


def _functions(node: Any) -> set[str]:  # noqa: ANN401 - a node of jmespath's tree
    """The names of all functions that an expression calls."""
    if not isinstance(node, dict):
        return set()
    called = {node["value"]} if node["type"] == "function_expression" else set()
    return called.union(*(_functions(child) for child in node["children"]))
