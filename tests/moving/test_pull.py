"""A whole account is fetched, page by page and with patience, and lies where only its owner can read it."""

import json
import stat
import time

import pytest

from intake.moving import api
from intake.moving.folder import Folder
from tests.moving.conftest import Move
from tests.sell.conftest import Seller
from tests.support.command import Done, run
from tests.support.sell_server import TOKEN, error
from tests.support.sms_server import Answer


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)


def kept(move: Move, name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (move.folder / f"{name}.jsonl").read_text().splitlines()]


def test_it_works(move: Move) -> None:
    move.sell.per_page = 1
    done = move.pull()
    assert (done.returncode, done.stderr) == (0, "")
    for name in ("users", "leads", "contacts", "deals", "notes", "tasks", "lead_conversions", "tags"):
        assert kept(move, name) == move.lists[name]
        assert f"{name}\t{len(move.lists[name])}\n" in done.stdout
    stages = move.lists[f"stages?pipeline_id={move.n + 9}"]
    assert kept(move, "stages") == stages
    (associated,) = kept(move, "associated_contacts")
    assert (associated["deal_id"], associated["contact_id"]) == (move.n + 30, move.n + 14)
    assert done.stdout.startswith("account\t77\tAcme Chairs\n")


def test_it_asks_in_an_order_that_new_records_do_not_disturb(move: Move) -> None:
    move.pull()
    leads = [query for path, query in move.sell.asked if path == "/v2/leads"]
    assert leads == [{"per_page": "100", "sort_by": "id"}]


def test_only_its_owner_can_read_it(move: Move) -> None:
    move.pull()
    modes = {stat.S_IMODE(file.stat().st_mode) for file in move.folder.iterdir()}
    assert (stat.S_IMODE(move.folder.stat().st_mode), modes) == (0o700, {0o600})


def test_what_has_no_place_here_is_fetched_all_the_same(move: Move) -> None:
    move.lists["calls"] = [{"id": 1, "summary": "Rang"}]
    move.pull()
    assert kept(move, "calls") == [{"id": 1, "summary": "Rang"}]


def test_a_list_that_is_closed_is_passed_over_and_said(move: Move) -> None:
    move.sell.closed = {"loss_reasons": 403}
    done = move.pull()
    assert done.returncode == 0
    assert "loss_reasons\tloss_reasons: refused with 403: Not now.\n" in done.stdout
    assert list(move.folder.glob("loss_reasons*")) == []


def test_one_that_nothing_can_be_moved_without_ends_it(move: Move) -> None:
    move.sell.closed = {"leads": 403}
    done = move.pull()
    assert done.returncode == 1
    assert done.stderr == "intake: leads: refused with 403: Not now.\n"


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_it_asks_again_when_the_other_side_cannot_answer_for_now(move: Move, status: int) -> None:
    move.sell.script = [error(status, "Later")] * 3
    assert move.pull().returncode == 0
    assert len(kept(move, "leads")) == 2


def test_it_gives_up_in_the_end_and_keeps_what_was_there(move: Move) -> None:
    move.pull()
    before = kept(move, "leads")
    move.lists["leads"].pop()
    move.sell.closed = {"leads": 503}
    assert move.pull().stderr == "intake: leads: refused with 503: Not now.\n"
    assert [path for path, _ in move.sell.asked].count("/v2/leads") == 1 + 1 + len(api.WAITS)
    assert kept(move, "leads") == before


def test_a_token_that_sell_does_not_know(move: Move) -> None:
    done = run("sell", "pull", "--to", str(move.folder), "--url", move.sell.url, sent="unknown\n")
    assert (done.returncode, done.stderr) == (1, "intake: accounts/self: refused with 401: unauthorized\n")
    assert not move.folder.exists()


@pytest.mark.parametrize("sent", ["", "\n", "caf\N{LATIN SMALL LETTER E WITH ACUTE}\n", "a\x01b\n"])
def test_no_token(move: Move, sent: str) -> None:
    done = run("sell", "pull", "--to", str(move.folder), "--url", move.sell.url, sent=sent)
    assert done.stderr == "intake: standard input must hold an access token of Sell's\n"
    assert move.sell.asked == []


def test_nobody_answers(move: Move) -> None:
    done = run("sell", "pull", "--to", str(move.folder), "--url", "http://127.0.0.1:1", sent=f"{TOKEN}\n")
    assert (done.returncode, done.stderr) == (1, "intake: accounts/self: no answer\n")


