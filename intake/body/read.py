"""Reads the body of a request, as far as the limit and no further."""

from typing import Any

from litestar import Request
from litestar.exceptions import InternalServerException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.status_codes import HTTP_413_REQUEST_ENTITY_TOO_LARGE

from intake.body.document import BadBody


async def read_body(request: Request[Any, Any, Any], limit: int) -> bytes:
    """Read at most `limit` bytes; a longer body, or one announced as longer, is refused with 413 at once."""
    if (announced := request.content_length) is not None and announced > limit:
        raise _too_large(limit)
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > limit:
                raise _too_large(limit)
            chunks.append(chunk)
    except RequestEntityTooLarge:
        raise _too_large(limit) from None
    except InternalServerException:
        # Litestar's word for a caller who left in mid-body, and for a stream that was read before:
        # the second is a bug of ours and must stay loud.
        if not request.is_connected:
            raise
        raise BadBody("The body ended before it was complete.", reason="incomplete_body") from None
    return b"".join(chunks)


def _too_large(limit: int) -> BadBody:
    message = f"The body is larger than {limit} bytes."
    return BadBody(message, status=HTTP_413_REQUEST_ENTITY_TOO_LARGE, reason="too_large")
