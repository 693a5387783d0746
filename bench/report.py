"""Plain text tables of what was measured, with each goal beside its figure."""

from collections.abc import Iterable, Sequence
from math import isnan

from bench.rounds import Goal, Rounds

NAMES = {"rate": "a second", "p50": "p50 ms", "p99": "p99 ms", "cpu": "CPU us"}


def show(title: str, rounds: Rounds, figures: Sequence[str] = ("rate", "p50", "p99", "cpu")) -> None:
    """Print the rates of every round, and the medians of all figures."""
    print(f"\n{title}")
    names = list(rounds.samples)
    row("round", ["gauge ms", *names])
    lead = figures[0]
    for number, gauge in enumerate(rounds.gauges):
        row(str(number + 1), [figure(gauge), *(figure(rounds.values(n, lead)[number]) for n in names)])
    for kind in figures:
        row(NAMES[kind], ["", *(figure(rounds.middle(name, kind)) for name in names)])


def judge(goals: Iterable[Goal]) -> bool:
    """Print each ratio with its goal; tell whether all are met."""
    verdicts = []
    for goal in goals:
        sign = ">=" if goal.floor else "<="
        verdict = "met" if goal.met else "missed"
        print(f"  {goal.name:<46} {goal.value:>9.2f}   goal {sign} {goal.bound:g}: {verdict}")
        verdicts.append(goal.met)
    return all(verdicts)


def row(head: str, cells: Sequence[str]) -> None:
    print(f"  {head:<10}" + "".join(f"{cell:>13}" for cell in cells), flush=True)


def figure(value: float) -> str:
    if isnan(value):
        return "-"
    return f"{value:,.0f}" if value >= 100 else f"{value:,.2f}"
