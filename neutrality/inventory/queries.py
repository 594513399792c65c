"""Reads: factors by code, what the page proposes, the sheet of an inventory, which inventory stands."""

from collections.abc import Iterable

from django.db.models import Prefetch

from neutrality.activities.models import Activity
from neutrality.inventory import rules
from neutrality.inventory.models import FactorVersion, Inventory, Line, Result

GRID_SERIES = "mee.grid."


def factors(codes: Iterable[str]) -> dict[str, rules.Factor]:
    """Facts of the versions with these codes; unknown codes are absent."""
    versions = FactorVersion.objects.select_related("factor").filter(code__in=set(codes))
    return {version.code: version.facts for version in versions}


def grid(activity: Activity, *, green: bool = False) -> rules.Choice:
    """The electricity factor proposed for the place and year of an activity (R1.43, R1.44)."""
    versions = FactorVersion.objects.select_related("factor").filter(factor__code__startswith=GRID_SERIES)
    return rules.choose(
        (version.facts for version in versions),
        region_code=activity.region_code,
        year=activity.ends_on.year,
        green=green,
    )


def current(activity: Activity, kind: str) -> Inventory | None:
    """The inventory that stands: the newest version, if it was submitted and not sent back."""
    newest = Inventory.objects.of(activity, kind).exclude(state=rules.State.DRAFT).first()
    return newest if newest is not None and newest.state == rules.State.SUBMITTED else None


def current_of(activities: Iterable[Activity], kind: str) -> dict[int, Inventory]:
    """What `current` says, for many activities in one query, by their primary keys; absent where nothing stands."""
    newest = (
        Inventory.objects.filter(activity__in=list(activities), kind=kind)
        .exclude(state=rules.State.DRAFT)
        .order_by("activity_id", "-version")
        .distinct("activity_id")
    )
    return {row.activity_id: row for row in newest if row.state == rules.State.SUBMITTED}


def draft(activity: Activity, kind: str) -> Inventory | None:
    """The open draft, if there is one."""
    return Inventory.objects.of(activity, kind).drafts().first()


def newest(activity: Activity, kind: str) -> Inventory | None:
    """The newest version in whatever state."""
    return Inventory.objects.of(activity, kind).first()


def lines(inventory: Inventory) -> list[Line]:
    """The lines with what stands behind them, in order."""
    found = inventory.lines.select_related("factor_version__factor", "evidence").order_by("position")
    return list(found.prefetch_related(Prefetch("result", Result.objects.all())))


def sheet(inventory: Inventory) -> rules.Sheet:
    """The inventory calculated; of a submitted one the frozen results are read, never calculated again."""
    rows = lines(inventory)
    facts = tuple(row.facts for row in rows)
    if inventory.state == rules.State.DRAFT:
        return rules.calculate(facts, inventory.rulebook.rules.sources, rules.GwpSet(inventory.gwp_set))
    return rules.assemble(facts, tuple(_frozen(row) for row in rows if hasattr(row, "result")))


def _frozen(row: Line) -> rules.Result:
    result, line = row.result, row.facts
    factor = line.factor
    if factor is None:
        raise ValueError(f"{row} has a result and no factor")
    return rules.Result(
        line=line,
        factor=factor,
        amount=rules.convert(result.quantity, result.unit, result.factor_unit),
        scope=result.scope,
        kg=result.kg,
        memo=result.memo,
        spread=rules.Spread(result.low_percent, result.high_percent),
    )
