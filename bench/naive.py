"""What a developer would write first: FastAPI, an SQLModel session in a thread, `.delay()` in the request."""

from collections.abc import Iterator
from typing import Annotated
from urllib.parse import parse_qsl

from celery import Celery
from fastapi import Depends, FastAPI, Request
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import registry
from sqlmodel import Field, Session, SQLModel, select

from models.settings import settings

celery = Celery("naive", broker=settings().broker)
celery.conf.broker_transport_options = {"global_keyprefix": f"{settings().redis_prefix}naive:"}
celery.conf.task_ignore_result = True


class Table(SQLModel, registry=registry()):
    """Tables apart from ours."""


class NaiveLead(Table, table=True):
    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True, index=True)
    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    address: str = ""
    source: str = ""
    source_url: str = ""
    tags: str = ""


class NaiveEnquiry(Table, table=True):
    id: int | None = Field(default=None, primary_key=True)
    lead_id: int = Field(foreign_key="naivelead.id", index=True)
    title: str = ""
    message: str = ""


@celery.task(name="notify_email")
def notify_email(lead_id: int) -> None: ...


@celery.task(name="notify_sms")
def notify_sms(lead_id: int) -> None: ...


async def form_of(request: Request) -> dict[str, str]:
    return dict(parse_qsl((await request.body()).decode()))


def session_of(request: Request) -> Iterator[Session]:
    with Session(request.app.state.engine) as session:
        yield session


Form = Annotated[dict[str, str], Depends(form_of)]
Opened = Annotated[Session, Depends(session_of)]
app = FastAPI()


@app.post("/leads", status_code=201)
def create_lead(form: Form, session: Opened) -> dict[str, str]:
    lead = session.exec(select(NaiveLead).where(NaiveLead.email == form["email"])).first()
    if lead is None:
        names = NaiveLead.model_fields.keys() - {"id"}
        lead = NaiveLead.model_validate({name: form.get(name, "") for name in names})
    lead.phone = form.get("phone", lead.phone)
    session.add(lead)
    session.flush()
    number = lead.id or 0
    title, message = form["request_title"], form.get("request_data[Wood]", "")
    session.add(NaiveEnquiry(lead_id=number, title=title, message=message))
    session.commit()
    notify_email.delay(number)
    notify_sms.delay(number)
    return {"status": "OK", "uid": str(number)}


def create_app() -> FastAPI:
    engine: Engine = create_engine(settings().database_url, pool_size=20, max_overflow=20)
    Table.metadata.create_all(engine)
    app.state.engine = engine
    return app
