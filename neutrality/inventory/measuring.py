"""What the pages about measures show: their changes in words, and what the engine makes of them."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from neutrality.activities.models import Activity, Measure
from neutrality.inventory import queries, rules, words
from neutrality.inventory.models import Change, FactorVersion, Inventory
from neutrality.inventory.rules import whatif
from neutrality.rulebook.rules import Rulebook

MOST_CODES = 150
LABEL = 60


def line_choices(activity: Activity) -> list[tuple[str, str]]:
    """Lines of the estimate with a quantity, by key: what a measure can change."""
    inventory = queries.baseline(activity)
    if inventory is None:
        return []
    book = inventory.rulebook.rules
    return [(line.key, line_label(line, book)) for line in _counted(inventory)]


def _counted(inventory: Inventory) -> list[rules.Line]:
    return [row.facts for row in queries.lines(inventory) if row.quantity is not None and row.factor is not None]


def line_label(line: rules.Line, book: Rulebook) -> str:
    """Source, what it is, and how much: enough to know a line again."""
    name = f"{words.source(line.source, book)} · {line.description[:LABEL]}" if line.description else ""
    quantity = f"{number(line.quantity)} {words.unit(line.unit)}"
    return f"{name or words.source(line.source, book)} · {quantity}"


def number(value: Decimal | None) -> str:
    """Thousands separated, no trailing zeros."""
    if value is None:
        return ""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def told(row: Change, lines: dict[str, rules.Line], book: Rulebook) -> dict[str, Any]:
    """One change in words; `gone` where the estimate has no such line any more."""
    line = lines.get(row.line_key)
    return {
        "row": row,
        "line": line_label(line, book) if line is not None else "",
        "gone": line is None,
        "what": _what(row, words.unit(line.unit) if line is not None else ""),
        "factor": row.factor_version,
    }


def _what(row: Change, unit: str) -> str:
    """How much of the line changes, and how."""
    values = {"amount": number(row.amount), "unit": unit, "percent": number(row.percent), "ratio": number(row.ratio)}
    way = whatif.Way(row.way)
    if way is whatif.Way.AMOUNT:
        return _("%(amount)s %(unit)s less") % values
    if way is whatif.Way.SHARE:
        return _("%(percent)s %% less") % values
    if way is whatif.Way.FACTOR:
        return _("all of it with another factor:")
    if row.ratio == 1:
        return _("%(percent)s %% of it another way:") % values
    return _("%(percent)s %% of it another way, %(ratio)s for each one:") % values


def effects(activity: Activity) -> dict[str, Any]:
    """Every measure with what it changes, what it would spare alone, and what counts as its own."""
    inventory = queries.baseline(activity)
    rows = list(Change.objects.filter(measure__activity=activity).select_related("measure", "factor_version__factor"))
    measures = list(activity.measures.all())
    page = {"activity": activity, "inventory": inventory, "rows": [], "silent": [], "outcome": None, "trouble": ""}
    if inventory is None:
        return page | {"silent": measures}
    account, book = queries.account_of(inventory), inventory.rulebook.rules
    lines = {line.key: line for line in account.lines}
    counted = [row.facts for row in rows if row.measure.state != "dropped" and row.line_key in lines]
    try:
        outcome = whatif.outcome(account, counted)
    except whatif.TooManyTogether:
        return page | {"trouble": _("More than 8 measures meet on the same lines. Put some of them together.")}
    return page | {
        "outcome": outcome,
        "percent": _percent(outcome),
        "rows": [_row(each, outcome, rows, lines, book) for each in measures if each.number in outcome.effects],
        "silent": [each for each in measures if each.number not in outcome.effects],
        "overlap_kg": sum((effect.overlap_kg for effect in outcome.effects.values()), Decimal(0)),
    }


def _percent(outcome: whatif.Outcome) -> Decimal | None:
    if not outcome.before_kg:
        return None
    return (outcome.spared_kg * 100 / outcome.before_kg).quantize(Decimal("0.1"))


def _row(
    measure: Measure, outcome: whatif.Outcome, rows: list[Change], lines: dict[str, rules.Line], book: Rulebook
) -> dict[str, Any]:
    effect = outcome.effects[measure.number]
    largest = max((abs(each.alone_kg) for each in outcome.effects.values()), default=Decimal(0)) or Decimal(1)
    return {
        "measure": measure,
        "effect": effect,
        "length": (max(Decimal(0), effect.counts_kg) * 100 / largest).quantize(Decimal("0.01")),
        "changes": [told(row, lines, book) for row in rows if row.measure_id == measure.pk],
        "published_kg": measure.planned_kg if measure.planned_kg != effect.counts_kg else None,
    }


def changes(activity: Activity, measure: Measure) -> dict[str, Any]:
    """The page of one measure: its changes, what they spare, and the factors that can be named."""
    page = effects(activity)
    inventory: Inventory | None = page["inventory"]
    rows = measure.changes.select_related("factor_version__factor").order_by("pk")
    lines = {line.key: line for line in _counted(inventory)} if inventory is not None else {}
    book = activity.rulebook.rules
    return page | {
        "measure": measure,
        "settled": queries.settled(measure, activity),
        "changes": [told(row, lines, book) for row in rows],
        "effect": page["outcome"].effects.get(measure.number) if page["outcome"] else None,
        "codes": _codes(lines),
        "most": whatif.MOST_CHANGES,
    }


def _codes(lines: dict[str, rules.Line]) -> list[FactorVersion]:
    """Factors of the kinds the lines already use, Chinese ones first: suggestions, the whole library is open."""
    used = {line.factor.category for line in lines.values() if line.factor is not None}
    return [version for version in queries.native() if rules.Category(version.factor.category) in used][:MOST_CODES]
