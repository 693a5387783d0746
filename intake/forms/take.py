"""Takes one post in: whether it may come from there, how fast, what it says, and how suspect it is."""

from dataclasses import replace
from typing import Any

import structlog

from intake import metrics
from intake.body import BadBody, parse_pairs, read_body
from intake.capture_lane import Unavailable
from intake.client_address import address_of, subscriber
from intake.door import AnyRequest, doors_of
from intake.forms.answers import A_MINUTE, A_MOMENT, Answer, Answers
from intake.forms.book import OpenForm
from intake.forms.origin import is_allowed
from intake.forms.post import BadPost, Post, command_of, post_of, told_by
from intake.forms.rates import Pace, Seen
from intake.forms.seals import hash_of, is_probe
from intake.forms.suspicion import budgets, foldings, rules_of
from intake.forms.touch import touch_of, web_page
from models.form import Form
from models.operations.commands import Arrival, CaptureLead, Command, Keep, Visit
from models.operations.consent import PROBE
from models.operations.form_fields import CONSENT
from models.operations.visits import reason_of
from models.receipt import Verdict

log = structlog.get_logger()

# The door of a form is this and the form's uid; the label of metrics is this alone.
DOOR = "form"
NO = {"", "0", "no", "off", "false"}


async def take(request: AnyRequest, open_form: OpenForm) -> Answer:
    """Answer a post. Whatever is refused leaves a receipt, and whatever is suspect waits for a person."""
    answers = Answers(open_form, request.headers)
    address = address_of(request)
    seen = doors_of(request).form_rates.take(subscriber(address), open_form.form.id)
    if seen.pace is Pace.FLOOD or (seen.pace is Pace.HURRIED and answers.is_script):
        return refused(answers, "too_many", 429, A_MINUTE)
    try:
        return await looked_at(request, open_form, seen, answers)
    except Unavailable:
        # Nothing may be taken for granted: the visitor, or the script, sends it again.
        return refused(answers, "later", 503, A_MOMENT)


async def looked_at(request: AnyRequest, open_form: OpenForm, seen: Seen, answers: Answers) -> Answer:
    body, post = b"", Post()
    try:
        body = await read_body(request, doors_of(request).settings.body_limit_bytes)
        if not is_allowed(open_form.form, request.headers):
            await keep_refused(request, arrival_of(request, open_form, body), "origin")
            return refused(answers, "not_allowed", 403)
        post = post_in(request, body)
        command = command_in(request, open_form, post, body, seen)
    except BadBody as bad:
        await keep_refused(request, arrival_of(request, open_form, body), bad.reason)
        return refused(answers, "unreadable", bad.status)
    except BadPost as bad:
        await keep_refused(request, arrival_of(request, open_form, body), bad.reason)
        metrics.REFUSED.labels(DOOR, bad.reason).inc()
        return answers.faults(post, bad.faults)
    await submit(request, command)
    return answers.thanks()


def post_in(request: AnyRequest, body: bytes) -> Post:
    headers = request.headers
    return post_of(parse_pairs(headers.get("content-type"), headers.get("content-encoding"), body))


async def submit(request: AnyRequest, command: Command) -> None:
    captured = await doors_of(request).lane.submit(command)
    if isinstance(command, Keep) and not captured.replayed:
        metrics.ACCEPTED.labels(DOOR, captured.verdict).inc()


def command_in(
    request: AnyRequest, open_form: OpenForm, post: Post, body: bytes, seen: Seen
) -> CaptureLead | Keep:
    """The lead, or its quarantine where the sum of what speaks against it is too high. Raises `BadPost`."""
    form = open_form.form
    told, email = told_by(form, post)
    if is_probe(form, post["_probe"]):
        arrival = arrival_of(request, open_form, body, visit_of(request, form, post))
        return as_probe(command_of(open_form, post, told, email, arrival))
    broken = rules_of(form, post)
    score = sum(points for _, points in broken)
    is_suspect = score >= form.threshold or bool(seen.rules)
    visit = visit_of(
        request,
        form,
        post,
        score=score,
        rules=(*(rule for rule, _ in broken), *seen.rules),
        rations=(*foldings(form, post), *(() if is_suspect else budgets(form, post, email))),
    )
    arrival = arrival_of(request, open_form, body, visit)
    if is_suspect:
        return Keep(arrival=arrival, verdict=Verdict.QUARANTINED, reason=reason_of(visit))
    return command_of(open_form, post, told, email, arrival)


def as_probe(command: CaptureLead) -> CaptureLead:
    """A lead that is taken in like any other, by a door whose messages do not go."""
    return replace(command, arrival=replace(command.arrival, door=PROBE, listeners=()), tags=(PROBE,))


def visit_of(request: AnyRequest, form: Form, post: Post, **judged: Any) -> Visit:  # noqa: ANN401 - fields of it
    """Who may have sent a post and from where, without the address itself; and how it was judged."""
    referrer = web_page(request.headers.get("referer", ""))
    agreed = bool(form.consent) and post[CONSENT].lower() not in NO
    return Visit(
        form_id=form.id,
        address_hash=hash_of(form, "address", address_of(request)),
        referrer=referrer,
        touch=touch_of(post, referrer),
        consent=form.consent if agreed else "",
        **judged,
    )


def arrival_of(request: AnyRequest, open_form: OpenForm, body: bytes, visit: Visit | None = None) -> Arrival:
    return Arrival(
        uid=request.scope["state"]["request_id"],
        business_id=open_form.tenant.id,
        door=f"{DOOR}:{open_form.form.uid}",
        body=body,
        content_type=(request.headers.get("content-type") or "")[:200].replace("\0", ""),
        user_id=open_form.tenant.owner_id,
        listeners=open_form.tenant.listeners,
        visit=visit,
    )


async def keep_refused(request: AnyRequest, arrival: Arrival, reason: str) -> None:
    log.info("post refused", business=arrival.business_id, reason=reason)
    await doors_of(request).lane.submit(Keep(arrival=arrival, verdict=Verdict.REFUSED, reason=reason))


def refused(answers: Answers, word: str, status: int, retry_after: str = "") -> Answer:
    metrics.REFUSED.labels(DOOR, word).inc()
    return answers.sentence(word, status, retry_after)
