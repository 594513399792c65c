"""Reads: factors by code, what the page proposes, the sheet of an inventory, which inventory stands."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Case, Prefetch, Q, QuerySet, When

from neutrality import search
from neutrality.activities.models import Activity, Measure
from neutrality.activities.rules import MeasureState
from neutrality.activities.rules import State as ActivityState
from neutrality.inventory import asking, rules
from neutrality.inventory.models import (
    Change,
    CoverChoice,
    Deposit,
    Factor,
    FactorVersion,
    Gwp,
    Inventory,
    Line,
    Publication,
    Roster,
)
from neutrality.inventory.rules import recount, whatif
from neutrality.rulebook.rules import Form

GRID_SERIES = "mee.grid."
MOST_USERS = 30
MOST_ROSTERS = 10


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


def proposed(activity: Activity) -> dict[str, list[rules.Factor]]:
    """Factors proposed for each source at the place and time of an activity, the first choice first."""
    asked = asking.of(activity)
    found = factors(code for question in asked.values() for code in question.factors)
    lists = {source: [found[code] for code in one.factors if code in found] for source, one in asked.items()}
    power = grid(activity).factor
    return lists | {"electricity": [power] if power is not None else []}


def native() -> list[FactorVersion]:
    """Chinese factors without a province and without electricity, the newest version of each, best read first."""
    versions = FactorVersion.objects.select_related("factor").filter(factor__region="CN", basis=rules.Basis.PLAIN)
    versions = versions.exclude(factor__category=rules.Category.PURCHASED_ELECTRICITY)
    newest = {version.factor_id: version for version in versions.order_by("year")}
    return sorted(newest.values(), key=lambda version: (not version.preset, version.tier, version.factor.code))


def national_grid() -> list[FactorVersion]:
    """The national electricity factors of the latest year: average, and what green power leaves (R1.44)."""
    codes = (rules.NATIONAL, rules.RESIDUAL)
    versions = FactorVersion.objects.select_related("factor").filter(factor__code__in=codes)
    return sorted(versions, key=lambda version: (-version.year, version.factor.code))[: len(codes)]


def current(activity: Activity, kind: str) -> Inventory | None:
    """The inventory that stands: the newest version, if it was submitted and not sent back."""
    newest = Inventory.objects.of(activity, kind).exclude(state=rules.State.DRAFT).with_cover().first()
    return newest if newest is not None and newest.state == rules.State.SUBMITTED else None


def current_of(activities: Iterable[Activity], kind: str) -> dict[int, Inventory]:
    """What `current` says, for many activities in one query, by their primary keys; absent where nothing stands."""
    newest = (
        Inventory.objects.filter(activity__in=list(activities), kind=kind)
        .exclude(state=rules.State.DRAFT)
        .order_by("activity_id", "-version")
        .distinct("activity_id")
        .with_cover()
    )
    return {row.activity_id: row for row in newest if row.state == rules.State.SUBMITTED}


def cover_choice(activity: Activity) -> CoverChoice | None:
    """The choice that stands, None while nobody chose: units are then bought for the mean."""
    return CoverChoice.objects.filter(activity=activity).order_by("pk").last()


def cover_level(activity: Activity) -> rules.CoverLevel:
    """The level that stands."""
    chosen = cover_choice(activity)
    return rules.CoverLevel(chosen.level) if chosen else rules.CoverLevel.MEAN


def draft(activity: Activity, kind: str) -> Inventory | None:
    """The open draft, if there is one."""
    return Inventory.objects.of(activity, kind).drafts().first()


def newest(activity: Activity, kind: str) -> Inventory | None:
    """The newest version in whatever state."""
    return Inventory.objects.of(activity, kind).first()


def lines(inventory: Inventory) -> list[Line]:
    """The lines with what stands behind them, in order; of a submitted inventory with their results."""
    found = inventory.lines.select_related("factor_version__factor", "evidence").order_by("position")
    if inventory.state != rules.State.DRAFT:
        found = found.select_related("factor_version__factor", "evidence", "result")
    return list(found)


# What the rules are told of a line, in the order in which _told takes it.
TOLD = (
    *("key", "position", "source", "stage", "treatment", "reason", "description", "quantity", "unit"),
    *("factor_version", "own_value", "own_unit", "own_source", "own_gwp", "tier", "spread_percent", "evidence__digest"),
    *rules.PORTION,
)
FROZEN = ("scope", "kg", "memo", "low_percent", "high_percent", "ratio", "unit", "factor_unit")


def facts(inventory: Inventory) -> tuple[rules.Line, ...]:
    """The lines for the pure rules, in order, and nothing else: two queries, and each factor is made once."""
    told = _teller(inventory)
    return tuple(map(told, inventory.lines.order_by("position").values_list(*TOLD)))


def _teller(inventory: Inventory) -> Callable[[tuple[Any, ...]], rules.Line]:
    """What makes a line of a row of TOLD; `Line.facts` says the same of one (a test holds them together)."""
    used = inventory.lines.filter(factor_version__isnull=False).values("factor_version").distinct()
    versions = FactorVersion.objects.select_related("factor").filter(pk__in=used)
    library = {version.pk: version.facts for version in versions}
    treatments: dict[str, rules.Treatment | None] = {each.value: each for each in rules.Treatment}
    tiers = {each.value: each for each in rules.Tier}

    def told(row: tuple[Any, ...]) -> rules.Line:
        key, position, source, stage, treatment, reason, description, quantity, unit = row[:9]
        version, value, own_unit, own_source, own_gwp, tier, spread, digest = row[9:17]
        factor = library[version] if version is not None else None
        if value is not None:
            factor = _own(value, own_unit, own_source, own_gwp)
        return rules.Line(
            *(key, position, source, stage, treatments.get(treatment), reason, description, quantity, unit),
            *(factor, tiers[tier], spread, digest or "", *row[17:]),
        )

    return told


@lru_cache(maxsize=256)
def _own(value: Decimal, unit: str, source: str, gwp: str) -> rules.Factor:
    return rules.own_factor(value=value, unit=unit, source=source, gwp_set=rules.GwpSet(gwp))


def sheet(inventory: Inventory) -> rules.Sheet:
    """The inventory calculated; of a submitted one the frozen results are read, never calculated again."""
    if inventory.state == rules.State.DRAFT:
        return rules.calculate(facts(inventory), inventory.rulebook.rules.sources, rules.GwpSet(inventory.gwp_set))
    told, size = _teller(inventory), len(TOLD)
    columns = (*TOLD, *(f"result__{name}" for name in FROZEN))
    rows = [
        (told(row[:size]), row[size:]) for row in inventory.lines.order_by("position").values_list(*columns).iterator()
    ]
    results = tuple(_frozen(line, row) for line, row in rows if row[0] is not None)
    return rules.assemble(tuple(line for line, _row in rows), results)


def _frozen(line: rules.Line, row: tuple[Any, ...]) -> rules.Result:
    scope, kg, memo, low, high, ratio, unit, factor_unit = row
    if line.factor is None:
        raise ValueError(f"line {line.position} has a result and no factor")
    return rules.Result(
        line=line,
        factor=line.factor,
        ratio=_ratio(ratio, unit, factor_unit),
        scope=scope,
        kg=kg,
        memo=memo,
        stated=rules.Spread(low, high, ours=rules.line_spread(line).ours),
    )


@lru_cache(maxsize=4096)
def _ratio(ratio: str, unit: str, factor_unit: str) -> Fraction:
    """What one unit of a frozen quantity counted for; rows of the first days say it by their units."""
    return Fraction(ratio) if ratio else rules.ratio(unit, factor_unit)


def crowd(activity: Activity) -> rules.Crowd | None:
    """Who was there, as far as it is known; None for an operating period and while nobody was counted."""
    people = activity.actual_people if activity.actual_people is not None else activity.expected_people
    if people is None or activity.form != Form.EVENT:
        return None
    return rules.Crowd(people, (activity.ends_on - activity.starts_on).days + 1)


def browse(*, q: str = "", category: str = "", region: str = "", publication: str = "") -> QuerySet[Factor]:
    """Factors of the library, Chinese ones first; `q` is searched in both languages, a code is found as well."""
    found = Factor.objects.prefetch_related(
        Prefetch("versions", FactorVersion.objects.select_related("publication").order_by("-year", "-source_year"))
    )
    if category:
        found = found.filter(category=category)
    if region:
        found = found.filter(region=region)
    if publication:
        found = found.filter(pk__in=FactorVersion.objects.filter(publication__code=publication).values("factor"))
    asked = search.query(q) if q else None
    if asked is not None:
        found = found.filter(Q(search=asked) | Q(versions__code=q.strip())).distinct()
    native_first = Case(When(region__startswith="CN", then=0), When(region="GLOBAL", then=1), default=2)
    return found.order_by(native_first, "category", "code")


def filters() -> dict[str, list[Any]]:
    """Regions and publications that occur, for the filters of the list."""
    regions = list(Factor.objects.order_by("region").values_list("region", flat=True).distinct())
    publications = [(publication.code, publication.title) for publication in Publication.objects.all()]
    return {"regions": regions, "publications": publications}


def factor(code: str) -> Factor | None:
    """The factor with this code, or the one a version with this code belongs to."""
    return Factor.objects.filter(Q(code=code) | Q(versions__code=code)).first()


def users(factor: Factor) -> list[Activity]:
    """Activities with a published plan whose estimate uses the factor, newest first."""
    used = Line.objects.filter(
        factor_version__factor=factor,
        inventory__state=rules.State.SUBMITTED,
        inventory__kind=rules.Kind.ESTIMATE,
    )
    found = Activity.objects.public().filter(inventories__in=used.values("inventory")).distinct()
    return list(found.order_by("-starts_on", "code")[:MOST_USERS])


def reference() -> list[Inventory]:
    """Submitted inventories of activities that reconstruct a published case, the estimate before the actual one."""
    found = Inventory.objects.submitted().filter(activity__published_total_t__isnull=False)
    found = found.filter(replaced_by__isnull=True).select_related("activity", "rulebook")
    return list(found.order_by("activity__starts_on", "activity__name_en", "activity", "-kind"))


def deposits(activity: Activity) -> list[Deposit]:
    """All deposits of an operating period in the order in which they came."""
    return list(Deposit.objects.filter(activity=activity).select_related("evidence").order_by("pk"))


def series(activity: Activity) -> tuple[rules.Series, ...]:
    """The meters of an operating period with their months."""
    return rules.series((row.facts for row in deposits(activity)), activity.months)


def baseline(activity: Activity) -> Inventory | None:
    """The estimate that measures are weighed against: before the plan is published the open draft, else what stands."""
    drafted = draft(activity, rules.Kind.ESTIMATE) if activity.state == ActivityState.DRAFT else None
    return drafted or current(activity, rules.Kind.ESTIMATE)


def account_of(inventory: Inventory) -> whatif.Account:
    """An inventory as the rules of measures take it."""
    return whatif.Account(facts(inventory), inventory.rulebook.rules.sources, rules.GwpSet(inventory.gwp_set))


def settled(measure: Measure, activity: Activity) -> bool:
    """Whether what a measure promised stands: its plan is published with it, or it was reported already."""
    if measure.state != MeasureState.PLANNED:
        return True
    return activity.committed_at is not None and measure.created_at <= activity.committed_at


def changes_of(activity: Activity) -> tuple[list[whatif.Change], list[whatif.Change]]:
    """What the measures of an activity change: those whose promise stands, and those still open. A measure that was
    not carried out changes nothing."""
    rows = Change.objects.filter(measure__activity=activity).exclude(measure__state=MeasureState.DROPPED)
    found: tuple[list[whatif.Change], list[whatif.Change]] = ([], [])
    for row in rows.select_related("measure", "factor_version__factor").order_by("measure__number", "pk"):
        found[0 if settled(row.measure, activity) else 1].append(row.facts)
    return found


@dataclass(frozen=True)
class Material:
    """What a comparison needs: gases by the code of a version, potentials by set, versions by series, oldest first."""

    gases: dict[str, recount.Gases]
    potentials: dict[rules.GwpSet, dict[str, Decimal]]
    versions: dict[str, list[rules.Factor]]


def recount_material(inventory: Inventory) -> Material:
    """Everything to read a submitted inventory under other potentials or editions (three queries)."""
    used = FactorVersion.objects.filter(lines__inventory=inventory).values("factor")
    gases: dict[str, recount.Gases] = {}
    versions: dict[str, list[rules.Factor]] = {}
    for version in (
        FactorVersion.objects.filter(factor__in=used).select_related("factor").order_by("year", "source_year", "code")
    ):
        gases[version.code] = {gas: Decimal(kg) for gas, kg in version.gases.items()}
        versions.setdefault(version.factor.code, []).append(version.facts)
    rows = list(Gwp.objects.all())
    columns = {rules.GwpSet.AR4: "ar4", rules.GwpSet.AR5: "ar5", rules.GwpSet.AR6: "ar6"}
    potentials = {
        each: {row.gas: getattr(row, name) for row in rows if getattr(row, name) is not None}
        for each, name in columns.items()
    }
    return Material(gases, potentials, versions)


def rosters(activity: Activity, kind: str) -> list[Roster]:
    """Lists handed in for an inventory, newest first; what is large is left in its row."""
    found = Roster.objects.filter(activity=activity, kind=kind).defer("kinds", "rows", "findings", "summary")
    return list(found.select_related("handed_in_by")[:MOST_ROSTERS])


def roster(activity: Activity, kind: str, key: UUID) -> Roster | None:
    """One of them."""
    found = Roster.objects.filter(activity=activity, kind=kind, key=key)
    return found.select_related("activity", "handed_in_by").first()
