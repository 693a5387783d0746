"""Attributes: one line each in the description of a resource, for reading and for telling."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from intake.body import Value
from intake.dialects.sell import values
from intake.dialects.sell.values import BadValue

Row = dict[str, Any]
Read = Callable[[Value], Any]
Tell = Callable[[Row], Any]

SHORT = 1000
LONG = 65_536


class Keep:
    """What null means for a value that cannot be empty: it stays as it is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attribute:
    """`read` is None for what callers may echo and not change; `null` is what null means."""

    name: str
    column: str
    tell: Tell
    read: Read | None = None
    null: Any = None
    required: bool = False

    def value_of(self, sent: Value) -> Any:  # noqa: ANN401 - a column of any type
        """Raises `BadValue`."""
        value = self.null if sent is None or self.read is None else self.read(sent)
        if self.required and (value is None or value == ""):
            raise BadValue("blank")
        return value


def raw(column: str) -> Tell:
    return lambda row: row[column]


def read_only(name: str, column: str = "") -> Attribute:
    return Attribute(name=name, column=column or name, tell=raw(column or name))


def computed(name: str, tell: Tell) -> Attribute:
    """Worked out from the row; ignored when it comes back."""
    return Attribute(name=name, column=name, tell=tell)


def read_only_moment(name: str) -> Attribute:
    return Attribute(name=name, column=name, tell=lambda row: values.told_moment(row[name]))


def text(name: str, *, limit: int = SHORT, required: bool = False, keep: bool = False) -> Attribute:
    """Empty text is told as null."""
    return Attribute(
        name=name,
        column=name,
        tell=lambda row: row[name] or None,
        read=lambda sent: values.as_text(sent, limit),
        null=Keep if keep else "",
        required=required,
    )


def reference(name: str, *, required: bool = False, keep: bool = False) -> Attribute:
    """The id of another record."""
    null = Keep if keep else None
    return Attribute(
        name=name, column=name, tell=raw(name), read=values.as_number, null=null, required=required
    )


def percentage(name: str) -> Attribute:
    return Attribute(name=name, column=name, tell=raw(name), read=_percent)


def _percent(sent: Value) -> int:
    number = values.as_number(sent)
    for wrong, why in (
        (number > 100, "less than or equal to 100"),
        (number < 0, "greater than or equal to 0"),
    ):
        if wrong:
            raise BadValue("incorrect_value", f"Ensure this value is {why}.")
    return number


def flag(name: str) -> Attribute:
    return Attribute(name=name, column=name, tell=raw(name), read=values.as_flag, null=Keep)


def decimal(name: str) -> Attribute:
    tell: Tell = lambda row: values.told_decimal(row[name])  # noqa: E731 - it has a type
    return Attribute(name=name, column=name, tell=tell, read=values.as_decimal, null=Keep)


def moment(name: str, column: str = "", *, keep: bool = False) -> Attribute:
    column = column or name
    return Attribute(
        name=name,
        column=column,
        tell=lambda row: values.told_moment(row[column]),
        read=values.as_moment,
        null=Keep if keep else None,
    )


def day(name: str) -> Attribute:
    tell: Tell = lambda row: row[name].isoformat() if row[name] else None  # noqa: E731 - it has a type
    return Attribute(name=name, column=name, tell=tell, read=values.as_day)


def choice(name: str, *options: str, required: bool = False, nullable: bool = False) -> Attribute:
    def read(sent: Value) -> str:
        if sent not in options:
            raise BadValue("incorrect_value")
        return str(sent)

    null = None if nullable or required else Keep
    return Attribute(name=name, column=name, tell=raw(name), read=read, null=null, required=required)


def tags() -> Attribute:
    return Attribute(name="tags", column="tags", tell=raw("tags"), read=values.as_tags, null=Keep)


def custom_fields(column: str = "custom_fields") -> Attribute:
    return Attribute(name="custom_fields", column=column, tell=raw(column), read=values.as_fields, null=Keep)


def address(name: str, column: str = "", tell: Tell | None = None) -> Attribute:
    column = column or name
    return Attribute(
        name=name,
        column=column,
        tell=tell or (lambda row: values.told_address(row[column])),
        read=values.as_address,
        null=Keep,
    )


ID = read_only("id")
CREATOR = read_only("creator_id")
# What is known of a lead and of a contact alike.
PERSON = (
    text("title"),
    text("description", limit=LONG),
    *map(text, ("industry", "website", "email", "phone", "mobile", "fax")),
    *map(text, ("twitter", "facebook", "linkedin", "skype")),
)
BORN = (read_only_moment("created_at"), read_only_moment("updated_at"))
