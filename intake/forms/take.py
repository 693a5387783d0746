"""Takes one post in: whether it may come from there, how fast, what it says, and how suspect it is."""

import structlog
from msgspec import Struct
from msgspec.structs import replace

from intake import metrics
from intake.body import BadBody, parse_pairs, read_body
from intake.capture_lane import Unavailable
from intake.client_address import address_of, subscriber
from intake.door import AnyRequest, Doors, doors_of
from intake.forms.agreed import wording_of
from intake.forms.answers import A_MINUTE, A_MOMENT, Answer, Answers
from intake.forms.book import OpenForm
from intake.forms.origin import hidden_rules, is_allowed
from intake.forms.post import BadPost, Post, command_of, post_of, told_by
from intake.forms.rates import Pace, Seen
from intake.forms.seals import hash_of, is_probe
from intake.forms.suspicion import budgets, foldings, rules_of
from intake.forms.touch import touch_of, web_page
from models.form import FormFacts
from models.operations.commands import Arrival, CaptureLead, Command, Keep, Ration, Visit
from models.operations.consent import PROBE
from models.operations.form_fields import CONSENT
from models.operations.visits import reason_of
from models.receipt import Verdict

log = structlog.get_logger()

# The door of a form is this and the form's uid; the label of metrics is this alone.
DOOR = "form"


class Came(Struct, frozen=True):
    """A request to a form, from which address it came, and how fast."""

    request: AnyRequest
    doors: Doors
    open_form: OpenForm
    address: str
    seen: Seen

    @property
    def form(self) -> FormFacts:
        return self.open_form.form

    def arrival(self, body: bytes, visit: Visit | None = None) -> Arrival:
        return Arrival(
            uid=self.request.scope["state"]["request_id"],
            business_id=self.open_form.tenant.id,
            door=f"{DOOR}:{self.form.uid}",
            body=body,
            content_type=(self.request.headers.get("content-type") or "")[:200].replace("\0", ""),
            user_id=self.open_form.tenant.owner_id,
            listeners=self.open_form.tenant.listeners,
            visit=visit,
        )

    def visit(
        self, post: Post, score: int = 0, rules: tuple[str, ...] = (), rations: tuple[Ration, ...] = ()
    ) -> Visit:
        """Who may have sent a post and from where, without the address itself; and how it was judged."""
        referrer = web_page(self.request.headers.get("referer", ""))
        return Visit(
            form_id=self.form.id,
            address_hash=hash_of(self.form, "address", self.address),
            referrer=referrer,
            touch=touch_of(post, referrer),
            consent=wording_of(self.open_form, post[CONSENT]),
            score=score,
            rules=rules,
            rations=rations,
        )


async def take(request: AnyRequest, open_form: OpenForm) -> Answer:
    """Answer a post. Whatever is refused leaves a receipt, and whatever is suspect waits for a person."""
    doors = doors_of(request)
    answers = Answers(open_form, request.headers)
    address = address_of(request)
    seen = doors.form_rates.take(subscriber(address), open_form.form.id)
    if seen.pace is Pace.FLOOD or (seen.pace is Pace.HURRIED and answers.is_script):
        return refused(answers, "too_many", 429, A_MINUTE)
    try:
        return await looked_at(Came(request, doors, open_form, address, seen), answers)
    except Unavailable:
        # Nothing may be taken for granted: the visitor, or the script, sends it again.
        return refused(answers, "later", 503, A_MOMENT)


async def looked_at(came: Came, answers: Answers) -> Answer:
    request, body, post = came.request, b"", Post()
    try:
        body = await read_body(request, came.doors.settings.body_limit_bytes)
        if not is_allowed(came.form, request.headers):
            await keep_refused(came, body, "origin")
            return refused(answers, "not_allowed", 403)
        post = post_in(request, body)
        command = command_in(came, post, body)
    except BadBody as bad:
        await keep_refused(came, body, bad.reason)
        return refused(answers, "unreadable", bad.status)
    except BadPost as bad:
        await keep_refused(came, body, bad.reason)
        metrics.REFUSED.labels(DOOR, bad.reason).inc()
        return answers.faults(post, bad.faults)
    await submit(came.doors, command)
    return answers.thanks()


def post_in(request: AnyRequest, body: bytes) -> Post:
    headers = request.headers
    return post_of(parse_pairs(headers.get("content-type"), headers.get("content-encoding"), body))


async def submit(doors: Doors, command: Command) -> None:
    captured = await doors.lane.submit(command)
    if isinstance(command, Keep) and not captured.replayed:
        metrics.ACCEPTED.labels(DOOR, captured.verdict).inc()


def command_in(came: Came, post: Post, body: bytes) -> CaptureLead | Keep:
    """The lead, or its quarantine where the sum of what speaks against it is too high. Raises `BadPost`."""
    form, seen = came.form, came.seen
    told, email = told_by(came.open_form, post)
    if is_probe(form, post["_probe"]):
        arrival = came.arrival(body, came.visit(post))
        return as_probe(command_of(came.open_form, post, told, email, arrival))
    broken = [*rules_of(form, post), *hidden_rules(form, came.request.headers)]
    score = sum(points for _, points in broken)
    is_suspect = score >= form.threshold or bool(seen.rules)
    visit = came.visit(
        post,
        score=score,
        rules=(*(rule for rule, _ in broken), *seen.rules),
        rations=(*foldings(form, post), *(() if is_suspect else budgets(form, post, email))),
    )
    arrival = came.arrival(body, visit)
    if is_suspect:
        return Keep(arrival=arrival, verdict=Verdict.QUARANTINED, reason=reason_of(visit))
    return command_of(came.open_form, post, told, email, arrival)


def as_probe(command: CaptureLead) -> CaptureLead:
    """A lead that is taken in like any other, by a door whose messages do not go."""
    return replace(command, arrival=replace(command.arrival, door=PROBE, listeners=()), tags=(PROBE,))


async def keep_refused(came: Came, body: bytes, reason: str) -> None:
    arrival = came.arrival(body)
    log.info("post refused", business=arrival.business_id, reason=reason)
    kept = Keep(arrival=arrival, verdict=Verdict.REFUSED, reason=reason)
    await came.doors.lane.submit(kept)


def refused(answers: Answers, word: str, status: int, retry_after: str = "") -> Answer:
    metrics.REFUSED.labels(DOOR, word).inc()
    return answers.sentence(word, status, retry_after)
