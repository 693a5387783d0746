"""Pages for people: our own templates, escaped, with nothing loaded from anywhere else."""

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Response

from models.unseen import without_unseen

FOLDERS = [Path(__file__).parent / room / "templates" for room in ("desk", "forms")]
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@lru_cache(maxsize=1)
def templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDERS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["without_unseen"] = without_unseen
    return environment


def page(
    name: str, status: int = 200, headers: dict[str, str] | None = None, **names: object
) -> Response[str]:
    """Render one of our templates."""
    content = templates().get_template(name).render(names)
    return Response(content, status_code=status, media_type=MediaType.HTML, headers=HEADERS | (headers or {}))
