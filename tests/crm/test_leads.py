"""A lead from its birth to its deletion, as its owner sees it."""

import pytest
from sqlmodel import Session, col, select

from models.activity import Activity
from models.lead import Identity, Lead
from models.receipt import Receipt
from models.settings import settings
from tests.crm.conftest import ADA, Member, data_of
from tests.support.web import started

CREATE = ("/leads/create/lead/", "/create/lead/", "/v1/leads/create/lead/", "/v1/create/lead/")


@pytest.mark.parametrize("path", CREATE)
def test_it_works(grace: Member, path: str) -> None:
    made = grace.post(path, **ADA, status="Potential", source="FACEBOOK")
    assert made == {"id": made["id"], "slug": f"ada-lovelace-{made['id']}"}
    viewed = grace.get("/leads/view/lead/", slug=made["slug"])
    assert viewed == {
        "id": made["id"],
        "slug": made["slug"],
        "first_name": "Ada",
        "last_name": "Lovelace",
        "name": "Ada Lovelace",
        "phone": "4155550199",
        "email": "ada@example.org",
        "status": "potential",
        "source": "facebook",
        "message": "Can you make 20 chairs by May?",
        "added_on": viewed["added_on"],
        "recent_activities": [],
        "notes": [],
        "conversion": 50,
    }


@pytest.mark.parametrize("slash", ["", "/"])
def test_it_understands_every_encoding(grace: Member, slash: str) -> None:
    path = f"/create/lead{slash}"
    multipart = {name: (None, value) for name, value in ADA.items()}
    for body in ({"data": ADA}, {"json": ADA}, {"files": multipart}, {"params": ADA}):
        made = data_of(grace.ask("POST", path, **body))
        viewed = grace.get("/view/lead/", slug=made["slug"])
        assert {name: viewed[name] for name in ADA.keys() & viewed.keys()} == {
            name: value for name, value in ADA.items() if name in viewed
        }


def test_it_lets_the_body_win_over_the_query(grace: Member, session: Session) -> None:
    answer = grace.ask("POST", "/create/lead/", params={"first_name": "Eve", "status": "closed"}, data=ADA)
    made = data_of(answer)
    viewed = grace.get("/view/lead/", slug=made["slug"])
    assert (viewed["first_name"], viewed["status"]) == ("Ada", "closed")
    receipt = session.exec(select(Receipt).where(Receipt.uid == answer.headers["x-request-id"])).one()
    assert receipt.body.startswith(b"?first_name=Eve&status=closed\n\nfirst_name=Ada")


def test_it_has_defaults(grace: Member, session: Session) -> None:
    slug = grace.post(
        "/create/lead/", **{name: ADA[name] for name in ADA if name not in ("location", "message")}
    )["slug"]
    viewed = grace.get("/view/lead/", slug=slug)
    assert (viewed["status"], viewed["source"], viewed["message"]) == ("prospect", "direct", "")
    lead = session.exec(select(Lead).where(Lead.slug == slug)).one()
    assert (lead.creator_id, lead.owner_id) == (grace.user_id, grace.user_id)


def test_it_stands_beside_one_with_the_same_address(grace: Member, session: Session) -> None:
    slugs = [grace.lead(), grace.lead()]
    leads = session.exec(select(Lead).where(col(Lead.slug).in_(slugs))).all()
    assert {lead.email for lead in leads} == {ADA["email"]}
    held = session.exec(select(Identity).where(Identity.business_id == grace.business.id)).all()
    assert [identity.lead_id for identity in held] == [min(lead.id for lead in leads)]


def test_it_answers_a_repeated_key_as_before(grace: Member) -> None:
    headers = {"Idempotency-Key": "one"}
    first, again = (grace.ask("POST", "/create/lead/", data=ADA, headers=headers) for _ in range(2))
    assert data_of(first) == data_of(again)
    assert again.headers["idempotent-replayed"] == "true"
    errors = grace.errors("POST", "/create/lead/", 422, data=ADA | {"first_name": "Eve"}, headers=headers)
    assert list(errors) == ["Idempotency-Key"]


