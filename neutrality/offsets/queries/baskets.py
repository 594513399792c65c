"""The basket proposed to an organizer: open offers the activity's rule pack allows, the cheapest that settle it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from neutrality.offsets import rules
from neutrality.offsets.facts import block_verdict
from neutrality.offsets.models import Offer
from neutrality.offsets.queries.browsing import every_offer


@dataclass(frozen=True)
class Wishes:
    """What a buyer asks of a basket: at least so many percent with a trait; nothing that must be given a reason."""

    percents: Mapping[rules.Trait, int] = field(default_factory=dict)
    plain: bool = False


ANY = Wishes()


@dataclass(frozen=True)
class Line:
    """Units of one offer."""

    offer: Offer
    units: int
    cost_cny: Decimal
    verdict: rules.Verdict


@dataclass(frozen=True)
class LeftOut:
    """Units on offer of one kind that a rule keeps out of the basket, or the wish for none that asks for a reason."""

    kind: Any
    verdict: rules.Verdict
    units: int


@dataclass(frozen=True)
class Proposal:
    lines: tuple[Line, ...]
    cost_cny: Decimal
    missing: int
    has: Mapping[rules.Trait, int]
    lacks: Mapping[rules.Trait, int]
    left_out: tuple[LeftOut, ...]

    @property
    def units(self) -> int:
        return sum(line.units for line in self.lines)


def basket(activity: Any, units: int, wishes: Wishes = ANY) -> Proposal:
    """The cheapest lawful offers for `units` of the activity, as the buyer wishes. The whole catalogue is looked at:
    what is asked for may be dear."""
    rows = {row.number: row for row in every_offer()}
    verdicts = {number: block_verdict(activity, row.block) for number, row in rows.items()}
    out = {number for number, one in verdicts.items() if one.refused or (wishes.plain and one.asks_reason)}
    lots = [_lot(activity, row, verdicts[number]) for number, row in rows.items() if number not in out]
    found = rules.propose(lots, units, wishes.percents)
    lines = tuple(Line(rows[one.number], one.units, one.cost_cny, verdicts[one.number]) for one in found.picks)
    left_out = _left_out((rows[number], verdicts[number]) for number in rows if number in out)
    return Proposal(lines, found.cost_cny, found.missing, found.has, found.lacks, left_out)


def _left_out(pairs: Iterable[tuple[Offer, rules.Verdict]]) -> tuple[LeftOut, ...]:
    """By kind and sentence, the most units first."""
    found: dict[tuple[int, str], LeftOut] = {}
    for row, verdict in pairs:
        key = (row.block.kind_id, verdict.code)
        units = found[key].units + row.left if key in found else row.left
        found[key] = LeftOut(row.block.kind, verdict, units)
    return tuple(sorted(found.values(), key=lambda one: -one.units))


def _lot(activity: Any, row: Offer, verdict: rules.Verdict) -> rules.Lot:
    return rules.Lot(row.number, row.left, row.price_cny, _traits(activity, row), verdict.asks_reason)


def _traits(activity: Any, row: Offer) -> frozenset[rules.Trait]:
    project = row.block.project
    if project is None:
        return frozenset()
    has = {
        rules.Trait.LOCAL: bool(project.region_code) and project.region_code[:2] == activity.region_code[:2],
        rules.Trait.FORESTRY: project.forestry,
        rules.Trait.FORMERLY_POOR: project.formerly_poor_area,
    }
    return frozenset(trait for trait, holds in has.items() if holds)
