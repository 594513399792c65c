"""States of an activity and of a measure, what a complete plan is, and the clocks of an activity (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from neutrality.periods import DAY, months_after
from neutrality.rulebook.rules import FORM_OF, STAGES_OF, FamilyCode, Form, Kind, Rulebook

MOST_MONTHS = 24
LONGEST_EVENT_DAYS = 366
CENT = Decimal("0.01")


class State(StrEnum):
    """Where an activity's plan stands. Committed means published; held, settled and the rest are computed (R8.3)."""

    DRAFT = "draft"
    COMMITTED = "committed"
    CANCELLED = "cancelled"


class Action(StrEnum):
    """What may be done to an activity."""

    EDIT = "edit"
    COMMIT = "commit"
    AMEND = "amend"
    CANCEL = "cancel"


TRANSITIONS: dict[tuple[State, Action], State] = {
    (State.DRAFT, Action.EDIT): State.DRAFT,
    (State.DRAFT, Action.COMMIT): State.COMMITTED,
    (State.DRAFT, Action.CANCEL): State.CANCELLED,
    (State.COMMITTED, Action.AMEND): State.COMMITTED,
    (State.COMMITTED, Action.CANCEL): State.CANCELLED,
}


class MeasureState(StrEnum):
    """Where a reduction measure stands."""

    PLANNED = "planned"
    DONE = "done"
    DROPPED = "dropped"


class Level(StrEnum):
    """The reach of an activity."""

    INTERNATIONAL = "international"
    NATIONAL = "national"
    PROVINCIAL = "provincial"
    CITY = "city"
    COUNTY = "county"
    INTERNAL = "internal"


class Phase(StrEnum):
    """Where a day lies in the life of an activity (R1.9)."""

    PREPARATION = "preparation"
    HOLDING = "holding"
    AFTER = "after"


class Gap(StrEnum):
    """What keeps a plan from being published: the eight items of R1.12 and what they rest on."""

    SUMMARY = "summary"
    PLACE = "place"
    PEOPLE = "people"
    BOUNDARY = "boundary"
    ESTIMATE = "estimate"
    MEASURES = "measures"
    OFFSET_METHOD = "offset_method"
    OFFSET_FAMILIES = "offset_families"
    PROMISED_ON = "promised_on"
    PROMISED_TOO_EARLY = "promised_too_early"
    PROMISED_TOO_LATE = "promised_too_late"
    DISCLOSE_TOO_EARLY = "disclose_too_early"
    UNVERIFIED = "unverified"


@dataclass(frozen=True)
class PlanFacts:
    """What a plan says so far. `estimate_kg` is the total of the submitted estimate, None where there is none."""

    summary: str
    place_name: str
    region_code: str
    expected_people: int | None
    stages: tuple[str, ...]
    mandatory_stages: tuple[str, ...]
    estimate_kg: Decimal | None
    measures: int
    offset_method: str
    offset_families: tuple[str, ...]
    ends_on: date
    promised_on: date | None
    disclose_on: date | None
    units_deadline: date
    forest_deadline: date | None
    verified: bool


def after(state: str, action: str) -> State | None:
    """The state `action` leads to, None where it is not allowed."""
    return TRANSITIONS.get((State(state), Action(action)))


def plan_gaps(facts: PlanFacts) -> tuple[Gap, ...]:
    """Everything that is missing before the plan may be published, in the order of the page (R1.7, R1.11, R1.12)."""
    missing = {
        Gap.SUMMARY: not facts.summary.strip(),
        Gap.PLACE: not facts.place_name.strip() or not facts.region_code,
        Gap.PEOPLE: facts.expected_people is None,
        Gap.BOUNDARY: not set(facts.mandatory_stages) <= set(facts.stages),
        Gap.ESTIMATE: facts.estimate_kg is None,
        Gap.MEASURES: facts.measures < 1,
        Gap.OFFSET_METHOD: not facts.offset_method.strip(),
        Gap.OFFSET_FAMILIES: not facts.offset_families,
        Gap.PROMISED_ON: facts.promised_on is None,
        Gap.PROMISED_TOO_EARLY: facts.promised_on is not None and facts.promised_on <= facts.ends_on,
        Gap.PROMISED_TOO_LATE: facts.promised_on is not None and facts.promised_on > latest_promise(facts),
        Gap.DISCLOSE_TOO_EARLY: facts.disclose_on is not None and facts.disclose_on <= facts.ends_on,
        Gap.UNVERIFIED: not facts.verified,
    }
    return tuple(gap for gap in Gap if missing[gap])


