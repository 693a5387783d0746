"""An account of Sell's moves into a service that is at work, and its people are known by the other doors."""

from pathlib import Path

from tests.e2e.stage import Stage
from tests.moving.account import an_account
from tests.support.local import local
from tests.support.sell_server import TOKEN, SellServer


def test_it_works(stage: Stage, tmp_path: Path) -> None:
    stage.web()
    stage.relay()
    stage.worker()
    n, lists = an_account()
    business = stage.query("SELECT uid FROM business")[0][0]
    folder = str(tmp_path / "sell")
    with SellServer(lists) as server:
        pulled = stage.command("sell", "pull", "--to", folder, "--url", server.url, sent=f"{TOKEN}\n")
    assert (pulled.returncode, pulled.stderr) == (0, "")
    loaded = stage.command("sell", "load", "--from", folder, "--business", business)
    assert (loaded.returncode, loaded.stderr) == (0, "")
    headers = {"Authorization": f"Bearer {stage.token}"}
    kept = local.get(f"{stage.url}/v2/leads/{n + 20}", headers=headers).json()["data"]
    assert kept == lists["leads"][0]
    # Joan, and Grace who was converted there, ask again: each is known, and only of that somebody is told.
    for email in ("joan@bletchley.example.org", "grace@navy.example.org"):
        assert stage.post("again", email=email).status_code == 201
    stage.wait_done()
    assert stage.number("SELECT count(*) FROM lead") == 3
    assert len(stage.smtp.mails) == 4
    stage.reconcile()
