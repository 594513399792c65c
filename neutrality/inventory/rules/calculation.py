"""The calculation: quantity × factor = result, line by line, and what is missing (pure; R1.14, R1.40-R1.46).

A result is kept in kg to four places, rounded once; totals are exact sums. Missing is a gap, never zero. Biogenic memo
items are shown and never summed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from neutrality.inventory.rules import portion, units
from neutrality.inventory.rules.electricity import GRID, RESIDUAL
from neutrality.inventory.rules.library import Basis, Category, Factor, GwpSet
from neutrality.inventory.rules.lines import (
    COUNTED,
    NEEDS_REASON,
    OTHER_SOURCE,
    PORTION,
    Fault,
    Line,
    Treatment,
)
from neutrality.inventory.rules.uncertainty import Interval, Spread, interval, line_spread
from neutrality.quantities import OutOfRange, line_kg, total
from neutrality.rulebook.rules import Source

SCOPES = (1, 2, 3)
ELECTRICITY = "electricity"
FUELS = frozenset({Category.STATIONARY_COMBUSTION, Category.MOBILE_COMBUSTION})
OTHER_SCOPE = 3


@dataclass(frozen=True)
class Result:
    """What one line comes to. `ratio` is what one unit of its quantity counts for, in the unit of the factor."""

    line: Line
    factor: Factor
    ratio: Fraction
    scope: int
    kg: Decimal
    memo: bool
    stated: Spread | None = None  # of a frozen result; else it follows from the line

    @property
    def spread(self) -> Spread:
        """How sure it is, in percent."""
        return self.stated or line_spread(self.line)

    @property
    def quantity(self) -> Decimal:
        """The quantity of the line; a line without one has no result."""
        return _known(self.line.quantity)

    @property
    def amount(self) -> Decimal:
        """What counts of the quantity, in the unit of the factor: exact, or to eighty digits where it has no end."""
        return units.times(self.quantity, self.ratio)


@dataclass(frozen=True)
class Gap:
    """Something not answered: a whole source, or a part of a line. It stops the submission, not the draft."""

    code: str
    source: str
    position: int | None = None


@dataclass(frozen=True)
class Sheet:
    """An inventory calculated: results, totals in kg, gaps and faults."""

    lines: tuple[Line, ...]
    results: tuple[Result, ...]
    gaps: tuple[Gap, ...]
    faults: tuple[Fault, ...]
    excluded: tuple[str, ...]
    total_kg: Decimal
    memo_kg: Decimal
    by_scope: dict[int, Decimal]
    by_source: dict[str, Decimal]
    by_stage: dict[str, Decimal]

    @cached_property
    def interval(self) -> Interval | None:
        """The interval of the total, worked out when it is asked for."""
        return interval((result.line, result.kg) for result in self.results if not result.memo)

    @property
    def partial(self) -> bool:
        """Whether a source is left out or unanswered: such a total is not the whole footprint."""
        return bool(self.excluded or self.gaps)

    @property
    def unstated_gwp(self) -> tuple[Result, ...]:
        """Results whose source does not say which warming potentials it used."""
        return tuple(result for result in self.results if result.factor.gwp_set is GwpSet.UNKNOWN)


def scope_of(source: Source | None, factor: Factor) -> int:
    """A line's scope: its source's, or the factor's where that lies further out (well-to-tank of own fuel is 3)."""
    if source is None:
        return OTHER_SCOPE
    return source.scope if factor.own else max(source.scope, factor.scope)


def fits(source: Source | None, factor: Factor) -> bool:
    """Whether a factor may stand under a source. Fuels serve boilers and vehicles alike; memo items stand anywhere."""
    if source is None or factor.category is None or factor.category is Category.OTHER:
        return True
    allowed = {Category(category.value) for category in source.factor_categories}
    return factor.category in allowed or (factor.category in FUELS and bool(allowed & FUELS))


def calculate(lines: Iterable[Line], sources: Iterable[Source], gwp_set: GwpSet) -> Sheet:
    """The sheet of `lines` under the sources of a rulebook and one GWP set. Order of lines does not change a total."""
    ordered = tuple(sorted(lines, key=lambda line: line.position))
    known = {source.code.value: source for source in sources}
    results: list[Result] = []
    gaps: list[Gap] = []
    faults: list[Fault] = list(_contradictions(ordered))
    for line in ordered:
        result = _weigh(line, known, gwp_set, gaps, faults)
        if result is not None:
            results.append(result)
    answered = {line.source for line in ordered if line.treatment is not None}
    gaps = [Gap("source_unanswered", code) for code in known if code not in answered] + gaps
    return assemble(ordered, tuple(results), tuple(gaps), tuple(faults))


