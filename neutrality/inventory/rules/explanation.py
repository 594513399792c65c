"""Why two figures differ: data, factor, method, boundary and correction parts that add up exactly (pure; F6).

Both versions are compared as they stand, so the way of edits between them cannot matter. Lines are paired by their key,
then by source, stage and factor series. Of a paired line

    data        the quantity changed:  (q₂ − q₁) × (f₁ + f₂) ÷ 2
    factor      another edition of the same factor:  (f₂ − f₁) × (q₁ + q₂) ÷ 2
    method      another factor, or another way to measure, the same way; all of it where the units do not compare
    correction  the quantity changed between versions of the same kind: a mistake mended, not news

which is Shapley's division: each change counts as the mean over both orders. Lines without a pair are boundary when
their source entered or left the account, else data (or correction). Quarters of the fourth place go to the last part.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from neutrality.inventory.rules import units
from neutrality.inventory.rules.calculation import Result, Sheet
from neutrality.quantities import EXACT, KG_PLACE

ZERO = Decimal("0.0000")


class Part(StrEnum):
    """What a difference is made of."""

    DATA = "data"
    FACTOR = "factor"
    METHOD = "method"
    BOUNDARY = "boundary"
    CORRECTION = "correction"


@dataclass(frozen=True)
class Step:
    """One line's share of one part, in kg. `before` and `after` are its results, None where it has none."""

    part: Part
    source: str
    kg: Decimal
    before: Result | None
    after: Result | None


@dataclass(frozen=True)
class Explanation:
    """The difference of two totals, in kg: parts and steps, each adding up exactly to it."""

    before_kg: Decimal
    after_kg: Decimal
    parts: dict[Part, Decimal]
    steps: tuple[Step, ...]

    @property
    def difference_kg(self) -> Decimal:
        return self.after_kg - self.before_kg


def explain(before: Sheet, after: Sheet, *, correction: bool) -> Explanation:
    """The difference between two sheets. `correction`: both are versions of one kind, so news is a mended mistake."""
    data = Part.CORRECTION if correction else Part.DATA
    old, new = _counted(before), _counted(after)
    had, has = {result.line.source for result in old}, {result.line.source for result in new}
    steps: list[Step] = []
    for first, second in _paired(old, new):
        if first is not None and second is not None:
            steps += _both(first, second, data)
            continue
        result = first or second
        assert result is not None  # a pair has at least one side  # noqa: S101
        kg = result.kg if first is None else -result.kg
        moved = result.line.source not in (had if first is None else has)
        steps.append(Step(Part.BOUNDARY if moved else data, result.line.source, kg, first, second))
    steps = [step for step in steps if step.kg]
    parts = {part: sum((step.kg for step in steps if step.part is part), ZERO) for part in Part}
    return Explanation(before.total_kg, after.total_kg, parts, tuple(sorted(steps, key=_weight)))


def _weight(step: Step) -> tuple[Decimal, str, str]:
    return (-abs(step.kg), step.source, step.part)


def _counted(sheet: Sheet) -> list[Result]:
    return [result for result in sheet.results if not result.memo]


def _paired(old: list[Result], new: list[Result]) -> Iterable[tuple[Result | None, Result | None]]:
    """Pairs by key; of the rest by source, stage and series in the order of size; what is left stands alone."""
    by_key = {result.line.key: result for result in new}
    pairs = [(first, by_key.get(first.line.key)) for first in old]
    pairs = [(first, second) for first, second in pairs if second is not None]
    taken = {first.line.key for first, _ in pairs}
    rest: dict[tuple[str, str, str], list[Result]] = {}
    for second in sorted((r for r in new if r.line.key not in taken), key=_order):
        rest.setdefault(_likeness(second), []).append(second)
    for first in sorted((r for r in old if r.line.key not in taken), key=_order):
        like = rest.get(_likeness(first))
        pairs.append((first, like.pop(0) if like else None))
    alone = [(None, second) for left in rest.values() for second in left]
    return [*pairs, *alone]


def _order(result: Result) -> tuple[Decimal, str]:
    return (-result.kg, result.line.key)


def _likeness(result: Result) -> tuple[str, str, str]:
    return (result.line.source, result.line.stage, result.factor.series)


def _both(first: Result, second: Result, data: Part) -> list[Step]:
    difference = second.kg - first.kg
    source = second.line.source
    if first.line.source != source and difference == 0:
        return []
    other = Part.FACTOR if first.factor.series == second.factor.series else Part.METHOD
    try:
        there = units.convert(second.amount, second.factor.unit, first.factor.unit)
        value = units.convert(second.factor.value, first.factor.unit, second.factor.unit)
    except units.UnitsDiffer:
        return [Step(Part.METHOD, source, difference, first, second)]
    if there == first.amount:
        return [Step(other, source, difference, first, second)]
    if value == first.factor.value:
        return [Step(data, source, difference, first, second)]
    mean = EXACT.divide(EXACT.add(first.factor.value, value), Decimal(2))
    share = EXACT.multiply(EXACT.subtract(there, first.amount), mean).quantize(KG_PLACE, ROUND_HALF_UP, EXACT)
    return [Step(data, source, share, first, second), Step(other, source, difference - share, first, second)]
