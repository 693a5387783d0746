"""The `intake` command as an operator types it."""

import re
import uuid
from pathlib import Path

import pytest

from models.business import Business
from models.database import transaction
from models.operations.identify import Speaker, find_business, identify
from models.operations.owner_channels import channels_of
from models.operations.wording import NAMES
from tests.support.command import answer, outside, refusal

TOKEN = re.compile(r"tg_(live|test)_[0-9A-Za-z]{56}\n")


def speaker_of(told: str) -> Speaker:
    assert TOKEN.fullmatch(told)
    with transaction() as session:
        speaker = identify(session, told.strip())
    assert speaker is not None
    return speaker


def test_it_works(database: str) -> None:
    nickname = f"acme-{uuid.uuid4().hex[:12]}"
    profile = ("--name", "Acme", "--email", "owner@example.org", "--phone", "+14155550100")
    created = outside("business", "create", "--nickname", nickname, *profile)
    told = outside("token", "create", "--business", nickname)

    assert (created.returncode, created.stderr, told.returncode, told.stderr) == (0, "", 0, "")
    assert re.fullmatch(r"[a-z0-9]{16}\n", created.stdout)
    tenant = speaker_of(told.stdout).tenant
    assert tenant is not None
    assert tenant.uid == created.stdout.strip()


def test_it_refuses_a_taken_nickname(business: Business) -> None:
    wanted = ("--nickname", business.nickname, "--name", "Acme", "--email", "owner@example.org")

    assert refusal("business", "create", *wanted).startswith("intake: nickname is taken")


def test_it_makes_tokens_of_every_kind(business: Business) -> None:
    here = ("--business", business.nickname)
    user_id = answer("user", "create", *here, "--username", "ada")
    staff = speaker_of(answer("token", "create", *here, "--user", "ada"))
    app = speaker_of(answer("token", "create", *here, "--kind", "app", "--test", "--scope", "leads:read"))
    directory = speaker_of(answer("token", "create", *here, "--kind", "directory"))

    assert (staff.kind, staff.user_id, staff.live) == ("staff", int(user_id), True)
    assert (app.kind, app.user_id, app.live, set(app.scopes)) == ("app", None, False, {"leads:read"})
    assert (directory.kind, directory.tenant) == ("directory", None)
    with transaction() as session:
        assert find_business(session, business.uid).directory_id == directory.directory_id
    assert "owner" in answer("user", "list", *here)


def test_it_lists_rotates_and_revokes_tokens(business: Business, token: str) -> None:
    here = ("--business", business.uid)
    token_id = str(speaker_of(f"{token}\n").token_id)
    follower = answer("token", "rotate", token_id)
    answer("token", "revoke", token_id)
    shown = answer("token", "list", *here)

    assert speaker_of(follower).token_id != int(token_id)
    with transaction() as session:
        assert identify(session, token) is None
    assert shown.count("\n") == 2
    assert token[:20] in shown
    assert token not in shown
    assert follower.strip() not in shown
    assert "no token has this id" in refusal("token", "revoke", "0")


def test_it_serves_directories(business: Business) -> None:
    name = f"Partner {business.uid}"
    uid = answer("directory", "create", "--name", name).strip()
    answer("directory", "add-business", "--directory", name, "--business", business.nickname)
    speaker = speaker_of(answer("token", "create", "--directory", uid))

    assert speaker.kind == "directory"
    assert f"{uid}\t{name}\n" in answer("directory", "list")
    with transaction() as session:
        assert find_business(session, business.uid).directory_id == speaker.directory_id


def test_it_shows_and_changes_a_business(business: Business) -> None:
    answer("business", "update", business.nickname, "--name", "Acme & Sons", "--no-appointment-mails")
    shown = answer("business", "show", business.uid)

    assert "name\tAcme & Sons\n" in shown
    assert f"email\t{business.email}\n" in shown
    assert "appointment_mails\tFalse\n" in shown
    answer("business", "update", business.nickname, "--appointment-mails")
    assert "appointment_mails\tTrue\n" in answer("business", "show", business.uid)
    assert f"{business.uid}\t{business.nickname}\tAcme & Sons\n" in answer("business", "list")


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # Apprise's own import.
def test_it_never_prints_a_channels_secret(business: Business) -> None:
    here = ("--business", business.nickname)
    added = answer("channel", "add", *here, "-", sent="json://user:secret@localhost/path\n").strip()

    assert answer("channel", "list", *here) == f"{added}\tjson\n"
    assert "hidden" not in refusal("channel", "add", *here, "nosuch://hidden@localhost")
    answer("channel", "remove", *here, added)
    with transaction() as session:
        assert channels_of(session, business) == []


def test_it_keeps_a_wording_out_of_a_file(business: Business, tmp_path: Path) -> None:
    which = ("--business", business.nickname, "--name", "auto-reply", "--part", "subject")
    file = tmp_path / "subject.txt"
    file.write_text("Grüße, {{ lead.first_name }}", encoding="utf-8")
    answer("template", "set", *which, str(file))
    assert answer("template", "list", *which[:2]).startswith("auto-reply\tsubject\t")
    answer("template", "remove", *which)
    assert answer("template", "list", *which[:2]) == ""
    file.write_bytes(b"\xff")
    assert "UTF-8" in refusal("template", "set", *which, str(file))


def test_it_lets_a_business_word_every_message(business: Business, tmp_path: Path) -> None:
    here, file = ("--business", business.nickname), tmp_path / "subject.txt"
    file.write_text("Hello")
    for name in NAMES:
        answer("template", "set", *here, "--name", name, "--part", "subject", str(file))
    assert len(answer("template", "list", *here).splitlines()) == len(NAMES)
    unknown = refusal("template", "set", *here, "--name", "nothing", "--part", "subject", str(file))
    assert "name must be one of" in unknown


@pytest.mark.parametrize(
    "arguments",
    [
        ("token", "create"),
        ("token", "create", "--business", "nobody"),
        ("token", "create", "--business", "a", "--directory", "b"),
        ("business", "show", "nobody"),
        ("user", "list", "--business", "nobody"),
    ],
)
def test_it_says_what_was_refused_in_one_line(database: str, arguments: tuple[str, ...]) -> None:
    assert refusal(*arguments).startswith("intake: ")


def test_it_says_where_no_engine_runs(tmp_path: Path) -> None:
    done = outside("business", "list", "--data", str(tmp_path), DATABASE_URL="", REDIS_URL="")

    assert (done.returncode, done.stdout) == (1, "")
    assert "intake up" in done.stderr


def test_it_says_that_the_database_does_not_answer() -> None:
    done = outside(
        "business",
        "list",
        DATABASE_URL="postgresql://x:secret@127.0.0.1:1/x",
        REDIS_URL="redis://127.0.0.1:1",
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert "DATABASE_URL" in done.stderr
    assert "secret" not in done.stderr
