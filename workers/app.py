"""The Celery app, each setting with its reason. Celery carries doorbells; the work is in PostgreSQL."""

import warnings
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from kombu import Queue

from models.job import Queue as QueueName
from models.logs import configure_logs
from models.settings import settings

# It warns of root because of pickle, which we do not accept; containers run us as a plain user anyway.
warnings.filterwarnings("ignore", "You're running the worker with superuser privileges")


def transport_options() -> dict[str, Any]:
    """What kombu passes to the broker's client."""
    options: dict[str, Any] = {
        # Doorbells are acknowledged early, so nothing waits to be restored; a last resort only.
        "visibility_timeout": 300,
        # A dead path blocks the event loop for ever without it; above BRPOP's own second.
        "socket_timeout": 10,
        "socket_connect_timeout": 3,
        # Finds a half-open connection in some ten seconds rather than fifty.
        "health_check_interval": 5,
        # A Redis that is shared stays ours to share.
        "global_keyprefix": settings().redis_prefix,
        # CLIENT LIST can be read by people.
        "client_name": "leads",
        # Publishers cannot use up the server's connections.
        "max_connections": 40,
        "queue_order_strategy": "round_robin",
    }
    if settings().sentinel_master:
        options["master_name"] = settings().sentinel_master
    if not settings().broker.startswith("redis+socket:"):
        options["socket_keepalive"] = True
    return options if settings().broker.startswith(("redis", "rediss", "sentinel")) else {}


app = Celery("leads", include=["workers.run"], set_as_current=True)
app.conf.update(
    broker_url=settings().broker,
    broker_transport_options=transport_options(),
    broker_connection_retry_on_startup=True,
    # The default gives up after a hundred tries, and with it the worker.
    broker_connection_max_retries=None,
    # READONLY and OOM are channel errors: the default lets the worker exit.
    broker_channel_error_retry=True,
    broker_connection_timeout=4,
    # A doorbell carries no work. Late acks bring redelivery, double starts, and a worker that exits
    # when the broker restarts with a task in flight (house.md part 3).
    task_acks_late=False,
    # True would ring a job that kills its worker without limit; attempts are counted in PostgreSQL.
    task_reject_on_worker_lost=False,
    # One doorbell a thread at a time: a dead worker strands only what it runs.
    worker_prefetch_multiplier=1,
    task_soft_time_limit=settings().soft_time_limit_seconds,
    task_time_limit=settings().hard_time_limit_seconds,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    # Results live in our tables; Redis does not fill up with them.
    task_ignore_result=True,
    result_backend=None,
    # No pickle; arguments are lists of ids.
    task_serializer="json",
    accept_content=["json"],
    # Only the relay publishes, and it has a loop of its own.
    task_publish_retry=False,
    task_default_queue=QueueName.DEFAULT,
    task_queues=[Queue(str(name)) for name in QueueName],
    # A typo raises QueueNotFound instead of filling a queue that nobody reads.
    task_create_missing_queues=False,
    # Monitoring reads PostgreSQL, not events.
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
)


@setup_logging.connect
def keep_our_logs(**_: object) -> None:
    """Celery leaves logging alone once somebody answers this signal."""
    configure_logs(settings())
