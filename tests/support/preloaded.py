"""What every part of the service loads before it reads its settings, loaded once for all that are started.

It takes most of the time that a part needs to start, and says nothing of how the part behaves.
"""

import celery.apps.worker
import celery.bin.celery
import celery.concurrency.thread
import httpx
import icalendar
import jinja2
import kombu.transport.redis
import litestar
import litestar.openapi.plugins
import phonenumbers
import psycopg
import redis
import sqlalchemy.dialects.postgresql.psycopg
import sqlmodel
import structlog
import typer
import uvicorn.protocols.http.httptools_impl
import uvloop

import models.tables

__all__ = [
    "celery", "httpx", "icalendar", "jinja2", "kombu", "litestar", "models", "phonenumbers", "psycopg",
    "redis", "sqlalchemy", "sqlmodel", "structlog", "typer", "uvicorn", "uvloop",
]  # fmt: skip
