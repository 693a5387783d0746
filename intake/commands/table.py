"""Lays out what an operator reads on a terminal: aligned columns of plain text."""

from collections.abc import Iterable, Sequence

from intake.commands.answer import shown

GAP = "  "


def table(head: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """Columns under their names, numbers to the right, one line a row."""
    given = [list(row) for row in rows]
    cells = [list(head), *([plain(shown(value)) for value in row] for row in given)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    numeric = [bool(given) and all(isinstance(row[n], int) for row in given) for n in range(len(head))]
    return "\n".join(line(row, widths, numeric) for row in cells)


def line(row: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    padded = [
        cell.rjust(width) if right else cell.ljust(width)
        for cell, width, right in zip(row, widths, numeric, strict=True)
    ]
    return GAP.join(padded).rstrip()


def plain(text: str) -> str:
    """Text that cannot move a terminal's cursor or colour it, whoever wrote it."""
    return "".join(character if character.isprintable() else "?" for character in text)
