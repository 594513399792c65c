"""Electricity of a venue without a meter becomes a line of the draft."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from neutrality.inventory import access, operations, queries, venues
from neutrality.inventory.rules.venue import SPREAD_PERCENT
from neutrality.inventory.views.filing import FILE, UNREADABLE
from neutrality.refusals import Refusal


@login_required
@require_http_methods(["GET", "POST"])
def venue(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Floor area, days and hours; the method and its source beside them."""
    activity = access.activity(request.user, code, kind, may=FILE)
    draft = queries.draft(activity, kind)
    if draft is None:
        return redirect("inventory:show", code, kind)
    days = (activity.ends_on - activity.starts_on).days + 1
    form = venues.VenueForm(request.POST or None, initial={"area": activity.floor_area_m2, "days": days})
    if request.method == "POST" and form.is_valid():
        fresh = venues.line(draft, form.cleaned_data)
        lines = venues.merged(draft, fresh)
        try:
            operations.save_draft(
                inventory=draft, lines=lines, edition=draft.edition, by=request.user, at=timezone.now()
            )
        except Refusal as refusal:
            refusal.put_on(form)
        else:
            messages.success(request, _("%(kwh)s kWh are estimated and stand in the draft.") % {"kwh": fresh.quantity})
            return redirect("inventory:edit", code, kind)
    context = {
        "activity": activity,
        "kind": kind,
        "form": form,
        "buildings": venues.buildings().values(),
        "spread": SPREAD_PERCENT,
    }
    return render(request, "inventory/venue.html", context, status=UNREADABLE if form.errors else 200)
