"""The commands `intake status`, `jobs` and `retry`: what is owed, and sending it round again."""

import json
from collections.abc import Sequence
from typing import Annotated

import typer

from intake.commands.options import DATA, Data, Json, configure
from intake.commands.table import table
from models.database import transaction
from models.job import Job, JobKind, JobState
from models.operations.measure import Measures, measure
from models.operations.retry import WantedJobs, count_jobs, list_jobs, retry

COLUMNS = ("id", "kind", "queue", "state", "attempts", "next_at", "last_error")

State = Annotated[JobState | None, typer.Option(help="Only jobs in this state.")]
Kind = Annotated[JobKind | None, typer.Option(help="Only jobs of this kind.")]
Most = Annotated[int, typer.Option(min=1, max=100_000, help="Most jobs, the newest first.")]
Ids = Annotated[list[int] | None, typer.Argument(help="Ids of dead jobs. Default: any.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print the ids, and change nothing.")]


def register(app: typer.Typer) -> None:
    app.command()(status)
    app.command()(jobs)
    app.command("retry")(retry_)


def status(data: Data = DATA, *, as_json: Json = False) -> None:
    """Print how the service is doing: the verdict, the queues and the last 24 hours."""
    configure(data)
    with transaction() as session:
        measures = measure(session)
    typer.echo(json.dumps(measures.as_document()) if as_json else as_text(measures))


def as_text(measures: Measures) -> str:
    queues = [
        (state.queue, state.pending, state.claimed, state.dead, f"{state.oldest_seconds:.0f} s")
        for state in measures.queues
    ]
    messages = [
        (channel, state, count)
        for channel, states in sorted(measures.deliveries.items())
        for state, count in sorted(states.items())
    ]
    return "\n\n".join(
        (
            measures.verdict,
            table(("queue", "pending", "claimed", "dead", "oldest"), queues),
            table(("requests, 24 h", "count"), sorted(measures.receipts.items())),
            table(("messages, 24 h", "state", "count"), messages),
            table(("quiet", "of", "since"), [(one.door, one.business, one.since) for one in measures.quiet]),
        )
    )


def jobs(
    data: Data = DATA, *, state: State = None, kind: Kind = None, limit: Most = 50, as_json: Json = False
) -> None:
    """List jobs, the newest first."""
    configure(data)
    with transaction() as session:
        found = list_jobs(session, WantedJobs(state=state, kind=kind or "", limit=limit))
    if as_json:
        typer.echo(json.dumps([document_of(job) for job in found]))
    else:
        typer.echo(table(COLUMNS, ([getattr(job, name) for name in COLUMNS] for job in found)))


def document_of(job: Job) -> dict[str, object]:
    return {name: getattr(job, name) for name in COLUMNS} | {"next_at": job.next_at.isoformat()}


def retry_(
    ids: Ids = None, data: Data = DATA, *, kind: Kind = None, limit: Most = 50, dry_run: DryRun = False
) -> None:
    """Send dead jobs round again, and print their ids; how many there are is told first, on stderr."""
    configure(data)
    named = tuple(ids or ())
    wanted = WantedJobs(state=JobState.DEAD, kind=kind or "", ids=named, limit=len(named) or limit)
    with transaction() as session:
        dead = count_jobs(session, wanted)
        typer.echo(f"{dead} dead, {min(dead, wanted.limit)} to send round again", err=True)
        chosen = ids_of(list_jobs(session, wanted)) if dry_run else retry(session, wanted)
    for job_id in chosen:
        typer.echo(job_id)


def ids_of(found: Sequence[Job]) -> list[int]:
    return sorted(job.id for job in found)
