"""What the pages of this room show: rows with words in place of codes."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from neutrality.oversight.rules import State
from neutrality.standing import rules, words
from neutrality.standing.models import Listing, Policy, Score
from neutrality.wording import pick


@dataclass(frozen=True)
class Entry:
    """An entry of a list for a page."""

    row: Listing
    what: Any
    rank: Any
    behaviour: str
    tone: str
    objection: bool
    ended: Any


def entry(row: Listing, state: str | None = None) -> Entry:
    """`state` is that of the case: a pending objection is shown beside the entry (V35)."""
    black = row.list == rules.List.BLACK
    state = state if state is not None else row.objection
    ending = getattr(row, "ending", None)
    behaviour = row.policy.rules.offence(rules.Violation(row.violation)) if black else None
    return Entry(
        row=row,
        what=words.LISTS[rules.List(row.list)],
        rank=words.CLASSES[rules.Class(row.grade)] if black else "",
        behaviour=pick(behaviour.name_zh, behaviour.name_en) if behaviour else "",
        tone="bad" if black else "good",
        objection=state == State.APPEALED,
        ended=words.ENDINGS[ending.reason] if ending else "",
    )


@dataclass(frozen=True)
class Criterion:
    """One line of a score: the points, and why, activity by activity."""

    name: str
    rule: str
    points: Decimal
    of: int
    parts: list[dict[str, Any]]


def score(row: Score | None) -> list[Criterion]:
    """The lines of a stored score, exactly as it was counted, with the names of the policy it was counted by."""
    if row is None or not row.result:
        return []
    names = {weight.criterion.value: weight for weight in row.policy.rules.weights}
    return [
        Criterion(
            name=pick(names[line["criterion"]].name_zh, names[line["criterion"]].name_en),
            rule=names[line["criterion"]].rule,
            points=Decimal(line["points"]),
            of=line["of"],
            parts=[part(each) for each in line["parts"]],
        )
        for line in row.result["lines"]
    ]


def part(told: dict[str, Any]) -> dict[str, Any]:
    percent = (Decimal(told["share"]) * 100).quantize(Decimal("0.1"))
    return {
        "activity": told["activity"],
        "percent": percent.normalize() if percent != percent.to_integral_value() else int(percent),
        "why": words.REASONS[rules.Reason(told["reason"])],
        "evidence": told["evidence"],
    }


@dataclass(frozen=True)
class Method:
    """A policy as the page renders it: from the same object that counts."""

    row: Policy
    source: str
    weights: list[dict[str, Any]]
    offences: list[dict[str, Any]]
    terms: list[dict[str, Any]]
    consequences: list[Any]
    green: dict[str, Any]


def method(row: Policy) -> Method:
    policy = row.rules
    return Method(
        row=row,
        source=pick(policy.source_zh, policy.source_en),
        weights=[{"name": pick(w.name_zh, w.name_en), "points": w.points, "rule": w.rule} for w in policy.weights],
        offences=[offence(each) for each in policy.offences],
        terms=[
            {"name": words.CLASSES[grade], "least": least, "most": most, "public": grade is not rules.Class.MINOR}
            for grade, (least, most) in rules.TERMS.items()
        ],
        consequences=[words.CONSEQUENCES[code] for code in policy.consequences],
        green={"minimum": policy.green_minimum, "number": policy.green_activities, "months": policy.green_months},
    )


def offence(row: rules.Offence) -> dict[str, Any]:
    return {
        "code": row.type.value,
        "name": pick(row.name_zh, row.name_en),
        "proof": pick(row.evidence_zh, row.evidence_en),
        "ranks": [words.CLASSES[grade] for grade in row.classes],
        "basis": pick(row.basis_zh, row.basis_en),
    }
