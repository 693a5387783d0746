"""The pages that a visitor sees: the form, the thanks, and a sentence where something is not to be had."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from litestar import Response

from intake.forms.agreed import wording_of
from intake.forms.book import OpenForm
from intake.forms.post import Post
from intake.forms.seals import Shown
from intake.forms.words import spoken, words_in
from intake.page import page, templates
from models.operations.form_fields import CONSENT, HONEYPOT, SOLUTION
from models.operations.form_wordings import digest_of
from models.settings import settings
from models.touch import TOUCHED_BY

# What a browser may fill in for its user, by what the input tells of the lead.
AUTOCOMPLETE = {
    "name": "name",
    "first_name": "given-name",
    "last_name": "family-name",
    "email": "email",
    "phone": "tel",
    "address": "street-address",
}
NAMES = {"honeypot": HONEYPOT, "consent": CONSENT, "solution": SOLUTION}

NOBODY = "'none'"

Page = Response[str]


@dataclass(frozen=True, slots=True)
class Sayer:
    """In whose name and language a page speaks, and whose pages may frame it."""

    business: str
    language: str
    origins: tuple[str, ...]


def form_page(  # noqa: PLR0913 - what the page shows
    open_form: OpenForm,
    post: Post,
    shown: Shown,
    faults: Mapping[str, str],
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Page:
    """The form, with what was typed and what is wrong with it."""
    nonce = secrets.token_urlsafe(16)
    form = open_form.form
    return page(
        "form.html",
        status,
        rules(form.origins, nonce) | (headers or {}),
        form=form,
        business=open_form.business_name,
        fields=[described(one, post, faults) for one in form.fields],
        wording=digest_of(form.consent),
        # Whoever agreed to an earlier wording is asked anew.
        is_agreed=wording_of(open_form, post[CONSENT]) == form.consent,
        faults=faults,
        carried=carried(open_form, post),
        shown=shown,
        action=address_of(open_form),
        names=NAMES,
        nonce=nonce,
        **spoken_words(form.language),
    )


def carried(open_form: OpenForm, post: Post) -> dict[str, str]:
    """What goes along unseen: where the visitor came from, and what only another page asked."""
    asked = {one["name"] for one in open_form.form.fields}
    unasked = {name: value for name, value in post.shared.items() if name not in asked}
    return {name: post[name] for name in TOUCHED_BY if post[name]} | unasked


def snippet(open_form: OpenForm) -> str:
    """The form as HTML to paste into another page; its look is that page's."""
    form = open_form.form
    return (
        templates()
        .get_template("embed.html")
        .render(
            form=form,
            fields=[described(one, Post(), {}) for one in form.fields],
            action=public_address(open_form),
            names=NAMES,
            wording=digest_of(form.consent),
            **spoken_words(form.language),
        )
    )


def described(one: Mapping[str, Any], post: Post, faults: Mapping[str, str]) -> dict[str, Any]:
    """An input as the page needs it: its value, its fault, and what the browser may fill in."""
    return {
        **one,
        "id": f"f-{one['name']}",
        "value": post[one["name"]],
        "fault": faults.get(one["name"], ""),
        "autocomplete": AUTOCOMPLETE.get(one["maps_to"], "on"),
    }


def say(sayer: Sayer, title: str, text: str = "", *, status: int = 200, consent: str = "") -> Page:
    """A title and a sentence, in words of `intake.forms.words`; with a button to agree to `consent`."""
    nonce = secrets.token_urlsafe(16)
    words = words_in(sayer.language)
    return page(
        "say.html",
        status,
        rules(sayer.origins, nonce),
        business=sayer.business,
        title=words[title],
        text=words[text] if text else "",
        consent=consent,
        nonce=nonce,
        **spoken_words(sayer.language),
    )


def sayer_of(open_form: OpenForm) -> Sayer:
    form = open_form.form
    return Sayer(open_form.business_name, form.language, tuple(form.origins))


def spoken_words(language: str) -> dict[str, Any]:
    return {"language": spoken(language), "words": words_in(language)}


def rules(origins: Sequence[str], nonce: str) -> dict[str, str]:
    """What the page may do: run our own style and script, post to us, be framed by the form's own sites.

    Browsers hold a form's redirects to form-action too. With no-referrer they would send `Origin: null`.
    """
    sites = " ".join(origins)
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; connect-src 'self'; "
        f"form-action 'self' {sites}; base-uri 'none'; frame-ancestors {sites or NOBODY}"
    )
    return {"Content-Security-Policy": policy, "Referrer-Policy": "same-origin"}


def address_of(open_form: OpenForm) -> str:
    """Where the form is posted to, from our own page: a path, since a proxy may call us by another name."""
    return f"{urlsplit(settings().public_url).path.rstrip('/')}/f/{open_form.form.key}"


def public_address(open_form: OpenForm) -> str:
    return f"{settings().public_url.rstrip('/')}/f/{open_form.form.key}"