def test_it_gives_bare_answers_where_asked_to(grace: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_BARE_ANSWERS", "true")
    settings.cache_clear()
    with started() as client:
        answer = client.post("/crm/v1/create/lead/", headers=grace.headers, data=ADA)
    assert data_of(answer) == {}
    assert grace.get("/list/")["count"] == 1


def test_it_updates(grace: Member, alan: Member, session: Session) -> None:
    slug = grace.lead(status="tentative")
    changed = {
        "first_name": "Augusta",
        "last_name": "King",
        "email": "augusta@example.org",
        "phone": "+14155550177",
        "location": "Ockham Park",
        "message": "Make it 30",
        "status": "contact",
        "source": "reddit",
        "assignee": "alan",
    }
    assert grace.post("/leads/update/lead/", slug=slug, **changed) == {}
    viewed = grace.get("/view/lead/", slug=slug)
    assert {name: viewed[name] for name in changed if name in viewed} == {
        name: value for name, value in changed.items() if name in viewed
    }
    assert (viewed["name"], viewed["conversion"], viewed["slug"]) == ("Augusta King", 75, slug)
    told = {one["activity"] for one in viewed["recent_activities"]}
    assert "Lead changed: first name (Ada -> Augusta)" in told
    assert f"Lead changed: owner id ({grace.user_id} -> {alan.user_id})" in told
    lead = session.exec(select(Lead).where(Lead.slug == slug)).one()
    assert (lead.address, lead.owner_id, lead.creator_id) == ("Ockham Park", alan.user_id, grace.user_id)
    assert lead.phone_e164 == "+14155550177"
    held = session.exec(select(Identity.value).where(Identity.lead_id == lead.id)).all()
    assert held == ["augusta@example.org"]


def test_it_overwrites_an_address_of_several_lines(grace: Member, session: Session) -> None:
    bearer = {"Authorization": f"Bearer {grace.token}", "User-Agent": "test"}
    address = {"line1": "12 St James Square", "city": "London", "country": "GB"}
    data = {"last_name": "Lovelace", "address": address}
    assert grace.client.post("/v2/leads", headers=bearer, json={"data": data}).status_code == 200
    [listed] = grace.get("/list/")["results"]
    same = {name: ADA[name] for name in ("first_name", "last_name", "email", "phone")}
    for location, place in (("Ockham Park", {"line1": "Ockham Park"}), ("", {})):
        grace.post("/update/lead/", slug=listed["slug"], **same, location=location)
        session.expire_all()
        lead = session.exec(select(Lead).where(Lead.id == listed["id"])).one()
        assert (lead.address, {name: line for name, line in lead.place.items() if line}) == (location, place)


def test_it_leaves_what_is_not_sent(grace: Member) -> None:
    slug = grace.lead(status="closed", source="search")
    same = {name: ADA[name] for name in ("first_name", "last_name", "email", "phone")}
    grace.post("/update/lead/", slug=slug, **same)
    viewed = grace.get("/view/lead/", slug=slug)
    assert (viewed["status"], viewed["source"], viewed["message"]) == ("closed", "search", ADA["message"])
    assert viewed["recent_activities"] == []


def test_it_takes_no_address_that_is_anothers(grace: Member, session: Session) -> None:
    first, second = grace.lead(email="first@example.org"), grace.lead(email="second@example.org")
    grace.post("/update/lead/", slug=second, **ADA | {"email": "first@example.org"})
    holder = session.exec(
        select(Lead.slug)
        .join(Identity, col(Identity.lead_id) == col(Lead.id))
        .where(Identity.value == "first@example.org", Identity.business_id == grace.business.id)
    ).all()
    assert holder == [first]


def test_it_deletes(grace: Member, session: Session) -> None:
    slug = grace.lead()
    assert grace.post("/leads/delete/lead/", slug=slug) == {}
    assert grace.errors("GET", "/view/lead/", 400, params={"slug": slug}) == {
        "slug": ["Requested slug is invalid."]
    }
    assert grace.get("/list/")["count"] == 0
    lead = session.exec(select(Lead).where(Lead.slug == slug)).one()
    assert lead.deleted_at is not None
    assert session.exec(select(Identity).where(Identity.lead_id == lead.id)).all() == []
    told = session.exec(select(Activity.kind).where(Activity.timeline_id == lead.timeline_id)).all()
    assert told == ["deleted"]
