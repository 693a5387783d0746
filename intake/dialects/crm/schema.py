"""What OpenAPI tells of this tongue: its bodies are parsed by us, so they are described by us."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litestar.openapi.spec import (
    OpenAPIMediaType,
    OpenAPIResponse,
    Operation,
    Parameter,
    RequestBody,
    Schema,
)
from litestar.openapi.spec.enums import OpenAPIType

TEXT = Schema(type=OpenAPIType.STRING)
OBJECT = Schema(type=OpenAPIType.OBJECT)
TYPES = ("multipart/form-data", "application/x-www-form-urlencoded", "application/json")
CREDENTIALS = {"apikey": "A token of the business", "Authorization": "Bearer and an access token"}
FAILURES = {
    "400": ("Validation Error: the errors name each field", {"email": ["Invalid email."]}),
    "401": ("Who are you (detail), or Request Failed (error)", {"error": ["You can't delete this lead."]}),
    "429": ("Too many requests; with Retry-After", {"detail": ["Request was throttled: slow down."]}),
    "503": ("Please try again; with Retry-After", {"detail": ["Temporarily unavailable, please try again."]}),
}  # fmt: skip


def envelope(status: int, errors: Mapping[str, object], data: Mapping[str, object]) -> OpenAPIMediaType:
    shape = Schema(
        type=OpenAPIType.OBJECT,
        properties={"status_code": Schema(type=OpenAPIType.INTEGER), "errors": OBJECT, "data": OBJECT},
    )
    return OpenAPIMediaType(
        schema=shape, example={"status_code": status, "errors": dict(errors), "data": dict(data)}
    )


def answers(data: Mapping[str, object]) -> dict[str, OpenAPIResponse]:
    json = "application/json"
    told = {
        status: OpenAPIResponse(description=why, content={json: envelope(int(status), errors, {})})
        for status, (why, errors) in FAILURES.items()
    }
    done = OpenAPIResponse(description="Done", content={json: envelope(200, {}, data)})
    return {"200": done} | told


def described(
    data: Mapping[str, object],
    *,
    query: Mapping[str, str] | None = None,
    body: Mapping[str, str] | None = None,
    needed: tuple[str, ...] = (),
    bearer: bool = True,
) -> type[Operation]:
    """The description of an endpoint: its answer by example, its parameters, or its fields by example."""
    headers = CREDENTIALS if bearer else {"apikey": CREDENTIALS["apikey"]}

    @dataclass
    class Described(Operation):
        def __post_init__(self) -> None:
            self.parameters = [
                Parameter(name=name, param_in=place, description=told, schema=TEXT)
                for place, names in (("header", headers), ("query", query or {}))
                for name, told in names.items()
            ]
            if body is not None:
                self.request_body = fields(body, needed)
            self.responses = dict(answers(data))

    return Described


def fields(example: Mapping[str, str], needed: tuple[str, ...]) -> RequestBody:
    shape = Schema(
        type=OpenAPIType.OBJECT, properties=dict.fromkeys(example, TEXT), required=list(needed) or None
    )
    media: Any = OpenAPIMediaType(schema=shape, example=dict(example))
    return RequestBody(required=True, content=dict.fromkeys(TYPES, media))


PAIR = {"access": "tg_live_...", "refresh": "tg_live_..."}
LOGIN = {"username": "grace", "password": "a long password"}

Login = described(PAIR, body=LOGIN, needed=tuple(LOGIN), bearer=False)
Refresh = described(PAIR, body={"refresh": "tg_live_..."}, needed=("refresh",), bearer=False)