def latest_promise(facts: PlanFacts) -> date:
    """The last day a promise may name: the forest's clock where a new forest takes part, else the units' (R1.20,
    R1.22).

    A promise has to come after the end, because only actual emissions are settled (R1.6, R1.14).
    """
    if facts.forest_deadline is not None and FamilyCode.NEW_FOREST in facts.offset_families:
        return facts.forest_deadline
    return facts.units_deadline


def form_of(kind: str) -> Form:
    """Whether activities of a kind are events or operating periods (R2.3)."""
    return FORM_OF[Kind(kind)]


def stages_of(form: str) -> tuple[str, ...]:
    """Codes of the stages an activity of this form has."""
    return tuple(stage.value for stage in STAGES_OF[Form(form)])


def phase(starts_on: date, ends_on: date, on: date) -> Phase:
    """Where `on` lies; the last day still belongs to holding."""
    if on < starts_on:
        return Phase.PREPARATION
    return Phase.HOLDING if on <= ends_on else Phase.AFTER


def whole_months(starts_on: date, ends_on: date) -> bool:
    """Whether the period begins with a first and ends with a last day of a month."""
    return starts_on.day == 1 and (ends_on + DAY).day == 1


def months(starts_on: date, ends_on: date) -> tuple[date, ...]:
    """First days of the months a period touches; an operating period deposits evidence for each."""
    first = starts_on.replace(day=1)
    count = (ends_on.year - first.year) * 12 + ends_on.month - first.month + 1
    return tuple(months_after(first, number) for number in range(count))


def last_day(month: date) -> date:
    """The last day of the month `month` lies in."""
    return months_after(month.replace(day=1), 1) - DAY


class Fault(StrEnum):
    """What contradicts itself in an activity's facts, whatever its state."""

    ENDS_BEFORE_START = "ends_before_start"
    NOT_WHOLE_MONTHS = "not_whole_months"
    PERIOD_TOO_LONG = "period_too_long"
    EVENT_TOO_LONG = "event_too_long"
    UNKNOWN_STAGE = "unknown_stage"
    MANDATORY_STAGE = "mandatory_stage"
    UNKNOWN_FAMILY = "unknown_family"
    OTHER_FORM = "other_form"


FAULT_FIELD: dict[Fault, str] = {
    Fault.ENDS_BEFORE_START: "ends_on",
    Fault.NOT_WHOLE_MONTHS: "ends_on",
    Fault.PERIOD_TOO_LONG: "ends_on",
    Fault.EVENT_TOO_LONG: "ends_on",
    Fault.UNKNOWN_STAGE: "stages",
    Fault.MANDATORY_STAGE: "stages",
    Fault.UNKNOWN_FAMILY: "offset_families",
    Fault.OTHER_FORM: "rulebook",
}


def faults(
    *, form: str, starts_on: date, ends_on: date, stages: tuple[str, ...], families: tuple[str, ...], pack: Rulebook
) -> tuple[Fault, ...]:
    """Every contradiction among what is known, in the order of the form."""
    days = day_faults(form, starts_on, ends_on)
    found = {
        **{fault: fault in days for fault in Fault},
        Fault.UNKNOWN_STAGE: not set(stages) <= set(stages_of(form)),
        Fault.MANDATORY_STAGE: not set(pack.mandatory_stages(form)) <= set(stages),
        Fault.UNKNOWN_FAMILY: not set(families) <= set(FamilyCode),
        Fault.OTHER_FORM: form not in pack.forms,
    }
    return tuple(fault for fault in Fault if found[fault])


def day_faults(form: str, starts_on: date, ends_on: date) -> tuple[Fault, ...]:
    """What contradicts itself in the days alone."""
    if starts_on > ends_on:
        return (Fault.ENDS_BEFORE_START,)
    if form == Form.OPERATION:
        found = {
            Fault.NOT_WHOLE_MONTHS: not whole_months(starts_on, ends_on),
            Fault.PERIOD_TOO_LONG: len(months(starts_on, ends_on)) > MOST_MONTHS,
        }
    else:
        found = {Fault.EVENT_TOO_LONG: (ends_on - starts_on).days >= LONGEST_EVENT_DAYS}
    return tuple(fault for fault, wrong in found.items() if wrong)


PROMISE_FIELD: dict[Gap, str] = {
    Gap.PROMISED_TOO_EARLY: "promised_on",
    Gap.PROMISED_TOO_LATE: "promised_on",
    Gap.DISCLOSE_TOO_EARLY: "disclose_on",
}


def promise_faults(facts: PlanFacts) -> tuple[Gap, ...]:
    """What is wrong with the promised days themselves, before anything else about the plan is asked."""
    return tuple(gap for gap in plan_gaps(facts) if gap in PROMISE_FIELD)


