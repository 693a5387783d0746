"""What OpenAPI tells of the leadgen tongue: its bodies are parsed by us, so they are described by us."""

from dataclasses import dataclass
from typing import Any

from litestar.openapi.spec import Example, OpenAPIMediaType, Operation, Reference, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType

TEXTS = {
    "address": "Postal address",
    "business_id": "The business's uid, nickname or external id; needed with a directory token",
    "email": "Required when identifier_type is email",
    "last_name": "Last name",
    "notifications": "Any of auto-reply, email, sms, in one string with commas or as a list",
    "opt_in": "The string true, when the person opted in to promotions",
    "phone": "Kept as typed, and as E.164 where it can be read",
    "source": "Shown to the owner as the lead's source",
    "source_url": "The page on which the lead was made",
    "status": "The client's status; never steps back on a known lead",
    "system_message": "For the owner only",
    "tags": "One string with commas; united with the tags that the lead has",
    "unique_id": "Required when identifier_type is unique_id",
}
REQUIRED = {
    "identifier_type": "Which identifier a known lead is looked for by: email or unique_id",
    "first_name": "First name",
    "request_title": "Title of the enquiry",
}
OBJECTS = {
    "request_data": "Labels and values: fields of a new lead, and shown in the enquiry",
    "message_data": "Labels and values: shown in the enquiry only",
}
EXAMPLE = {
    "identifier_type": "email",
    "email": "ada@example.org",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "phone": "+14155550123",
    "request_title": "A quote for 20 chairs",
    "request_data": {"Wood": "oak", "Needed by": "2027-01-15"},
    "notifications": "auto-reply,email,sms",
    "tags": "website,chairs",
}


def string(description: str) -> Schema:
    return Schema(type=OpenAPIType.STRING, description=description)


def labels(description: str) -> Schema:
    return Schema(type=OpenAPIType.OBJECT, description=description, additional_properties=string("The value"))


def lead_schema(required: list[str]) -> Schema:
    properties = {name: string(text) for name, text in (TEXTS | REQUIRED).items()}
    properties |= {name: labels(text) for name, text in OBJECTS.items()}
    properties["opt_in_transactional_sms"] = Schema(
        type=OpenAPIType.BOOLEAN, description="Whether the person agreed to transactional text messages"
    )
    return Schema(type=OpenAPIType.OBJECT, required=required, properties=dict(sorted(properties.items())))


def lead_body(required: list[str], example: dict[str, Any]) -> RequestBody:
    schema = lead_schema(required)
    json = OpenAPIMediaType(schema=schema, examples={"lead": Example(value=example)})
    form = OpenAPIMediaType(schema=schema)
    return RequestBody(
        required=True,
        content={
            "application/json": json,
            "application/x-www-form-urlencoded": form,
            "multipart/form-data": form,
        },
    )


@dataclass
class CreateLead(Operation):
    def __post_init__(self) -> None:
        self.request_body = lead_body(list(REQUIRED), EXAMPLE)


@dataclass
class InjectLead(Operation):
    def __post_init__(self) -> None:
        self.request_body = lead_body([*REQUIRED, "business_id"], {"business_id": "acme", **EXAMPLE})


def webhook_body(required: list[str]) -> RequestBody:
    properties: dict[str, Reference | Schema] = {
        "event": string(
            "entity/event_type: client/created, client/updated, contact_form/created, "
            "conversation_item/created or message/client_sent_message"
        ),
        "target_url": string("Where the event is posted to; https, a public host"),
    }
    schema = Schema(type=OpenAPIType.OBJECT, required=required, properties=properties)
    example = {"event": "client/created", "target_url": "https://hooks.example.org/vcita"}
    json = OpenAPIMediaType(schema=schema, examples={"webhook": Example(value=example)})
    return RequestBody(required=True, content={"application/json": json})


@dataclass
class SubscribeWebhook(Operation):
    def __post_init__(self) -> None:
        self.request_body = webhook_body(["event", "target_url"])


@dataclass
class UnsubscribeWebhook(Operation):
    def __post_init__(self) -> None:
        self.request_body = webhook_body(["target_url"])
