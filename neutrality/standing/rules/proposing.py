"""What a score and its facts may propose: a case for people to decide, never an entry (R4.28; pure)."""

from dataclasses import dataclass
from datetime import timedelta

from neutrality.standing.rules.policies import Policy
from neutrality.standing.rules.scoring import ActivityFact, Evidence, Facts, Score, counted
from neutrality.standing.rules.terms import Class, List, Violation


@dataclass(frozen=True)
class Proposal:
    """One case to open. `key` makes it open once, however often and in whatever order the tasks run."""

    key: str
    list: List
    violation: Violation | None
    grade: Class | None
    activity: str
    evidence: tuple[Evidence, ...]


def proposals(facts: Facts, score: Score | None, policy: Policy) -> tuple[Proposal, ...]:
    """Black ones from single facts with evidence, a green one from the whole record.

    A low score alone proposes nothing: there must be a behaviour of the negative list, and a document that shows it.
    """
    found = [black(facts, activity, policy) for activity in counted(facts, policy)]
    return (*(proposal for proposal in found if proposal), *green(facts, score, policy))


def black(facts: Facts, activity: ActivityFact, policy: Policy) -> Proposal | None:
    violation = behaviour(facts, activity, policy)
    evidence = tuple(e for e in activity.evidence if e.digest)
    if violation is None or not evidence:
        return None
    grades = policy.offence(violation).classes
    key = f"{List.BLACK}:{facts.organization}:{violation}:{activity.code}"
    return Proposal(key, List.BLACK, violation, grades[0], activity.code, evidence)


def behaviour(facts: Facts, activity: ActivityFact, policy: Policy) -> Violation | None:
    """V6: the term for units passed short while a statement stands. V7: promised, ended, never accounted."""
    if not activity.promised:
        return None
    short = activity.obligation is not None and activity.units < activity.obligation
    if short and activity.statement_on is not None and facts.on > activity.units_deadline:
        return Violation.V6
    if activity.inventory_on is None and facts.on > activity.ended_on + timedelta(days=policy.inventory_days):
        return Violation.V7
    return None


def green(facts: Facts, score: Score | None, policy: Policy) -> tuple[Proposal, ...]:
    """High score, enough activities, every one of them achieved, nothing violated and nothing pending (R4.36)."""
    ended = counted(facts, policy)
    if score is None or score.total < policy.green_minimum or len(ended) < policy.green_activities:
        return ()
    if facts.violations or facts.open_cases or facts.upheld or not all(a.achieved for a in ended):
        return ()
    evidence = tuple(e for a in ended for e in a.evidence if e.digest)
    key = f"{List.GREEN}:{facts.organization}:{facts.on.year}"
    return (Proposal(key, List.GREEN, None, None, "", evidence),) if evidence else ()
