"""A statement as its page shows it: the frozen content turned into the two pages of the book, in the reader's language.

Figures come from the snapshot and from the frozen results of its inventory; nothing is calculated again. What is read
live stands apart: the claim, and what counts today where that differs from the day of publication.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from neutrality.disclosure import rules
from neutrality.disclosure.models import Statement
from neutrality.evidence.models import File
from neutrality.inventory.models import Result
from neutrality.inventory.words import OTHER_SOURCE
from neutrality.inventory.words import portion as portion_words
from neutrality.inventory.words import unit as unit_words
from neutrality.offsets import queries as offsets
from neutrality.quantities import KG_PER_TONNE, obligation
from neutrality.wording import pick

SHOWN_LINES = 8  # of each source; the rest stands on the page of that source
Data = dict[str, Any]


def named(data: Data) -> str:
    """A name kept as {"zh": …, "en": …}."""
    return pick(data["zh"], data["en"])


@dataclass(frozen=True)
class Line:
    """One line of the inventory: quantity × factor = result, and where each of them comes from."""

    position: int
    description: str
    stage: str
    quantity: Decimal
    unit: str
    portion: str
    factor_value: Decimal
    factor_unit: str
    factor: str
    factor_code: str
    own: bool
    source: str
    year: int | None
    region: str
    scope: int
    tier: str
    kg: Decimal
    memo: bool
    evidence: File | None


@dataclass(frozen=True)
class Emitted:
    """One source on the left page. `kg` is None where nothing was counted; `note` says why."""

    code: str
    label: str
    kg: Decimal | None
    treatments: tuple[str, ...]
    reasons: tuple[str, ...]
    lines: tuple[Line, ...] = ()
    more: int = 0


@dataclass(frozen=True)
class Cancelled:
    """One cancellation on the right page."""

    number: str
    label: str
    registry: str
    project: str
    project_code: str
    vintage: str
    serial: str
    certificate: str
    on: str
    units: int
    reason: str
    donor: str
    timely: bool
    outside: bool
    void: int = 0
    planted: bool = False


@dataclass(frozen=True)
class Book:
    """Both pages and the line under them; `now` is what counts today against the same emissions, `later` what was
    cancelled after the publication."""

    emitted: tuple[Emitted, ...]
    absent: tuple[str, ...]
    cancelled: tuple[Cancelled, ...]
    later: tuple[Cancelled, ...]
    total_kg: Decimal
    units: int
    owed: int
    cover: Data | None
    balance: rules.Balance
    now: rules.Balance
    units_now: int
    raised: bool = False

    @property
    def moved(self) -> bool:
        """Whether what counts today, or what it has to cover, differs from the day of publication."""
        return self.units_now != self.units or self.raised


def of(statement: Statement, facts: rules.ClaimFacts) -> Book:
    """The book of a statement beside the facts of today (four queries: its lines, and where its units lie today)."""
    content = statement.content
    lines, counts = _lines(statement)
    total = Decimal(content["emissions"]["total_kg"])
    units = content["offset"]["units"]
    partial = content["emissions"]["partial"]
    cover = content["emissions"].get("cover")  # statements of the first days say nothing of it: the mean
    due = Decimal(content["emissions"]["owed_units"] * KG_PER_TONNE)
    due_now = due_today(statement, facts)
    units_now = facts.units
    cancelled, later = right_page(statement)
    sources = content["emissions"]["by_source"]
    emitted = [_emitted(source, lines, counts) for source in sources if source["treatments"] != ["not_occurring"]]
    return Book(
        emitted=tuple(sorted(emitted, key=lambda one: (one.kg is None, -(one.kg or 0)))),
        absent=tuple(_label(source) for source in sources if source["treatments"] == ["not_occurring"]),
        cancelled=cancelled,
        later=later,
        total_kg=total,
        units=units,
        owed=content["emissions"]["owed_units"],
        cover=cover,
        balance=rules.balance(due, units, partial=partial),
        now=rules.balance(due_now, units_now, partial=partial),
        units_now=units_now,
        raised=obligation(due_now) != content["emissions"]["owed_units"],
    )


def due_today(statement: Statement, facts: rules.ClaimFacts) -> Decimal:
    """What has to be covered, in kg. It may be raised after the publication; the statement is then measured by the new
    figure as well."""
    if facts.published and facts.due_kg is not None:
        return facts.due_kg
    return Decimal(statement.content["emissions"]["owed_units"] * KG_PER_TONNE)


def right_page(statement: Statement) -> tuple[tuple[Cancelled, ...], tuple[Cancelled, ...]]:
    """What was cancelled: as printed, with what was found false since, and what came after (three queries)."""
    today = {row.number: row for row in offsets.checked(statement.activity)}
    units = statement.content["units"]
    printed = {unit["number"] for unit in units}
    later = tuple(_later(row) for number, row in today.items() if number not in printed)
    return tuple(_cancelled(unit, today.get(unit["number"])) for unit in units), later


def _label(source: Data) -> str:
    return named(source["source"])


def _emitted(source: Data, lines: dict[str, list[Line]], counts: dict[str, int]) -> Emitted:
    code = source["source"]["code"]
    shown = tuple(lines.get(code, ()))
    return Emitted(
        code=code,
        label=_label(source),
        kg=Decimal(source["kg"]) if source["kg"] is not None else None,
        treatments=tuple(source["treatments"]),
        reasons=tuple(source["reasons"]),
        lines=shown,
        more=counts.get(code, 0) - len(shown),
    )


def _cancelled(unit: Data, now: offsets.Cancelled | None) -> Cancelled:
    """A cancellation as printed, and how much of it was found false since."""
    return Cancelled(
        number=unit["number"],
        label=named(unit["kind"]),
        registry=named(unit["registry"]),
        project=named(unit["project"]),
        project_code=unit["project"]["code"],
        vintage=unit["vintage"],
        serial=unit["serial"],
        certificate=unit["certificate"],
        on=unit["cancelled_on"],
        units=unit["units"],
        reason=unit["reason"],
        donor=unit["donor"],
        timely=unit["timely"],
        outside=unit["way"] == "outside",
        void=unit["units"] - now.units if now else 0,
        planted=unit["way"] == "planted",
    )


def _later(row: offsets.Cancelled) -> Cancelled:
    """A cancellation made after the publication."""
    return Cancelled(
        number=row.number,
        label=pick(row.kind_zh, row.kind_en),
        registry=pick(row.registry_zh, row.registry_en),
        project=pick(row.project_zh, row.project_en),
        project_code=row.project,
        vintage=row.vintage,
        serial=row.serial,
        certificate=row.certificate,
        on=row.date.isoformat(),
        units=row.units + row.void,
        reason=row.reason,
        donor=row.donor,
        timely=row.timely,
        outside=row.way == "outside",
        void=row.void,
        planted=row.way == "planted",
    )


def results(statement: Statement) -> Any:
    """The frozen results of the statement's inventory, largest first, with what stands behind them."""
    rows = Result.objects.filter(line__inventory=statement.inventory_id)
    joined = rows.select_related("line__factor_version__factor", "line__evidence")
    return joined.order_by("line__source", "-kg", "line__position")


