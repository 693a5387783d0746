"""Reads a query string by a resource's description; whatever is wrong is one error, naming one parameter."""

import re
from dataclasses import dataclass

from intake.dialects.sell.refusals import bad_parameter
from intake.dialects.sell.resource import Filter, Resource
from intake.door import AnyRequest
from models.digits import is_number
from models.errors import Invalid
from models.identifiers import email_address
from models.operations.records.conditions import Condition, Match

KEYED = re.compile(r"(\w+)\[([^\[\]]{1,200})\]")
PER_PAGE = 25
LAST_PAGE = 10**9
MOST_IDS = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """A page that was asked for. `query` is what its links repeat."""

    conditions: tuple[Condition, ...]
    page: int
    per_page: int
    sort: str
    sort_inside: str | None
    descending: bool
    query: dict[str, str]


def parameters(request: AnyRequest) -> dict[str, str]:
    """The query, each parameter once; PostgreSQL takes no NUL, and UTF-8 no half of a surrogate pair."""
    found: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in found:
            raise bad_parameter(name, "must be given once")
        if not _is_plain(name + value):
            raise bad_parameter(name, "must be plain text")
        found[name] = value
    return found


def _is_plain(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def list_query(resource: Resource, query: dict[str, str]) -> Asked:
    """Raises `Refused` for the first parameter that is unknown or malformed."""
    page, per_page, rest = paging(query, resource.most_per_page)
    sort, inside, descending = sort_of(resource, rest.pop("sort_by", resource.sort))
    conditions = conditions_of(resource, rest)
    kept = {**query, "per_page": str(per_page)}
    return Asked(conditions, page, per_page, sort, inside, descending, kept)


def paging(query: dict[str, str], most: int, last_page: int = LAST_PAGE) -> tuple[int, int, dict[str, str]]:
    """Which page and how many a page, at most so many; and the parameters beside these two."""
    page = number(query.get("page", "1"), "page", last_page)
    per_page = number(query.get("per_page", str(PER_PAGE)), "per_page", most)
    return page, per_page, {name: query[name] for name in query if name not in ("page", "per_page")}


def number(text: str, name: str, most: int) -> int:
    """A number from 1 to `most`."""
    if not is_number(text) or not 1 <= int(text) <= most:
        given = f"must be between 1 and {most}, given: {text[:20]}"
        raise bad_parameter(name, given if text.isprintable() else "must be a number")
    return int(text)


def sort_of(resource: Resource, text: str) -> tuple[str, str | None, bool]:
    """`field`, `field:desc` or `custom_fields:name:desc`: the column, the key inside it, and whether down."""
    name, _, direction = text.partition(":")
    inside = None
    if name == "custom_fields":
        inside, _, direction = direction.partition(":")
    if direction not in ("", "asc", "desc"):
        raise bad_parameter("sort_by", "the direction must be asc or desc")
    if inside:
        column = next((one.column for one in resource.filters if one.name == "custom_fields"), None)
        if column is not None:
            return column, inside, direction == "desc"
    if name not in resource.sorts:
        raise bad_parameter("sort_by", f"must be one of {', '.join(sorted(resource.sorts))}")
    return resource.fields.get(name, name), None, direction == "desc"


def conditions_of(resource: Resource, query: dict[str, str]) -> tuple[Condition, ...]:
    """Every parameter as a condition on the records."""
    filters = {one.name: one for one in resource.filters}
    found = [_condition(filters, name, value) for name, value in query.items()]
    return resource.refine(found)


def _condition(filters: dict[str, Filter], name: str, value: str) -> Condition:
    keyed = KEYED.fullmatch(name)
    wanted = filters.get(keyed[1] if keyed else name)
    if wanted is None or (keyed is not None) != (wanted.keys is not None):
        raise bad_parameter(name, "unknown parameter")
    try:
        read = wanted.read(value)
    except ValueError as exc:
        raise bad_parameter(name, str(exc)) from None
    if keyed is None:
        return Condition(wanted.column, wanted.match, read)
    if wanted.keys and keyed[2] not in wanted.keys:
        raise bad_parameter(name, "unknown parameter")
    return Condition(wanted.column, wanted.match, (keyed[2], read))


def a_number(text: str) -> int:
    if not is_number(text):
        raise ValueError("must be a number")
    return int(text)


def some_numbers(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) > MOST_IDS:
        raise ValueError(f"must be at most {MOST_IDS} numbers")
    return tuple(a_number(part) for part in parts)


def a_flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("must be true or false")
    return text == "true"


def an_email(text: str) -> str:
    """In its normal form where it has one; what is no address matches nothing that is kept."""
    try:
        return email_address(text).address
    except Invalid:
        return text


def by_ids() -> Filter:
    return Filter(name="ids", column="id", match=Match.ONE_OF, read=some_numbers)


def by_text(*names: str) -> tuple[Filter, ...]:
    return tuple(Filter(name=name, column=name, read=str) for name in names)


def by_number(*names: str) -> tuple[Filter, ...]:
    return tuple(Filter(name=name, column=name, read=a_number) for name in names)


def by_flag(*names: str) -> tuple[Filter, ...]:
    return tuple(Filter(name=name, column=name, read=a_flag) for name in names)


def by_person() -> tuple[Filter, ...]:
    """The ways in which a person is looked for."""
    return (
        *by_text("first_name", "last_name", "mobile"),
        Filter(name="email", column="email", match=Match.FOLDED, read=an_email),
        Filter(name="phone", column="phone", match=Match.PHONE, read=str),
    )


def by_address(column: str) -> Filter:
    keys = ("city", "country", "postal_code")
    return Filter(name="address", column=column, match=Match.INSIDE, read=str, keys=keys)


def by_custom_fields(column: str = "custom_fields") -> Filter:
    return Filter(name="custom_fields", column=column, match=Match.INSIDE, read=str, keys=())


def always(name: str, value: str) -> Filter:
    """A fact that is the same of every record."""
    return Filter(name=name, column="id", match=Match.ALWAYS, read=lambda text: text == value)
