"""A draft of a lead: what one item says about a person, by the source's mapping, the preset and the names."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.errors import Invalid
from models.mapping.expression import Unmapped, check, search
from models.mapping.functions import split_name, written
from models.mapping.labels import numbered
from models.mapping.names import NAMES, Fields, name_of
from models.mapping.payload import Payload
from models.mapping.preset import Preset

NAME, ADDRESS, URL, PROSE = 255, 500, 2048, 10_000
LIMITS = {
    "email": NAME, "phone": NAME, "first_name": NAME, "last_name": NAME, "name": NAME, "unique_id": NAME,
    "status": NAME, "source": NAME, "title": ADDRESS, "address": ADDRESS, "source_url": URL,
    "message": PROSE, "system_message": PROSE,
}  # fmt: skip
SWITCHES = ("opt_in", "sms_opt_in", "is_test")
PLACES = ("items", "item_id", "ignore", "fields")
MAPPED = (*LIMITS, *SWITCHES, "tags", "request_data", *PLACES)
LABELLED = "request_data."
MOST_TAGS, MOST_LABELS = 50, 500
YES = ("true", "1", "yes", "on")


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """`texts` has every text attribute, empty where nothing was said; `data` is what was asked beside."""

    texts: dict[str, str]
    tags: tuple[str, ...]
    opt_in: bool
    sms_opt_in: bool
    is_test: bool
    data: dict[str, str]

    @property
    def first_name(self) -> str:
        return self.texts["first_name"] or (self._split[0] if not self.texts["last_name"] else "")

    @property
    def last_name(self) -> str:
        return self.texts["last_name"] or (self._split[1] if not self.texts["first_name"] else "")

    @property
    def _split(self) -> tuple[str, str]:
        return split_name(self.texts["name"])


def check_mapping(mapping: Mapping[str, str]) -> None:
    """Raises `Invalid` for an attribute that there is not, or an expression that is none."""
    for name, expression in mapping.items():
        if name not in MAPPED and not (name.startswith(LABELLED) and name != LABELLED):
            message = f"{name} cannot be mapped; choose from {', '.join(MAPPED)}, request_data.LABEL"
            raise Invalid(message, name)
        check(name, expression)


def place(preset: Preset, mapping: Mapping[str, str], name: str) -> str:
    """The expression for one of the places, by the source's own mapping or by the preset."""
    return mapping.get(name, getattr(preset, name))


def draft(preset: Preset, mapping: Mapping[str, str], item: Payload) -> Draft:
    """What an item says. Raises `Unmapped`, which names the attribute and no value."""
    found = search("fields", place(preset, mapping, "fields"), item)
    fields = found if isinstance(found, dict) else {}
    expressions = {**preset.map, **mapping}
    told = {name: search(name, text, item) for name, text in expressions.items() if name not in PLACES}
    named = {
        name: field
        for name in NAMES
        if told.get(name) is None and (field := name_of(fields, name)) is not None
    }
    values: Fields = {name: value for name, value in told.items() if value is not None}
    values |= {name: fields[field] for name, field in named.items()}
    texts = {name: _text(name, values.get(name)) for name in LIMITS}
    rest = {name: value for name, value in fields.items() if name not in named.values()}
    return Draft(
        texts=texts,
        tags=_tags(values.get("tags")),
        data=_data(values, rest, texts),
        **{name: _switch(values.get(name)) for name in SWITCHES},
    )


def _text(name: str, value: Payload) -> str:
    text = written(value)
    if len(text) > LIMITS[name]:
        message = f"{name} is longer than {LIMITS[name]} characters"
        raise Unmapped(message, name)
    return text


def _switch(value: Payload) -> bool:
    return written(value).lower() in YES


def _tags(value: Payload) -> tuple[str, ...]:
    words = value if isinstance(value, list) else written(value).split(",")
    tags = tuple(dict.fromkeys(tag for word in words if (tag := written(word))))
    if len(tags) > MOST_TAGS or any(len(tag) > NAME for tag in tags):
        message = f"tags are more than {MOST_TAGS}, or one is longer than {NAME} characters"
        raise Unmapped(message, "tags")
    return tags


def _data(values: Mapping[str, Payload], rest: Fields, texts: Mapping[str, str]) -> dict[str, str]:
    """Labels and values: what the mapping says, else every field that is not in the lead already."""
    known = {texts[name] for name in ("email", "phone", "message", "unique_id")}
    data = values.get(
        "request_data", {name: value for name, value in rest.items() if written(value) not in known}
    )
    if not isinstance(data, dict):
        raise Unmapped("request_data: the expression gives no object of labels and values", "request_data")
    data = data | {name.removeprefix(LABELLED): v for name, v in values.items() if name.startswith(LABELLED)}
    labels = numbered((label, text) for label, value in data.items() if (text := written(value)))
    if len(labels) > MOST_LABELS or any(len(text) > PROSE for text in labels.values()):
        message = f"request_data has more than {MOST_LABELS} labels, or a text that is too long"
        raise Unmapped(message, "request_data")
    return labels
