"""`intake source` as an operator types it."""

import json
import uuid
from pathlib import Path

import pytest

from models.business import Business
from models.enquiry import Enquiry
from models.job import Job
from models.lead import Lead
from models.receipt import Receipt
from tests.hooks.conftest import Partner, Partners
from tests.hooks.senders import SENDERS, TYPEFORM
from tests.hooks.signing import SECRET, typeform
from tests.intake.leadgen import rows
from tests.support.command import answer, refusal
from tests.support.web import Client
from tests.workers.promised import execute


@pytest.fixture
def made(business: Business) -> tuple[str, str]:
    """The uid and the key of a Typeform source."""
    here = ("--business", business.nickname)
    name = f"form {uuid.uuid4().hex[:8]}"
    key = answer(
        "source", "create", *here, "--name", name, "--preset", "typeform", "--secret", SECRET
    ).strip()
    return answer("source", "list", *here).partition("\t")[0], key


def test_it_works(client: Client, business: Business, made: tuple[str, str]) -> None:
    _, key = made
    body = json.dumps(TYPEFORM).encode()
    assert (
        client.post(f"/hooks/{key}", content=body, headers=typeform(SECRET, body, 0, "")).status_code == 200
    )
    assert rows(Receipt, business)[0].verdict == "received"


def test_it_never_tells_a_secret(business: Business, made: tuple[str, str]) -> None:
    uid, key = made
    shown = answer("source", "show", uid)
    assert f"key\t{key}\n" in shown
    assert "secret\tTrue\n" in shown
    assert "option header\tTypeform-Signature\n" in shown
    assert SECRET not in shown + answer("source", "list", "--business", business.uid)


def test_it_changes_a_source_and_goes_back(made: tuple[str, str]) -> None:
    uid, key = made
    answer(
        "source", "update", key, "--name", "Chairs", "--map", "email=lower(a)", "--notifications", "sms,email"
    )
    answer("source", "update", uid, "--test", "--pause", "--option", "delivery_header=X-Id", "--token", "T")
    shown = answer("source", "show", uid)
    told = ("name\tChairs", "map email\tlower(a)", "notifications\temail,sms", "is_test\tTrue", "token\tTrue")
    assert all(f"{line}\n" in shown for line in (*told, "is_paused\tTrue", "option delivery_header\tX-Id"))
    answer("source", "update", uid, "--map", "email=", "--no-pause", "--notifications", "", "--token", "")
    shown = answer("source", "show", uid)
    assert "map email" not in shown
    assert all(f"{line}\n" in shown for line in ("is_paused\tFalse", "notifications\t-", "token\tFalse"))


def test_it_reads_a_secret_from_standard_input(business: Business, made: tuple[str, str]) -> None:
    uid, _ = made
    answer("source", "rotate", uid, "--secret", "-", sent="another-secret\n")
    assert "previous_until\t20" in answer("source", "show", uid)
    answer("source", "delete", uid)
    assert answer("source", "list", "--business", business.uid) == ""
    assert "no source" in refusal("source", "show", uid)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--preset", "nosuch"), "typeform"),
        (("--preset", "typeform"), "secret"),
        (("--preset", "typeform", "--secret", "short"), "secret"),
        (("--preset", "standard-webhooks", "--secret", "whsec_not base64"), "whsec_"),
        (("--preset", "zapier", "--scheme", "basic", "--secret", "no-colon-here"), "user:password"),
        (("--preset", "json", "--secret", "a-secret-too-many"), "url"),
        (("--preset", "json", "--scheme", "rot13"), "scheme"),
        (("--preset", "json", "--scheme", "hmac", "--secret", SECRET), "header"),
        (("--preset", "json", "--option", "encoding=hex"), "encoding"),
        (("--preset", "typeform", "--secret", SECRET, "--option", "encoding=rot13"), "encoding"),
        (("--preset", "typeform", "--secret", SECRET, "--option", "signed={0}{body}"), "signed"),
        (("--preset", "typeform", "--secret", SECRET, "--option", "signed={timestamp}{body}"), "timestamp"),
        (("--preset", "json", "--map", "email=("), "email"),
        (("--preset", "json", "--map", "colour=a"), "colour"),
        (("--preset", "json", "--map", "email"), "NAME=VALUE"),
        (("--preset", "json", "--notifications", "pigeon"), "notifications"),
        (("--preset", "json", "--business", "nobody"), "business"),
    ],
)
def test_it_says_what_is_wrong(business: Business, arguments: tuple[str, ...], word: str) -> None:
    told = refusal("source", "create", "--business", business.uid, "--name", "x", *arguments)
    assert word in told
    assert SECRET not in told


