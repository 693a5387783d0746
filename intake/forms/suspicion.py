"""How suspect a post is: each rule that it breaks has a score, whose sum is held against a threshold."""

from collections.abc import Iterator

from intake.forms import riddle
from intake.forms.content import content_rules
from intake.forms.post import Post
from intake.forms.seals import age_of, hash_of
from models.form import FormFacts
from models.identifiers import EmailAddress
from models.operations.commands import Ration
from models.operations.form_fields import HONEYPOT, SOLUTION

A_MINUTE, AN_HOUR, A_DAY = 60.0, 3600.0, 86_400.0
# Who corrects a mistake sends a page again; a machine sends it all day.
PAGE_USES = 5
# Many visitors send what a page wrote for them beforehand; a machine goes on with it.
SAME_TEXTS = 20
LONG_TEXT = 20


def rules_of(form: FormFacts, post: Post) -> list[tuple[str, int]]:
    """The rules that a post breaks by itself, each with its score."""
    return [
        *trap_rules(form, post),
        *riddle.rules(form, post[SOLUTION]),
        *content_rules(form, post.shared.values()),
    ]


def trap_rules(form: FormFacts, post: Post) -> Iterator[tuple[str, int]]:
    """A page that is pasted somewhere carries no token: that says nothing against who sends it."""
    if form.honeypot and post[HONEYPOT]:
        yield "honeypot", 100
    if not post["_token"]:
        return
    age = age_of(form, post["_token"], post["_id"])
    if age is None:
        yield "forged_token", 60
    elif age < form.min_seconds:
        yield "too_fast", 60
    elif age > form.max_seconds:
        yield "stale_token", 50


def foldings(form: FormFacts, post: Post) -> list[Ration]:
    """What tells that a post was sent twice: its content within a minute, or on one page within a day."""
    content = post.content_hash()
    same = Ration(form_id=form.id, name=f"content:{content}", most=1, seconds=A_MINUTE)
    if not post["_id"]:
        return [same]
    page = hash_of(form, "page", f"{post['_id']} {content}")
    return [same, Ration(form_id=form.id, name=f"sent:{page}", most=1, seconds=A_DAY)]


def budgets(form: FormFacts, post: Post, recipient: EmailAddress | None) -> Iterator[Ration]:
    """What may be seen so often and no more; beyond, a post is suspect."""
    number = form.id
    if form.daily_limit:
        yield Ration(
            form_id=number, name="day", most=form.daily_limit, seconds=A_DAY, rule="daily_limit", exact=False
        )
    if recipient and form.recipient_limit and writes_to_visitors(form):
        name = f"to:{hash_of(form, 'recipient', recipient.identity)}"
        yield Ration(
            form_id=number, name=name, most=form.recipient_limit, seconds=A_DAY, rule="recipient_limit"
        )
    if post["_token"]:
        name = f"page:{hash_of(form, 'page', post['_id'])}"
        yield Ration(form_id=number, name=name, most=PAGE_USES, seconds=A_DAY, rule="reused_token")
    if form.altcha and post[SOLUTION]:
        name = f"riddle:{hash_of(form, 'riddle', riddle.challenge_of(post[SOLUTION]))}"
        yield Ration(form_id=number, name=name, most=1, seconds=A_DAY, rule="reused_solution")
    if text := longest_text(form, post):
        name = f"text:{hash_of(form, 'text', text)}"
        yield Ration(form_id=number, name=name, most=SAME_TEXTS, seconds=AN_HOUR, rule="same_text")


def writes_to_visitors(form: FormFacts) -> bool:
    """Whether a post lets a mail go to whatever address somebody typed."""
    return form.double_opt_in or "auto-reply" in form.notifications


def longest_text(form: FormFacts, post: Post) -> str:
    """What was written at most length, where it is long enough to be somebody's own words.

    Only prose can be: a page's hidden inputs are the same for everybody.
    """
    written = (post[one["name"]] for one in form.fields if one["kind"] == "textarea")
    text = max(written, key=len, default="")
    return text if len(text) >= LONG_TEXT else ""
