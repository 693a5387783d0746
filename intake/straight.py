"""The short way from a route to its handler and back, for the doors that many leads come through."""

from typing import Any

import msgspec
from litestar import Request, Response
from litestar.datastructures import Headers
from litestar.types import ASGIApp, HTTPResponseBodyEvent, HTTPResponseStartEvent, Receive, Scope, Send
from multidict import CIMultiDict

from intake.door import AnyRequest, doors_of

JSON = (b"content-type", b"application/json")


class Straight(Request[Any, Any, Any]):
    """The framework's request with its headers at hand, which are asked for again and again."""

    __slots__ = ("_headers",)

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        super().__init__(scope, receive, send)
        sent = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
        self._headers = Headers(CIMultiDict(sent))

    @property
    def headers(self) -> Headers:
        return self._headers


def straight(app: ASGIApp) -> ASGIApp:  # noqa: ARG001 - the framework passes what we stand in for
    """A middleware of one handler, which calls it in place of the framework's machinery.

    Such a handler takes the request and what stands in the path, and gives a `Response`. Routes, methods,
    error handlers and the schema stay the framework's; what it does between costs a captured lead a sixth
    of its time.
    """

    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        handler: Any = scope["route_handler"]
        request = Straight(scope, receive, send)
        await doors_of(request).turnstile.enter()
        try:
            response = await handler.fn(request, **scope["path_params"])
        except Exception as exc:  # noqa: BLE001 - a handler of the router's says it in the dialect's words
            response = refusal(handler.resolve_exception_handlers(), request, exc)
        if isinstance(response.content, dict):
            await answer(response, response.status_code or handler.status_code, send)
        else:
            await response.to_asgi_response(app=None, request=request)(scope, receive, send)

    return call


def refusal(handlers: Any, request: AnyRequest, exc: Exception) -> Response[Any]:  # noqa: ANN401 - the framework's own
    """What the router says of an exception, by the nearest of its classes."""
    for kind in type(exc).__mro__:
        if kind in handlers:
            response: Response[Any] = handlers[kind](request, exc)
            return response
    raise exc


async def answer(response: Response[Any], status: int, send: Send) -> None:
    """Answer in JSON."""
    body = msgspec.json.encode(response.content)
    headers = [JSON, (b"content-length", str(len(body)).encode())]
    headers += [(name.lower().encode(), value.encode()) for name, value in response.headers.items()]
    start: HTTPResponseStartEvent = {"type": "http.response.start", "status": status, "headers": headers}
    end: HTTPResponseBodyEvent = {"type": "http.response.body", "body": body, "more_body": False}
    await send(start)
    await send(end)
