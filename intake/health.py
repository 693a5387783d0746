"""/healthz, /readyz and /metrics: what a load balancer, an operator and Prometheus ask."""

import asyncio
from collections.abc import Iterator

import structlog
from litestar import Response, Router, get
from litestar.datastructures import State
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import REGISTRY, GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from models.database import transaction
from models.operations.measure import Measures, measure, measure_queues
from models.settings import settings

log = structlog.get_logger()


@get("/healthz", sync_to_thread=False, tags=["operating"])
def healthz() -> dict[str, str]:
    """The process is up; nothing else is asked."""
    return {"status": "ok"}


class Look:
    """A look at the queues that all who ask meanwhile share.

    A database that hangs would otherwise hold one thread more with each probe, until none is left.
    """

    def __init__(self) -> None:
        self._task: asyncio.Task[str] | None = None

    async def verdict(self, patience: float) -> str | None:
        """The verdict line, or None where the database did not give one in so many seconds."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(asyncio.to_thread(look))
        await asyncio.wait({self._task}, timeout=patience)
        try:
            return self._task.result() if self._task.done() else None
        except SQLAlchemyError as exc:
            log.warning("not ready", error=type(exc).__name__)
            return None


def look() -> str:
    with transaction() as session:
        return Measures(queues=measure_queues(session)).verdict


@get("/readyz", tags=["operating"])
async def readyz(state: State) -> Response[dict[str, str]]:
    """Ready to take leads in, which needs the database alone; the verdict tells how the rest is doing."""
    shared: Look = state.setdefault("look", Look())
    verdict = await shared.verdict(settings().database_budget_seconds)
    if verdict is None:
        return Response(
            {"status": "unavailable", "verdict": "the database cannot be reached"}, status_code=503
        )
    return Response({"status": "ready", "verdict": verdict})


@get("/metrics", sync_to_thread=True, include_in_schema=False)
def metrics() -> Response[bytes]:
    """Counters of this machine's processes, and gauges read from the database."""
    registry = CollectorRegistry()
    registry.register(Ledger())
    if settings().prometheus_multiproc_dir:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        content = generate_latest(registry)
    else:
        content = generate_latest(registry) + generate_latest(REGISTRY)
    return Response(content, media_type=CONTENT_TYPE_LATEST)


class Ledger(Collector):
    """What the database knows of the queues, whichever process asks."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            with transaction() as session:
                measures = measure(session)
        except SQLAlchemyError as exc:
            log.warning("not measured", error=type(exc).__name__)
            return
        jobs = GaugeMetricFamily("leads_jobs", "Jobs not done, by queue and state", labels=["queue", "state"])
        oldest = GaugeMetricFamily(
            "leads_oldest_job_seconds", "How long the most overdue job has waited", labels=["queue"]
        )
        for state in measures.queues:
            oldest.add_metric([state.queue], state.oldest_seconds)
            for name in ("pending", "claimed", "dead"):
                jobs.add_metric([state.queue, name], getattr(state, name))
        yield from (jobs, oldest)
        day = GaugeMetricFamily(
            "leads_receipts_day", "Requests of the last 24 h by verdict", labels=["verdict"]
        )
        for verdict, count in measures.receipts.items():
            day.add_metric([verdict], count)
        sent = GaugeMetricFamily(
            "leads_deliveries_day",
            "Messages of the last 24 h, by channel and state",
            labels=["channel", "state"],
        )
        for channel, states in measures.deliveries.items():
            for name, count in states.items():
                sent.add_metric([channel, name], count)
        yield from (day, sent)


router = Router(path="/", route_handlers=[healthz, readyz, metrics])
