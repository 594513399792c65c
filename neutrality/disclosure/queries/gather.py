"""What a publication would contain: rows of the rooms below turned into the facts that `rules.compose_*` print."""

from collections import Counter, defaultdict
from datetime import date, datetime
from typing import Any

from neutrality.activities.models import Activity
from neutrality.disclosure import rules
from neutrality.disclosure.models import Statement
from neutrality.disclosure.rules import compose
from neutrality.disclosure.rules.compose import Named
from neutrality.evaluation import queries as evaluations
from neutrality.evaluation.models import Evaluation
from neutrality.evaluation.rules import Mode
from neutrality.inventory import queries as inventories
from neutrality.inventory.models import Inventory
from neutrality.inventory.rules import OTHER_SOURCE, Kind
from neutrality.offsets import queries as offsets
from neutrality.rulebook import queries as rulebooks

OTHER = Named(OTHER_SOURCE, "其他排放源", "Another source")


def plan_facts(activity: Activity, estimate: Inventory, *, number: str, at: datetime) -> rules.PlanFacts:
    """What the plan says, with the frozen estimate."""
    return rules.PlanFacts(
        activity=activity_facts(activity),
        estimate=inventory_facts(estimate),
        measures=measures(activity),
        rulebook=_rulebook(activity),
        version=activity.rulebook.version,
        declaration=compose.Declaration(number, _organizer(activity), at),
    )


def statement_facts(
    activity: Activity,
    actual: Inventory,
    *,
    number: str,
    at: datetime,
    replaces: Statement | None = None,
    correction: str = "",
    note: str = "",
) -> rules.StatementFacts:
    """What a statement published now would say."""
    estimate = inventories.current(activity, Kind.ESTIMATE)
    return rules.StatementFacts(
        activity=activity_facts(activity),
        actual=inventory_facts(actual),
        estimate=inventory_facts(estimate) if estimate else None,
        units=tuple(_unit(activity, row) for row in offsets.checked(activity) if row.units),
        counted=offsets.checked_units(activity),
        confirmation=confirmation_facts(activity),
        measures=measures(activity),
        rulebook=_rulebook(activity),
        version=activity.rulebook.version,
        declaration=compose.Declaration(
            number, _organizer(activity), at, replaces.number if replaces else "", correction, note
        ),
        pending=offsets.pending_units(activity),
        void=offsets.void_units(activity),
    )


def _organizer(activity: Activity) -> Named:
    owner = activity.organization
    return Named(owner.code, owner.name_zh, owner.name_en)


def _rulebook(activity: Activity) -> Named:
    pack = activity.rulebook.rules
    return Named(pack.code, pack.name_zh, pack.name_en)


def _region(code: str) -> Named:
    path = rulebooks.lineage(code)
    zh = "".join(region.name_zh for region in path)
    return Named(code, zh, ", ".join(region.name_en for region in reversed(path)))


def activity_facts(activity: Activity) -> compose.ActivityFacts:
    """Who, what, where and when; only what is published anyway."""
    pack = activity.rulebook.rules
    stages = {stage.code.value: stage for stage in pack.stages_of(activity.form)}
    families = [pack.family(code) for code in activity.offset_families]
    return compose.ActivityFacts(
        code=activity.code,
        form=activity.form,
        kind=activity.kind,
        level=activity.level,
        name_zh=activity.name_zh,
        name_en=activity.name_en,
        summary=activity.summary,
        starts_on=activity.starts_on,
        ends_on=activity.ends_on,
        place=activity.place_name,
        region=_region(activity.region_code),
        organizer=_organizer(activity),
        stages=tuple(Named(code, stages[code].name_zh, stages[code].name_en) for code in activity.stages),
        offset_method=activity.offset_method,
        offset_families=tuple(Named(family.code.value, family.name_zh, family.name_en) for family in families),
        promised_on=activity.promised_on,
        citation=activity.source_citation,
        published_total_t=activity.published_total_t,
    )


def inventory_facts(inventory: Inventory) -> compose.InventoryFacts:
    """A submitted inventory, source by source, in the order of its rulebook."""
    sheet = inventories.sheet(inventory)
    pack = inventory.rulebook.rules
    names = {source.code.value: Named(source.code.value, source.name_zh, source.name_en) for source in pack.sources}
    scopes = {source.code.value: source.scope for source in pack.sources}
    treatments: dict[str, list[str]] = defaultdict(list)
    reasons: dict[str, list[str]] = defaultdict(list)
    for line in sheet.lines:
        treatments[line.source] += [line.treatment.value] if line.treatment else []
        reasons[line.source] += [line.reason] if line.reason else []
    sources = tuple(
        compose.SourceFacts(
            names.get(code, OTHER),
            scopes.get(code, 3),
            sheet.by_source.get(code),
            tuple(dict.fromkeys(treatments[code])),
            tuple(dict.fromkeys(reasons[code])),
        )
        for code in (*names, OTHER_SOURCE)
        if code in treatments
    )
    bounds = sheet.interval
    return compose.InventoryFacts(
        digest=inventory.digest,
        version=inventory.version,
        total_kg=sheet.total_kg,
        memo_kg=sheet.memo_kg,
        partial=inventory.partial,
        gwp_set=inventory.gwp_set,
        sources=sources,
        by_stage=tuple(sorted(sheet.by_stage.items())),
        by_scope=tuple(sorted(sheet.by_scope.items())),
        lines=len(sheet.results),
        tiers=tuple(sorted(Counter(result.line.tier.value for result in sheet.results).items())),
        interval_percent=(bounds.low_percent, bounds.high_percent) if bounds else None,
        cover=inventory.cover,
    )


def measures(activity: Activity) -> tuple[compose.MeasureFacts, ...]:
    """The reduction measures, planned and reported."""
    return tuple(
        compose.MeasureFacts(
            title=row.title,
            stage=row.stage,
            source=row.source,
            state=row.state,
            planned_kg=row.planned_kg,
            achieved_kg=row.achieved_kg,
            outcome=row.outcome,
        )
        for row in activity.measures.order_by("number")
    )


def _unit(activity: Activity, row: offsets.Cancelled) -> compose.UnitFacts:
    family = activity.rulebook.rules.family(row.family)
    return compose.UnitFacts(
        number=row.number,
        units=row.units,
        family=Named(row.family, family.name_zh, family.name_en),
        kind=Named(row.kind, row.kind_zh, row.kind_en),
        registry=Named(row.registry, row.registry_zh, row.registry_en),
        project=Named(row.project, row.project_zh, row.project_en),
        vintage=row.vintage,
        serial=row.serial,
        certificate=row.certificate,
        cancelled_on=row.date,
        timely=row.timely,
        reason=row.reason,
        beneficiary=row.beneficiary,
        donor=row.donor,
        way=row.way,
    )


def confirmation_facts(activity: Activity) -> compose.ConfirmationFacts:
    """How the standing inventory is confirmed, the body and its conclusion in both languages."""
    given = evaluations.confirmation(activity)
    owner = activity.organization
    if given.mode is not Mode.INDEPENDENT:
        body = Named(owner.code, owner.name_zh, owner.name_en)
        return compose.ConfirmationFacts(given.mode.value, body, "", "", "", given.number, _day(given.on))
    row = Evaluation.objects.select_related("assignment__organization").get(number=given.number)
    judge = row.assignment.organization
    body = Named(judge.code, judge.name_zh, judge.name_en)
    words = (row.conclusion_zh, row.conclusion_en)
    return compose.ConfirmationFacts(given.mode.value, body, row.opinion, *words, given.number, _day(given.on))


def _day(value: Any) -> date | None:
    return value if isinstance(value, date) else None
