"""A whole account is fetched, page by page and with patience, and lies where only its owner can read it."""

import json
import stat
import time

import pytest

from intake.moving import api
from tests.moving.conftest import Move
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
    assert (done.returncode, done.stderr) == (1, "intake: users: what came is no document of Sell's\n")


def test_a_redirect_is_not_followed(move: Move) -> None:
    move.sell.script = [Answer(302, {}, {"Location": f"{move.sell.url}/v2/elsewhere"})]
    assert move.pull().stderr == "intake: accounts/self: refused with 302\n"
    assert len(move.sell.asked) == 1
