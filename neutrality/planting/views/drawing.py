"""What the drawing of a plot asks while it is drawn: what lies around, and what the server says of the corners."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from accounts.rules import Permission
from neutrality.activities import access as activities
from neutrality.planting import operations, queries, rules, words
from neutrality.planting.models import SystemChoice
from neutrality.planting.rules import Box, Parts, System
from neutrality.refusals import Refusal

EDGES = ("west", "south", "east", "north")
MIDDLE = (Decimal("103.8"), Decimal("30.7"))  # where drawing begins while nothing is planted in the province
MOST_PLOTS = 200
WIDEST = 2 * rules.STEPS
"""Degrees across which plots are shown: further out they would be dots."""


@require_safe
def nearby(request: WSGIRequest) -> HttpResponse:
    """Outlines of the plots on record inside `west`, `south`, `east`, `north`, in the coordinates of `system`. All of
    it is public; a box that cannot be read or is too wide shows none."""
    edges, system = _box(request.GET), _system(request.GET)
    rows = queries.within(edges, MOST_PLOTS) if edges else []
    features = [
        {
            "type": "Feature",
            "properties": {"plot": row.number},
            "geometry": {"type": "MultiPolygon", "coordinates": _lines(row.land, system)},
        }
        for row in rows
    ]
    body = {"type": "FeatureCollection", "features": features}
    return JsonResponse(body, content_type="application/geo+json")


def _system(values: Any) -> System:
    told = values.get("system", "")
    return System(told) if told in SystemChoice.values else System.WGS84


def _box(values: Any) -> Box | None:
    try:
        found = [Decimal(values.get(name, "")) for name in EDGES]
    except InvalidOperation:
        return None
    if not all(number.is_finite() and abs(number) <= 180 for number in found):
        return None
    edges = Box(*(rules.steps(number) for number in found))
    return edges if 0 <= edges.east - edges.west <= WIDEST and 0 <= edges.north - edges.south <= WIDEST else None


def _lines(parts: Parts, system: System) -> list[Any]:
    shown = rules.mapped(parts, rules.to_gcj02) if system is System.GCJ02 else parts
    return [[[rules.degrees(point) for point in (*ring, ring[0])] for ring in part] for part in shown]


@login_required
@require_POST
def measure(request: WSGIRequest, code: str) -> HttpResponse:
    """What "Measure and draw" would say of these corners, for the page that draws them: area, and every refusal."""
    activities.activity(request.user, code, may=Permission.CHOOSE_UNITS)
    text, system = request.POST.get("corners", ""), request.POST.get("system", "")
    if system not in SystemChoice.values:
        return JsonResponse({"problems": [str(words.NO_SYSTEM)]})
    try:
        land = operations.examine(text=text, system=system)
    except Refusal as refusal:
        return JsonResponse({"problems": [str(problem.message) for problem in refusal.problems]})
    found: dict[str, Any] = {"problems": [str(problem.message) for problem in operations.overlaps(land)]}
    found |= {"ha": f"{rules.hectares(land.area_m2):,f}", "mu": f"{rules.mu(land.area_m2):,f}"}
    return JsonResponse(found)
