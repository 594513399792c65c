"""Calculate without keeping anything: an activity that is told, not registered, and its lines through the one reader
and the one engine of page and workbook. The inventory it needs is made and never saved."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import Organization
from neutrality import quantities
from neutrality.activities import rules as activities
from neutrality.activities import words as activity_words
from neutrality.activities.models import Activity
from neutrality.inventory import queries, reading, rules, words
from neutrality.inventory.models import Inventory
from neutrality.opendata import shapes
from neutrality.opendata.problems import Error, invalid
from neutrality.opendata.shapes import Box
from neutrality.rulebook import queries as rulebooks
from neutrality.rulebook.models import Region, Rulebook
from neutrality.rulebook.rules import Kind as ActivityKind
from neutrality.trail import rules as trail

MOST_LINES = 5_000
PERCENT = Decimal("0.0001")  # as a frozen result keeps it
PROPOSED = "default"  # instead of a factor's code: the one the page would propose
FIELDS = ("activity", "inventory", "gwp_set", "lines")
ACTIVITY_FIELDS = ("kind", "region", "starts_on", "ends_on", "people", "stages", "rulebook")


@dataclass(frozen=True)
class Asked:
    """A calculation as it was asked for: an inventory nobody saves (None where not even that could be understood), rows
    of text by field, and what is wrong with the shape of it."""

    inventory: Inventory | None
    rows: list[dict[str, str]]
    errors: list[Error]


def read(value: Any, today: date) -> Asked:
    """What a body asks to be calculated."""
    errors: list[Error] = []
    box = Box(value, "", errors)
    box.only(FIELDS)
    kind = box.choice("inventory", [item.value for item in rules.Kind]) or rules.Kind.ESTIMATE.value
    gwp_set = box.choice("gwp_set", [item.value for item in rules.GWP_CHOICES]) or rules.GWP_DEFAULT.value
    told = box.given("activity", needed=True)
    activity = _activity(Box(told, "/activity", errors), today) if told is not None else None
    rows = shapes.lines(box, MOST_LINES)
    if activity is None:
        return Asked(None, rows, errors)
    inventory = Inventory(activity=activity, rulebook=activity.rulebook, kind=kind, gwp_set=gwp_set)
    return Asked(inventory, with_proposals(activity, rows), errors)


def _activity(box: Box, today: date) -> Activity | None:
    """The activity that is told; None with its errors noted."""
    box.only(ACTIVITY_FIELDS)
    kind = box.choice("kind", [item.value for item in ActivityKind], needed=True)
    region = _region(box)
    starts_on, ends_on = box.day("starts_on", needed=True), box.day("ends_on", needed=True)
    people = box.whole("people")
    stages = [
        Box({"stage": stage}, f"/activity/stages/{n}", box.errors).text("stage")
        for n, stage in enumerate(box.rows("stages", 10, needed=False))
    ]
    if not kind or not region or starts_on is None or ends_on is None:
        return None
    form = activities.form_of(kind).value
    book = _rulebook(box, region, form, today)
    if book is None:
        return None
    made = Activity(
        organization=Organization(code=""),
        form=form,
        kind=kind,
        region_code=region,
        starts_on=starts_on,
        ends_on=ends_on,
        expected_people=people,
        stages=stages or list(activities.stages_of(form)),
        rulebook=book,
    )
    _check(box, made)
    return made


def _region(box: Box) -> str:
    """The six digits of a division, also from its name; "" with the error noted."""
    text = box.text("region", needed=True)
    if not text:
        return ""
    found = rulebooks.places(text)
    if len(found) != 1:
        box.fault("region", "region_ambiguous" if found else "region_unknown", offered=_offered(found))
        return ""
    return found[0].code


def _offered(found: Iterable[Region]) -> str:
    return ", ".join(f"{region.code} {region.name}" for region in found) or "—"


def _rulebook(box: Box, region: str, form: str, today: date) -> Rulebook | None:
    """The rulebook that was named, or the one that is proposed for the place."""
    offered = rulebooks.proposed(region, form, today)
    code = box.text("rulebook")
    if not code and offered:
        return offered[0]
    found = next((book for book in offered if book.code == code), None)
    if found is None:
        box.fault("rulebook", "not_offered", known=", ".join(book.code for book in offered) or "—")
    return found


def _check(box: Box, activity: Activity) -> None:
    """What contradicts itself in the activity, as on its page."""
    found = activities.faults(
        form=activity.form,
        starts_on=activity.starts_on,
        ends_on=activity.ends_on,
        stages=tuple(activity.stages),
        families=(),
        pack=activity.rulebook.rules,
    )
    for fault in found:
        pointer = f"{box.pointer}/{activities.FAULT_FIELD[fault]}"
        box.errors.append(Error(pointer, fault.value, activity_words.FAULT[fault]))


def with_proposals(activity: Activity, rows: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """The rows, "default" replaced by the code of the factor the page proposes for the source and whose unit fits.
    Where none fits the word stays, and the reader refuses it."""
    if not any(row["factor"] == PROPOSED for row in rows):
        return [dict(row) for row in rows]
    library = queries.proposed(activity)
    sources = reading.sources(activity.rulebook.rules)
    return [
        {**row, "factor": _proposed(library.get(sources.get(rules.folded(row["source"]), ""), []), row["unit"])}
        if row["factor"] == PROPOSED
        else dict(row)
        for row in rows
    ]


def _proposed(offered: list[rules.Factor], unit: str) -> str:
    try:
        wanted = rules.read_unit(unit) if unit else ""
    except rules.UnknownUnit:
        return ""  # the unit is refused; about the factor nothing can be said yet
    return next((factor.code for factor in offered if wanted in rules.fitting(factor.unit)), PROPOSED)


# --- the answer


def calculate(asked: Asked) -> dict[str, Any]:
    """The result as JSON has it. Raises Wrong with every error of shape and content at once."""
    if asked.inventory is None:
        raise invalid(asked.errors)
    outcome = understood(asked.inventory, asked.rows, asked.errors)
    return told(asked.inventory, outcome.sheet, len(asked.rows))


def understood(
    inventory: Inventory, rows: Sequence[Mapping[str, str]], errors: Sequence[Error], *, gwp_set: str = ""
) -> reading.Outcome:
    """The rows as lines and sheet. Raises Wrong with the `errors` already found and every fault beside them."""
    outcome = reading.read_rows(inventory, rows, gwp_set=gwp_set)
    found = {error.pointer for error in errors}
    faults = [error for error in fault_errors(outcome.faults, "lines") if error.pointer not in found]
    if errors or faults:
        raise invalid([*errors, *faults])
    return outcome


def fault_errors(faults: Iterable[rules.Fault], rows: str) -> list[Error]:
    """Faults of lines as errors that point into the list called `rows`."""
    return [
        Error(f"/{rows}/{(fault.position or 1) - 1}/{fault.field}", fault.code, words.fault(fault)) for fault in faults
    ]


def told(inventory: Inventory, sheet: rules.Sheet, rows: int) -> dict[str, Any]:
    """A calculated sheet for programs: amounts as text, null where something is not known."""
    book, activity = inventory.rulebook.rules, inventory.activity
    doubts = rules.doubts(sheet, queries.crowd(activity))
    choice = queries.grid(activity)
    answer = {
        "inventory": inventory.kind,
        "gwp_set": inventory.gwp_set,
        "rulebook": {"code": inventory.rulebook.code, "version": inventory.rulebook.version},
        "complete": not sheet.gaps,
        "partial": sheet.partial,
        "totals": _totals(sheet, inventory),
        "lines": _lines(sheet, rows),
        "gaps": [_gap(gap, book) for gap in sheet.gaps],
        "warnings": [_doubt(doubt) for doubt in doubts],
        "electricity": {
            "factor": choice.factor.code if choice.factor else None,
            "fallbacks": [{"code": code, "detail": str(words.FALLBACKS[code])} for code in choice.fallbacks],
        },
    }
    plain: dict[str, Any] = trail.plain(answer)
    return plain


def _totals(sheet: rules.Sheet, inventory: Inventory) -> dict[str, Any]:
    """Sums in kg. Where nothing was counted and something is not answered the sum is not zero but unknown: null."""
    summed = [result for result in sheet.results if not result.memo]
    known = bool(summed) or not sheet.partial
    return {
        "kg": sheet.total_kg if known else None,
        "t": quantities.shown_t(sheet.total_kg) if known else None,
        "units_owed": quantities.obligation(sheet.total_kg) if known and not sheet.gaps else None,
        "memo_kg": sheet.memo_kg,
        "by_scope": {str(scope): _scope_kg(sheet, inventory, scope) for scope in rules.SCOPES},
        "by_source": sheet.by_source,
        "by_stage": sheet.by_stage,
        "interval": _interval(sheet.interval),
    }


def _scope_kg(sheet: rules.Sheet, inventory: Inventory, scope: int) -> Decimal | None:
    """The sum of a scope; None while nothing of it is counted and one of its sources is open or left out."""
    if any(result.scope == scope for result in sheet.results if not result.memo):
        return sheet.by_scope[scope]
    open_ = {gap.source for gap in sheet.gaps} | set(sheet.excluded)
    mine = {source.code.value for source in inventory.rulebook.rules.sources if source.scope == scope}
    return (
        None if mine & open_ or (scope == rules.SCOPES[-1] and rules.OTHER_SOURCE in open_) else sheet.by_scope[scope]
    )


def _interval(found: rules.Interval | None) -> dict[str, Any] | None:
    if found is None:
        return None
    percents = {"low_percent": found.low_percent, "high_percent": found.high_percent}
    bounds = {"low_kg": found.low_kg, "high_kg": found.high_kg}
    place = quantities.KG_PLACE
    return percents | {name: kg.quantize(place, context=quantities.EXACT) for name, kg in bounds.items()}


def _lines(sheet: rules.Sheet, rows: int) -> list[dict[str, Any]]:
    """One entry for every row that was sent, in its place; a row nobody answered has no figure."""
    results = {result.line.position: result for result in sheet.results}
    lines = {line.position: line for line in sheet.lines}
    gaps: dict[int, list[str]] = {}
    for gap in sheet.gaps:
        if gap.position is not None:
            gaps.setdefault(gap.position, []).append(gap.code)
    return [_line(place, lines.get(place), results.get(place), gaps.get(place, [])) for place in range(1, rows + 1)]


def _line(place: int, line: rules.Line | None, result: rules.Result | None, gaps: list[str]) -> dict[str, Any]:
    if line is None:
        return {"pointer": f"#/lines/{place - 1}", "key": None, "counted": False, "kg": None, "gaps": ["no_answer"]}
    return {
        "pointer": f"#/lines/{place - 1}",
        "key": line.key,
        "source": line.source,
        "stage": line.stage,
        "treatment": line.treatment,
        "counted": line.counted,
        "tier": line.tier if line.counted else None,
        "quantity": line.quantity,
        "unit": line.unit or None,
        "factor": _factor(line.factor) if line.factor else None,
        "amount": result.amount if result else None,
        "kg": result.kg if result else None,
        "scope": result.scope if result else None,
        "memo": result.memo if result else None,
        "interval": _spread(result.spread) if result else None,
        "gaps": gaps,
    }


def _factor(factor: rules.Factor) -> dict[str, Any]:
    return {
        "code": factor.code,
        "series": factor.series,
        "value": factor.value,
        "unit": factor.unit,
        "year": factor.year or None,
        "region": factor.region or None,
        "gwp_set": factor.gwp_set,
        "grade": factor.grade,
        "basis": factor.basis,
        "source": factor.source,
    }


def _spread(spread: rules.Spread) -> dict[str, Any]:
    return {
        "low_percent": spread.low.quantize(PERCENT),
        "high_percent": spread.high.quantize(PERCENT),
        "ours": spread.ours,
    }


def _gap(gap: rules.Gap, book: Any) -> dict[str, Any]:
    pointer = f"#/lines/{gap.position - 1}" if gap.position is not None else None
    return {"code": gap.code, "source": gap.source, "pointer": pointer, "detail": str(words.gap(gap, book))}


def _doubt(doubt: rules.Doubt) -> dict[str, Any]:
    pointer = f"#/lines/{doubt.position - 1}" if doubt.position is not None else None
    band = {"low": doubt.band.low, "high": doubt.band.high}
    return {"code": doubt.code, "pointer": pointer, "value": doubt.value, "band": band, "detail": words.doubt(doubt)}
