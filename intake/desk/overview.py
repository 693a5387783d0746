"""The desk: one page on which a business sees what came in, what went out and what waits."""

from typing import Any

import structlog
from litestar import MediaType, Request, Response, Router, get
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from intake.desk import login
from intake.page import page
from models.database import transact
from models.operations.overview import Overview, overview

SECONDS = ((86_400, "d"), (3_600, "h"), (60, "min"))

log = structlog.get_logger()


def seen_by(session: Session, told: str) -> Overview | None:
    """What the holder of a session may see; None where it is no session."""
    tenant = login.tenant_of(session, told)
    return overview(session, tenant.id) if tenant is not None else None


def lasting(seconds: float) -> str:
    """A length of time in its largest unit, as people say it: `4 min`."""
    for length, unit in SECONDS:
        if seconds >= length:
            return f"{int(seconds // length)} {unit}"
    return f"{int(seconds)} s"


@get("/", sync_to_thread=True, include_in_schema=False)
def show(request: Request[Any, Any, Any]) -> Response[str]:
    shown = transact(seen_by, request.cookies.get(login.COOKIE, ""))
    if shown is None:
        return login.ask()
    return page(
        "overview.html",
        headers=login.OWN_FORMS,
        desk=shown,
        lasting=lasting,
        # Not everybody reads a page in ten seconds (WCAG 2.2.1).
        refreshes=request.query_params.get("refresh") != "off",
    )


def unavailable(_: object, exc: Exception) -> Response[str]:
    log.error("desk failed", error=type(exc).__name__)
    return Response(
        "The database does not answer. Leads are refused with 503 until it does; nothing taken in is lost.\n",
        status_code=503,
        media_type=MediaType.TEXT,
        headers={"Retry-After": "10"},
    )


router = Router(
    path=login.HOME,
    route_handlers=[show, login.ask_again, login.sign_in, login.sign_out],
    exception_handlers={SQLAlchemyError: unavailable},
)
