"""Settings: the only reader of the environment."""

import re
from functools import lru_cache
from ipaddress import ip_network
from itertools import pairwise
from pathlib import Path
from typing import Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.percentages import percentages
from models.targets import networks

# The ordering rule of reliability.md part b. A rung that touches the next one lets a live worker
# lose its lease, or lets Celery kill a send half-way and leave its outcome unknown.
LADDER = (
    "smtp_connect_seconds",
    "client_timeout_seconds",
    "batch_budget_seconds",
    "soft_time_limit_seconds",
    "hard_time_limit_seconds",
)

ONE_ADDRESS = re.compile(r"[^\s<>,;:@\"]+@[^\s<>,;:@\"]+")

PATH = re.compile(r"(/[A-Za-z0-9._~-]+)+")
TAKEN_PATHS = ("/v1/", "/v2/", "/platform/v1/", "/api/v1/", "/desk/", "/inbox/", "/schema/")


class Settings(BaseSettings):
    """Every setting of the service, with its default; `.env.example` tells the same to an operator."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True)

    # Where things are
    database_url: str = Field(
        default="", description="PostgreSQL 15 or later; empty: the embedded one under --data"
    )
    redis_url: str = Field(
        default="", description="Redis 7 or later, or Valkey; empty: the embedded one under --data"
    )
    broker_url: str = Field(default="", description="Celery broker for the doorbells; empty: REDIS_URL")
    sentinel_master: str = Field(
        default="", description="The master's name, where the broker is sentinel://..."
    )
    redis_prefix: str = Field(
        default="leads:", description="Prefix of every key on Redis, so that it can be shared"
    )
    public_url: str = Field(
        default="http://localhost:8000", description="Where callers and recipients reach us"
    )
    trusted_proxies: str = Field(
        default="", description="Comma-separated networks whose X-Forwarded-For is believed"
    )

    crm_path: str = Field(default="/crm/v1", description="Where the Leads & CRM API is served")
    crm_bare_answers: bool = Field(
        default=False, description="Answer a new lead with empty data, as that API's documents show it"
    )
    crm_conversion: str = Field(
        default="prospect=0,tentative=25,potential=50,contact=75,customer=100,closed=0",
        description="How far a lead with each status is from becoming a customer, in percent",
    )

    # How messages leave
    smtp_url: str = Field(
        default="", description="smtp://[user:pass@]host:port, smtps://, ?starttls=1; empty: sink"
    )
    sms_url: str = Field(
        default="",
        description="twilio://SID:TOKEN@[host[:port]]/FROM[?scheme=http]; empty: sink",
    )
    mail_from: str = Field(
        default="", description="Sender's address; empty: no-reply@ the host of PUBLIC_URL"
    )
    webhook_networks: str = Field(
        default="",
        description="Comma-separated private networks that events may go to, by http too; for development",
    )
    meta_graph_url: str = Field(
        default="https://graph.facebook.com/v21.0", description="Where Meta's leads are fetched from"
    )
    hubspot_url: str = Field(
        default="https://api.hubapi.com", description="Where HubSpot's contacts are fetched from"
    )
    linkedin_url: str = Field(
        default="https://api.linkedin.com/rest", description="Where LinkedIn's leads are fetched from"
    )
    linkedin_version: str = Field(
        default="202607",
        pattern=r"^[0-9]{6}$",
        description="Version of LinkedIn's API, year and month; LinkedIn ends each about a year later",
    )
    prometheus_multiproc_dir: Path | None = Field(
        default=None, description="Folder that the processes of a machine count in, for one /metrics of all"
    )
    inbox_dir: Path | None = Field(default=None, description="Where the local sinks keep what they caught")

    # How much, how long (seconds unless the name says otherwise)
    body_limit_bytes: int = Field(default=262_144, description="Largest request body that is read")
    head_seconds: float = Field(default=15.0, gt=0, description="Longest a head or a crawling body may take")
    request_seconds: float = Field(
        default=60.0, gt=0, description="Longest a request may take, or fetching an answer"
    )
    lane_batch: int = Field(default=50, description="Most leads in one transaction of the capture lane")
    lane_flights: int = Field(default=3, description="Transactions in flight at once in one web process")
    database_budget_seconds: float = Field(default=2.0, description="Longest a caller waits for PostgreSQL")
    token_cache_seconds: float = Field(
        default=60.0, description="How long a token is believed without a look"
    )
    rate_limit_sell: int = Field(default=10, description="Requests a second a token on /v2; 0: off")
    rate_limit_nateq: int = Field(default=20, description="Requests a second a token on /api/v1; 0: off")
    rate_limit_crm: int = Field(default=20, description="Requests a second a token under CRM_PATH; 0: off")
    login_attempts: int = Field(default=10, description="Logins a minute with one username; 0: no limit")
    form_rate_address: int = Field(default=10, description="Posts of forms a minute from one address; 0: off")
    form_rate_form: int = Field(default=120, description="Posts a minute of one form; 0: off")
    lease_seconds: float = Field(default=30.0, description="How long a claimed job is its worker's alone")
    lease_renewal_seconds: float = Field(default=10.0, description="How often a worker renews its leases")
    ring_again_seconds: float = Field(
        default=30.0, description="When a job that nobody claimed is rung again"
    )
    doorbell_batch: int = Field(default=50, description="Most job ids in one doorbell")
    smtp_connect_seconds: float = Field(default=5.0, description="Longest wait to connect to a provider")
    client_timeout_seconds: float = Field(default=30.0, description="Longest wait for a provider's answer")
    batch_budget_seconds: float = Field(
        default=45.0, description="A doorbell's jobs not begun by then are given back"
    )
    soft_time_limit_seconds: float = Field(default=80.0, description="Celery's soft limit of one doorbell")
    hard_time_limit_seconds: float = Field(default=90.0, description="Celery's hard limit of one doorbell")
    max_attempts: int = Field(default=11, description="Tries of one job before it is dead; about four days")
    max_crashes: int = Field(
        default=3, description="Claims in a row that ended without a word before a job is dead"
    )
    retry_first_seconds: float = Field(
        default=60.0, description="Wait before the second try; later ones grow from it"
    )
    unknown_wait_seconds: float = Field(
        default=900.0, description="Wait before a mail of unknown outcome goes once more"
    )
    auto_reply_hours: float = Field(
        default=24.0, description="One auto-reply a recipient and form in this time"
    )
    auto_reply_daily: int = Field(
        default=3, description="Auto-replies a recipient a day, over all businesses"
    )
    appointment_reminder_hours: float = Field(
        default=24.0,
        ge=0,
        le=8760,
        description="Hours before an appointment when the lead is reminded; 0: off",
    )
    webhook_timeout_seconds: float = Field(
        default=20.0, description="Longest time for one request to a subscriber, its answer included"
    )
    webhook_rest_seconds: float = Field(
        default=5.0, description="How long a subscriber that did not answer is left alone"
    )
    silence_check_seconds: float = Field(
        default=300.0, description="How often forms and sources are looked at for silence; 0: never"
    )
    quarantine_alerts: bool = Field(default=True, description="Tell owners daily of posts in quarantine")
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")
    log_format: str = Field(default="json", description="json, or console for people")

    @field_validator("database_url")
    @classmethod
    def _psycopg(cls, url: str) -> str:
        """Name the one driver, whatever the scheme was called."""
        scheme, separator, rest = url.partition("://")
        return f"postgresql+psycopg://{rest}" if separator and scheme.startswith("postgres") else url

    @field_validator("mail_from")
    @classmethod
    def _one_address(cls, address: str) -> str:
        """A sender that no server takes would fail every mail for good, so it fails the start."""
        if address and not ONE_ADDRESS.fullmatch(address):
            message = "MAIL_FROM must be one plain address, without a name"
            raise ValueError(message)
        return address

    @field_validator("crm_path")
    @classmethod
    def _own_path(cls, path: str) -> str:
        """A path under which another API is served would hide one of the two."""
        if not PATH.fullmatch(path) or f"{path}/".startswith(TAKEN_PATHS):
            message = f"CRM_PATH must be like /crm/v1, and not begin with {', '.join(TAKEN_PATHS)}"
            raise ValueError(message)
        return path

    @field_validator("crm_conversion")
    @classmethod
    def _percentages(cls, table: str) -> str:
        """Read once at the start, so that a slip fails there."""
        percentages(table)
        return table

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, text: str) -> str:
        """A word that names no network would let nobody in whom the operator means."""
        for word in filter(None, (one.strip() for one in text.split(","))):
            ip_network(word, strict=False)
        return text

    @field_validator("webhook_networks")
    @classmethod
    def _are_networks(cls, listed: str) -> str:
        networks(listed)
        return listed

    @field_validator("redis_url", "broker_url")
    @classmethod
    def _no_cluster(cls, url: str) -> str:
        if "+cluster" in url:
            message = "Redis Cluster is not supported by Celery's transport: use a single node or Sentinel"
            raise ValueError(message)
        return url

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        """Refuse to start where one time limit would overtake the next."""
        rungs = [(name, getattr(self, name)) for name in LADDER]
        rungs_of_lease = [(n, getattr(self, n)) for n in ("lease_renewal_seconds", "lease_seconds")]
        for ladder in (rungs, rungs_of_lease):
            for (low, a), (high, b) in pairwise(ladder):
                if a >= b:
                    message = f"{low.upper()} ({a}) must be below {high.upper()} ({b})"
                    raise ValueError(message)
        return self

    @property
    def psycopg_url(self) -> str:
        """The database's address as libpq reads it."""
        return self.database_url.replace("postgresql+psycopg://", "postgresql://", 1)

    @property
    def broker(self) -> str:
        """The broker's address as Celery reads it; a unix socket has a scheme of its own there."""
        url = self.broker_url or self.redis_url
        path, _, query = url.removeprefix("unix://").partition("?")
        database = query.removeprefix("db=") or "0"
        return f"redis+socket://{path}?virtual_host={database}" if url.startswith("unix://") else url


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
