"""What Sell's tongue answers with: JSON in an envelope, and pages with their links."""

import base64
import json
from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlencode

import msgspec
from litestar import Response

JSON = "application/json; charset=utf-8"

LARGEST_ID = 10**18

Document = dict[str, object]


def answer(document: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response[bytes]:
    return Response(
        msgspec.json.encode(document),
        status_code=status,
        media_type=JSON,
        headers={"Content-Language": "en", **(headers or {})},
    )


def nothing() -> Response[None]:
    """204 without a byte of body."""
    return Response(None, status_code=204, headers={"Content-Language": "en"})


def envelope(data: Document, meta: Document) -> Document:
    return {"data": data, "meta": meta}


def collection(items: Sequence[Document], links: Document) -> Document:
    """`count` is of this page; nothing tells how many there are in all."""
    return {"items": list(items), "meta": {"type": "collection", "count": len(items), "links": links}}


def page_links(url: str, query: Mapping[str, str], page: int, *, more: bool) -> Document:
    """Links to this page and its neighbours; one that is not there is not named."""
    links: Document = {"self": with_query(url, {**query, "page": str(page)})}
    if page > 1:
        links["first_page"] = with_query(url, {**query, "page": "1"})
        links["prev_page"] = with_query(url, {**query, "page": str(page - 1)})
    if more:
        links["next_page"] = with_query(url, {**query, "page": str(page + 1)})
    return links


def with_query(url: str, query: Mapping[str, str]) -> str:
    return f"{url}?{urlencode(query, quote_via=quote)}" if query else url


def to_cursor(last_id: int) -> str:
    """An opaque token: base64 of a JSON object and a line end, as the contract's own sample is."""
    return base64.b64encode(f'{{"last_id":{last_id}}}\n'.encode()).decode("ascii")


def from_cursor(cursor: str) -> int | None:
    """The id in a cursor of ours; None for anything else."""
    try:
        found = json.loads(base64.b64decode(cursor.strip(), validate=True))
        last_id = found["last_id"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if type(last_id) is not int or not 0 < last_id < LARGEST_ID:
        return None
    return last_id if to_cursor(last_id).strip() == cursor.strip() else None
