"""The counts are those of the leads, whatever is done to them and by whatever tongue."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psycopg
import pytest
from sqlmodel import col, func, select

from models.database import transaction
from models.lead import Lead
from models.operations.owned.words import SOURCES, STATUSES, told_source, told_status
from models.operations.tally import fold
from models.settings import settings
from models.tally import LeadTally
from tests.crm.conftest import ADA, Member, data_of

Groups = Counter[tuple[object, ...]]
WORDS = ["lead", "New", "", "loyal", "Working", "prospect", "CUSTOMER", "closed", "anything"]


def counted(business_id: int) -> Groups:
    """What the leads themselves say."""
    columns = (Lead.creator_id, Lead.owner_id, told_status(), told_source())
    with transaction() as session:
        query = select(*columns, func.count()).where(  # type: ignore[call-overload]
            Lead.business_id == business_id, col(Lead.deleted_at).is_(None)
        )
        return Counter({tuple(row[:4]): row[4] for row in session.execute(query.group_by(*columns))})


def tallied(business_id: int) -> Groups:
    groups: Groups = Counter()
    with transaction() as session:
        for one in session.exec(select(LeadTally).where(LeadTally.business_id == business_id)):
            groups[one.creator_id, one.owner_id, one.status, one.source] += one.n
    return Counter({group: n for group, n in groups.items() if n})


def rows(business_id: int) -> int:
    with transaction() as session:
        query = select(func.count()).where(col(LeadTally.business_id) == business_id)
        return int(session.execute(query).scalar_one())


def fold_all() -> None:
    with psycopg.connect(settings().psycopg_url, autocommit=True) as connection:
        while fold(connection):
            pass


def test_it_works(grace: Member) -> None:
    for status, source in (("prospect", "website"), ("prospect", "direct"), ("closed", "reddit")):
        grace.lead(status=status, source=source)
    overview = grace.get("/leads/overview/")
    statuses = {one["status"]: one["count"] for one in overview["LeadsData"]["status"]}
    sources = {one["source"]: one["count"] for one in overview["LeadsData"]["source"]}
    assert statuses == dict.fromkeys(STATUSES, 0) | {"prospect": 2, "closed": 1}
    assert sources == dict.fromkeys(SOURCES, 0) | {"website": 1, "direct": 1, "reddit": 1}
    assert (overview["TotalLeads"], overview["appointments"]) == (3, [])
    assert overview["LeadsData"]["status"][0] == {
        "status": "prospect",
        "count": 2,
        "Description": STATUSES["prospect"].description,
        "Color": STATUSES["prospect"].color,
    }


@pytest.mark.parametrize("path", ["/overview", "/overview/", "/leads/overview"])
@pytest.mark.parametrize("appointment", ["upcoming", "today", "week", "month"])
def test_it_takes_the_window_of_the_appointments(grace: Member, path: str, appointment: str) -> None:
    assert grace.get(path, appointment=appointment)["TotalLeads"] == 0


@dataclass
class Deeds:
    """What callers of four tongues do to one of the leads, by a throw of the dice."""

    member: Member
    other: Member
    dice: random.Random
    slugs: list[str]

    def do_one(self) -> None:
        deeds = [self.create, self.change, self.delete, self.leadgen, self.sell_creates, self.sell_changes]
        deeds += [self.sell_deletes, self.sell_converts, self.nateq_converts, self.create, self.leadgen]
        self.dice.choice(deeds)()

    def post(self, path: str, **fields: object) -> int:
        return self.sent("POST", path, fields)

    def sent(self, method: str, path: str, content: object) -> int:
        bearer = {"Authorization": f"Bearer {self.member.token}", "User-Agent": "test"}
        return self.member.client.request(method, path, headers=bearer, json=content).status_code

    def some_id(self) -> int:
        return int(self.dice.choice(self.slugs).rpartition("-")[2])

    def create(self) -> None:
        assignee = self.dice.choice([self.member, self.other]).username
        self.slugs.append(self.member.lead(status=self.dice.choice(list(STATUSES)), assignee=assignee))

    def change(self) -> None:
        fields = {"slug": self.dice.choice(self.slugs), "status": self.dice.choice(list(STATUSES))}
        self.member.ask("POST", "/update/lead/", data=ADA | fields | {"assignee": self.other.username})

    def delete(self) -> None:
        self.member.ask("POST", "/delete/lead/", data={"slug": self.dice.choice(self.slugs)})

    def leadgen(self) -> None:
        fields = {"identifier_type": "email", "first_name": "Ada", "request_title": "A chair"}
        fields["email"] = f"{self.dice.randrange(5)}@example.org"
        words = {"status": self.dice.choice(WORDS), "source": self.dice.choice(WORDS)}
        assert self.post("/platform/v1/leadgen", **fields, **words) == 201

    def sell_creates(self) -> None:
        assert self.post("/v2/leads", data={"last_name": "Hopper"}) == 200

    def sell_changes(self) -> None:
        data = {"status": self.dice.choice(WORDS), "owner_id": self.other.user_id}
        self.sent("PUT", f"/v2/leads/{self.some_id()}", {"data": data})

    def sell_deletes(self) -> None:
        self.sent("DELETE", f"/v2/leads/{self.some_id()}", None)

    def sell_converts(self) -> None:
        self.post("/v2/lead_conversions", data={"lead_id": self.some_id()})

    def nateq_converts(self) -> None:
        self.post(f"/api/v1/leads/{self.some_id()}/convert")


@pytest.mark.parametrize("seed", range(3))
def test_it_counts_what_all_tongues_do(grace: Member, alan: Member, seed: int) -> None:
    business_id = grace.business.id
    slugs = [grace.lead(), grace.lead(email="second@example.org")]
    deeds = Deeds(grace, alan, random.Random(seed), slugs)
    for step in range(60):
        deeds.do_one()
        if step % 20 == 0:
            fold_all()
    assert sum(counted(business_id).values()) > 3
    assert tallied(business_id) == counted(business_id)
    fold_all()
    assert tallied(business_id) == counted(business_id)
    assert rows(business_id) == len(counted(business_id))
    listed = grace.get("/list/", limit="100")
    assert grace.get("/overview/")["TotalLeads"] == listed["count"] == len(listed["results"])


def test_it_folds_while_others_count(grace: Member) -> None:
    bodies = [ADA | {"status": status} for status in STATUSES for _ in range(5)]
    with ThreadPoolExecutor(6) as pool:
        made = [pool.submit(grace.ask, "POST", "/create/lead/", data=body) for body in bodies]
        folded = [pool.submit(fold_all) for _ in range(10)]
        seen = [pool.submit(grace.get, "/overview/") for _ in range(10)]
        for one in folded:
            one.result()
        assert all(data_of(one.result()) for one in made)
        assert all(0 <= one.result()["TotalLeads"] <= len(bodies) for one in seen)
    fold_all()
    assert tallied(grace.business.id) == counted(grace.business.id)
    assert grace.get("/overview/")["TotalLeads"] == len(bodies)


def test_it_knows_every_word_that_the_database_says(grace: Member) -> None:
    with transaction() as session:
        for word in [*WORDS, *STATUSES, *SOURCES]:
            status, source = (
                session.connection()
                .exec_driver_sql(
                    "SELECT lead_status(%s, NULL), lead_source(%s)", (word.upper(), word.upper())
                )
                .one()
            )
            assert status == word if word in STATUSES else status in STATUSES
            assert source == word if word in SOURCES else source in SOURCES
