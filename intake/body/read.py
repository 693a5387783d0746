"""Reads the body of a request, as far as the limit and no further."""

from typing import TYPE_CHECKING, Any

from intake.body.document import BadBody

if TYPE_CHECKING:
    # Commands read bodies too, and should not wait for the framework.
    from litestar import Request

TOO_LARGE = 413


async def read_body(request: "Request[Any, Any, Any]", limit: int) -> bytes:
    """Read at most `limit` bytes; a longer body, or one announced as longer, is refused with 413 at once.

    Straight from the server, once a request: the framework's own reading knows no word for a caller who left.
    """
    if (announced := request.content_length) is not None and announced > limit:
        raise _too_large(limit)
    body, is_whole = bytearray(), False
    while not is_whole:
        message = await request.receive()
        if message["type"] != "http.request":
            raise BadBody("The body ended before it was complete.", reason="incomplete_body")
        body += message.get("body", b"")
        if len(body) > limit:
            raise _too_large(limit)
        is_whole = not message.get("more_body", False)
    return bytes(body)


def _too_large(limit: int) -> BadBody:
    message = f"The body is larger than {limit} bytes."
    return BadBody(message, status=TOO_LARGE, reason="too_large")
