"""The score: facts and policy in, points with reasons and evidence out (pure)."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from neutrality.periods import months_after
from neutrality.standing.rules.policies import Criterion, Policy


class Reason(StrEnum):
    """Why an activity did or did not earn a criterion."""

    MET = "met"
    LATE = "late"
    MISSING = "missing"
    SHORT = "short"
    NOT_REPORTED = "not_reported"
    SELF = "self"


@dataclass(frozen=True)
class Evidence:
    """What proves a fact: kind of record, its public number, the digest of its bytes where it has one."""

    kind: str
    number: str
    digest: str = ""


@dataclass(frozen=True)
class ActivityFact:
    """One ended activity as the records show it; a date is None where the thing did not happen."""

    code: str
    ended_on: date
    plan_on: date | None
    promised: bool
    inventory_on: date | None
    statement_on: date | None
    units_deadline: date
    obligation: int | None
    units: int
    measures: int
    measures_reported: int
    achieved: bool
    confirmation: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Facts:
    """An organization on a day. `violations` counts decided entries inside the window; `open_cases` pending ones."""

    organization: str
    on: date
    activities: tuple[ActivityFact, ...] = ()
    violations: tuple[str, ...] = ()
    open_cases: tuple[str, ...] = ()
    upheld: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """One activity under one criterion: the share earned, why, and by what evidence."""

    activity: str
    share: Decimal
    reason: Reason
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Line:
    criterion: Criterion
    points: Decimal
    of: int
    parts: tuple[Part, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class Score:
    total: Decimal
    lines: tuple[Line, ...]


ONE, HALF, NONE = Decimal(1), Decimal("0.5"), Decimal(0)
CENT = Decimal("0.01")


def score(facts: Facts, policy: Policy) -> Score | None:
    """Points out of 100 to two places, or None where no activity has ended inside the window: missing is not zero.

    A criterion earns its weight times the mean share over the activities. Rounded half-up once per criterion; the
    total is the exact sum of what is printed.
    """
    ended = counted(facts, policy)
    if not ended:
        return None
    lines = []
    for weight in policy.weights:
        parts = tuple(PARTS[weight.criterion](activity, facts.on, policy) for activity in ended)
        exact = weight.points * sum((part.share for part in parts), NONE) / len(parts)
        lines.append(Line(weight.criterion, exact.quantize(CENT, ROUND_HALF_UP), weight.points, parts))
    return Score(sum((line.points for line in lines), NONE), tuple(lines))


def counted(facts: Facts, policy: Policy) -> tuple[ActivityFact, ...]:
    """The activities that ended inside the window, in the order of their codes."""
    first = months_after(facts.on, -policy.months)
    inside = [a for a in facts.activities if first < a.ended_on < facts.on]
    return tuple(sorted(inside, key=lambda a: a.code))


def part(activity: ActivityFact, share: Decimal, reason: Reason, *kinds: str) -> Part:
    return Part(activity.code, share, reason, tuple(e for e in activity.evidence if e.kind in kinds))


def reduction(activity: ActivityFact, on: date, policy: Policy) -> Part:
    """Measures reported, done or explained (R1.7)."""
    if activity.measures == 0:
        return part(activity, NONE, Reason.MISSING, "plan")
    share = Decimal(activity.measures_reported) / activity.measures
    return part(activity, share, Reason.MET if share == ONE else Reason.NOT_REPORTED, "plan", "measure")


def inventory(activity: ActivityFact, on: date, policy: Policy) -> Part:
    if activity.inventory_on is None:
        return part(activity, NONE, Reason.MISSING, "plan")
    return part(activity, ONE, Reason.MET, "inventory")


def units(activity: ActivityFact, on: date, policy: Policy) -> Part:
    """Checked cancellations against what is owed; partial offset earns its share (R2.5); no figure earns nothing."""
    if activity.obligation is None:
        return part(activity, NONE, Reason.MISSING, "plan")
    if activity.units >= activity.obligation:
        return part(activity, ONE, Reason.MET, "retirement", "inventory")
    share = Decimal(activity.units) / activity.obligation
    return part(activity, share, Reason.SHORT, "retirement", "inventory")


def statement(activity: ActivityFact, on: date, policy: Policy) -> Part:
    if activity.statement_on is None:
        return part(activity, NONE, Reason.MISSING, "plan")
    return part(activity, ONE, Reason.MET, "statement")


def timely(activity: ActivityFact, on: date, policy: Policy) -> Part:
    """Plan before the end, inventory within its days, statement within its days after the inventory (U24)."""
    late = activity.plan_on is None or activity.plan_on > activity.ended_on
    due = activity.ended_on + timedelta(days=policy.inventory_days)
    late |= (activity.inventory_on or on) > due
    if activity.inventory_on is not None:
        due = activity.inventory_on + timedelta(days=policy.statement_days)
        late |= (activity.statement_on or on) > due
    return part(activity, NONE if late else ONE, Reason.LATE if late else Reason.MET, "plan", "inventory", "statement")


def confirmed(activity: ActivityFact, on: date, policy: Policy) -> Part:
    """An independent opinion earns all, a self-commitment half: both confirm (R1.31), one was checked by others."""
    earned = {"independent": (ONE, Reason.MET), "self": (HALF, Reason.SELF)}
    share, reason = earned.get(activity.confirmation, (NONE, Reason.MISSING))
    return part(activity, share, reason, "evaluation", "commitment", "inventory")


PARTS = {
    Criterion.REDUCTION: reduction,
    Criterion.INVENTORY: inventory,
    Criterion.UNITS: units,
    Criterion.STATEMENT: statement,
    Criterion.TIMELY: timely,
    Criterion.CONFIRMED: confirmed,
}
if set(PARTS) != set(Criterion):
    raise RuntimeError("every criterion needs its rule")
