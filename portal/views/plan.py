"""The plan of an activity while it is prepared: the eight items (R1.12), everything still missing, the deadlines."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import can
from accounts.rules import Permission
from neutrality.activities import access, queries, words
from neutrality.activities.models import Activity
from neutrality.activities.rules import Gap, State
from neutrality.disclosure.models import Plan
from neutrality.inventory import queries as inventories
from neutrality.offsets import queries as offsets
from neutrality.rulebook.rules import PlanItemCode
from neutrality.wording import pick

CENT = Decimal("0.01")
# Which item of the plan a gap belongs to; None: it stands above the items.
GAPS_OF: dict[Gap, PlanItemCode | None] = {
    Gap.SUMMARY: PlanItemCode.SUMMARY,
    Gap.PLACE: PlanItemCode.PLACE,
    Gap.PEOPLE: PlanItemCode.PLACE,
    Gap.BOUNDARY: PlanItemCode.ESTIMATE,
    Gap.ESTIMATE: PlanItemCode.ESTIMATE,
    Gap.MEASURES: PlanItemCode.MEASURES,
    Gap.OFFSET_METHOD: PlanItemCode.OFFSET_METHOD,
    Gap.OFFSET_FAMILIES: PlanItemCode.OFFSET_METHOD,
    Gap.PROMISED_ON: PlanItemCode.PROMISED_ON,
    Gap.PROMISED_TOO_EARLY: PlanItemCode.PROMISED_ON,
    Gap.PROMISED_TOO_LATE: PlanItemCode.PROMISED_ON,
    Gap.DISCLOSE_TOO_EARLY: PlanItemCode.PROMISED_ON,
    Gap.UNVERIFIED: None,
}
SECTION_OF = {
    PlanItemCode.NAME: "what",
    PlanItemCode.DATES: "what",
    PlanItemCode.PLACE: "place",
    PlanItemCode.SUMMARY: "place",
    PlanItemCode.OFFSET_METHOD: "promise",
    PlanItemCode.PROMISED_ON: "promise",
}
if set(GAPS_OF) != set(Gap):
    raise RuntimeError("every gap of a plan needs its item")


@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Draft plans are for members; a published one is shown as it was published, by disclosure."""
    activity = access.activity(request.user, code)
    estimate = inventories.current(activity, "estimate")
    kg = estimate.total_kg if estimate else None
    draft = activity.state == State.DRAFT
    gaps = queries.plan_gaps(activity, kg) if draft else ()
    on = timezone.localdate()
    may_edit = can(request.user, Permission.EDIT_ACTIVITY, activity.organization)
    plan = Plan.objects.filter(activity=activity).only("number", "published_at").first()
    context = {
        "activity": activity,
        "kind": words.KIND[activity.kind],
        "state": words.STATE[activity.state],
        "draft": draft,
        "items": [_item(entry, activity, kg, gaps) for entry in activity.rulebook.rules.plan_items],
        "place": queries.place_name(activity),
        "stages": [words.STAGE[stage] for stage in activity.stages],
        "families": [activity.rulebook.rules.family(code) for code in activity.offset_families],
        "measures": list(activity.measures.all()),
        "missing": [{"words": words.GAP[gap], "url": _mend(gap, activity)} for gap in gaps],
        "late": draft and activity.starts_on <= on,
        "published": plan,
        "cover": estimate.cover if estimate else None,
        "buying": _buying(activity, estimate.cover.owed()) if may_edit and estimate and kg else None,
        "may_edit": draft and may_edit,
        "may_manage": may_edit and activity.state != State.CANCELLED,
        "over": activity.ended(on),
        "begun": activity.starts_on <= on,
        "may_publish": draft and not gaps and can(request.user, Permission.PUBLISH, activity.organization),
    }
    return render(request, "portal/plan.html", context)


def _buying(activity: Activity, units: int) -> dict[str, Any]:
    """What covering the estimate with so many units would cost today, and which measures spare a tonne for less
    (R1.6)."""
    found = offsets.basket(activity, units)
    covered = units - found.missing
    price = (found.cost_cny / covered).quantize(CENT) if covered else None
    curve = queries.cost_curve(activity)
    return {
        "units": units,
        "covered": covered,
        "missing": found.missing,
        "cost_cny": found.cost_cny,
        "price_cny": price,
        "curve": curve,
        "cheaper": [pair for pair in curve if price is not None and pair[1].cost_per_t <= price],
        "dearer": [pair for pair in curve if price is not None and pair[1].cost_per_t > price],
    }


def _item(entry: Any, activity: Activity, kg: Decimal | None, gaps: tuple[Gap, ...]) -> dict[str, Any]:
    code = PlanItemCode(entry.code)
    return {
        "code": entry.code,
        "name": pick(entry.name_zh, entry.name_en),
        "rule": entry.rule,
        "kg": kg,
        "missing": [words.GAP[gap] for gap in gaps if GAPS_OF[gap] == code],
        "url": _edit(code, activity),
    }


def _mend(gap: Gap, activity: Activity) -> str:
    if gap is Gap.BOUNDARY:
        return reverse("activities:edit", args=(activity.code, "boundary"))
    item = GAPS_OF[gap]
    return _edit(item, activity) if item else ""


def _edit(item: PlanItemCode, activity: Activity) -> str:
    if item is PlanItemCode.MEASURES:
        return reverse("activities:measures", args=(activity.code,))
    if item is PlanItemCode.ESTIMATE:
        return reverse("inventory:show", args=(activity.code, "estimate"))
    return reverse("activities:edit", args=(activity.code, SECTION_OF[item]))
