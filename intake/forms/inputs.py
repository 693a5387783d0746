"""Inputs: what each input of a form may hold and what it tells, worked out once for all its posts."""

from msgspec import Struct

from models.form import FormFacts
from models.operations.form_fields import Field

NAME, ADDRESS, URL, PROSE = 255, 500, 2048, 10_000
LONGEST = {"address": ADDRESS, "title": ADDRESS, "message": PROSE, "": PROSE}


class Input(Struct, frozen=True):
    """One input; `options` are those of a select, and `limit` is in characters."""

    label: str
    maps_to: str
    is_required: bool
    is_email: bool
    options: frozenset[str]
    limit: int

    def fault(self, value: str) -> str:
        """What is wrong with a value, whatever it should tell; empty where nothing is."""
        if not value:
            return "missing" if self.is_required else ""
        if len(value) > self.limit:
            return "too_long"
        return "choice" if self.options and value not in self.options else ""


def inputs_of(form: FormFacts) -> dict[str, Input]:
    """The inputs by name, in the order of the form."""
    return {one["name"]: input_of(one) for one in form.fields}


def input_of(field: Field) -> Input:
    return Input(
        label=field["label"],
        maps_to=field["maps_to"],
        is_required=field["required"],
        is_email="email" in (field["kind"], field["maps_to"]),
        options=frozenset(field["options"] if field["kind"] == "select" else ()),
        limit=LONGEST.get(field["maps_to"], NAME),
    )