EDITABLE = (
    "kind",
    "level",
    "name_zh",
    "name_en",
    "summary",
    "starts_on",
    "ends_on",
    "place_name",
    "region_code",
    "expected_people",
    "online_people",
    "floor_area_m2",
    "stages",
    "rulebook",
    "promised_on",
    "offset_method",
    "offset_families",
    "disclose_on",
)
WORDS_ONLY = ("name_zh", "name_en", "summary", "place_name", "offset_method")
UNTIL_THE_END = (*WORDS_ONLY, "starts_on", "ends_on", "expected_people", "promised_on", "disclose_on")


def amendable(phase: Phase) -> tuple[str, ...]:
    """What may still be changed after the plan was published: days and promises only until the activity is over, so
    that nobody moves a deadline after the fact (R1.39)."""
    return WORDS_ONLY if phase is Phase.AFTER else UNTIL_THE_END


class CopyPart(StrEnum):
    """What a copy of last year's activity may take along."""

    PLACE = "place"
    SIZE = "size"
    BOUNDARY = "boundary"
    MEASURES = "measures"
    OFFSET = "offset"


COPIED: dict[CopyPart, tuple[str, ...]] = {
    CopyPart.PLACE: ("place_name",),
    CopyPart.SIZE: ("expected_people", "online_people", "floor_area_m2"),
    CopyPart.BOUNDARY: ("stages",),
    CopyPart.MEASURES: (),
    CopyPart.OFFSET: ("offset_method", "offset_families"),
}
ALWAYS_COPIED = ("kind", "level", "name_zh", "name_en", "summary", "region_code")

for table, every in ((FAULT_FIELD, Fault), (COPIED, CopyPart)):
    if set(table) != set(every):
        raise AssertionError(f"a table of activities.rules does not cover {every.__name__}")


@dataclass(frozen=True)
class Effect:
    """One measure's effect: kilograms spared as planned and as achieved, None where nobody knows; yuan it costs."""

    state: str
    planned_kg: Decimal | None
    achieved_kg: Decimal | None
    cost_cny: Decimal | None


@dataclass(frozen=True)
class Reduction:
    """All measures together. Unknown effects are counted, never taken for zero."""

    measures: int
    planned_kg: Decimal
    planned_unknown: int
    done: int
    achieved_kg: Decimal
    achieved_unknown: int
    dropped: int
    waiting: int
    cost_cny: Decimal
    cost_unknown: int


def reduction(effects: tuple[Effect, ...]) -> Reduction:
    """Sums of what is known and counts of what is not (R1.7, R1.13). Dropped measures spare nothing."""
    kept = [effect for effect in effects if effect.state != MeasureState.DROPPED]
    done = [effect for effect in kept if effect.state == MeasureState.DONE]
    return Reduction(
        measures=len(effects),
        planned_kg=_sum(effect.planned_kg for effect in effects),
        planned_unknown=sum(effect.planned_kg is None for effect in effects),
        done=len(done),
        achieved_kg=_sum(effect.achieved_kg for effect in done),
        achieved_unknown=sum(effect.achieved_kg is None for effect in done),
        dropped=len(effects) - len(kept),
        waiting=len(kept) - len(done),
        cost_cny=_sum(effect.cost_cny for effect in kept),
        cost_unknown=sum(effect.cost_cny is None for effect in kept),
    )


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


@dataclass(frozen=True)
class Step:
    """A measure on the cost curve: yuan for each tonne it spares, and what it spares with all cheaper ones."""

    number: int
    cost_per_t: Decimal
    spared_kg: Decimal
    together_kg: Decimal


def cost_curve(effects: Iterable[tuple[int, Effect]]) -> tuple[Step, ...]:
    """Measures by what a spared tonne costs, cheapest first; those with unknown cost or effect, without effect or
    dropped are left out. `effects` pairs each with the measure's number. Achieved effects count where known.
    """
    known = [(number, _spared(effect), effect.cost_cny) for number, effect in effects]
    priced = [(cost * 1000 / kg, number, kg) for number, kg, cost in known if kg and cost is not None]
    found: list[Step] = []
    for cost_per_t, number, kg in sorted(priced):
        before = found[-1].together_kg if found else Decimal(0)
        found.append(Step(number, cost_per_t.quantize(CENT), kg, before + kg))
    return tuple(found)


def _spared(effect: Effect) -> Decimal | None:
    if effect.state == MeasureState.DROPPED:
        return None
    return effect.planned_kg if effect.achieved_kg is None else effect.achieved_kg
