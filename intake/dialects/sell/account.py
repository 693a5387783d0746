"""/v2/users and /v2/accounts/self: who works here, and for whom."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from litestar import Response, get

from intake.ask import ask
from intake.dialects.sell.answers import answer, envelope
from intake.dialects.sell.attributes import ID, Attribute, Row, computed, read_only_moment, text
from intake.dialects.sell.caller import called
from intake.dialects.sell.query import always, an_email, by_ids, by_text
from intake.dialects.sell.records import no_parameters
from intake.dialects.sell.resource import READ, Filter, Resource
from intake.dialects.sell.values import told_moment
from intake.door import AnyRequest
from models.operations.records.conditions import Match
from models.operations.records.staff import USERS, Speaking, find_account, find_self
from models.operations.tokens import Scope

# What Sell knows of its users, and is the same of all of ours.
NO_ROLES: list[str] = []
FIXED = {
    "status": "active",
    "invited": False,
    "confirmed": True,
    "phone_number": None,
    "roles": NO_ROLES,
    "team_name": None,
    "group": None,
    "reports_to": None,
    "timezone": "UTC+00:00",
    "deleted_at": None,
}


def fixed(name: str, value: object) -> Attribute:
    return computed(name, lambda _: value)


users = Resource(
    type="user",
    path="/users",
    kind=USERS,
    attributes=(
        ID,
        computed("name", lambda row: row["name"] or row["username"]),
        text("email"),
        text("role"),
        *(fixed(name, value) for name, value in FIXED.items()),
        read_only_moment("created_at"),
        computed("updated_at", lambda row: told_moment(row["created_at"])),
    ),
    filters=(
        by_ids(),
        *by_text("name", "role"),
        Filter(name="email", column="email", match=Match.FOLDED, read=an_email),
        always("status", "active"),
        always("confirmed", "true"),
    ),
    sorts=frozenset({"id", "name", "email", "role", "created_at"}),
    verbs=READ,
)


@get("/users/self", summary="Who speaks", tags=["sell"])
async def get_self(request: AnyRequest) -> Response[bytes]:
    caller = await called(request, Scope.LEADS_READ)
    no_parameters(request)
    speaking = Speaking(business_id=caller.business_id, user_id=caller.user_id)
    return answer(users.told(await ask(find_self, speaking)))


@get("/accounts/self", summary="The business", tags=["sell"])
async def get_account(request: AnyRequest) -> Response[bytes]:
    caller = await called(request, Scope.LEADS_READ)
    no_parameters(request)
    speaking = Speaking(business_id=caller.business_id, user_id=caller.user_id)
    return answer(envelope(told_account(await ask(find_account, speaking)), {"type": "account"}))


def told_account(row: Row) -> Row:
    return {
        "id": row["id"],
        "name": row["name"],
        "currency": row["currency"],
        "time_format": "24H",
        "timezone": offset_of(row["timezone"]),
        "phone": row["phone"] or None,
        "subdomain": row["nickname"],
        "created_at": told_moment(row["created_at"]),
        "updated_at": told_moment(row["created_at"]),
    }


def offset_of(zone: str) -> str:
    """The zone's offset today, as `UTC+01:00`."""
    offset = datetime.now(UTC).astimezone(ZoneInfo(zone)).strftime("%z")
    return f"UTC{offset[:3]}:{offset[3:5]}"


HANDLERS = [get_self, get_account]
