"""Our own answers to the conformance kit (static/kit): its activities through the engine of every inventory."""

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings

from neutrality.inventory import rules
from neutrality.rulebook.rules import Source

FOLDER = Path(settings.BASE_DIR) / "static" / "kit"
SOURCE_OF = {1: "refrigerant", 2: "electricity", 3: "goods"}  # any source of that scope; an own factor fits all


def activities() -> list[dict[str, Any]]:
    """The reference activities with their published totals."""
    found: list[dict[str, Any]] = json.loads((FOLDER / "activities.json").read_text("utf-8"))["activities"]
    return found


def answer(activity: Mapping[str, Any], sources: tuple[Source, ...]) -> dict[str, Any]:
    """What our calculation makes of one activity, amounts as texts."""
    lines = [_line(place, row) for place, row in enumerate(activity["lines"], start=1)]
    sheet = rules.calculate(lines, sources, rules.GWP_DEFAULT)
    if sheet.faults:
        raise ValueError(f"{activity['code']}: {sheet.faults}")
    return {
        "total_kg": f"{sheet.total_kg:f}",
        "memo_kg": f"{sheet.memo_kg:f}",
        "scope": {str(scope): f"{kg:f}" for scope, kg in sheet.by_scope.items()},
        "interval_percent": _interval(activity, sheet),
    }


def _interval(activity: Mapping[str, Any], sheet: rules.Sheet) -> list[str] | None:
    """The half-widths of the total, where every row tells its own."""
    if sheet.interval is None or not all("low_percent" in row for row in activity["lines"]):
        return None
    return [f"{sheet.interval.low_percent:f}", f"{sheet.interval.high_percent:f}"]


def _source(row: Mapping[str, Any]) -> str:
    """A source under which the row may stand: cars are shared on the way, goods are used again."""
    if "sharing" in row:
        return "participant_travel"
    return "goods" if "uses" in row else SOURCE_OF[row["scope"]]


def _line(place: int, row: Mapping[str, Any]) -> rules.Line:
    factor = rules.own_factor(value=Decimal(row["value"]), unit=row["per"], source=row["factor"])
    percents = {name: Decimal(row[name]) for name in ("low_percent", "high_percent") if name in row}
    factor = replace(factor, **percents)
    return rules.Line(
        key=str(place),
        position=place,
        source=_source(row),
        stage="holding",
        treatment=rules.Treatment.ESTIMATED,
        quantity=Decimal(row["quantity"]),
        unit=row["unit"],
        factor=replace(factor, basis=rules.Basis.MEMO) if row["memo"] else factor,
        spread_percent=Decimal(row["quantity_percent"]) if "quantity_percent" in row else None,
        evidence="kit",
        uses=int(row["uses"]) if "uses" in row else None,
        reused_percent=Decimal(row["reused_percent"]) if "reused_percent" in row else None,
        uses_basis="kit" if "uses" in row else "",
        sharing=Decimal(row["sharing"]) if "sharing" in row else None,
    )
