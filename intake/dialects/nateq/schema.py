"""What OpenAPI tells of this tongue: its bodies are parsed by us, so they are described by us."""

from dataclasses import dataclass

from litestar.openapi.spec import (
    OpenAPIMediaType,
    OpenAPIResponse,
    Operation,
    Parameter,
    Reference,
    RequestBody,
    Schema,
)
from litestar.openapi.spec.enums import OpenAPIType

from intake.dialects.nateq.document import COMPANY_ID, SWITCHES, TEXTS, TYPES

STRINGS = (
    "avatar", "channelData", "companyId", "companyName", "country", "createdAt", "email", "externalId", "id",
    "language", "name", "organizationId", "phone", "position", "source", "updatedAt",
)  # fmt: skip
BOOLEANS = ("doNotContact", "isAnonymous", "isPotentialClient", "whatsappOptedOut")
ACTIVITY = (
    "actorId", "actorName", "actorType", "contactId", "createdAt", "description", "id", "metadata",
    "newValue", "oldValue", "updatedAt",
)  # fmt: skip
TAG = ("color", "createdAt", "displayName", "id", "name", "organizationId", "updatedAt")
COUNTS = ("count", "limit", "page", "pageSize", "pendingCount", "total", "totalPages")
OUTCOME = ("contactId", "leadId", "reason", "state")

Answers = dict[str, OpenAPIResponse | Reference]

TEXT = Schema(type=OpenAPIType.STRING)
BOOLEAN = Schema(type=OpenAPIType.BOOLEAN)
INTEGER = Schema(type=OpenAPIType.INTEGER)
NO_TEXT = Schema(type=[OpenAPIType.STRING, OpenAPIType.NULL])


def object_of(properties: dict[str, Schema], *, nullable: bool = False) -> Schema:
    kind = [OpenAPIType.OBJECT, OpenAPIType.NULL] if nullable else OpenAPIType.OBJECT
    return Schema(type=kind, properties=dict(sorted(properties.items())))


def list_of(schema: Schema) -> Schema:
    return Schema(type=OpenAPIType.ARRAY, items=schema)


def texts(names: tuple[str, ...]) -> dict[str, Schema]:
    return dict.fromkeys(names, TEXT)


def cleared(longest: int) -> Schema:
    """A text of at most so many characters, or null, which clears it."""
    return Schema(type=[OpenAPIType.STRING, OpenAPIType.NULL], max_length=longest)


PERSON = object_of(
    texts(STRINGS)
    | dict.fromkeys(BOOLEANS, BOOLEAN)
    | {
        "activities": list_of(object_of(texts(ACTIVITY))),
        "company": object_of(texts(("domain", "id", "name")), nullable=True),
        "tags": list_of(object_of(texts(TAG))),
        "whatsappOptedOutAt": NO_TEXT,
    }
)
META = object_of(
    dict.fromkeys(COUNTS, INTEGER)
    | {"hasNext": BOOLEAN, "hasPrevious": BOOLEAN}
    | texts(("startCursor", "endCursor"))
)
ERROR = object_of(
    texts(("code", "message"))
    | {"details": Schema(type=OpenAPIType.OBJECT, additional_properties=list_of(TEXT))}
)
CONVERSION = object_of(texts(("id", "state", "statusUrl")) | {"leads": list_of(object_of(texts(OUTCOME)))})
UPDATE = object_of(
    {name: cleared(longest) for name, (_, longest) in TEXTS.items()}
    | dict.fromkeys(SWITCHES, BOOLEAN)
    | {"companyId": cleared(COMPANY_ID), "type": Schema(type=OpenAPIType.STRING, enum=list(TYPES))}
)
FAILURES = {
    "400": "VALIDATION_ERROR: the details name each field with the reasons",
    "401": "MISSING_API_KEY, INVALID_AUTH_FORMAT, INVALID_API_KEY_FORMAT or INVALID_API_KEY",
    "403": "INSUFFICIENT_SCOPE or INSUFFICIENT_PERMISSION",
    "404": "NOT_FOUND",
    "503": "SERVICE_UNAVAILABLE: please try again",
}
LIST_PARAMETERS = {
    "page": "Which page, from 1",
    "pageSize": "How many a page, up to 100; limit is another name for it",
    "after": "The endCursor of an earlier answer; cursor is another name for it",
    "email": "Only those with this address",
    "externalId": "Only the one with this id of yours",
}


def envelope(data: Schema, *, counted: bool = False) -> Schema:
    told = {"data": data, "message": TEXT, "success": BOOLEAN}
    return object_of(told | ({"meta": META} if counted else {}))


def answer(description: str, schema: Schema) -> OpenAPIResponse:
    return OpenAPIResponse(
        description=description, content={"application/json": OpenAPIMediaType(schema=schema)}
    )


def answers(description: str, schema: Schema) -> Answers:
    failure = object_of({"error": ERROR, "message": TEXT, "success": BOOLEAN})
    told: Answers = {status: answer(why, failure) for status, why in FAILURES.items()}
    return {"200": answer(description, schema)} | told


@dataclass
class OnePerson(Operation):
    def __post_init__(self) -> None:
        self.responses = answers("The person", envelope(PERSON))


@dataclass
class ConvertOne(Operation):
    def __post_init__(self) -> None:
        later = answer("A worker converts the lead", envelope(CONVERSION, counted=True))
        self.responses = answers("The contact", envelope(PERSON)) | {"202": later}


@dataclass
class UpdateOne(Operation):
    def __post_init__(self) -> None:
        content = {"application/json": OpenAPIMediaType(schema=UPDATE)}
        self.request_body = RequestBody(required=True, content=content)
        self.responses = answers("The contact", envelope(PERSON))


@dataclass
class ListPeople(Operation):
    def __post_init__(self) -> None:
        self.parameters = [
            Parameter(name=name, param_in="query", description=told, schema=TEXT)
            for name, told in LIST_PARAMETERS.items()
        ]
        self.responses = answers("The people", envelope(list_of(PERSON), counted=True))


@dataclass
class OneConversion(Operation):
    def __post_init__(self) -> None:
        self.responses = answers("The outcome", envelope(CONVERSION, counted=True))
