"""Renders message templates: ours, and those that a business wrote itself, in one sandbox."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path

from jinja2 import FileSystemLoader, Template, nodes
from jinja2.exceptions import SecurityError, TemplateError
from jinja2.runtime import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from models.unseen import without_unseen

FOLDER = Path(__file__).parent / "templates"
# What several messages have in common; a template may extend one of these, whoever wrote it.
FRAMES = FOLDER / "frames"
PARTS = {"subject": "subject.txt", "text": "body.txt", "html": "body.html", "sms": "sms.txt"}
LONGEST_OUTPUT = 200_000
LONGEST_SOURCE = 100_000
LONGEST_RANGE = 1_000
# Escaping can make a character five, and a template may show a text twice: so much fits in any case.
LONGEST_TEXT = 6_000
ALL_TEXT = 20_000
MOST_ROWS = 100
CUT = " [...]"

_FILTERS = (
    "d",
    "default",
    "e",
    "escape",
    "first",
    "last",
    "length",
    "lower",
    "title",
    "trim",
    "truncate",
    "upper",
)
# Macros and assignments are what turns a short template into endless work.
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Name, nodes.Const,
    nodes.List, nodes.Tuple, nodes.Getattr, nodes.Getitem, nodes.Filter, nodes.Test, nodes.Keyword,
    nodes.Call, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr, nodes.Concat,
    nodes.Add, nodes.Sub, nodes.Mul, nodes.Pow, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Neg, nodes.Pos,
    nodes.Extends, nodes.Block,
)  # fmt: skip


class TemplateBroken(Exception):  # noqa: N818 - a fact about the template
    """A template that cannot be used; `message` is for the person who wrote it, and quotes no lead."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class _Sandbox(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def call_binop(self, context: object, operator: str, left: object, right: object) -> object:
        """Sums of numbers only: `'a' * 10**8` and `'%99999999d' % 1` would fill the memory."""
        is_sum = operator != "**" and isinstance(left, int | float) and isinstance(right, int | float)
        if not is_sum:
            raise SecurityError(f"{operator} is for small numbers only; ~ joins texts")
        return super().call_binop(context, operator, left, right)  # type: ignore[arg-type] # ours is wider


def _small_range(*bounds: int) -> range:
    numbers = range(*bounds)
    if len(numbers) > LONGEST_RANGE:
        raise SecurityError(f"range() of more than {LONGEST_RANGE}")
    return numbers


def _with_breaks(text: object) -> Markup:
    """Escaped text with <br> for line ends, since mail clients do not agree on `white-space`."""
    return Markup("<br>\n").join(escape(line) for line in str(text).splitlines())


def _sandbox(*, is_html: bool) -> _Sandbox:
    sandbox = _Sandbox(
        autoescape=is_html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FileSystemLoader(FRAMES),
        auto_reload=False,
    )
    filters = {name: sandbox.filters[name] for name in _FILTERS}
    sandbox.filters = {**filters, "with_breaks": _with_breaks if is_html else str}
    sandbox.globals = {"range": _small_range}
    return sandbox


_SANDBOXES = {True: _sandbox(is_html=True), False: _sandbox(is_html=False)}


def render(name: str, part: str, context: Mapping[str, object], override: str | None = None) -> str:
    """`part` is subject, text, html or sms; `override` is a business's own source in place of ours.

    Very long texts in the context are cut. What a lead wrote is data: it is never read as a template.
    Raises TemplateBroken where a source does not compile, names what is not there, or grows too long.
    """
    source = _source(name, part) if override is None else override
    output = _guarded(lambda: _limited(_compiled(source, part == "html").generate(_cut(context))))
    return " ".join(output.split()) if part == "subject" else output


@cache
def _source(name: str, part: str) -> str:
    return (FOLDER / name / PARTS[part]).read_text("utf-8")


_FAULTS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def _guarded(work: Callable[[], str]) -> str:
    try:
        return work()
    except TemplateBroken:
        raise
    except TemplateError as exc:
        raise TemplateBroken(exc.message or type(exc).__name__) from exc
    except (*_FAULTS, SyntaxError, RecursionError, MemoryError) as exc:
        # The text of these may quote a value, and a value may be a lead's.
        raise TemplateBroken(f"{type(exc).__name__} while rendering") from exc


@lru_cache(maxsize=512)
def _compiled(source: str, is_html: bool) -> Template:  # noqa: FBT001 - part of the cache's key
    if len(source) > LONGEST_SOURCE:
        raise TemplateBroken(f"longer than {LONGEST_SOURCE} characters")
    sandbox = _SANDBOXES[is_html]
    tree = sandbox.parse(source)
    _allow(tree, is_in_loop=False)
    if tree.find(nodes.Block) and not tree.find(nodes.Extends):
        raise TemplateBroken("a block is for a message that extends a frame")
    return sandbox.from_string(tree)


def _allow(node: nodes.Node, *, is_in_loop: bool) -> None:
    """Refuse what a message does not need, and what could keep a worker busy."""
    if not isinstance(node, _ALLOWED):
        raise TemplateBroken(f"{type(node).__name__} is not allowed in a message")
    is_loop = isinstance(node, nodes.For)
    if is_loop and is_in_loop:
        raise TemplateBroken("a loop within a loop is not allowed in a message")
    if isinstance(node, nodes.Call) and not _is_range(node.node):
        raise TemplateBroken("only range() can be called in a message")
    if isinstance(node, nodes.Extends) and not isinstance(node.template, nodes.Const):
        raise TemplateBroken("a message extends a frame by its name")
    for child in node.iter_child_nodes():
        _allow(child, is_in_loop=is_in_loop or is_loop)


def _is_range(node: nodes.Expr) -> bool:
    return isinstance(node, nodes.Name) and node.name == "range"


def _limited(pieces: Iterator[str]) -> str:
    output, length = [], 0
    for piece in pieces:
        length += len(piece)
        if length > LONGEST_OUTPUT:
            raise TemplateBroken(f"renders to more than {LONGEST_OUTPUT} characters")
        output.append(piece)
    return "".join(output)


def _cut(context: Mapping[str, object]) -> dict[str, object]:
    """The context without unseen characters, and with its longest texts cut.

    So no lead can make a message too long to send, or make it read as what it is not.
    """
    limit = LONGEST_TEXT
    while sum(min(length, limit) for length in _lengths(context)) > ALL_TEXT:
        limit //= 2
    return {name: _shorter(value, limit) for name, value in context.items()}


def _lengths(value: object) -> Iterator[int]:
    if isinstance(value, str):
        yield len(value)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _lengths(one)
    elif isinstance(value, list | tuple):
        for one in value[:MOST_ROWS]:
            yield from _lengths(one)


def _shorter(value: object, limit: int) -> object:
    if isinstance(value, str):
        return without_unseen(value if len(value) <= limit else value[:limit] + CUT)
    if isinstance(value, Mapping):
        return {name: _shorter(one, limit) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_shorter(one, limit) for one in value[:MOST_ROWS]]
    return value
