"""What a published plan and a published statement contain: plain data, item by item (pure; R1.12, R1.36, R1.37).

The canonical bytes (RFC 8785, amounts as strings) of what is composed here are kept, served and digested; nothing in
them is ever recomputed. Lines of the inventory stand in its own sealed dossier, named by digest.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from neutrality.activities.rules import Effect, reduction
from neutrality.disclosure.rules.claims import balance, covered_percent
from neutrality.inventory.rules import Cover, CoverLevel
from neutrality.quantities import obligation, shown_t

PLAN_FORMAT = "qingzhang-plan-1"
STATEMENT_FORMAT = "qingzhang-statement-1"
Data = dict[str, Any]


@dataclass(frozen=True)
class Named:
    """A thing by its code and its names in both languages."""

    code: str
    zh: str
    en: str

    def data(self) -> Data:
        return {"code": self.code, "zh": self.zh, "en": self.en}


@dataclass(frozen=True)
class ActivityFacts:
    """Who and what: items 1 to 3 of a statement, 1 to 4 of a plan."""

    code: str
    form: str
    kind: str
    level: str
    name_zh: str
    name_en: str
    summary: str
    starts_on: date
    ends_on: date
    place: str
    region: Named
    organizer: Named
    stages: tuple[Named, ...]
    offset_method: str
    offset_families: tuple[Named, ...]
    promised_on: date | None
    citation: str = ""
    published_total_t: Decimal | None = None


@dataclass(frozen=True)
class SourceFacts:
    """One source of an inventory: what it came to, or why it was left out. `kg` is None where nothing is counted."""

    source: Named
    scope: int
    kg: Decimal | None
    treatments: tuple[str, ...]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class InventoryFacts:
    """A submitted inventory: its digest, its total, its parts."""

    digest: str
    version: int
    total_kg: Decimal
    memo_kg: Decimal
    partial: bool
    gwp_set: str
    sources: tuple[SourceFacts, ...]
    by_stage: tuple[tuple[str, Decimal], ...]
    by_scope: tuple[tuple[int, Decimal], ...]
    lines: int
    tiers: tuple[tuple[str, int], ...] = ()
    interval_percent: tuple[Decimal, Decimal] | None = None
    cover: Cover | None = None

    @property
    def due_kg(self) -> Decimal:
        """What units have to cover: the total, or the 90th percentile where that was chosen (F8)."""
        return self.cover.due_kg() if self.cover else self.total_kg


@dataclass(frozen=True)
class MeasureFacts:
    """One reduction measure (R1.13)."""

    title: str
    stage: str
    source: str
    state: str
    planned_kg: Decimal | None
    achieved_kg: Decimal | None
    outcome: str


@dataclass(frozen=True)
class UnitFacts:
    """One cancellation as it is printed (R1.37)."""

    number: str
    units: int
    family: Named
    kind: Named
    registry: Named
    project: Named
    vintage: str
    serial: str
    certificate: str
    cancelled_on: date
    timely: bool
    reason: str
    beneficiary: str
    donor: str
    way: str


@dataclass(frozen=True)
class ConfirmationFacts:
    """How the result was confirmed (items 6 and 7)."""

    mode: str
    body: Named
    opinion: str
    conclusion_zh: str
    conclusion_en: str
    number: str
    on: date | None


@dataclass(frozen=True)
class Declaration:
    """Under which number, by whom (an office, never a person's data), when; what it replaces and why."""

    number: str
    organization: Named
    at: datetime
    replaces: str = ""
    correction: str = ""
    note: str = ""


@dataclass(frozen=True)
class PlanFacts:
    """What a plan is made of."""

    activity: ActivityFacts
    estimate: InventoryFacts
    measures: tuple[MeasureFacts, ...]
    rulebook: Named
    version: str
    declaration: Declaration


@dataclass(frozen=True)
class StatementFacts:
    """What a statement is made of. `units` are those that count on the day of publication, in their order."""

    activity: ActivityFacts
    actual: InventoryFacts
    estimate: InventoryFacts | None
    units: tuple[UnitFacts, ...]
    counted: int
    confirmation: ConfirmationFacts
    measures: tuple[MeasureFacts, ...]
    rulebook: Named
    version: str
    declaration: Declaration
    pending: int = 0
    void: int = field(default=0)


def compose_plan(facts: PlanFacts) -> Data:
    """The eight items of a plan (R1.12), then what it rests on."""
    activity = facts.activity
    return {
        "format": PLAN_FORMAT,
        "number": facts.declaration.number,
        **_who_and_when(activity),
        "place": {"name": activity.place, "region": activity.region.data()},
        "summary": activity.summary,
        "estimate": _inventory(facts.estimate),
        "measures": [_measure(measure) for measure in facts.measures],
        "offset_method": {
            "words": activity.offset_method,
            "families": [family.data() for family in activity.offset_families],
        },
        "promised_on": activity.promised_on,
        "boundary": {"stages": [stage.data() for stage in activity.stages]},
        "rulebook": {**facts.rulebook.data(), "version": facts.version},
        "declared": _declared(facts.declaration),
    }


def compose_statement(facts: StatementFacts) -> Data:
    """The eight items of a statement (R1.36), then what makes them traceable (R1.37)."""
    activity, actual = facts.activity, facts.actual
    return {
        "format": STATEMENT_FORMAT,
        "number": facts.declaration.number,
        **_who_and_when(activity),
        "place": {"name": activity.place, "region": activity.region.data()},
        "boundary": {"stages": [stage.data() for stage in activity.stages]},
        "emissions": _inventory(actual),
        "offset": _offset(facts),
        "confirmation": _confirmation(facts.confirmation),
        "declared": _declared(facts.declaration),
        "units": [_unit(unit) for unit in facts.units],
        "estimate": _inventory(facts.estimate) if facts.estimate else None,
        "measures": [_measure(measure) for measure in facts.measures],
        "reduction": _reduction(facts),
        "exclusions": [
            {"source": source.source.data(), "reasons": list(source.reasons)}
            for source in actual.sources
            if "excluded" in source.treatments
        ],
        "rulebook": {**facts.rulebook.data(), "version": facts.version},
        "quality": _quality(actual, facts.declaration.note),
        "source": _source(activity),
    }


def _who_and_when(activity: ActivityFacts) -> Data:
    return {
        "activity": activity.code,
        "name": {"zh": activity.name_zh, "en": activity.name_en},
        "form": activity.form,
        "kind": activity.kind,
        "level": activity.level,
        "organizer": activity.organizer.data(),
        "dates": {"starts_on": activity.starts_on, "ends_on": activity.ends_on},
    }


def _inventory(inventory: InventoryFacts) -> Data:
    return {
        "digest": inventory.digest,
        "version": inventory.version,
        "total_kg": inventory.total_kg,
        "total_t": shown_t(inventory.total_kg),
        "owed_units": obligation(inventory.due_kg),
        "cover": _cover(inventory.cover),
        "memo_kg": inventory.memo_kg,
        "partial": inventory.partial,
        "gwp_set": inventory.gwp_set,
        "lines": inventory.lines,
        "interval_percent": list(inventory.interval_percent) if inventory.interval_percent else None,
        "by_source": [_source_line(source) for source in inventory.sources],
        "by_stage": dict(inventory.by_stage),
        "by_scope": {str(scope): kg for scope, kg in inventory.by_scope},
    }


def _cover(cover: Cover | None) -> Data | None:
    """What units are bought for, and what each choice would owe; an interval never lowers it."""
    if cover is None:
        return None
    owed = {level.value: cover.owed(level) for level in CoverLevel}
    return {"level": cover.level.value, "p90_kg": cover.p90_kg, "owed_units": owed}


def _source_line(source: SourceFacts) -> Data:
    return {
        "source": source.source.data(),
        "scope": source.scope,
        "kg": source.kg,
        "treatments": list(source.treatments),
        "reasons": list(source.reasons),
    }


def _offset(facts: StatementFacts) -> Data:
    due, method = facts.actual.due_kg, facts.activity
    left = balance(due, facts.counted, partial=facts.actual.partial)
    return {
        "words": method.offset_method,
        "families": [family.data() for family in method.offset_families],
        "units": facts.counted,
        "owed_units": obligation(due),
        "percent": covered_percent(facts.actual.total_kg, due, facts.counted),
        "balance": {"state": left.state, "units": left.units},
        "reached_on": None if facts.actual.partial else _reached_on(facts),
        "waiting_units": facts.pending,
        "void_units": facts.void,
    }


def _reached_on(facts: StatementFacts) -> date | None:
    """The day the last unit needed was cancelled, None while short."""
    owed, so_far = obligation(facts.actual.due_kg), 0
    if owed == 0:
        return facts.activity.ends_on
    if facts.counted < owed:
        return None
    for unit in sorted(facts.units, key=lambda unit: unit.cancelled_on):
        so_far += unit.units
        if so_far >= owed:
            return max(unit.cancelled_on, facts.activity.ends_on)
    return None


def _confirmation(given: ConfirmationFacts) -> Data:
    evaluator = {
        "name": given.body.data(),
        "opinion": given.opinion,
        "conclusion": {"zh": given.conclusion_zh, "en": given.conclusion_en},
    }
    return {
        "mode": given.mode,
        "on": given.on,
        "number": given.number,
        "evaluator": evaluator if given.mode == "independent" else None,
    }


def _declared(declaration: Declaration) -> Data:
    return {
        "by": declaration.organization.data(),
        "at": declaration.at,
        "replaces": declaration.replaces or None,
        "correction": declaration.correction or None,
    }


def _unit(unit: UnitFacts) -> Data:
    return {
        "number": unit.number,
        "units": unit.units,
        "family": unit.family.data(),
        "kind": unit.kind.data(),
        "registry": unit.registry.data(),
        "project": unit.project.data(),
        "vintage": unit.vintage,
        "serial": unit.serial,
        "certificate": unit.certificate,
        "cancelled_on": unit.cancelled_on,
        "timely": unit.timely,
        "reason": unit.reason,
        "beneficiary": unit.beneficiary,
        "donor": unit.donor,
        "way": unit.way,
    }


def _measure(measure: MeasureFacts) -> Data:
    return {
        "title": measure.title,
        "stage": measure.stage,
        "source": measure.source,
        "state": measure.state,
        "planned_kg": measure.planned_kg,
        "achieved_kg": measure.achieved_kg,
        "outcome": measure.outcome,
    }


def _reduction(facts: StatementFacts) -> Data:
    """What was cut, and what was only bought: known effects and how many are unknown, beside the units (R1.6, R1.7)."""
    effects = (Effect(each.state, each.planned_kg, each.achieved_kg, None) for each in facts.measures)
    found = reduction(tuple(effects))
    return {
        "planned_kg": found.planned_kg,
        "planned_unknown": found.planned_unknown,
        "done": found.done,
        "achieved_kg": found.achieved_kg,
        "achieved_unknown": found.achieved_unknown,
        "dropped": found.dropped,
        "bought_units": facts.counted,
    }


def _quality(inventory: InventoryFacts, note: str) -> Data:
    return {"tiers": dict(inventory.tiers), "note": note}


def _source(activity: ActivityFacts) -> Data | None:
    """For figures others published and we recalculated: where, and what they came to."""
    if not activity.citation:
        return None
    return {"citation": activity.citation, "published_total_t": activity.published_total_t}
