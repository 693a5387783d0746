"""The web application: every room's router, and what they share."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar, MediaType, Response
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, YamlRenderPlugin
from litestar.types import ControllerRouterHandler

from intake import health, unsubscribe
from intake.auth import Accounts
from intake.capture_lane import CaptureLane
from intake.desk import inbox, overview
from intake.dialects.crm.router import router as crm
from intake.dialects.leadgen import partners, platform, webhooks
from intake.dialects.nateq import router as nateq
from intake.dialects.sell import router as sell
from intake.door import AnyRequest, Doors, status_of
from intake.forms import router as forms
from intake.forms.book import Forms
from intake.forms.rates import FormRates
from intake.hooks import router as hooks
from intake.hooks.sources import Sources
from intake.manage import router as manage
from intake.rate import Buckets
from intake.request_id import request_id
from intake.straight import by_the_short_way
from intake.turnstile import Turnstile
from models.identifiers import new_uid
from models.logs import configure_logs
from models.settings import settings

ROOMS: list[ControllerRouterHandler] = [
    platform.router,
    webhooks.router,
    partners.router,
    nateq.router,
    sell.router,
    manage.router,
    forms.router,
    hooks.router,
    health.router,
    unsubscribe.router,
    inbox.router,
    overview.router,
]


def create_app() -> Litestar:
    """Make the application of one web process; uvicorn calls it in each."""
    configure_logs(settings())
    app = Litestar(
        route_handlers=[*ROOMS, crm(settings().crm_path)],
        lifespan=[shared],
        middleware=[request_id],
        exception_handlers={HTTPException: plain, Exception: plain},
        openapi_config=OpenAPIConfig(
            title="lead-intake",
            version="0.1.0",
            description="Takes in sales leads and never loses one.",
            path="/schema",
            render_plugins=[JsonRenderPlugin(), YamlRenderPlugin()],
        ),
        # Bodies are read, limited and parsed by us; this is only the framework's own outer fence.
        request_max_body_size=settings().body_limit_bytes * 2,
        debug=False,
        logging_config=None,
    )
    app.asgi_handler = by_the_short_way(app)
    return app


@asynccontextmanager
async def shared(app: Litestar) -> AsyncIterator[None]:
    """What the process's requests share; at the end, what flies lands before the doors close."""
    lane = CaptureLane(settings())
    look_less_often()
    app.state.doors = Doors(
        settings=settings(),
        accounts=Accounts(settings()),
        lane=lane,
        turnstile=Turnstile(),
        sell_rate=Buckets(settings().rate_limit_sell),
        nateq_rate=Buckets(settings().rate_limit_nateq),
        crm_rate=Buckets(settings().rate_limit_crm),
        login_rate=Buckets(settings().login_attempts / 60, burst=settings().login_attempts),
        forms=Forms(settings()),
        form_rates=FormRates(settings()),
        sources=Sources(settings()),
    )
    try:
        yield
    finally:
        await lane.close()


def look_less_often() -> None:
    """Requests leave few cycles behind; looking for them took a tenth of the time of each."""
    gc.set_threshold(50_000, 20, 20)


def plain(request: AnyRequest, exc: Exception) -> Response[dict[str, object]]:
    """An answer outside every dialect: an unknown path, a method that is not served."""
    status = status_of(exc)
    detail = exc.detail if isinstance(exc, HTTPException) and status < 500 else "Internal error"
    headers = dict(exc.headers or {}) if isinstance(exc, HTTPException) else {}
    if "request_id" not in request.scope["state"]:
        # What has no route never came by the middleware.
        headers["X-Request-Id"] = new_uid()
    return Response(
        {"status": status, "message": detail}, status_code=status, media_type=MediaType.JSON, headers=headers
    )
