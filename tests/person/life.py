"""A person's life with a business, in words that nobody else uses; and a look for what is left of them."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text as sql

from models.business import Business
from models.database import engine, transact, transaction
from models.form import Form
from models.operations.person.erase import ErasePerson, erase_person
from tests.appointments import made as appointments
from tests.forms.posts import FILLED, leads
from tests.hooks.conftest import Partner
from tests.support.web import Client
from workers.run import run

TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"


def word() -> str:
    """Letters alone: of what a provider answers numbers are left out."""
    return "zq" + uuid.uuid4().hex[:12].translate(str.maketrans("0123456789", "ghijklmnop"))


@dataclass
class Person:
    """Somebody whose every detail holds one word of their own."""

    client: Client
    business: Business
    token: str
    word: str = field(default_factory=word)

    @property
    def email(self) -> str:
        return f"{self.word}@example.org"

    def ask(self, method: str, path: str, document: Any, **headers: str) -> Any:
        bearer = {"Authorization": f"Bearer {self.token}", **headers}
        return self.client.request(method, path, headers=bearer, json=document)

    def post(self, key: str = "", **more: Any) -> Any:
        """An enquiry by API."""
        document = {
            "identifier_type": "email",
            "email": self.email,
            "unique_id": f"id-{self.word}",
            "first_name": f"Ada {self.word}",
            "last_name": self.word,
            "phone": f"ext {self.word}",
            "address": f"12 {self.word} Square",
            "request_title": f"A chair for {self.word}",
            "request_data": {"Wood": self.word},
            "message_data": {"Message": f"Hello, {self.word} here"},
            "system_message": self.word,
            "source_url": f"https://shop.example.org/?of={self.email}",
            "tags": "vip,oak",
            "notifications": "auto-reply,email,sms",
        } | more
        headers = {"Idempotency-Key": key} if key else {}
        return self.ask("POST", "/platform/v1/leadgen", document, **headers)

    def fill(self, form: Form, **more: str) -> Any:
        """A post by a form."""
        filled = FILLED | {"email": self.email, "message": f"Twenty, for {self.word}", "consent": "yes"}
        filled |= {"gclid": self.word, "referrer": f"https://search.example.org/?q={self.email}"}
        return self.client.post(f"/f/{form.key}", data=filled | more)

    def sell(self, path: str, **data: Any) -> Any:
        answer = self.ask("POST", f"/v2{path}", {"data": data})
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def sell_change(self, kind: str, **data: Any) -> None:
        """Change the newest record of a kind."""
        newest = max(item["data"]["id"] for item in self.ask("GET", f"/v2/{kind}", None).json()["items"])
        assert self.ask("PUT", f"/v2/{kind}/{newest}", {"data": data}).status_code == 200

    def lives(self, form: Form, partner: Partner) -> None:
        """Ask by every kind of door, be answered, be converted, change the address and ask once more."""
        assert self.post().status_code == 201
        assert self.post(f"key-{self.email}", phone=f"new {self.word}").status_code == 201
        assert self.post(request_title="").status_code == 400
        self.fill(form)
        self.fill(form, contact_by_fax=self.word, message=f"Buy at {self.word}")
        people = enumerate((self.word, word()))
        named = [{"id": n, "first_name": name, "email": f"{name}@example.org"} for n, name in people]
        partner.send(named)
        work(self.business)
        lead = next(one for one in leads(self.business) if one.email == self.email)
        of_lead = {"resource_type": "lead", "resource_id": lead.id}
        self.sell("/notes", content=f"Called {self.word}", **of_lead)
        self.sell("/tasks", content=f"Call {self.word}", **of_lead)
        appointments.made(self.business, lead.slug, appointments.day(), note=f"With {self.word}")
        individual = self.sell("/lead_conversions", lead_id=lead.id)["individual_id"]
        work(self.business)
        changed = {"data": {"email": f"other-{self.email}", "custom_fields": {"Shoe": self.word}}}
        assert self.ask("PUT", f"/v2/contacts/{individual}", changed).status_code == 200
        self.sell("/notes", content=f"Is {self.word}", resource_type="contact", resource_id=individual)


def erase(person: Person, reference: str = "") -> None:
    command = ErasePerson(business_id=person.business.id, reference=reference or person.email)
    transact(erase_person, command)
    work(person.business)


def work(business: Business) -> None:
    """Do all that is owed, as a worker does."""
    while ids := due(business):
        run(ids)


def due(business: Business) -> list[int]:
    with engine().begin() as connection:
        connection.exec_driver_sql(
            "UPDATE job SET next_at = clock_timestamp() WHERE business_id = %s AND state = 'pending'",
            (business.id,),
        )
        rows = connection.exec_driver_sql(
            """SELECT id FROM job WHERE business_id = %s AND (
                state = 'pending' OR state = 'claimed' AND next_at <= clock_timestamp()
            )""",
            (business.id,),
        )
        return [row[0] for row in rows]


def left_of(word: str) -> set[str]:
    """The tables in which a word is found, in text or in bytes."""
    return {table for table, _ in rows_of(word)}


def rows_of(word: str) -> list[tuple[str, str]]:
    """The rows in which a word is found."""
    found = (one for one in everything() if word in one[1] or word.encode().hex() in one[1])
    return sorted(found)


def everything() -> Iterator[tuple[str, str]]:
    """Every row of every table of the database, as PostgreSQL writes it."""
    with transaction() as session:
        tables = session.execute(sql(TABLES)).scalars().all()
        for table in tables:
            for row in session.execute(sql(f'SELECT t::text FROM "{table}" t')):
                yield table, row[0].lower()
