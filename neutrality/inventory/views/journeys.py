"""A list of participants becomes lines of travel, lodging and meals; the list itself is not kept."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from neutrality.inventory import access, forms, operations, pages, queries, trips, words
from neutrality.inventory.models import Inventory
from neutrality.inventory.views.filing import FILE, UNREADABLE
from neutrality.refusals import Problem, Refusal

MOST_SHOWN = 200


@login_required
@require_http_methods(["GET", "POST"])
def journeys(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Take a list: all of it, or nothing and every question it leaves."""
    activity = access.activity(request.user, code, kind, may=FILE)
    draft = queries.draft(activity, kind)
    if draft is None:
        return redirect("inventory:show", code, kind)
    form = forms.JourneysForm(request.POST or None, request.FILES or None, initial={"venue": pages.city_of(activity)})
    problems: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        problems = take(request, draft, form)
        if not problems:
            return redirect("inventory:edit", code, kind)
    context = pages.journeys(activity, kind) | {"form": form, "problems": problems[:MOST_SHOWN], "all": len(problems)}
    return render(request, "inventory/journeys.html", context, status=UNREADABLE if problems or form.errors else 200)


def take(request: HttpRequest, draft: Inventory, form: forms.JourneysForm) -> list[Problem]:
    """Add the sums of the list to the draft; returns every problem, by row of the file."""
    data = form.cleaned_data
    try:
        found = trips.read(data["workbook"], venue=data["venue"], infer=data["infer"])
        if found.journeys.faults:
            return pages.fault_problems(found.journeys.faults, found.first_row - 1, words.TRIP_FIELDS)
        lines = trips.merged(draft, trips.lines(draft, found.journeys))
        operations.save_draft(inventory=draft, lines=lines, edition=draft.edition, by=request.user, at=timezone.now())
    except Refusal as refusal:
        return list(refusal.problems)
    said = _("%(people)s people in %(rows)s rows are taken into account. The list itself is not kept.")
    messages.success(request, said % {"people": found.journeys.people, "rows": found.journeys.rows})
    return []
