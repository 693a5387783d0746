"""vcita's webhooks: subscribe, unsubscribe and list (wire.md 1.6)."""

import re

from litestar import Response, Router, get, post

from intake.ask import ask
from intake.auth import NoBusiness, NotYourBusiness, Unauthenticated
from intake.dialects.leadgen import schema
from intake.dialects.leadgen.platform import STATUSES, say
from intake.dialects.leadgen.refusals import refusals
from intake.door import AnyRequest, document_of, doors_of, speaker_of
from intake.fields import required, text_of
from models.business import TokenKind
from models.errors import Refusal, Taken
from models.operations.tokens import Scope
from models.operations.topics import Topic, listed_topics, subscribe_topic, unsubscribe_topics
from models.subscription import Subscription
from models.targets import LONGEST_URL

EVENT = re.compile(r"[a-z_]{1,50}/[a-z_]{1,50}")
LONGEST_EVENT = 101
TAGS = ["webhooks"]
# They are subscribed to in one form and listed in another.
STORED = {"created": "create", "updated": "update"}


class BadEvent(Refusal):
    reason = "bad_event"


@post(
    "/webhook/subscribe",
    status_code=201,
    operation_class=schema.SubscribeWebhook,
    summary="Subscribe a URL to an event",
    tags=TAGS,
)
async def subscribe(request: AnyRequest) -> dict[str, object]:
    """Tell a URL of an event from now on."""
    business_id = await business_of(request)
    document = await document_of(request)
    event = event_of(required(document, "event", LONGEST_EVENT))
    url = required(document, "target_url", LONGEST_URL)
    made = await ask(subscribe_topic, Topic(business_id=business_id, topic=event, url=url))
    return {"data": {"subscription_id": str(made.id)}, "status": "OK"}


@post(
    "/webhook/unsubscribe",
    status_code=200,
    operation_class=schema.UnsubscribeWebhook,
    summary="Unsubscribe a URL from one event, or from all",
    tags=TAGS,
)
async def unsubscribe(request: AnyRequest) -> dict[str, object]:
    """Tell a URL no more; that nothing was told before is no error."""
    business_id = await business_of(request)
    document = await document_of(request)
    url = required(document, "target_url", LONGEST_URL)
    event = text_of(document, "event", LONGEST_EVENT)
    topic = event_of(event) if event else ""
    await ask(unsubscribe_topics, Topic(business_id=business_id, topic=topic, url=url))
    return {"data": {"unsubscribed": True}, "status": "OK"}


@get("/webhooks", summary="List webhook subscriptions", tags=TAGS)
async def list_webhooks(request: AnyRequest) -> dict[str, object]:
    """Who is told of the business's events; `filter[entity]` and `filter[event_type]` narrow the list."""
    found = await ask(listed_topics, await business_of(request))
    entity = request.query_params.get("filter[entity]", "")
    event_type = request.query_params.get("filter[event_type]", "")
    items = [item for one in found if matches(item := listed(one), entity, event_type)]
    return {"response": {"success": "ok", "data": {"subscriptions": items}}}


async def business_of(request: AnyRequest) -> int:
    """The business of a staff token, or the one that a directory names by X-On-Behalf-Of."""
    speaker = await speaker_of(request, Scope.NOTIFY)
    if speaker.kind not in (TokenKind.STAFF, TokenKind.DIRECTORY):
        raise Unauthenticated
    tenant = await doors_of(request).accounts.tenant(speaker, request.headers.get("x-on-behalf-of"))
    return tenant.id


def event_of(text: str) -> str:
    """Entity and event type. Raises `BadEvent`."""
    if not EVENT.fullmatch(text):
        raise BadEvent("Invalid event format", "event")
    return text


def listed(one: Subscription) -> dict[str, object]:
    entity, _, event_type = one.topic.partition("/")
    return {"id": one.id, "entity": entity, "event_type": STORED.get(event_type, event_type), "url": one.url}


def matches(item: dict[str, object], entity: str, event_type: str) -> bool:
    """Whether a subscription is one of those asked for, in either form of the event's name."""
    entity = "client" if entity == "lead" else entity
    return entity in ("", item["entity"]) and STORED.get(event_type, event_type) in ("", item["event_type"])


def unauthorized(_: AnyRequest, __: Exception) -> Response[dict[str, str]]:
    return say("Unauthorized", 401)


router = Router(
    path="/platform/v1",
    route_handlers=[subscribe, unsubscribe, list_webhooks],
    exception_handlers={
        **refusals(say, STATUSES | {BadEvent: 400}),
        Unauthenticated: unauthorized,
        NotYourBusiness: unauthorized,
        NoBusiness: lambda _, __: say("Mandatory header X-On-Behalf-Of is missing", 400),
        Taken: lambda _, __: say("Webhook already exists", 422),
    },
)
