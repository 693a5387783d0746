"""The `intake subscription` commands: who is told of a business's events."""

from datetime import timedelta
from typing import Annotated

import typer

from intake.commands.answer import tell
from intake.commands.options import DATA, Data, OfBusiness, Since, configure, span_of
from models.database import transact, transaction
from models.operations.identify import find_business
from models.operations.resend import Resend, resend
from models.operations.subscriptions import (
    ChangeSubscription,
    Named,
    Rotate,
    Subscribe,
    Tries,
    change_subscription,
    find_subscription,
    rotate_secret,
    subscribe,
    subscriptions_of,
    tries_of,
    unsubscribe,
)
from models.subscription import Format, Subscription

group = typer.Typer(no_args_is_help=True, help="Subscriptions: who is told of a business's events.")

Url = Annotated[str, typer.Option(help="Where events are posted to: https://...")]
Events = Annotated[str, typer.Option(help="Comma-separated types, such as lead.created,lead.converted")]
NewUrl = Annotated[str | None, typer.Option("--url", help="Where events are posted to from now on.")]
NewEvents = Annotated[str | None, typer.Option("--events", help="Comma-separated types, in place of all.")]
Words = Annotated[Format, typer.Option("--format", help="In whose words events are told.")]
Uid = Annotated[str, typer.Argument(help="The subscription's uid, as `intake subscription list` shows it.")]
Hours = Annotated[float, typer.Option(min=0, max=8760, help="How long the old secret signs too.")]
Most = Annotated[int, typer.Option(min=1, max=10_000, help="Most tries, the newest first.")]

Everything = Annotated[bool, typer.Option("--all", help="Also what it took.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Tell which they are, and send nothing.")]


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="subscription")


@group.command()
def create(
    business: OfBusiness, url: Url, events: Events, words: Words = Format.STANDARD, data: Data = DATA
) -> None:
    """Tell a URL of events; print the subscription's uid and the secret that signs them.

    The secret is shown here and by `rotate`, and nowhere else.
    """
    configure(data)
    with transaction() as session:
        wanted = Subscribe(
            business_id=find_business(session, business).id,
            url=url,
            events=listed(events),
            format=words,
        )
        made = subscribe(session, wanted)
    tell([(made.uid, made.secret)])


@group.command("list")
def list_(business: OfBusiness, data: Data = DATA) -> None:
    """Print uid, state, format, events and URL of each subscription."""
    configure(data)
    with transaction() as session:
        found = subscriptions_of(session, find_business(session, business).id)
    tell((one.uid, state_of(one), one.format, ",".join(one.events), one.url) for one in found)


@group.command()
def show(uid: Uid, data: Data = DATA) -> None:
    """Print what there is to know of a subscription but its secret."""
    configure(data)
    with transaction() as session:
        one = find_subscription(session, Named(business_id=None, uid=uid))
    names = ("uid", "url", "format", "topic", "created_at", "updated_at", "failing_since", "old_secret_until")
    facts = [(name, getattr(one, name)) for name in names]
    tell(
        [*facts, ("events", ",".join(one.events)), ("state", state_of(one)), ("reason", one.disabled_reason)]
    )


@group.command()
def update(uid: Uid, url: NewUrl = None, events: NewEvents = None, data: Data = DATA) -> None:
    """Change where events go, or which."""
    configure(data)
    wanted = None if events is None else listed(events)
    transact(change_subscription, ChangeSubscription(business_id=None, uid=uid, url=url, events=wanted))


@group.command()
def rotate(uid: Uid, overlap_hours: Hours = 24, data: Data = DATA) -> None:
    """Print a new secret; the old one signs too until the overlap ends."""
    configure(data)
    command = Rotate(business_id=None, uid=uid, overlap=timedelta(hours=overlap_hours))
    typer.echo(transact(rotate_secret, command).secret)


@group.command()
def enable(uid: Uid, data: Data = DATA) -> None:
    """Let a disabled subscription begin anew, with what happens from now on."""
    configure(data)
    transact(change_subscription, ChangeSubscription(business_id=None, uid=uid, active=True))


@group.command()
def disable(uid: Uid, data: Data = DATA) -> None:
    """Stop telling a URL of events until it is enabled again."""
    configure(data)
    transact(change_subscription, ChangeSubscription(business_id=None, uid=uid, active=False))


@group.command()
def delete(uid: Uid, data: Data = DATA) -> None:
    """End a subscription for good."""
    configure(data)
    transact(unsubscribe, Named(business_id=None, uid=uid))


@group.command()
def attempts(uid: Uid, limit: Most = 50, data: Data = DATA) -> None:
    """Print time, event, type, status, milliseconds and answer or error of each try, the newest first."""
    configure(data)
    with transaction() as session:
        tries = tries_of(session, Tries(business_id=None, uid=uid, limit=limit))
    tell(
        (one.at, event.uid, event.type, one.status, one.milliseconds, one.error or one.answer)
        for one, event in tries
    )


@group.command()
def replay(
    uid: Uid,
    *,
    since: Since = "2d",
    everything: Everything = False,
    dry_run: DryRun = False,
    data: Data = DATA,
) -> None:
    """Tell a subscription once more of what it did not take, and print uid and type of each event."""
    wanted = Resend(business_id=None, uid=uid, since=span_of(since), everything=everything, dry_run=dry_run)
    configure(data)
    tell((one.uid, one.type) for one in transact(resend, wanted))


def listed(events: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in events.split(",") if word.strip())


def state_of(one: Subscription) -> str:
    if not one.active:
        return "disabled"
    return "failing" if one.failing_since else "active"
