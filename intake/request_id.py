"""Every answer carries an X-Request-Id, which is also its receipt's uid and stands in every log line."""

from litestar.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars

from models.identifiers import new_uid


def request_id(app: ASGIApp) -> ASGIApp:
    """Give each request an id of our own; one that a caller sends is not believed."""

    async def with_request_id(scope: Scope, receive: Receive, send: Send) -> None:
        uid = named(scope)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-request-id", uid.encode("ascii"))]
            await send(message)

        await app(scope, receive, send_with_id)

    return with_request_id


def named(scope: Scope) -> str:
    """Name a request, for its receipt and its log lines."""
    uid = new_uid()
    scope["state"]["request_id"] = uid
    # Each request runs in a context of its own, so nothing of another's has to be cleared.
    bind_contextvars(request_id=uid)
    return uid
