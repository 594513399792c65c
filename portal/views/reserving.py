"""Set units aside for an activity: what it lacks and what is held are known to two rooms, so the shell asks both."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.rules import Permission
from neutrality.activities.models import Activity
from neutrality.disclosure import queries as disclosure
from neutrality.inventory import queries as inventories
from neutrality.offsets import access, operations, queries
from neutrality.offsets.forms import ReserveForm
from neutrality.refusals import Refusal


def lacking(activity: Activity, on) -> int:
    """Units the activity lacks: by its actual figures, before them by its estimate."""
    known = inventories.current(activity, "actual") or inventories.current(activity, "estimate")
    if known is None:  # nothing is known to be lacking yet, so nothing is kept from others for it
        return 0
    return max(0, known.cover.owed() - disclosure.live(activity, on).units)


@login_required
def reserve(request: WSGIRequest, code: str, block: str) -> HttpResponse:
    holder = access.holder(request.user, code, Permission.RETIRE_UNITS)
    row = access.block(block)
    initial = {name: request.GET.get(name, "") for name in ("activity", "quantity")}
    form = ReserveForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given, at = form.cleaned_data, timezone.now()
        try:
            facts = {"block": row, "owner": holder, "quota": lacking(given["activity"], timezone.localdate(at))}
            made = operations.reserve(**facts, **given, by=request.user, at=at)
            messages.success(request, _("Set aside. Nobody else can use these units until it ends."))
            return redirect("offsets:reservation", made.number)
        except Refusal as refusal:
            refusal.put_on(form)
    context = {"form": form, "holder": holder, "run": row, "held": queries.disposable(holder, row)}
    return render(request, "portal/reserve.html", context, status=422 if form.errors else 200)
