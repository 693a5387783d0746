"""An account of ours moves to another business as one of Sell's does: we speak its tongue."""

from pathlib import Path
from typing import Any

from tests.moving.conftest import counts
from tests.sell.conftest import Seller
from tests.support.command import run
from tests.support.web import listening

IDS = {"id", "creator_id", "owner_id", "source_id", "contact_id", "stage_id", "organization_id"}
# What names another record, and what time brings.
ELSE = {"resource_id", "last_stage_change_by_id", "updated_at"}


def told(seller: Seller, path: str) -> list[dict[str, Any]]:
    """What a list tells, but for the ids and the order, which are others in the same database."""
    found = seller.listed(path, per_page=100, sort_by="created_at")
    bare = [{name: value for name, value in one.items() if name not in IDS | ELSE} for one in found]
    return sorted(bare, key=repr)


def test_it_works(seller: Seller, stranger: Seller, tmp_path: Path) -> None:
    source = seller.made("/lead_sources", name="Fair")
    for number in range(120):
        seller.made("/leads", last_name=f"L{number}", tags=["oak"], source_id=source["id"])
    company = seller.made("/contacts", name="Acme", is_organization=True)
    person = seller.made("/contacts", last_name="Hopper", contact_id=company["id"])
    deal = seller.made("/deals", name="Chairs", contact_id=person["id"], value="1000.50")
    seller.made(f"/deals/{deal['id']}/associated_contacts", contact_id=company["id"])
    seller.made("/notes", resource_type="deal", resource_id=deal["id"], content="Signed")
    seller.made("/tasks", content="Buy stamps")
    lead = seller.made("/leads", last_name="Converted", email="c@example.org")
    seller.post("/lead_conversions", {"lead_id": lead["id"]})
    folder = str(tmp_path / "folder")
    with listening() as url:
        pulled = run("sell", "pull", "--to", folder, "--url", url, "--rate", "0", sent=f"{seller.token}\n")
    assert (pulled.returncode, pulled.stderr) == (0, "")
    assert "leads\t120\n" in pulled.stdout
    loaded = run("sell", "load", "--from", folder, "--business", stranger.business.nickname)
    assert loaded.returncode == 0
    assert counts(loaded)["leads"]["new"] == 120
    for path in ("/leads", "/contacts", "/deals", "/notes", "/tasks", "/lead_sources"):
        assert told(stranger, path) == told(seller, path)
    (moved,) = stranger.listed("/lead_conversions")
    assert stranger.get(f"/contacts/{moved['individual_id']}").json()["data"]["email"] == "c@example.org"
