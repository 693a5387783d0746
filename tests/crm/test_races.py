"""Callers who do the same at the same time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
from sqlmodel import Session, select

from models.activity import Activity, ActivityKind
from models.job import Job, JobKind
from models.lead import Lead
from tests.crm.conftest import ADA, Member


def at_once(deed: Callable[[int], httpx.Response], times: int = 6) -> list[int]:
    with ThreadPoolExecutor(times) as pool:
        return sorted(answer.status_code for answer in pool.map(deed, range(times)))


def test_it_works(grace: Member, session: Session) -> None:
    headers = {"Idempotency-Key": "once"}
    assert at_once(lambda _: grace.ask("POST", "/create/lead/", data=ADA, headers=headers)) == [200] * 6
    leads = session.exec(select(Lead).where(Lead.business_id == grace.business.id)).all()
    assert len(leads) == 1


def test_it_reassigns_once(grace: Member, alan: Member, session: Session) -> None:
    fields = ADA | {"slug": grace.lead(), "assignee": "alan"}
    assert at_once(lambda _: grace.ask("POST", "/update/lead/", data=fields)) == [200] * 6
    mine = Job.business_id == grace.business.id
    jobs = session.exec(select(Job).where(mine, Job.kind == JobKind.REASSIGNED_EMAIL)).all()
    assert [job.target_id for job in jobs] == [alan.user_id]
    told = session.exec(
        select(Activity).where(
            Activity.business_id == grace.business.id, Activity.kind == ActivityKind.UPDATED
        )
    ).all()
    assert sorted(str(one.facts["field"]) for one in told) == ["description", "owner_id"]


def test_it_deletes_once(grace: Member) -> None:
    fields = {"slug": grace.lead()}
    assert at_once(lambda _: grace.ask("POST", "/delete/lead/", data=fields)) == [200] + [400] * 5
    assert grace.get("/overview/")["TotalLeads"] == 0


def test_it_changes_a_lead_or_finds_it_gone(grace: Member) -> None:
    slug = grace.lead()

    def deed(number: int) -> httpx.Response:
        if number == 3:
            return grace.ask("POST", "/delete/lead/", data={"slug": slug})
        email = f"{number}@example.org"
        return grace.ask("POST", "/update/lead/", data=ADA | {"slug": slug, "email": email})

    assert set(at_once(deed)) <= {200, 401}
    errors = grace.errors("POST", "/update/lead/", 401, data=ADA | {"slug": slug})
    assert errors == {"error": ["Requested lead does not esixt."]}
    assert grace.get("/overview/")["TotalLeads"] == 0


def test_it_gives_an_address_to_one_of_two(grace: Member, session: Session) -> None:
    slugs = [grace.lead(email=f"{number}@example.org") for number in range(6)]

    def deed(number: int) -> httpx.Response:
        return grace.ask(
            "POST", "/update/lead/", data=ADA | {"slug": slugs[number], "email": "x@example.org"}
        )

    assert at_once(deed) == [200] * 6
    held = session.connection().exec_driver_sql(
        "SELECT count(*) FROM identity WHERE business_id = %s AND value = 'x@example.org'",
        (grace.business.id,),
    )
    assert held.scalar_one() == 1
