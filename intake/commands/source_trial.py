"""`intake source test` and `replay`: try a mapping out, and send round what it failed on."""

from collections.abc import Iterable
from typing import Annotated

import typer
from sqlmodel import Session

from intake.commands.answer import tell
from intake.commands.options import DATA, Data, Since, configure, span_of
from intake.commands.table import plain
from models.database import transaction
from models.errors import Invalid
from models.operations.sources.manage import find_source
from models.operations.sources.preview import Preview, preview
from models.operations.sources.replay import Replay, replay, replayable

Which = Annotated[str, typer.Argument(metavar="SOURCE", help="Uid or key of the source, or its name.")]
Sample = Annotated[
    typer.FileBinaryRead, typer.Argument(metavar="FILE", help="A body as sent; - reads stdin.")
]
ContentType = Annotated[str, typer.Option(help="The sample's, where it is no JSON.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Tell what would become of each, and write nothing.")]
Everything = Annotated[bool, typer.Option("--all", help="Also what was ignored, or never decided.")]


def register(group: typer.Typer) -> None:
    group.command("test")(try_out)
    group.command("replay")(replay_)


def try_out(
    source: Which, file: Sample, content_type: ContentType = "application/json", data: Data = DATA
) -> None:
    """Print the lead that a sample would make, the match and the difference. Nothing is written."""
    limit = configure(data).body_limit_bytes
    body = file.read(limit + 1)
    if len(body) > limit:
        message = f"the sample is larger than {limit} bytes"
        raise Invalid(message, "file")
    with transaction() as session:
        told = preview(session, find_source(session, source), content_type, body)
    for number, one in enumerate(told):
        if number:
            typer.echo()
        tell(lines(one))


def replay_(
    source: Which,
    *,
    since: Since = "2d",
    everything: Everything = False,
    dry_run: DryRun = False,
    data: Data = DATA,
) -> None:
    """Send what failed through the current mapping, and print the uids of its receipts."""
    span = span_of(since)
    configure(data)
    with transaction() as session:
        wanted = Replay(source=find_source(session, source), since=span, everything=everything)
        if dry_run:
            tell(outcomes(session, wanted))
        else:
            tell((uid,) for uid in replay(session, wanted))


def outcomes(session: Session, wanted: Replay) -> Iterable[tuple[object, ...]]:
    for receipt in replayable(session, wanted):
        for one in preview(session, wanted.source, receipt.content_type, receipt.body):
            yield receipt.uid, one.verdict, plain(one.reason)


def lines(told: Preview) -> Iterable[tuple[object, ...]]:
    yield "verdict", told.verdict
    yield "reason", plain(told.reason)
    yield "matched on", told.matched_on
    yield "messages", told.promised
    for name, value in told.lead.items():
        yield plain(name), plain(str(value))
    for one in told.difference:
        yield "difference", one["field"], one["rule"], plain(str(one["was"])), plain(str(one["sent"]))
