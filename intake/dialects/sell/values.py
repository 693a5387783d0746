"""Reads the values of a body into those of columns, and tells columns as the contract writes them."""

from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from intake.body import Value
from models.digits import is_number

MOST_TAGS = 100
CENT = Decimal("0.01")
LARGEST = Decimal(10) ** 16


class BadValue(Exception):  # noqa: N818 - a fact
    """A value that an attribute cannot have: Sell's code for it, and why."""

    def __init__(self, code: str, why: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.why = why


def as_text(value: Value, limit: int) -> str:
    if not isinstance(value, str):
        raise BadValue("invalid_type", "A string is expected.")
    if len(value) > limit:
        raise BadValue("incorrect_value", f"Ensure this value has at most {limit} characters.")
    return value.strip()


def as_number(value: Value) -> int:
    """An integer, also where it was sent as digits in a string."""
    if isinstance(value, str) and is_number(value):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadValue("invalid_type", "An integer is expected.")
    return value


def as_flag(value: Value) -> bool:
    if isinstance(value, str) and value in {"true", "false"}:
        return value == "true"
    if not isinstance(value, bool):
        raise BadValue("invalid_type", "A boolean is expected.")
    return value


def as_decimal(value: Value) -> Decimal:
    """An amount with two decimals at most, so that nothing is rounded away unsaid."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise BadValue("invalid_type", "A number is expected.")
    try:
        amount = Decimal(str(value).strip())
    except InvalidOperation:
        raise BadValue("invalid_type", "A number is expected.") from None
    if not amount.is_finite() or abs(amount) >= LARGEST or amount != amount.quantize(CENT):
        raise BadValue("incorrect_value", "Ensure this value has at most 16 digits and 2 decimal places.")
    return amount


def as_moment(value: Value) -> datetime:
    """ISO 8601; without an offset it is UTC."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is not None:
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        pass
    raise BadValue("invalid_type", "A date and time in ISO 8601 format is expected.")


def as_day(value: Value) -> date:
    try:
        if isinstance(value, str):
            return datetime.fromisoformat(value).date()
    except ValueError:
        pass
    raise BadValue("invalid_type", "A date in ISO 8601 format is expected.")


def as_tags(value: Value, limit: int = 200) -> list[str]:
    """The whole set; repeats and blanks fall away."""
    if not isinstance(value, list):
        raise BadValue("invalid_type", "A list of strings is expected.")
    words = [word for item in value if (word := as_text(item, limit))]
    if len(words) > MOST_TAGS:
        raise BadValue("incorrect_value", f"Ensure there are at most {MOST_TAGS} tags.")
    return list(dict.fromkeys(words))


def as_fields(value: Value) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadValue("invalid_type", "An object is expected.")
    return value


def as_address(value: Value) -> dict[str, Any]:
    """The five known lines; a line that is null is emptied."""
    fields = as_fields(value)
    if fields.keys() - set(ADDRESS):
        raise BadValue("incorrect_value", f"Ensure only {', '.join(ADDRESS)} are given.")
    return {name: None if line is None else as_text(line, 1000) or None for name, line in fields.items()}


ADDRESS = ("line1", "city", "postal_code", "state", "country")


def told_moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def told_decimal(amount: Decimal | None) -> int | str:
    """Whole amounts as numbers, others as strings; never null, since clients make decimals of it."""
    amount = amount or Decimal(0)
    return int(amount) if amount == amount.to_integral_value() else f"{amount:.2f}"


def told_address(address: dict[str, Any]) -> dict[str, Any]:
    return {name: address.get(name) for name in ADDRESS}
