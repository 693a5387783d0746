"""The `intake` command as an operator types it."""

import os
import re
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from models.business import Business
from models.database import transaction
from models.operations.identify import Speaker, find_business, identify
from models.operations.owner_channels import channels_of

TOKEN = re.compile(r"tg_(live|test)_[0-9A-Za-z]{56}\n")


def run(*arguments: str, sent: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "intake", *arguments],
        input=sent,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, **environment},
    )


def answer(*arguments: str, sent: str = "") -> str:
    done = run(*arguments, sent=sent)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def refusal(*arguments: str) -> str:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    return done.stderr


def speaker_of(told: str) -> Speaker:
    assert TOKEN.fullmatch(told)
    with transaction() as session:
        speaker = identify(session, told.strip())
    assert speaker is not None
    return speaker


def test_it_works(database: str) -> None:
    nickname = f"acme-{uuid.uuid4().hex[:12]}"
    profile = ("--name", "Acme", "--email", "owner@example.org", "--phone", "+14155550100")
    uid = answer("business", "create", "--nickname", nickname, *profile)
    told = answer("token", "create", "--business", nickname)

    assert re.fullmatch(r"[a-z0-9]{16}\n", uid)
    tenant = speaker_of(told).tenant
    assert tenant is not None
    assert tenant.uid == uid.strip()
    assert refusal("business", "create", "--nickname", nickname, *profile).startswith(
        "intake: nickname is taken"
    )


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
    answer("business", "update", business.nickname, "--name", "Acme & Sons")
    shown = answer("business", "show", business.uid)

    assert "name\tAcme & Sons\n" in shown
    assert f"email\t{business.email}\n" in shown
    assert f"{business.uid}\t{business.nickname}\tAcme & Sons\n" in answer("business", "list")


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
    done = run("business", "list", "--data", str(tmp_path), DATABASE_URL="", REDIS_URL="")

    assert (done.returncode, done.stdout) == (1, "")
    assert "intake up" in done.stderr


def test_it_says_that_the_database_does_not_answer() -> None:
    done = run(
        "business",
        "list",
        DATABASE_URL="postgresql://x:secret@127.0.0.1:1/x",
        REDIS_URL="redis://127.0.0.1:1",
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert "DATABASE_URL" in done.stderr
    assert "secret" not in done.stderr
