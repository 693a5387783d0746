"""A business's own wording, and what it cannot do."""

import time
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from tests.workers.rendered import BUILT_IN, context, render
from workers.render import FOLDER, FRAMES, PARTS, TemplateBroken


def test_it_uses_a_wording_of_the_business_s_own() -> None:
    override = "Dear {{ lead.first_name }}{% if repeat %} again{% endif %}: {{ enquiry.title|upper }}"

    assert render("auto-reply", "text", override) == "Dear Ada: A NEW KITCHEN"


def test_it_escapes_in_html_whoever_wrote_the_template() -> None:
    lead = {**context()["lead"], "name": "<b>Ada</b> & co"}

    assert render("auto-reply", "html", "<p>{{ lead.name }}</p>", lead=lead) == (
        "<p>&lt;b&gt;Ada&lt;/b&gt; &amp; co</p>"
    )
    assert render("auto-reply", "text", "{{ lead.name }}", lead=lead) == "<b>Ada</b> & co"


@pytest.mark.parametrize(("name", "part"), BUILT_IN)
def test_it_takes_our_own_templates_as_a_start_for_others(name: str, part: str) -> None:
    source = (FOLDER / name / PARTS[part]).read_text()

    assert render(name, part, source) == render(name, part)


def test_it_lends_a_frame_to_a_wording_of_the_business_s_own() -> None:
    letter = "{% extends 'letter.txt' %}{% block text %}We have it, {{ lead.last_name }}.\n{% endblock %}"
    own = render("auto-reply", "text", letter, unsubscribe_url="")

    assert own.startswith("Hello Ada,\n\nWe have it, Lovelace.\nAcme Kitchens\nPhone: +14155550100\n")


def test_it_escapes_within_a_frame() -> None:
    letter = "{% extends 'letter.html' %}{% block opening %}{{ lead.name }}{% endblock %}"
    business = {**context()["business"], "name": "<i>Acme</i>"}
    own = render("auto-reply", "html", letter, lead={**context()["lead"], "name": "<b>"}, business=business)

    assert "&lt;b&gt;" in own
    assert "&lt;i&gt;Acme" in own
    assert "<b>" not in own
    assert "<i>" not in own


@pytest.mark.parametrize("frame", sorted(FRAMES.iterdir()), ids=lambda frame: frame.name)
def test_it_offers_no_block_within_a_loop(frame: Path) -> None:
    """Else a wording's loop would stand within the frame's, and keep a worker busy."""
    tree = Environment(autoescape=True).parse(frame.read_text())

    assert not [loop for loop in tree.find_all(nodes.For) if loop.find(nodes.Block)]


@pytest.mark.parametrize(
    "override",
    [
        "{{ lead.nickname }}",
        "{{ nobody }}",
        "{{ lead.name",
        "{% if %}",
        "{% endfor %}",
        "{{ lead.name|nonesuch }}",
        "{{ lead.name is nonesuch }}",
        "{{ ''.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ lead['__class__'] }}",
        "{{ lead.name|attr('__class__') }}",
        "{{ lead.clear() }}",
        "{{ lead.update({'name': 'x'}) }}",
        "{{ '{0.__class__}'.format(lead) }}",
        "{{ '%999999999d'|format(1) }}",
        "{{ '%999999999d' % 1 }}",
        "{{ 'a' * 100000000 }}",
        "{{ [0] * 100000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ 2 ** 2 }}",
        "{{ 'a' + 'b' }}",
        "{{ 'a'.center(1000000000) }}",
        "{{ 'a'|center(1000000000) }}",
        "{{ lipsum(n=1000) }}",
        "{{ cycler('a') }}",
        "{{ range(100000000)|length }}",
        "{% for a in range(100000000) %}x{% endfor %}",
        "{% for a in range(1000) %}{% for b in range(1000) %}x{% endfor %}{% endfor %}",
        "{% for a in range(1000) %}" + "x" * 300 + "{% endfor %}",
        "{% set a = 'x' %}{{ a }}",
        "{% with a = 'x' %}{{ a }}{% endwith %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% include 'auto-reply/body.txt' %}",
        "{% extends 'auto-reply/body.txt' %}",
        "{% import 'x' as y %}",
        "{% extends '../auto-reply/body.txt' %}",
        "{% extends lead.name %}",
        "{% extends ['letter.txt'] %}",
        "{% extends 'nonesuch.txt' %}",
        "{% extends 'letter.txt' %}{% block text %}{{ super() }}{% endblock %}",
        "{% extends 'letter.txt' %}{% block text %}{{ self.text() }}{% endblock %}",
        "{% extends 'letter.txt' %}{% block text %}{% block text %}{% endblock %}{% endblock %}",
        "{% block x %}{% endblock %}",
        "{% autoescape false %}{{ lead.name }}{% endautoescape %}",
        "{{ lead.name|safe }}",
        "{{ 1 // 0 }}",
        "{{ lead.name|truncate('x') }}",
        "{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}",
        "{% if 1 %}" * 2_000 + "{% endif %}" * 2_000,
        "x" * 150_000,
    ],
)
@pytest.mark.parametrize("part", ["text", "html"])
def test_it_says_that_an_override_is_broken(part: str, override: str) -> None:
    started = time.monotonic()
    with pytest.raises(TemplateBroken) as caught:
        render("auto-reply", part, override)

    assert caught.value.message
    assert "ada@example.org" not in caught.value.message
    assert time.monotonic() - started < 30


def test_it_quotes_no_lead_when_an_override_fails() -> None:
    with pytest.raises(TemplateBroken) as caught:
        render("auto-reply", "text", "{{ lead.email + 1 }}{{ lead.email.nothing }}")

    assert "ada" not in caught.value.message
