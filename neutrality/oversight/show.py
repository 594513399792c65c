"""What the pages of this room show: rows with words in place of codes."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import access as people
from neutrality.disclosure.models import Statement
from neutrality.inventory import queries as inventories
from neutrality.oversight import access, queries, rules, words
from neutrality.oversight.models import Case, Exhibit, Step
from neutrality.oversight.rules import Act, Kind, State
from neutrality.wording import pick

REMARK_TARGETS = ("boundary", "total", "people")


@dataclass(frozen=True)
class Matter:
    """A case in a list."""

    row: Case
    what: Any
    said: Any
    tone: str
    due_on: date | None
    late: bool
    final: bool


def matter(row: Case, on: date) -> Matter:
    """`row` comes from `with_state`."""
    said, tone = words.STATES[State(row.state)]
    final = row.state in rules.FINAL
    late = bool(row.due_on and row.due_on < on and not final)
    return Matter(row, words.KINDS[Kind(row.kind)], said, tone, None if final else row.due_on, late, final)


@dataclass(frozen=True)
class Happened:
    """A step as its reader may see it."""

    on: date
    did: Any
    by: str
    text: str
    public_text: str
    about: str
    file: Any
    details: list[tuple[Any, Any]]


def steps(case: Case, *, inside: bool, officer: bool) -> list[Happened]:
    """The history of a case: the public sees what was done and the public words, never who or whose words."""
    rows = case.steps.order_by("position").select_related("by", "file")
    names = figures_of_review(case) if case.kind == Kind.REVIEW else {}
    return [happened(row, names, inside=inside, officer=officer) for row in rows]


def happened(row: Step, names: dict[str, str], *, inside: bool, officer: bool) -> Happened:
    return Happened(
        on=timezone.localdate(row.at),
        did=words.ACTS[Act(row.act)],
        by=(str(row.by) if row.by else _("the portal")) if officer else "",
        text=row.text if inside else "",
        public_text=row.public_text,
        about=names.get(row.content.get("field", ""), ""),
        file=row.file if inside else None,
        details=details(row) if inside else details_for_all(row),
    )


def details_for_all(row: Step) -> list[tuple[Any, Any]]:
    outcome = row.content.get("outcome")
    return [(_("Outcome"), words.OUTCOMES[rules.Outcome(outcome)])] if outcome else []


def details(row: Step) -> list[tuple[Any, Any]]:
    """What a step recorded besides words."""
    told, found = row.content, details_for_all(row)
    if told.get("method"):
        found.append((_("How it was delivered"), words.METHODS[rules.Method(told["method"])]))
        found.append((_("Day of delivery"), told["delivered_on"]))
        found.append((_("Last day for an answer"), told["window_ends"]))
    if told.get("effect"):
        found.append((_("What would follow"), told["effect"]))
    if told.get("fact_zh"):
        found.append((_("Fact"), pick(told["fact_zh"], told.get("fact_en", ""))))
        found.append((_("Basis"), pick(told.get("basis_zh", ""), told.get("basis_en", ""))))
        found.append((_("Document"), told.get("document", "")))
    return [pair for pair in found if pair[1]]


def figures_of_review(case: Case) -> dict[str, str]:
    """What a remark may be about: every line of the inventory, and three things of the whole."""
    inventory = case.inventory
    names = {source.code.value: pick(source.name_zh, source.name_en) for source in inventory.rulebook.rules.sources}
    found = {
        f"line:{line.position}": _("Line %(number)s: %(source)s")
        % {"number": line.position, "source": names.get(line.source, line.source)}
        for line in inventories.lines(inventory)
    }
    return {"boundary": _("Boundary"), "total": _("Total"), "people": _("Number of people")} | found


def figures(content: dict[str, Any]) -> dict[str, str]:
    """What may be doubted on a statement: its totals, each source, each cancellation. Codes and their names."""
    found = {"total": _("Total emitted")}
    for line in content["emissions"]["by_source"]:
        source = line["source"]
        found[f"source:{source['code']}"] = _("Emissions: %(source)s") % {"source": pick(source["zh"], source["en"])}
    found["units"] = _("Total cancelled")
    for unit in content["units"]:
        found[f"unit:{unit['number']}"] = _("Cancellation %(number)s") % {"number": unit["number"]}
    return found | {"people": _("Number of people"), "boundary": _("Boundary"), "words": _("Wording of the claim")}


def figure(case: Case) -> str:
    """The name of the figure a challenge is about."""
    if not case.statement_number:
        return ""
    statement = Statement.objects.filter(number=case.statement_number).first()
    return figures(statement.content).get(case.figure, case.figure) if statement else case.figure


@dataclass(frozen=True)
class Proof:
    """A piece of evidence for a page: records of the portal by their kind, documents by their title."""

    row: Exhibit
    name: Any
    withdrawn: Exhibit | None


def proofs(case: Case) -> list[Proof]:
    rows = case.exhibits.filter(withdraws=None).select_related("file", "withdrawn")
    return [Proof(row, words.EXHIBITS.get(row.title, row.title), getattr(row, "withdrawn", None)) for row in rows]


@dataclass(frozen=True)
class Button:
    code: str
    words: Any
    seal: bool


SEALS = frozenset({Act.DECIDE, Act.REVERSE, Act.DROP, Act.SEND_BACK})


def buttons(user: Any, case: Case) -> list[Button]:
    """The acts this person may take now."""
    if not user.is_authenticated:
        return []
    possible = rules.acts(Kind(case.kind), State(case.state), access.person(user, case))
    return [Button(act.value, words.BUTTONS[act], act in SEALS) for act in possible if act in words.BUTTONS]


def lacks(case: Case, on: date) -> list[Any]:
    """What due process still asks for, in words; nothing for other kinds of case."""
    if case.kind != Kind.LISTING or case.state in rules.FINAL or case.state == State.DECIDED:
        return []
    return [words.LACKS[code] for code in rules.lacks(queries.dossier(case), on)]


@dataclass(frozen=True)
class Section:
    """One part of the queue."""

    code: str
    name: Any
    number: int


SECTIONS = {
    "decisions": words.SECTIONS["decisions"],
    "challenged": words.SECTIONS["challenged"],
    "filed": words.SECTIONS["filed"],
    "flagged": words.SECTIONS["flagged"],
    "overdue": words.SECTIONS["overdue"],
    "silent": words.SECTIONS["silent"],
    "cases": words.SECTIONS["cases"],
}
OF_CASES = frozenset({"decisions", "challenged", "overdue", "cases"})


def queue(user: Any, on: date) -> dict[str, Any]:
    """Every part of an officer's queue as a queryset, for the areas of that officer."""
    areas: Q = access.in_areas(people.regulated_areas(user))
    return {
        "decisions": queries.undecided(areas),
        "challenged": queries.doubted_figures(areas),
        "filed": queries.filed(areas),
        "flagged": queries.flagged(areas),
        "overdue": queries.late(areas, on),
        "silent": queries.unaccounted(areas, on),
        "cases": queries.others(areas),
    }
