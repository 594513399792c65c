"""What measures would spare: the engine itself, run again with the lines changed (pure; R1.7, F20).

A measure states changes of lines. All of them are applied at once, each way in its place, so that no order of measures
can matter:

    amount   units of the quantity that fall away; of several their sum, at most the whole quantity
    share    percent of what is left; of several what each leaves of what the others leave
    move     percent of what is left then, travelled or made another way; several leave as shares do, and what left is
             divided among them in proportion
    factor   the rest by another factor; of several the one by which the line comes to least

What all measures spare together is divided among them by Shapley: each counts as the mean of what it adds over all
orders. So an overlap counts once, the parts add up exactly, and a measure that changes nothing gets nothing. Measures
that share no line cannot overlap, so only those that do are played out together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from math import factorial

from neutrality.inventory.rules import portion, units
from neutrality.inventory.rules.calculation import Sheet, calculate
from neutrality.inventory.rules.library import Factor, GwpSet
from neutrality.inventory.rules.lines import Fault, Line
from neutrality.quantities import KG_PLACE, total
from neutrality.rulebook.rules import Source

QUANTITY_PLACES = 6
HUNDRED = Decimal(100)
MOST_TOGETHER = 8  # measures that may meet on the same lines: 256 runs of the engine over these lines
MOST_CHANGES = 40  # of one measure
ZERO = Decimal("0.0000")


class Way(StrEnum):
    """How a measure changes a line."""

    AMOUNT = "amount"
    SHARE = "share"
    MOVE = "move"
    FACTOR = "factor"


@dataclass(frozen=True)
class Change:
    """What the measure with this number does to the line with this key. `amount` is in the unit of the line, `percent`
    from above 0 to 100, `ratio` how many of the new unit stand for one of the old (a longer way by rail)."""

    measure: int
    line: str
    way: Way
    percent: Decimal | None = None
    amount: Decimal | None = None
    factor: Factor | None = None
    ratio: Decimal = Decimal(1)


@dataclass(frozen=True)
class Account:
    """What is asked: the lines before any measure, and what they are counted by."""

    lines: tuple[Line, ...]
    sources: tuple[Source, ...]
    gwp_set: GwpSet

    def sheet(self, changes: Iterable[Change] = ()) -> Sheet:
        """The whole engine, with the changes made."""
        return calculate(changed(self.lines, changes), self.sources, self.gwp_set)


@dataclass(frozen=True)
class Effect:
    """One measure, in kg: what it would spare `alone`, and the part of the whole that `counts` as its own."""

    alone_kg: Decimal
    counts_kg: Decimal

    @property
    def overlap_kg(self) -> Decimal:
        """What others spare as well (above zero), or what only comes about together (below)."""
        return self.alone_kg - self.counts_kg


@dataclass(frozen=True)
class Outcome:
    """All measures together, in kg: before and after by the whole engine, each measure by its number."""

    before_kg: Decimal
    after_kg: Decimal
    effects: Mapping[int, Effect]

    @property
    def spared_kg(self) -> Decimal:
        return self.before_kg - self.after_kg


class TooManyTogether(ValueError):
    """More measures meet on the same lines than can be played out."""


def changed(lines: Iterable[Line], changes: Iterable[Change]) -> tuple[Line, ...]:
    """The lines with every change made; what moved elsewhere stands in lines of its own behind them."""
    by_line: dict[str, list[Change]] = {}
    for change in sorted(changes, key=_order):
        by_line.setdefault(change.line, []).append(change)
    kept, moved = [], []
    for line in lines:
        rest, away = _changed(line, by_line.get(line.key, []))
        kept.append(rest)
        moved += away
    last = max((line.position for line in kept), default=0)
    return (*kept, *(replace(line, position=last + place) for place, line in enumerate(moved, start=1)))


def _order(change: Change) -> tuple[str, str, str]:
    """An order of the changes themselves, in which the numbers of measures play no part."""
    return (change.line, change.way, repr((change.percent, change.amount, change.factor, change.ratio)))


def _changed(line: Line, changes: Sequence[Change]) -> tuple[Line, list[Line]]:
    if line.quantity is None or not changes:
        return line, []
    ways = {way: [change for change in changes if change.way is way] for way in Way}
    cut = sum((change.amount or Decimal(0) for change in ways[Way.AMOUNT]), Decimal(0))
    left = Fraction(max(Decimal(0), line.quantity - cut)) * _leaves(ways[Way.SHARE])
    stays = left * _leaves(ways[Way.MOVE])
    away = _moved(line, ways[Way.MOVE], left - stays)
    factor = _least(line, [change.factor for change in ways[Way.FACTOR] if change.factor is not None])
    return portion.fitted(replace(line, quantity=_quantity(stays)), factor), away


def _leaves(changes: Sequence[Change]) -> Fraction:
    """The part that remains when each of the changes takes its percent."""
    part = Fraction(1)
    for change in changes:
        part *= 1 - Fraction(change.percent or Decimal(0)) / 100
    return part


def _moved(line: Line, moves: Sequence[Change], away: Fraction) -> list[Line]:
    """What left, divided in proportion to the percents asked for."""
    asked = sum((Fraction(move.percent or Decimal(0)) for move in moves), Fraction(0))
    return [
        portion.fitted(
            replace(
                line,
                key=f"{line.key}~{place}",
                quantity=_quantity(away * Fraction(move.percent or Decimal(0)) / asked * Fraction(move.ratio)),
            ),
            move.factor,
        )
        for place, move in enumerate(moves, start=1)
    ]


def _quantity(value: Fraction) -> Decimal:
    """To the six places a quantity is kept with, half up."""
    millionths = (value * 10**QUANTITY_PLACES * 2 + 1) // 2
    return Decimal(millionths).scaleb(-QUANTITY_PLACES)


def _least(line: Line, factors: Sequence[Factor]) -> Factor | None:
    """The factor by which the line comes to least; its own where none is named or the units tell them apart."""

    def per_unit(factor: Factor) -> Fraction:
        return portion.counted(portion.fitted(line, factor), factor) * Fraction(factor.value)

    try:
        return min(factors, key=lambda factor: (per_unit(factor), factor.code), default=line.factor)
    except units.UnitsDiffer:
        return factors[0]  # the engine refuses it, in words


def faults(account: Account, changes: Iterable[Change]) -> tuple[Fault, ...]:
    """What is wrong with changes, each by itself: no such line, nothing to change, a number out of range, a factor
    the engine does not take on this line. `position` is the place of the change, from 1."""
    found: list[Fault] = []
    lines = {line.key: line for line in account.lines}
    for place, change in enumerate(changes, start=1):
        found += [replace(fault, position=place) for fault in _faults(account, lines.get(change.line), change)]
    return tuple(found)


def _faults(account: Account, line: Line | None, change: Change) -> Iterable[Fault]:
    if line is None or line.quantity is None:
        yield Fault("change_no_line", "line")
        return
    if change.way in (Way.SHARE, Way.MOVE) and not (change.percent and 0 < change.percent <= HUNDRED):
        yield Fault("change_percent", "percent")
    if change.way is Way.AMOUNT and not (change.amount and 0 < change.amount <= line.quantity):
        yield Fault("change_amount", "amount")
    if change.way in (Way.MOVE, Way.FACTOR) and change.factor is None:
        yield Fault("factor_missing", "factor")
    if change.ratio <= 0:
        yield Fault("change_ratio", "ratio")
    if change.factor is not None and change.way in (Way.MOVE, Way.FACTOR):
        tried = Account((portion.fitted(line, change.factor),), account.sources, account.gwp_set)
        yield from (replace(fault, field="factor") for fault in tried.sheet().faults)


def outcome(account: Account, changes: Iterable[Change], settled: Iterable[Change] = ()) -> Outcome:
    """What the measures in `changes` spare on top of those in `settled`, whose figures stand already. The engine runs
    over the whole account before; after, over the lines that are touched, since a total is the exact sum of its lines
    and no line's result depends on another (a test holds this to the run over the whole).

    Raises TooManyTogether, and AssertionError where the parts would not add up: then a run is not the sum of its lines,
    and nothing here may be believed."""
    changes, settled = tuple(changes), tuple(settled)
    before = account.sheet(settled).total_kg
    touched = _touched(account, changes, sorted({change.measure for change in changes}))
    after = before - touched.sheet(settled).total_kg + touched.sheet((*settled, *changes)).total_kg
    numbers = sorted({change.measure for change in changes})
    effects: dict[int, Effect] = {}
    for group in _meeting(numbers, changes):
        effects |= _divided(_touched(account, changes, group), changes, settled, group)
    if before - after != total(effect.counts_kg for effect in effects.values()):
        raise AssertionError("measures were divided, and their parts do not add up")
    return Outcome(before, after, dict(sorted(effects.items())))


def _of(changes: Sequence[Change], numbers: Iterable[int]) -> tuple[Change, ...]:
    wanted = set(numbers)
    return tuple(change for change in changes if change.measure in wanted)


def _meeting(numbers: Sequence[int], changes: Sequence[Change]) -> list[list[int]]:
    """The measures in groups that share lines, directly or through others."""
    lines = {number: {change.line for change in changes if change.measure == number} for number in numbers}
    groups: list[list[int]] = []
    for number in numbers:
        near = [group for group in groups if any(lines[number] & lines[other] for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append(sorted([number, *(other for group in near for other in group)]))
    return groups


def _touched(account: Account, changes: Sequence[Change], group: Sequence[int]) -> Account:
    """Only the lines a group touches: totals are exact sums of lines, so the others cannot differ."""
    keys = {change.line for change in _of(changes, group)}
    return replace(account, lines=tuple(line for line in account.lines if line.key in keys))


def _divided(
    account: Account, changes: Sequence[Change], settled: Sequence[Change], group: Sequence[int]
) -> dict[int, Effect]:
    """Shapley's division among a group, in kg to four places that add up exactly, beside what each spares alone."""
    if len(group) > MOST_TOGETHER:
        raise TooManyTogether
    totals = {
        frozenset(some): account.sheet((*settled, *_of(changes, some))).total_kg
        for size in range(len(group) + 1)
        for some in combinations(group, size)
    }
    without = totals[frozenset()]
    exact = {number: _share(number, totals, len(group)) for number in group}
    counts = _rounded(exact, without - totals[frozenset(group)])
    return {number: Effect(without - totals[frozenset([number])], counts[number]) for number in group}


def _share(number: int, totals: Mapping[frozenset[int], Decimal], count: int) -> Fraction:
    """The mean over all orders of what the measure takes off when its turn comes."""
    share = Fraction(0)
    for some, kg in totals.items():
        if number not in some:
            orders = factorial(len(some)) * factorial(count - len(some) - 1)
            share += Fraction(kg - totals[some | {number}]) * orders
    return share / factorial(count)


def _rounded(exact: Mapping[int, Fraction], whole: Decimal) -> dict[int, Decimal]:
    """Down to four places; the ten-thousandths left over go to the largest remainders."""
    steps = {number: share * 10_000 // 1 for number, share in exact.items()}
    missing = int(whole / KG_PLACE) - sum(steps.values())
    first = sorted(exact, key=lambda number: (steps[number] - exact[number] * 10_000, number))
    for number in first[:missing]:
        steps[number] += 1
    return {number: ZERO + Decimal(step).scaleb(-4) for number, step in steps.items()}
