"""What anyone may see: all plantings, one planting, its corners for machines (R1.25)."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.handlers.wsgi import WSGIRequest
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import access as people
from accounts.rules import Permission
from neutrality.evidence import access as evidence
from neutrality.planting import access, queries, rules, words
from neutrality.planting.models import Planting, Verification
from neutrality.trail.models import Entry

ROWS = 25


@require_safe
def plantings(request: WSGIRequest) -> HttpResponse:
    return listed(request, queries.seen(), "planting/list.html")


@login_required
@require_safe
def overseen(request: WSGIRequest) -> HttpResponse:
    """A regulator's view of the plantings of its area: what is late, what is doubtful."""
    return listed(request, access.overseen(request.user), "planting/overseen.html")


def listed(request: WSGIRequest, plantings: Any, template: str) -> HttpResponse:
    on = timezone.localdate()
    page = Paginator(plantings.prefetch_related("surveys__verification"), ROWS).get_page(request.GET.get("page"))
    known = queries.standings(page.object_list, on)
    rows = [_row(row, known[row.pk], on) for row in page.object_list]
    return render(request, template, {"page": page, "rows": rows})


def _row(row: Planting, known: Any, on: Any) -> dict[str, Any]:
    looks = list(row.surveys.all())
    late = [] if row.called_off_at else [one for one in due(row, looks, on) if one.late]
    waiting = [one for one in looks if not hasattr(one, "verification")]
    return {"planting": row, "standing": words.standing(known), "late": late, "waiting": waiting}


def due(row: Planting, looks: Any, on: Any) -> Any:
    return rules.surveys_due(row.planted_on, row.horizon, [one.year for one in looks], on)


@require_safe
def planting(request: WSGIRequest, number: str) -> HttpResponse:
    row, on = access.planting(number), timezone.localdate()
    known = queries.standings([row], on)[row.pk]
    looks = list(row.surveys.select_related("body", "evidence", "verification__report").order_by("pk"))
    for look in looks:
        look.opens = evidence.opens(request.user, look.evidence)
        found = getattr(look, "verification", None)
        look.opens_report = found is not None and evidence.opens(request.user, found.report)
    organizer = row.activity.organization
    stands = row.called_off_at is None
    context = {
        "planting": row,
        "standing": words.standing(known),
        "surveys": looks,
        "due": due(row, looks, on) if stands else (),
        "method": words.METHODS.get(row.methodology, row.methodology),
        "trees": sum(one["trees"] for one in row.species),
        "entry": receipt(row),
        "may_survey": stands and people.can(request.user, Permission.CHOOSE_UNITS, organizer),
        "may_call_off": stands
        and people.can(request.user, Permission.PUBLISH, organizer)
        and not Verification.objects.filter(planting=row, increment_kg__gt=0).exists(),
        **drawn(row.plot),
    }
    return render(request, "planting/planting.html", context)


def receipt(row: Planting) -> Entry | None:
    """The commitment in the public log."""
    acts = Entry.objects.filter(subject=f"activity:{row.activity.code}", verb="planting.commit")
    return next((entry for entry in acts if entry.content.get("planting") == row.number), None)


def drawn(plot: Any) -> dict[str, Any]:
    """A plot as a page shows it: drawing, corners, what its system can be off by."""
    return {
        "plot": plot,
        "sketch": rules.sketch(plot.land),
        "corners": rules.rows(plot.land),
        "declared": rules.rows(plot.declared) if plot.system == "gcj02" else [],
        "error_words": words.ERRORS_M[plot.system],
    }


@require_safe
def land(request: WSGIRequest, number: str) -> HttpResponse:
    """The corners in WGS-84 as GeoJSON (RFC 7946)."""
    row = access.planting(number)
    areas = [[[[*map(_degree, point)] for point in (*ring, ring[0])] for ring in part] for part in row.plot.land]
    properties = {"number": row.number, "plot": row.plot.number, "activity": row.activity.code}
    properties |= {"area_m2": str(row.plot.area_m2), "declared_in": row.plot.system, "digest": row.plot.digest}
    shape = {"type": "MultiPolygon", "coordinates": areas}
    body = {"type": "Feature", "geometry": shape, "properties": properties}
    return JsonResponse(body, content_type="application/geo+json")


def _degree(value: int) -> Any:
    return value / rules.STEPS
