"""companyId of a contact: into an organization, and out of it (seed 002)."""

from collections.abc import Callable

from litestar import Litestar
from litestar.testing import TestClient

Client = TestClient[Litestar]
Taken = Callable[..., str]


def test_it_works(
    client: Client, bearer: dict[str, str], contact: Taken, organization: Callable[..., str]
) -> None:
    path, company = f"/api/v1/contacts/{contact()}", organization()
    inside = client.put(path, headers=bearer, json={"companyId": company}).json()["data"]
    assert inside["company"] == {
        "domain": "engines.example.org",
        "id": company,
        "name": "Analytical Engines",
    }
    assert (inside["companyId"], inside["companyName"]) == (company, "Analytical Engines")
    assert (inside["activities"][0]["oldValue"], inside["activities"][0]["newValue"]) == (
        "",
        "Analytical Engines",
    )
    outside = client.put(path, headers=bearer, json={"companyId": None}).json()["data"]
    assert (outside["company"], outside["companyId"], outside["companyName"]) == (None, "", "")


def test_it_refuses_a_person_itself_and_a_strangers_company(
    client: Client,
    bearer: dict[str, str],
    stranger: dict[str, str],
    contact: Taken,
    organization: Callable[..., str],
) -> None:
    person, other = contact(), contact(email="grace@example.org", first_name="Grace")
    company = organization()
    assert client.get(f"/api/v1/contacts/{company}", headers=stranger).status_code == 404
    for path, wanted in ((person, other), (company, company)):
        answer = client.put(f"/api/v1/contacts/{path}", headers=bearer, json={"companyId": wanted})
        assert answer.json()["error"]["details"] == {"companyId": ["must be the id of an organization"]}