def _lines(statement: Statement) -> tuple[dict[str, list[Line]], dict[str, int]]:
    """The largest lines of each source, and how many each source has."""
    place = Window(RowNumber(), partition_by=F("line__source"), order_by=[F("kg").desc(), F("line__position")])
    count = Window(RowNumber(), partition_by=F("line__source"), order_by=[F("kg").asc(), F("line__position").desc()])
    rows = results(statement).annotate(place=place, left=count).filter(place__lte=SHOWN_LINES)
    lines: dict[str, list[Line]] = defaultdict(list)
    counts: dict[str, int] = {}
    for row in rows:
        lines[row.line.source].append(line(row))
        counts.setdefault(row.line.source, row.left + row.place - 1)
    return lines, counts


def line(row: Result) -> Line:
    """A frozen result as it is shown."""
    source, version = row.line, row.line.factor_version
    return Line(
        position=source.position,
        description=source.description,
        stage=source.stage,
        quantity=row.quantity,
        unit=unit_words(row.unit),
        portion=portion_words(source),
        factor_value=row.factor_value,
        factor_unit=unit_words(row.factor_unit),
        factor=version.factor.name if version else "",
        factor_code=version.factor.code if version else "",
        own=version is None,
        source=row.factor_source,
        year=version.year if version else None,
        region=version.factor.region if version else "",
        scope=row.scope,
        tier=source.tier,
        kg=row.kg,
        memo=row.memo,
        evidence=source.evidence,
    )


def pairs(content: Data) -> list[Data]:
    """Estimate and actual of each source, for the chart; sources that came to nothing in both are left out."""
    if not content["estimate"]:
        return []
    columns = [_by_source(content["estimate"]), _by_source(content["emissions"])]
    labels = {code: label for column in columns for code, (label, _) in column.items()}
    rows = [
        {
            "label": labels[code],
            "estimate_kg": columns[0].get(code, ("", None))[1],
            "actual_kg": columns[1].get(code, ("", None))[1],
        }
        for code in labels
    ]
    shown = [row for row in rows if row["estimate_kg"] or row["actual_kg"]]
    return sorted(shown, key=lambda row: max(row["estimate_kg"] or 0, row["actual_kg"] or 0), reverse=True)


def _by_source(inventory: Data) -> dict[str, tuple[str, Decimal | None]]:
    return {
        source["source"]["code"]: (_label(source), Decimal(source["kg"]) if source["kg"] is not None else None)
        for source in inventory["by_source"]
    }


def source_label(content: Data, code: str) -> str | None:
    """What a source is called in a statement; None when it says nothing of it."""
    if code == "other":
        return str(OTHER_SOURCE)
    return next((_label(one) for one in content["emissions"]["by_source"] if one["source"]["code"] == code), None)
