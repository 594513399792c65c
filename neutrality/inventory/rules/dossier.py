"""The sealed dossier: everything that was put in, and every step of the arithmetic, as plain data (pure; F1).

Written down in docs/dossier.md. Its canonical bytes (RFC 8785, amounts as text) have the digest that is printed; the
checker static/dossier/check.py recomputes every line and total from them with nothing but Python.
"""

import json
from decimal import Decimal
from typing import Any

from neutrality.inventory.rules import portion
from neutrality.inventory.rules.calculation import Result, Sheet
from neutrality.inventory.rules.cover import Cover, CoverLevel
from neutrality.inventory.rules.library import Factor
from neutrality.inventory.rules.lines import PORTION, Line
from neutrality.quantities import exact

FORMAT = "qingzhang-dossier-1"
SHARING_FORMAT = "qingzhang-dossier-2"  # where a line counts a portion of its quantity; all else as before
METHOD = {
    "line": "kg = quantity * ratio * factor value, rounded half up to four places, once",
    "total": "exact sum of the kg of all lines that are no memo items",
    "memo": "exact sum of the kg of memo items (biogenic CO2), outside the total",
}
SHARING_METHOD = METHOD | {
    "line": "kg = quantity * ratio * portion * factor value, rounded half up to four places, once; no portion: 1",
    "portion": "1 / people in the car; or (1 - part used again) + part used again / uses, the first use among them",
}


def compose(head: dict[str, Any], sheet: Sheet, drawn: dict[str, Any] | None = None, level: str = "") -> dict[str, Any]:
    """The dossier of a sheet, plain data but for `head`, which says whose it is: activity, kind, version, rulebook, GWP
    set, moments. `drawn` are the percentiles of the simulation, in whole kg as text; `level` is what units were to be
    bought for when sealed."""
    results = {result.line.position: result for result in sheet.results}
    factors: dict[Factor, int] = {}
    lines = [_line(line, results.get(line.position), factors) for line in sheet.lines]
    shared = any("portion" in line for line in lines)
    return {
        "format": SHARING_FORMAT if shared else FORMAT,
        **head,
        "method": SHARING_METHOD if shared else METHOD,
        "factors": [_factor(factor) for factor in factors],
        "lines": lines,
        "excluded": list(sheet.excluded),
        "totals": _totals(sheet),
        "simulation": drawn,
        "cover": _cover(sheet, drawn, level),
    }


def written(dossier: dict[str, Any]) -> bytes:
    """The canonical bytes of a dossier of texts, whole numbers, true, false and null: what RFC 8785 gives for these,
    in a fraction of the time for thousands of lines (a test holds the two together)."""
    return json.dumps(dossier, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _text(amount: Decimal) -> str:
    """An amount as a dossier has it: plain digits. A float is refused."""
    return f"{exact(amount):f}"


def _totals(sheet: Sheet) -> dict[str, Any]:
    bounds = sheet.interval
    return {
        "total_kg": _text(sheet.total_kg),
        "memo_kg": _text(sheet.memo_kg),
        "scope": {str(scope): _text(kg) for scope, kg in sheet.by_scope.items()},
        "source": {source: _text(kg) for source, kg in sorted(sheet.by_source.items())},
        "stage": {stage: _text(kg) for stage, kg in sorted(sheet.by_stage.items())},
        "interval_percent": [_text(bounds.low_percent), _text(bounds.high_percent)] if bounds else None,
    }


def _cover(sheet: Sheet, drawn: dict[str, Any] | None, level: str) -> dict[str, Any]:
    """Whole units owed at either level (F8), so that a later choice can be read against the sealed figures."""
    found = Cover(CoverLevel(level or CoverLevel.MEAN), sheet.total_kg, int(drawn["p90_kg"]) if drawn else None)
    return {"level": found.level.value, "owed_units": {each.value: found.owed(each) for each in CoverLevel}}


def _factor(factor: Factor) -> dict[str, Any]:
    return {
        "code": factor.code,
        "value": _text(factor.value),
        "unit": factor.unit,
        "scope": factor.scope,
        "basis": factor.basis.value,
        "gwp_set": factor.gwp_set.value,
        "grade": factor.grade.value,
        "year": factor.year,
        "region": factor.region,
        "source": factor.source,
    }


def _line(line: Line, result: Result | None, factors: dict[Factor, int]) -> dict[str, Any]:
    said = {
        "position": line.position,
        "key": line.key,
        "source": line.source,
        "stage": line.stage,
        "treatment": line.treatment.value if line.treatment else None,
        "reason": line.reason,
        "description": line.description,
    }
    if result is None:
        return said
    ratio = portion.ratio(line, result.factor)
    return said | {
        "quantity": _text(result.quantity),
        "unit": line.unit,
        "ratio": [str(ratio.numerator), str(ratio.denominator)],
        "factor": factors.setdefault(result.factor, len(factors)),
        "scope": result.scope,
        "memo": result.memo,
        "kg": _text(result.kg),
        "tier": line.tier.value,
        "evidence": line.evidence,
        **_portion(line),
    }


def _portion(line: Line) -> dict[str, Any]:
    """What a line says about sharing, and the portion that follows."""
    if line.uses is None and line.sharing is None:
        return {}
    said = {name: value for name in PORTION if (value := getattr(line, name)) not in (None, "")}
    said = {name: _text(value) if isinstance(value, Decimal) else value for name, value in said.items()}
    part = portion.of(line)
    return said | {"portion": [str(part.numerator), str(part.denominator)]}
