"""The basket proposed to an organizer: open offers the activity's rule pack allows, the cheapest that settle it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from neutrality.offsets import rules
from neutrality.offsets.facts import block_verdict
from neutrality.offsets.models import Offer
from neutrality.offsets.queries.browsing import Filters, offers

MOST_OFFERS = 200


@dataclass(frozen=True)
class Line:
    """Units of one offer."""

    offer: Offer
    units: int
    cost_cny: Decimal


@dataclass(frozen=True)
class Proposal:
    lines: tuple[Line, ...]
    cost_cny: Decimal
    missing: int
    share_missing: int


def basket(activity: Any, units: int, trait: rules.Trait | None = None, percent: int = 0) -> Proposal:
    """The cheapest lawful offers for `units` of the activity, with a share where one is asked for."""
    rows = {row.number: row for row in offers(Filters(), rows=MOST_OFFERS).rows}
    verdicts = {number: block_verdict(activity, row.block) for number, row in rows.items()}
    lots = [_lot(activity, row, verdicts[number]) for number, row in rows.items() if not verdicts[number].refused]
    found = rules.propose(lots, units, trait, percent)
    lines = tuple(Line(rows[pick.number], pick.units, pick.cost_cny) for pick in found.picks)
    return Proposal(lines, found.cost_cny, found.missing, found.share_missing)


def _lot(activity: Any, row: Offer, verdict: rules.Verdict) -> rules.Lot:
    return rules.Lot(row.number, row.quantity, row.price_cny, _traits(activity, row), verdict.asks_reason)


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