@pytest.mark.parametrize("raw", [b"<html>", b"[]", b"{}", b'{"items": 7, "meta": {}}', b'{"items": [{}]}'])
def test_what_is_no_page_of_sell(move: Move, raw: bytes) -> None:
    move.sell.script = [Answer(200, {"data": {"id": 1}}), Answer(200, raw=raw)]
    done: Done = move.pull()
    assert done.returncode == 1
    assert done.stderr == "intake: lead_conversions: what came is no document of Sell's\n"


def test_a_redirect_is_not_followed(move: Move) -> None:
    move.sell.script = [Answer(302, {}, {"Location": f"{move.sell.url}/v2/elsewhere"})]
    assert move.pull().stderr == "intake: accounts/self: refused with 302\n"
    assert len(move.sell.asked) == 1


def test_one_that_broke_off_goes_on_after_the_last_whole_list(move: Move) -> None:
    move.sell.closed = {"notes": 503}
    assert move.pull().returncode == 1
    move.sell.asked.clear()
    move.sell.closed = {}
    assert move.pull().returncode == 0
    asked = {path for path, _ in move.sell.asked}
    assert "/v2/notes" in asked
    assert "/v2/leads" not in asked
    # Whole now, so the next one begins anew.
    move.sell.asked.clear()
    move.pull()
    assert "/v2/leads" in {path for path, _ in move.sell.asked}


def test_what_broke_off_days_ago_begins_anew(move: Move) -> None:
    move.sell.closed = {"notes": 503}
    move.pull()
    state = move.folder / "pull.json"
    told = json.loads(state.read_text()) | {"at": "2026-01-01T00:00:00Z"}
    state.write_text(json.dumps(told))
    move.sell.closed = {}
    move.sell.asked.clear()
    move.pull()
    assert "/v2/leads" in {path for path, _ in move.sell.asked}


def test_half_an_account_is_not_loaded(move: Move, seller: Seller) -> None:
    move.sell.closed = {"notes": 503}
    move.pull()
    assert "holds no whole account" in move.load(seller.business).stderr


def test_the_folder_of_another_account_is_left_alone(move: Move) -> None:
    move.pull()
    move.sell.account = 78
    done = move.pull()
    assert done.stderr == f"intake: {move.folder} holds another account: name another folder\n"


def test_conversions_come_first(move: Move) -> None:
    """Who is converted while all is fetched is found as a lead or as a contact, and never as neither."""
    move.pull()
    paths = [path for path, _ in move.sell.asked]
    first = [paths.index(f"/v2/{name}") for name in ("lead_conversions", "leads", "contacts", "deals")]
    assert first == sorted(first)


def test_a_deal_that_is_gone_meanwhile_takes_no_other_along(move: Move) -> None:
    n, lists = move.n, move.lists
    lists["deals"].insert(0, lists["deals"][0] | {"id": n + 29})
    assert move.pull().returncode == 0
    assert [one["deal_id"] for one in kept(move, "associated_contacts")] == [n + 30]


def test_a_list_that_goes_round_is_no_list(move: Move) -> None:
    next_page = {"next_page": "https://api.getbase.com/v2/lead_conversions?per_page=200"}
    page = {"items": [{"data": {"id": 1}}], "meta": {"links": next_page}}
    move.sell.script = [Answer(200, {"data": {"id": 77}}), Answer(200, page)]
    assert move.pull().stderr == "intake: lead_conversions: the list goes round in a ring\n"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://api.getbase.com", "--url must begin with https://, or the token would be for all to read"),
        ("http://127.0.0.1:none", "--url is no address"),
        ("api.getbase.com", "--url must begin with https://"),
        ("ftp://localhost", "--url must begin with https://"),
    ],
)
def test_a_token_goes_nowhere_unprotected(move: Move, url: str, why: str) -> None:
    done = run("sell", "pull", "--to", str(move.folder), "--url", url, sent=f"{TOKEN}\n")
    assert (done.returncode, done.stderr) == (1, f"intake: {why}\n")


def test_nul_is_taken_out_everywhere(move: Move) -> None:
    move.lists["leads"][0]["custom_fields"] = {"a\x00": ["b\x00", {"c": "d\\u0000\x00"}]}
    move.pull()
    first = next(Folder(move.folder).records("leads"))
    assert first["custom_fields"] == {"a": ["b", {"c": "d\\u0000"}]}
