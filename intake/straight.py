"""The short way from a route to its handler and back, for the doors that many leads come through."""

import re
from typing import Any

import msgspec
from litestar import Litestar, Request, Response
from litestar.datastructures import Headers
from litestar.exceptions import HTTPException
from litestar.types import ASGIApp, HTTPResponseBodyEvent, HTTPResponseStartEvent, Receive, Scope, Send

from intake.door import AnyRequest, doors_of
from intake.request_id import header, named, telling

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
    of its time. Whatever is not found so is answered by the framework.
    """
    long_way, find = app.asgi_handler, app.asgi_router.handle_routing

    async def way(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            _, handler, _, found, _ = find(path=scope["path"], method=scope.get("method"))
        except HTTPException:
            return await long_way(scope, receive, send)
        if handler.opt.get("is_straight") and has_host(scope):
            scope["route_handler"], scope["path_params"] = handler, found
            return await call(scope, receive, send)
        return await long_way(scope, receive, send)

    return way


def has_host(scope: Scope) -> bool:
    """Whether the Host header could be one (RFC 9112, 3.2); the framework knows what to say otherwise."""
    return all(HOST.fullmatch(value) for name, value in scope["headers"] if name == b"host")


async def call(scope: Scope, receive: Receive, send: Send) -> None:
    handler: Any = scope["route_handler"]
    uid = named(scope)
    request = Straight(scope, receive, send)
    await doors_of(request).turnstile.enter()
    try:
        response = await handler.fn(request, **scope["path_params"])
    except Exception as exc:  # noqa: BLE001 - a handler of the router's says it in the dialect's words
        response = refusal(handler.resolve_exception_handlers(), request, exc)
    if isinstance(response.content, dict):
        await answer(response, response.status_code or handler.status_code, uid, send)
    else:
        await response.to_asgi_response(app=None, request=request)(scope, receive, telling(uid, send))


def refusal(handlers: Any, request: AnyRequest, exc: Exception) -> Response[Any]:  # noqa: ANN401 - the framework's own
    """What the router says of an exception, by the nearest of its classes."""
    for kind in type(exc).__mro__:
        if kind in handlers:
            response: Response[Any] = handlers[kind](request, exc)
            return response
    raise exc


async def answer(response: Response[Any], status: int, uid: str, send: Send) -> None:
    """Answer in JSON."""
    body = msgspec.json.encode(response.content)
    headers = [JSON, (b"content-length", str(len(body)).encode()), header(uid)]
    headers += [(name.lower().encode(), value.encode()) for name, value in response.headers.items()]
    start: HTTPResponseStartEvent = {"type": "http.response.start", "status": status, "headers": headers}
    end: HTTPResponseBodyEvent = {"type": "http.response.body", "body": body, "more_body": False}
    await send(start)
    await send(end)
