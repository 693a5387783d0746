"""The documents say the same as the code, and lead where they point."""

import re
from pathlib import Path
from typing import Any

import jmespath.functions
import pytest
from click.testing import CliRunner
from typer.main import get_command

from intake.__main__ import build
from intake.dialects.crm.router import served as crm
from intake.dialects.nateq.document import READERS, TEXTS
from intake.dialects.nateq.router import served as nateq
from intake.dialects.sell.refusals import MESSAGES
from intake.dialects.sell.resource import Resource
from intake.dialects.sell.router import RESOURCES, served
from models.mapping.draft import MAPPED
from models.mapping.functions import Functions
from models.mapping.preset import presets
from models.operations.sources.options import SIGNED
from models.settings import Settings
from models.source import Scheme

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
    command: Any = get_command(build())
    assert len(named_commands) > 20
    for words in sorted(named_commands):
        group = words[:1] in known()
        assert group, " ".join(words)
        done = CliRunner().invoke(command, [*words, "--help"])
        assert done.exit_code == 0, " ".join(words)
        if len(words) == 2:
            # A word that is no command would be taken for an argument, so the usage line must name it.
            assert " ".join(words) in " ".join(done.output.split()), " ".join(words)


def rows(page: str) -> list[list[str]]:
    """The cells of every table row of a page, without the headings' lines."""
    lines = (ROOT / page).read_text().splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_it_tells_every_path_of_sells_tongue_and_no_other() -> None:
    told = {path for row in rows("docs/sell.md") for path in quoted(row[0]) if path.startswith("/v2/")}
    paths = {
        re.sub(r"{(?:record|conversion)_id:str}|{uid:str}", "{id}", path)
        for one in served
        for path in one.paths
    }
    paths = {path.replace("{contact_id:str}", "{contact_id}") for path in paths}
    # What a verb adds to the path of its resource is told with the verbs.
    listed = {resource.path for resource in RESOURCES}
    beyond = {f"{path}/{end}" for path in listed for end in ("{id}", "upsert")}
    assert told == {f"/v2{path}" for path in paths - beyond}


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.path)
def test_it_tells_what_may_be_done_with_a_resource_of_sells(resource: Resource) -> None:
    row = next(row for row in rows("docs/sell.md") if row[0] == f"`/v2{resource.path}`")
    assert set(row[1].split(", ")) == resource.verbs
    assert {name.removesuffix("[]") for name in quoted(row[2])} == {one.name for one in resource.filters}
    assert quoted(row[3]) == [resource.sort]


def test_it_tells_every_code_of_sells_tongue() -> None:
    told = {code for row in rows("docs/sell.md") if row[0][:3].isdigit() for code in quoted(row[1])}
    # The contract has it, and we say not_found for every path that is none.
    assert told == MESSAGES.keys()


def test_it_tells_every_request_of_nateqs_tongue_and_no_other() -> None:
    told = {name for row in rows("docs/nateq.md") for name in quoted(row[0]) if "/api/v1/" in name}
    requests = {
        f"{min(handler.http_methods)} /api/v1{re.sub(r'{[a-z]+:str}', '{id}', path)}"
        for handler in nateq
        for path in handler.paths
    }
    assert told == requests


def test_it_tells_every_field_of_a_contact_that_may_be_written() -> None:
    table = [
        row
        for row in rows("docs/nateq.md")
        if len(row) == 3 and set(quoted(row[0])) <= READERS.keys() | {"companyId"}
    ]
    assert {field for row in table for field in quoted(row[0])} == READERS.keys() | {"companyId"}
    longest = {field: row[2] for row in table for field in quoted(row[0])}
    assert {field: longest[field] for field in TEXTS} == {
        field: str(most) for field, (_, most) in TEXTS.items()
    }


def test_it_tells_every_code_of_nateqs_tongue() -> None:
    source = "".join(
        (ROOT / f"intake/dialects/nateq/{name}.py").read_text() for name in ("caller", "envelope")
    )
    told = {code for row in rows("docs/nateq.md") if row[0][:3].isdigit() for code in quoted(row[1])}
    assert set(re.findall(r'"([A-Z]+(?:_[A-Z]+)+|CONFLICT)"', source)) <= told


def test_it_tells_every_request_of_the_crm_tongue_and_no_other() -> None:
    told = {name for row in rows("docs/crm.md") for cell in row for name in quoted(cell) if "/" in name}
    requests = {f"{min(handler.http_methods)} {path}/" for handler in crm for path in handler.paths}
    by_heading = {name for name in told if name.startswith(("GET ", "POST "))}
    assert by_heading <= requests
    also = {f"POST {name}" for name in told - by_heading}
    assert also <= requests
    # Each is told by one of its spellings.
    assert len(by_heading) == len(crm)


def test_it_gives_every_name_that_a_template_may_use() -> None:
    source = (ROOT / "workers/wording.py").read_text()
    body = source[source.index("def context") : source.index("def touched")]
    names = set(re.findall(r'^\s+"(\w+)":', body, re.MULTILINE)) - {
        "business",
        "lead",
        "enquiry",
        "appointment",
        "alert",
    }
    told = (ROOT / "docs/notifications.md").read_text()
    assert {name for name in names if not re.search(rf"`(?:\w+\.)?{name}`", told)} == set()


def test_it_tells_every_preset_scheme_option_and_function_of_webhooks() -> None:
    told = {name for row in rows("docs/webhooks.md") for name in quoted(row[0])}
    functions = {name.partition("(")[0] for name in told}
    assert presets().keys() | set(Scheme) | set(SIGNED) - {"delivery_header"} <= told
    own = Functions.FUNCTION_TABLE.keys() - jmespath.functions.Functions.FUNCTION_TABLE.keys()
    assert own <= functions
    mapped = {name for row in rows("docs/webhooks.md") if len(row) == 2 for name in quoted(row[1])}
    assert set(MAPPED) <= mapped
