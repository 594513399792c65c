"""What the pages of this room show: rows with words in place of codes."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from neutrality.evaluation import checks, queries, rules, words
from neutrality.evaluation.models import Assignment, Evaluation, Finding
from neutrality.inventory import queries as inventories
from neutrality.inventory.words import portion
from neutrality.wording import pick

TONES = {"invited": "wait", "accepted": "wait", "declined": "bad", "withdrawn": ""}


@dataclass(frozen=True)
class Confirmed:
    said: Any
    tone: str
    body: str
    told: Any
    on: Any
    number: str


def confirmation(found: rules.Confirmation) -> Confirmed:
    opinion = words.OPINIONS[found.opinion] if found.opinion else ""
    tone = "good" if found.positive else "bad" if found.opinion else "wait"
    return Confirmed(words.MODES[found.mode], tone, found.body, opinion, found.on, found.number)


@dataclass(frozen=True)
class Task:
    """An assignment for a page."""

    row: Assignment
    said: Any
    tone: str


def assignment(row: Assignment) -> Task:
    """The state of the work; an assignment whose opinions are signed may still judge a corrected version."""
    if row.state == rules.State.ACCEPTED and row.evaluations.all():
        return Task(row, words.SIGNED, "good")
    return Task(row, words.STATES[rules.State(row.state)], TONES[row.state])


@dataclass(frozen=True)
class Opinion:
    row: Evaluation
    said: Any
    tone: str
    verdicts: list[tuple[int, Any]] = field(default_factory=list)


def evaluation(row: Evaluation) -> Opinion:
    opinion = rules.Opinion(row.opinion)
    verdicts = [
        (each["line"], words.VERDICTS[rules.Verdict(each["verdict"])]) for each in row.findings if each["verdict"]
    ]
    return Opinion(row, words.OPINIONS[opinion], "good" if opinion in rules.POSITIVE else "bad", verdicts)


@dataclass(frozen=True)
class Asked:
    """A question of the automatic checks."""

    severity: Any
    tone: str
    text: str
    line: int | None


def sources(inventory: Any) -> dict[str, str]:
    return {source.code.value: pick(source.name_zh, source.name_en) for source in inventory.rulebook.rules.sources}


def findings(inventory: Any) -> list[Asked]:
    """The newest automatic findings about an inventory, in words."""
    run = inventory.checks.order_by("pk").last()
    return [asked(row, sources(inventory)) for row in Finding.objects.filter(check_run=run)] if run else []


def asked(row: Finding, names: dict[str, str]) -> Asked:
    params = {**row.params}
    params["source"] = names.get(params.get("source", ""), params.get("source", ""))
    severity, tone = words.SEVERITIES[checks.Severity(row.severity)]
    return Asked(severity, tone, words.FINDINGS[checks.Code(row.code)] % params, row.line)


@dataclass(frozen=True)
class Line:
    """A line of the inventory as the evaluator judges it. `given` holds the first values of the form about it."""

    position: int
    source: str
    answered: Any
    reason: str
    description: str
    quantity: Decimal | None
    unit: str
    portion: str
    """What of the quantity counts, in words; nothing where all of it does."""
    factor: Any
    kg: Decimal | None
    evidence: Any
    verdict: Any
    tone: str
    given: dict[str, Any]


VERDICT_TONES = {"agreed": "good", "clarify": "wait", "misstated": "bad"}


def lines(task: Assignment, inventory: Any) -> list[Line]:
    """Every line with what was found about it so far."""
    found, names = queries.newest_findings(task, inventory), sources(inventory)
    return [line(row, found.get(row.position), names) for row in inventories.lines(inventory)]


def line(row: Any, found: Any, names: dict[str, str]) -> Line:
    result = getattr(row, "result", None)
    given = {"verdict": found.verdict, "text": found.text, "difference_kg": found.difference_kg} if found else {}
    return Line(
        position=row.position,
        source=names.get(row.source, row.source),
        answered=words.TREATMENTS.get(row.treatment, ""),
        reason=row.reason,
        description=row.description,
        quantity=row.quantity,
        unit=row.unit,
        portion=portion(row),
        factor=result,
        kg=result.kg if result else None,
        evidence=row.evidence,
        verdict=words.VERDICTS[rules.Verdict(found.verdict)] if found else "",
        tone=VERDICT_TONES[found.verdict] if found else "",
        given=given,
    )
