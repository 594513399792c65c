"""What units are bought for: the mean or the 90th percentile, with what either would owe."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.rules import Permission
from neutrality.activities import access as activities
from neutrality.activities.models import Activity
from neutrality.inventory import forms, operations, queries, rules, words
from neutrality.refusals import Refusal


@login_required
@require_http_methods(["GET", "POST"])
def cover(request: HttpRequest, code: str) -> HttpResponse:
    """Choose, with both figures in sight."""
    activity = activities.activity(request.user, code, may=Permission.CHOOSE_UNITS)
    page = shown(activity)
    form = forms.CoverForm(request.POST if request.method == "POST" else None, initial={"level": page["level"].value})
    if request.method == "POST" and form.is_valid():
        try:
            operations.choose_cover(activity=activity, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refusal as refusal:
            refusal.put_on(form)
        else:
            messages.success(request, _("Kept, with your name and the moment."))
            return redirect("portal:units", code)
    return render(request, "inventory/cover.html", page | {"form": form}, status=422 if form.errors else 200)


def shown(activity: Activity) -> dict[str, Any]:
    """The choice what units are bought for: what either level would owe by the actual figures, else by the estimate."""
    known = queries.current(activity, rules.Kind.ACTUAL) or queries.current(activity, rules.Kind.ESTIMATE)
    found = known.cover if known is not None else None
    level = queries.cover_level(activity)
    return {
        "activity": activity,
        "inventory": known,
        "words": words.KINDS[rules.Kind(known.kind)] if known is not None else "",
        "cover": found,
        "level": level,
        "levels": [
            {
                "name": words.COVER_LEVELS[each],
                "chosen": each is level,
                "due_kg": found.due_kg(each) if found else None,
                "owed": found.owed(each) if found else None,
            }
            for each in rules.CoverLevel
        ],
        "choices": [
            {"choice": row, "name": words.COVER_LEVELS[rules.CoverLevel(row.level)]}
            for row in activity.cover_choices.order_by("pk")
        ],
    }
