"""The short way from a route to its handler and back, for the doors that many leads come through."""

import re
from typing import Any

import msgspec
from litestar import Litestar, Request, Response
from litestar.datastructures import Headers
from litestar.exceptions import HTTPException
from litestar.types import ASGIApp, HTTPResponseBodyEvent, HTTPResponseStartEvent, Receive, Scope, Send

from intake.door import AnyRequest, doors_of
from intake.request_id import named

STRAIGHT = {"is_straight": True}
HOST = re.compile(rb"[\w.~:!$&'()*+,;=%@\[\]-]*", re.ASCII)  # RFC 3986, 3.2.2
JSON = (b"content-type", b"application/json")


class Straight(Request[Any, Any, Any]):
    """The framework's request with its headers at hand, which are asked for again and again."""

    __slots__ = ("_headers",)

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        super().__init__(scope, receive, send)
        self._headers = Headers(scope["headers"])

    @property
    def headers(self) -> Headers:
        return self._headers


def by_the_short_way(app: Litestar) -> ASGIApp:
    """Stand in front of the framework's own way: call the handlers that are `STRAIGHT` in place of it.

    Such a handler takes the request and what stands in the path, and gives a `Response`. Routes, methods,
    error handlers and the schema stay the framework's; what it does between costs a captured lead a fifth
    of its time. Whatever is not found so is answered by the framework, the same handlers among it.
    """
    long_way = app.asgi_handler

    async def way(scope: Scope, receive: Receive, send: Send) -> None:
        found = handler_of(app, scope)
        if found is None:
            await long_way(scope, receive, send)
        else:
            await call(*found, scope, receive, send)

    return way


def handler_of(app: Litestar, scope: Scope) -> tuple[Any, dict[str, Any]] | None:
    """The straight handler of a plain path, and what stands in the path for it."""
    path = scope["path"]
    if "//" in path or path[-1:] == "/":
        return None
    try:
        _, handler, _, named_in_path, _ = app.asgi_router.handle_routing(
            path=path, method=scope.get("method")
        )
    except HTTPException:
        return None
    return (handler, named_in_path) if handler.opt.get("is_straight") and has_host(scope) else None


def has_host(scope: Scope) -> bool:
    """Whether the Host header could be one (RFC 9112, 3.2); the framework knows what to say otherwise."""
    return all(HOST.fullmatch(value) for name, value in scope["headers"] if name == b"host")


async def call(
    handler: Any,  # noqa: ANN401 - the framework's own
    named_in_path: dict[str, Any],
    scope: Scope,
    receive: Receive,
    send: Send,
) -> None:
    uid = named(scope)
    request = Straight(scope, receive, send)
    try:
        await doors_of(request).turnstile.enter()
        said = written(await handler.fn(request, **named_in_path), handler.status_code, uid, request)
    except Exception as exc:  # noqa: BLE001 - a handler of the router's says it in the dialect's words
        refused = refusal(handler.resolve_exception_handlers(), request, exc)
        said = written(refused, handler.status_code, uid, request)
    await said(scope, receive, send)


def refusal(handlers: Any, request: AnyRequest, exc: Exception) -> Response[Any]:  # noqa: ANN401 - the framework's own
    """What the router says of an exception, by the nearest of its classes."""
    for kind in type(exc).__mro__:
        if kind in handlers:
            response: Response[Any] = handlers[kind](request, exc)
            return response
    raise exc


def written(response: Response[Any], status: int, uid: str, request: AnyRequest) -> ASGIApp:
    """Put an answer into bytes, with the request's id, before any of it is sent."""
    response.headers["X-Request-Id"] = uid
    if not isinstance(response.content, dict):
        return response.to_asgi_response(app=None, request=request)
    body = msgspec.json.encode(response.content)
    headers = [JSON, (b"content-length", str(len(body)).encode())]
    headers += [(name.lower().encode(), value.encode()) for name, value in response.headers.items()]
    status = response.status_code or status
    start: HTTPResponseStartEvent = {"type": "http.response.start", "status": status, "headers": headers}
    end: HTTPResponseBodyEvent = {"type": "http.response.body", "body": body, "more_body": False}

    async def said(_: Scope, __: Receive, send: Send) -> None:
        await send(start)
        await send(end)

    return said
