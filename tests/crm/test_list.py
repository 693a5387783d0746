"""Lists of leads: whose, which, and how many at a time."""

from urllib.parse import parse_qs, urlsplit

import pytest
from sqlmodel import Session, select

from models.lead import Lead
from tests.crm.conftest import ADA, Member


def slugs(member: Member, **query: str) -> list[str]:
    listed = member.get("/leads/list/", **query)
    assert listed["count"] == len(listed["results"])
    return [lead["slug"] for lead in listed["results"]]


def test_it_works(grace: Member) -> None:
    first, second = grace.lead(), grace.lead(status="contact", source="other")
    listed = grace.get("/leads/list/")
    assert (listed["count"], listed["previous"], listed["next"]) == (2, None, None)
    assert [lead["slug"] for lead in listed["results"]] == [second, first]
    newest = listed["results"][0]
    assert newest == {
        "id": int(second.rpartition("-")[2]),
        "slug": second,
        "first_name": "Ada",
        "last_name": "Lovelace",
        "name": "Ada Lovelace",
        "phone": "4155550199",
        "email": "ada@example.org",
        "added_on": newest["added_on"],
        "status": "contact",
        "source": "other",
        "owner": "grace",
    }


def test_it_lists_owned_or_assigned(grace: Member, alan: Member) -> None:
    hers, given = grace.lead(), grace.lead(assignee="alan")
    assert slugs(grace) == [given, hers]
    assert slugs(grace, list_type="whatever") == [given, hers]
    assert slugs(grace, list_type="assigned") == [hers]
    assert slugs(alan) == []
    assert slugs(alan, list_type="Assigned") == [given]
    assert slugs(alan, list_type="assigned", owner="grace") == [given]
    assert slugs(alan, list_type="assigned", owner="alan") == []
    assert slugs(grace, owner="grace") == [given, hers]
    assert slugs(grace, owner="alan") == slugs(grace, owner="nobody") == []


@pytest.mark.parametrize(
    ("query", "met"),
    [
        ({"first_name": "GRACE"}, 1),
        ({"first_name": "Grac"}, 0),
        ({"last_name": "hopper"}, 1),
        ({"last_name": "%"}, 0),
        ({"email": "Grace@Example.org"}, 1),
        ({"email": "race@example.org"}, 0),
        ({"phone": "4155550123"}, 1),
        ({"phone": "+1 (415) 555-0123"}, 1),
        ({"phone": "5550123"}, 0),
        ({"phone": "no number"}, 0),
        ({"status": "Contact"}, 1),
        ({"status": "prospect"}, 0),
        ({"status": "hot"}, 0),
        ({"first_name": "grace", "status": "contact"}, 1),
        ({"first_name": "grace", "status": "closed"}, 0),
        ({"campaign_slug": "spring"}, 0),
        ({"campaign_slug": "", "first_name": " ", "unknown": "x"}, 1),
    ],
)
def test_it_filters(grace: Member, query: dict[str, str], met: int) -> None:
    wanted = grace.lead(
        first_name="Grace",
        last_name="Hopper",
        email="grace@example.org",
        phone="4155550123",
        status="contact",
    )
    other = grace.lead()
    assert [slug for slug in slugs(grace, **query) if slug != other] == [wanted] * met


def test_it_lists_leads_of_other_tongues(grace: Member, session: Session) -> None:
    bearer = {"Authorization": f"Bearer {grace.token}"}
    fields = {
        "identifier_type": "email",
        "email": "x@example.org",
        "first_name": "X",
        "request_title": "A chair",
    }
    fields |= {"status": "loyal", "source": "Newsletter"}
    assert grace.client.post("/platform/v1/leadgen", headers=bearer, json=fields).status_code == 201
    [lead] = grace.get("/list/")["results"]
    assert (lead["status"], lead["source"], lead["owner"]) == ("customer", "other", "grace")
    assert slugs(grace, status="customer") == [lead["slug"]]
    assert session.exec(select(Lead.status).where(Lead.id == lead["id"])).one() == "loyal"
    viewed = grace.get("/view/lead/", slug=lead["slug"])
    assert (viewed["message"], viewed["conversion"]) == ("A chair", 100)
    # Written back as it is shown, it stays in its own tongue's words.
    grace.post("/update/lead/", slug=lead["slug"], **ADA | {"status": "customer", "source": "other"})
    session.expire_all()
    assert session.exec(select(Lead.status).where(Lead.id == lead["id"])).one() == "loyal"


def test_it_pages(grace: Member) -> None:
    made = [grace.lead() for _ in range(5)][::-1]
    page = grace.get("/leads/list/", limit="2", offset="1", list_type="assigned", phone="4155550199")
    assert [lead["slug"] for lead in page["results"]] == made[1:3]
    assert page["count"] == 5
    kept = {"list_type": ["assigned"], "phone": ["4155550199"], "limit": ["2"]}
    for name, offset in (("previous", "0"), ("next", "3")):
        url = urlsplit(page[name])
        assert f"{url.scheme}://{url.netloc}{url.path}" == "http://localhost:8000/crm/v1/leads/list/"
        assert parse_qs(url.query) == kept | {"offset": [offset]}
    url = urlsplit(page["next"])
    last = grace.ask("GET", f"{url.path.removeprefix('/crm/v1')}?{url.query}").json()["data"]
    assert [lead["slug"] for lead in last["results"]] == made[3:]
    assert last["next"] is None


@pytest.mark.parametrize("junk", ["", "x", "-1", "0", "1.5", "１", "9" * 30])
def test_it_takes_junk_for_nothing(grace: Member, junk: str) -> None:
    made = [grace.lead() for _ in range(11)]
    page = grace.get("/list/", limit=junk, offset=junk)
    assert [lead["slug"] for lead in page["results"]] == made[:0:-1]


def test_it_gives_at_most_a_hundred(grace: Member) -> None:
    page = grace.get("/list/", limit="1000", offset="3")
    assert (page["results"], page["count"], page["next"]) == ([], 0, None)
    assert parse_qs(urlsplit(page["previous"]).query) == {"limit": ["100"], "offset": ["0"]}


def test_it_refuses_what_no_text_can_hold(grace: Member) -> None:
    errors = grace.errors("GET", "/list/", 400, params={"first_name": "A\x00da"})
    assert errors == {"first_name": ["Null characters are not allowed."]}