def assemble(
    lines: tuple[Line, ...],
    results: tuple[Result, ...],
    gaps: tuple[Gap, ...] = (),
    faults: tuple[Fault, ...] = (),
) -> Sheet:
    """A sheet of results already known: frozen figures are summed, never calculated again."""
    summed = [result for result in results if not result.memo]
    excluded = {line.source: None for line in lines if line.treatment is Treatment.EXCLUDED}
    return Sheet(
        lines=lines,
        results=results,
        gaps=gaps,
        faults=faults,
        excluded=tuple(excluded),
        total_kg=total(result.kg for result in summed),
        memo_kg=total(result.kg for result in results if result.memo),
        by_scope={scope: total(r.kg for r in summed if r.scope == scope) for scope in SCOPES},
        by_source=_sums((result.line.source, result.kg) for result in summed),
        by_stage=_sums((result.line.stage, result.kg) for result in summed),
    )


def _sums(pairs: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    parts: dict[str, list[Decimal]] = {}
    for name, kg in pairs:
        parts.setdefault(name, []).append(kg)
    return {name: total(kgs) for name, kgs in parts.items()}


def _contradictions(lines: tuple[Line, ...]) -> Iterable[Fault]:
    """A source cannot both not occur and be counted; green power counted apart is not counted again in an average."""
    yield from _green_twice([line for line in lines if line.source == ELECTRICITY and line.factor is not None])
    counted = {line.source for line in lines if line.counted}
    for line in lines:
        if line.treatment is Treatment.NOT_OCCURRING and line.source in counted:
            yield Fault("contradiction", "treatment", line.position)


def _green_twice(power: list[Line]) -> Iterable[Fault]:
    """Beside power at zero by certificate the rest takes the residual factor: the average has the green power in it,
    in Sichuan at a quarter of the residual (R1.44)."""
    factors = [(line.position, line.factor) for line in power if line.factor is not None]
    if any(factor.own and factor.value == 0 for _, factor in factors):
        for position, factor in factors:
            if factor.series.startswith(GRID) and factor.series != RESIDUAL:
                yield Fault("residual_needed", "factor", position)


def _weigh(
    line: Line, known: dict[str, Source], gwp_set: GwpSet, gaps: list[Gap], faults: list[Fault]
) -> Result | None:
    """The result of a line; None, with the gaps and faults named, where it has none."""
    if line.treatment is None:
        gaps.append(Gap("treatment_missing", line.source, line.position))
    if line.treatment not in COUNTED:
        if line.treatment in NEEDS_REASON and not line.reason:
            gaps.append(Gap("reason_missing", line.source, line.position))
        written = (name for name in ("quantity", *PORTION) if getattr(line, name) not in (None, ""))
        faults += [Fault("quantity_not_expected", name, line.position) for name in written]
        return None
    missing = [name for name in ("quantity", "unit", "factor") if getattr(line, name) in (None, "")]
    missing += portion.missing(line)
    gaps += [Gap(f"{name}_missing", line.source, line.position) for name in missing]
    if line.factor is None:
        faults += portion.faults(line, None)
        return None
    if line.factor.own and not line.evidence:
        gaps.append(Gap("evidence_missing", line.source, line.position))
    if line.source == OTHER_SOURCE and not line.description:
        gaps.append(Gap("description_missing", line.source, line.position))
    wrong = list(_unfit(line, line.factor, known.get(line.source), gwp_set))
    faults += wrong
    return None if missing or wrong else _result(line, line.factor, known.get(line.source), faults)


def _unfit(line: Line, factor: Factor, source: Source | None, gwp_set: GwpSet) -> Iterable[Fault]:
    """Why a factor cannot be used on this line."""
    if not fits(source, factor):
        yield Fault("category_differs", "factor", line.position, (("category", factor.category),))
    if factor.basis is Basis.LIFE_CYCLE and line.source == ELECTRICITY:
        yield Fault("life_cycle_in_scope_2", "factor", line.position)
    if factor.basis is Basis.SUPERSEDED:
        yield Fault("superseded", "factor", line.position, (("factor", factor.code),))
    if factor.gwp_set not in (gwp_set, GwpSet.CO2, GwpSet.UNKNOWN):
        yield Fault("gwp_mixed", "factor", line.position, (("theirs", factor.gwp_set), ("ours", gwp_set)))
    yield from portion.faults(line, factor)
    if not line.unit or line.sharing is not None:
        return
    try:
        units.ratio(line.unit, factor.unit)
    except units.UnitsDiffer:
        if portion.by_car(line.unit, factor.unit):
            yield Fault("sharing_missing", "sharing", line.position)
        else:
            yield Fault("units_differ", "unit", line.position, (("unit", line.unit), ("wanted", factor.unit)))


def _known(quantity: Decimal | None) -> Decimal:
    if quantity is None:
        raise ValueError("a line without a quantity has no result")
    return quantity


def _result(line: Line, factor: Factor, source: Source | None, faults: list[Fault]) -> Result | None:
    ratio = portion.counted(line, factor)
    try:
        kg = line_kg(_known(line.quantity), factor.value, ratio)
    except OutOfRange:
        faults.append(Fault("number_too_many_digits", "quantity", line.position))
        return None
    return Result(
        line=line,
        factor=factor,
        ratio=ratio,
        scope=scope_of(source, factor),
        kg=kg,
        memo=factor.basis is Basis.MEMO,
    )