class TestTry:
    def test_it_shows_the_lead_and_writes_nothing(
        self, business: Business, made: tuple[str, str], tmp_path: Path
    ) -> None:
        sample = tmp_path / "sample.json"
        sample.write_text(json.dumps(TYPEFORM))
        before = [len(rows(table, business)) for table in (Lead, Receipt, Job, Enquiry)]
        told = answer("source", "test", made[0], str(sample))
        assert "verdict\tcreated\n" in told
        assert "email\tada@example.org\n" in told
        assert "request_data.Which wood?\toak\n" in told
        assert [len(rows(table, business)) for table in (Lead, Receipt, Job, Enquiry)] == before == [0] * 4

    def test_it_shows_the_match_and_the_difference(
        self, partner: Partners, business: Business, tmp_path: Path
    ) -> None:
        known = partner(SENDERS["json"])
        known.post()
        known.work()
        sample = tmp_path / "sample.json"
        sample.write_text(
            json.dumps({"email": "ADA@example.org", "first_name": "Augusta", "phone": "+14155550123"})
        )
        told = answer("source", "test", known.source.uid, str(sample))
        assert "verdict\tupdated\nreason\t-\nmatched on\temail\n" in told
        assert "difference\tfirst_name\tkept\tAda\tAugusta\n" in told
        assert "difference\tphone\tfilled\t-\t+14155550123\n" in told
        assert (rows(Lead, business)[0].phone, len(rows(Enquiry, business))) == ("", 1)

    @pytest.mark.parametrize("sample", ["nonsense", "[]", '{"first_name": "Ada"}', "\u0000"])
    def test_it_says_why_there_is_none(self, partner: Partners, tmp_path: Path, sample: str) -> None:
        file = tmp_path / "sample.json"
        file.write_text(sample)
        assert "verdict\tfailed\n" in answer("source", "test", partner(SENDERS["json"]).source.uid, str(file))


class TestReplay:
    @pytest.fixture
    def failed(self, partner: Partners) -> Partner:
        """Two deliveries that did not map, and one that did."""
        source = partner(SENDERS["json"])
        for number in range(2):
            source.send({"kontakt": {"mail": f"{number}@example.org"}})
        source.post()
        assert source.work() == ["failed", "failed", "created"]
        return source

    def test_it_makes_leads_once_the_mapping_is_right(self, failed: Partner, business: Business) -> None:
        uid = failed.source.uid
        answer("source", "update", uid, "--map", "email=kontakt.mail")
        dry = answer("source", "replay", uid, "--since", "2d", "--dry-run").splitlines()
        assert [line.split("\t")[1] for line in dry] == ["created"] * 2
        assert failed.verdicts() == ["failed", "failed", "created"]
        told = answer("source", "replay", uid)
        assert told.split() == [receipt.uid for receipt in failed.receipts()[:2]]
        assert answer("source", "replay", uid) == ""
        assert failed.work() == ["created"] * 3
        assert answer("source", "replay", uid, "--all") == ""
        assert (len(rows(Lead, business)), len(rows(Enquiry, business))) == (3, 3)

    def test_it_looks_no_further_back_than_told(self, failed: Partner) -> None:
        execute(
            "UPDATE receipt SET received_at = now() - interval '3 days' WHERE door = %s", failed.source.door
        )
        assert answer("source", "replay", failed.source.uid, "--since", "2d") == ""
        assert len(answer("source", "replay", failed.source.uid, "--since", "4d").split()) == 2

    def test_it_revives_a_job_that_died(self, failed: Partner, business: Business) -> None:
        execute("UPDATE job SET state = 'dead' WHERE business_id = %s", business.id)
        before = len(rows(Job, business))
        answer("source", "replay", failed.source.uid)
        assert len(rows(Job, business)) == before
        assert failed.work() == ["failed", "failed", "created"]

    def test_it_sends_what_was_ignored_on_request_only(self, partner: Partners) -> None:
        source = partner(SENDERS["json"], mapping={"ignore": "kind != 'lead'"})
        source.post()
        assert source.work() == ["refused"]
        answer("source", "update", source.source.uid, "--map", "ignore=")
        assert answer("source", "replay", source.source.uid) == ""
        assert answer("source", "replay", source.source.uid, "--all") != ""
        assert source.work() == ["created"]

    def test_it_sends_an_item_of_a_batch_round_by_itself(self, partner: Partners, business: Business) -> None:
        source = partner(SENDERS["json"])
        source.send([{"email": "ada@example.org"}, {"tele": "+14155550123"}])
        assert source.work() == ["split", "created", "failed"]
        answer("source", "update", source.source.uid, "--map", "phone=tele")
        assert answer("source", "replay", source.source.uid).strip() == source.receipts()[2].uid
        assert source.work() == ["split", "created", "created"]
        assert len(rows(Enquiry, business)) == 2

    @pytest.mark.parametrize("since", ["", "2", "d", "-1d", "0d", "2 d", "999999d"])
    def test_it_refuses_a_time_that_is_none(self, failed: Partner, since: str) -> None:
        assert "--since" in refusal("source", "replay", failed.source.uid, "--since", since)
