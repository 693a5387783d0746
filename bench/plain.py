"""One Celery task a message, as a developer would write it first: EmailMessage and a new connection."""

import os
import smtplib
from email.message import EmailMessage
from functools import lru_cache
from urllib.parse import urlsplit

from celery import Celery
from jinja2 import Template
from sqlalchemy import Engine, create_engine
from sqlmodel import Session

from models.lead import Lead
from models.settings import settings

app = Celery("plain", broker=settings().broker)
app.conf.broker_transport_options = {"global_keyprefix": f"{settings().redis_prefix}plain:"}
app.conf.task_ignore_result = True
app.conf.task_default_queue = "plain"

TEXT = Template("Dear {{ name }},\n\nthank you for your enquiry. We shall answer soon.\n\nBench Chairs\n")
HTML = Template(
    "<p>Dear {{ name }},</p><p>thank you for your enquiry. We shall answer soon.</p><p>Bench Chairs</p>",
    autoescape=True,
)


@lru_cache(maxsize=1)
def engine() -> Engine:
    return create_engine(settings().database_url, pool_size=10, max_overflow=10)


@app.task(name="send_mail")
def send_mail(lead_id: int) -> None:
    with Session(engine()) as session:
        lead = session.get_one(Lead, lead_id)
    message = EmailMessage()
    message["From"], message["To"] = "no-reply@bench.example.org", lead.email
    message["Subject"] = "Thank you for your enquiry"
    message.set_content(TEXT.render(name=lead.first_name))
    message.add_alternative(HTML.render(name=lead.first_name), subtype="html")
    server = urlsplit(settings().smtp_url)
    with smtplib.SMTP(server.hostname or "", server.port or 25, local_hostname="localhost") as smtp:
        smtp.send_message(message)


def main() -> None:
    """Ask for the mails to leads 1 to BENCH_MAILS: `python -m bench.plain`."""
    with app.producer_or_acquire() as producer:
        for number in range(1, int(os.environ["BENCH_MAILS"]) + 1):
            send_mail.apply_async((number,), producer=producer)


if __name__ == "__main__":
    # As a worker imports it, so that the task has one name.
    from bench.plain import main as ask

    ask()
