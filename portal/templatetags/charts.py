"""Charts as tables whose cells hold drawn bars: they print, need no script, and the figures stand beside them.

Every length is an SVG attribute on a 0 to 100 scale; nothing is styled inline, so the page keeps its content policy.
"""

import datetime
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from django import template

register = template.Library()

FULL = Decimal(100)
PLACE = Decimal("0.01")


def _get(row, name, default=None):
    return row.get(name, default) if isinstance(row, Mapping) else getattr(row, name, default)


def _length(value: Decimal | int | None, largest: Decimal) -> str:
    """The share of `largest` as a length from 0 to 100."""
    if not value or largest <= 0:
        return "0"
    return str((Decimal(value) * FULL / largest).quantize(PLACE, rounding=ROUND_HALF_UP))


@register.inclusion_tag("components/chart_bars.html")
def bar_chart(rows: Iterable, caption: str, total_kg=None) -> dict:
    """Horizontal bars, largest first. rows: label, kg, and optional url, note."""
    ordered = sorted(rows, key=lambda row: -Decimal(_get(row, "kg") or 0))
    largest = max((Decimal(_get(row, "kg") or 0) for row in ordered), default=Decimal(0))
    bars = [
        {
            "label": _get(row, "label"),
            "note": _get(row, "note"),
            "url": _get(row, "url"),
            "kg": _get(row, "kg"),
            "length": _length(_get(row, "kg"), largest),
        }
        for row in ordered
    ]
    return {"bars": bars, "caption": caption, "total_kg": total_kg}


@register.inclusion_tag("components/chart_pairs.html")
def pair_chart(rows: Iterable, caption: str, estimate_kg=None, actual_kg=None) -> dict:
    """Estimate beside actual. rows: label, estimate_kg, actual_kg (None where there is none), in the caller's order."""
    rows = list(rows)
    values = [Decimal(_get(row, name) or 0) for row in rows for name in ("estimate_kg", "actual_kg")]
    largest = max(values, default=Decimal(0))
    pairs = [
        {
            "label": _get(row, "label"),
            "estimate_kg": _get(row, "estimate_kg"),
            "actual_kg": _get(row, "actual_kg"),
            "estimate_length": _length(_get(row, "estimate_kg"), largest),
            "actual_length": _length(_get(row, "actual_kg"), largest),
        }
        for row in rows
    ]
    return {"pairs": pairs, "caption": caption, "estimate_kg": estimate_kg, "actual_kg": actual_kg}


@register.inclusion_tag("components/chart_units.html")
def units_chart(rows: Iterable, caption: str, total=None) -> dict:
    """Cancelled units, one bar for each group. rows: label, units, and optional url, note."""
    rows = list(rows)
    largest = max((Decimal(_get(row, "units") or 0) for row in rows), default=Decimal(0))
    bars = [
        {
            "label": _get(row, "label"),
            "note": _get(row, "note"),
            "url": _get(row, "url"),
            "units": _get(row, "units"),
            "length": _length(_get(row, "units"), largest),
        }
        for row in rows
    ]
    return {"bars": bars, "caption": caption, "total": total}


@register.inclusion_tag("components/chart_curve.html")
def cost_curve(curve: Iterable, price=None) -> dict:
    """The marginal cost of reduction: for each measure where its tonnes lie behind the cheaper ones, and what one tonne
    costs, beside the price of a unit. curve: pairs of measure and step, cheapest tonne first; price in yuan or None."""
    pairs = list(curve)
    tonnes = pairs[-1][1].together_kg if pairs else Decimal(0)
    dearest = max([step.cost_per_t for _, step in pairs] + [Decimal(price or 0)], default=Decimal(0))
    steps = [
        {
            "measure": measure,
            "step": step,
            "start": _length(step.together_kg - step.spared_kg, tonnes),
            "width": _length(step.spared_kg, tonnes),
            "cost": _length(step.cost_per_t, dearest),
            "dearer": price is not None and step.cost_per_t > price,
        }
        for measure, step in pairs
    ]
    mark = _length(price, dearest) if price is not None else ""
    return {"steps": steps, "price": price, "mark": mark, "together_kg": tonnes}


@register.inclusion_tag("components/timeline.html")
def timeline(events: Iterable, today: datetime.date, caption: str) -> dict:
    """Days and deadlines. events: on (date), label, state (done, due, late, coming), optional note."""
    ordered = sorted((event for event in events if _get(event, "on")), key=lambda event: _get(event, "on"))
    days = [_get(event, "on") for event in ordered] + [today]
    first, last = min(days), max(days)
    width = max((last - first).days, 1)

    def place(on: datetime.date) -> str:
        return _length(Decimal((on - first).days), Decimal(width))

    dots = [
        {
            "on": _get(event, "on"),
            "label": _get(event, "label"),
            "note": _get(event, "note"),
            "state": _get(event, "state", "coming"),
            "place": place(_get(event, "on")),
        }
        for event in ordered
    ]
    return {"dots": dots, "caption": caption, "today": today, "today_place": place(today)}
