"""What measures would spare: the page for everybody, and the page where a measure's changes are stated."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import can
from accounts.rules import Permission
from neutrality.activities import access as activities
from neutrality.activities.models import Activity, Measure
from neutrality.inventory import measuring, operations, queries
from neutrality.inventory.change_forms import ChangeForm
from neutrality.inventory.models import Change
from neutrality.refusals import Refusal

EDIT = Permission.EDIT_ACTIVITY


@require_safe
def effects(request: HttpRequest, code: str) -> HttpResponse:
    """All measures at once, by the engine."""
    activity = activities.activity(request.user, code)
    may_edit = request.user.is_authenticated and can(request.user, EDIT, activity.organization)
    return render(request, "inventory/whatif.html", measuring.effects(activity) | {"may_edit": may_edit})


@login_required
@require_http_methods(["GET", "POST"])
def changes(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """State one more change of a measure, or take one out; the engine answers at once."""
    activity = activities.activity(request.user, code, may=EDIT)
    measure = get_object_or_404(Measure.objects.select_related("activity"), activity=activity, number=number)
    removed = request.POST.get("remove", "")
    form = ChangeForm(
        request.POST if request.method == "POST" and not removed else None,
        lines=measuring.line_choices(activity),
        initial={"ratio": "1"},
    )
    problems: tuple[Any, ...] = ()
    if request.method == "POST":
        try:
            if removed or form.is_valid():
                _state(request, activity, measure, form, removed)
                return redirect("inventory:measure_whatif", code, number)
        except Refusal as refusal:
            problems = refusal.problems
            if not removed:
                _put_on(form, refusal)
    page = measuring.changes(activity, measure) | {"form": form, "problems": problems if removed else ()}
    return render(request, "inventory/measure_whatif.html", page, status=422 if form.errors or problems else 200)


def _put_on(form: ChangeForm, refusal: Refusal) -> None:
    """What is wrong with the new change stands at its fields; with an older one, on top."""
    for problem in refusal.problems:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem.message))


def _state(request: HttpRequest, activity: Activity, measure: Measure, form: ChangeForm, removed: str) -> None:
    kept = list(measure.changes.select_related("measure", "factor_version__factor").order_by("pk"))
    if removed:
        if removed not in {str(row.pk) for row in kept}:
            raise Http404
        stated = [row.facts for row in kept if str(row.pk) != removed]
    else:
        new = form.change(measure.number)
        stated = [row.facts for row in kept if not _same(row, new.line, new.way.value)] + [new]
    known = {line.key for line in queries.account_of(_baseline(activity)).lines}
    stated = [change for change in stated if change.line in known]  # lines the estimate no longer has fall away
    operations.state_changes(measure=measure, changes=stated, by=request.user, at=timezone.now())
    messages.success(request, _("Taken out.") if removed else _("Kept. The engine was run again."))


def _same(row: Change, line: str, way: str) -> bool:
    """The same way on the same line is the same change, stated anew."""
    return (row.line_key, row.way) == (line, way)


def _baseline(activity: Activity) -> Any:
    found = queries.baseline(activity)
    if found is None:
        raise operations.NoEstimate
    return found
