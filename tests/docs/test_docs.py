"""The documents say the same as the code, and lead where they point."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from intake.__main__ import build
from models.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
METRICS = ("intake/metrics.py", "intake/health.py", "workers/metrics.py")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
SHELL = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"(?:^|\s)(?:\.venv/bin/)?intake ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)?)", re.MULTILINE)


def named(document: Path) -> str:
    return str(document.relative_to(ROOT))


def prose(document: Path) -> str:
    """The text without its code blocks."""
    return FENCE.sub("", document.read_text())


def anchors(document: Path) -> set[str]:
    """The fragments of a document's headings, as GitHub makes them."""
    headings = (heading.lower().replace("`", "") for heading in HEADING.findall(prose(document)))
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in headings}


def commands() -> set[tuple[str, ...]]:
    """Every `intake` command that a document names, as far as it is words of commands."""
    code = [
        piece
        for document in DOCUMENTS
        for piece in [*re.findall(r"`([^`\n]+)`", prose(document)), *SHELL.findall(document.read_text())]
    ]
    return {tuple(words.split()) for piece in code for words in COMMAND.findall(piece)}


def known() -> set[tuple[str, ...]]:
    """Every command that there is, groups too."""
    app = build()
    single = {
        (str(command.name or command.callback.__name__),)
        for command in app.registered_commands
        if command.callback
    }
    groups = {(str(group.name),) for group in app.registered_groups}
    return single | groups


def test_it_works() -> None:
    title, sentence, commands = (ROOT / "README.md").read_text().split("\n\n")[:3]
    assert title == "# lead-intake"
    assert sentence.endswith(".")
    assert [line.split("#")[0].strip() for line in commands.splitlines()[1:3]] == ["make run", "make test"]


def test_it_has_the_documents_that_the_readme_names() -> None:
    linked = set(LINK.findall((ROOT / "README.md").read_text()))
    assert {named(path) for path in DOCUMENTS} - {"README.md"} <= linked
    assert "docs/inbox.png" in linked
    assert (ROOT / "docs/inbox.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_it_links_to_what_there_is(document: Path) -> None:
    for link in LINK.findall(prose(document)):
        path, _, fragment = link.partition("#")
        if "://" in path:
            continue
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), link
        assert not fragment or fragment in anchors(target), link


def test_it_tells_every_setting_with_its_default_and_meaning() -> None:
    rows = re.findall(
        r"^\| `([A-Z_]+)` \| `?(.*?)`? \| (.+) \|$", (ROOT / "docs/operating.md").read_text(), re.MULTILINE
    )
    assert {name: (default, meaning) for name, default, meaning in rows} == {
        name.upper(): ("" if field.default is None else str(field.default), field.description)
        for name, field in Settings.model_fields.items()
    }


def test_it_tells_every_metric_and_no_other() -> None:
    exported = {
        name for path in METRICS for name in re.findall(r'"(leads_[a-z_]+)"', (ROOT / path).read_text())
    }
    told = set(re.findall(r"^\| `(leads_[a-z_]+)`", (ROOT / "docs/operating.md").read_text(), re.MULTILINE))
    assert told == exported


def test_it_names_commands_that_there_are() -> None:
    named_commands = commands()
    assert len(named_commands) > 20
    for words in sorted(named_commands):
        group = words[:1] in known()
        assert group, " ".join(words)
        done = CliRunner().invoke(build(), [*words, "--help"])
        assert done.exit_code == 0, " ".join(words)
        if len(words) == 2:
            # A word that is no command would be taken for an argument, so the usage line must name it.
            assert " ".join(words) in " ".join(done.output.split()), " ".join(words)


def test_it_gives_every_name_that_a_template_may_use() -> None:
    source = (ROOT / "workers/wording.py").read_text()
    body = source[source.index("def context") : source.index("def message_of")]
    names = set(re.findall(r'^\s+"(\w+)":', body, re.MULTILINE)) - {"business", "lead", "enquiry"}
    told = (ROOT / "docs/notifications.md").read_text()
    assert {name for name in names if not re.search(rf"`(?:\w+\.)?{name}`", told)} == set()
