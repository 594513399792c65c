"""States of an activity and of a measure, what a complete plan is, and the clocks of an activity (pure)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from neutrality.periods import DAY, months_after
from neutrality.rulebook.rules import FORM_OF, STAGES_OF, FamilyCode, Form, Kind

MOST_MONTHS = 24
LONGEST_EVENT_DAYS = 366


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
