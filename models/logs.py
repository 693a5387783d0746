"""Structured logs: one line an event, with ids and without personal data."""

import logging
import sys
import traceback

import structlog
from structlog.typing import ExcInfo

from models.settings import Settings


def way_of(exc_info: ExcInfo) -> str:
    """The way through the code to an error, and its type: its text may tell what a person wrote."""
    kind, _, trace = exc_info
    return "".join(traceback.format_tb(trace)) + kind.__name__


def configure_logs(settings: Settings) -> None:
    """Send our events, and whatever libraries log, to stderr in one format."""
    console = settings.log_format == "console"
    renderer = structlog.dev.ConsoleRenderer() if console else structlog.processors.JSONRenderer()
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[settings.log_level]
        ),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.ExceptionRenderer(way_of),
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    # Libraries talk at INFO of URLs and addresses, which are not ours to tell, and of every doorbell.
    for noisy in ("httpx", "httpcore", "mail.log", "celery", "apprise", "kombu"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
