"""An organizer commits to a planting, hands in its surveys, or calls it off."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import access as people
from accounts.rules import Permission
from neutrality.activities import access as activities
from neutrality.planting import access, operations, queries, rules, words
from neutrality.planting.forms import CallOffForm, CommitForm, SurveyForm
from neutrality.planting.models import Planting
from neutrality.planting.operations import Land
from neutrality.planting.views import drawing
from neutrality.refusals import Refusal


@login_required
def commit(request: WSGIRequest, code: str) -> HttpResponse:
    """Measure first, promise then: the same form, two buttons. Who prepares may measure; who signs commits."""
    activity = activities.activity(request.user, code, may=Permission.CHOOSE_UNITS)
    signs = people.can(request.user, Permission.PUBLISH, activity.organization)
    if signs and not people.is_fresh_for_form(request):
        return people.show_again(request)
    measuring = request.POST.get("step") == "check"
    form = CommitForm(request.POST or None, request.FILES or None, measuring=measuring)
    land = None
    if request.method == "POST":
        valid = form.is_valid()
        land = examined(form)
        if valid and land is not None and not measuring and (made := promised(request, activity, land, form)):
            messages.success(request, _("Committed. It is public from now on and counts once growth is verified."))
            return redirect("planting:planting", made.number)
    context = {"form": form, "activity": activity, "land": land, "signs": signs, **measured(land)}
    context["start"] = queries.beginning(activity.region_code) or drawing.MIDDLE
    answer = render(request, "planting/commit.html", context, status=422 if form.errors else 200)
    answer.may_use = ("geolocation",)  # "here I stand", asked for by a button
    return answer


def promised(request: WSGIRequest, activity: Any, land: Land, form: CommitForm) -> Planting | None:
    """The commitment; None where it was refused, with the reasons on the form."""
    people.require(request.user, Permission.PUBLISH, activity.organization)
    facts = {"activity": activity, "land": land, "by": request.user, "at": timezone.now()}
    try:
        return operations.commit(**facts, **form.promise)
    except Refusal as refusal:
        refusal.put_on(form)
        return None


def examined(form: Any) -> Land | None:
    """The land of a form, measured; what is wrong with it is put on the form."""
    given = form.cleaned_data
    if not given.get("corners") or not given.get("system"):
        return None
    try:
        land = operations.examine(
            text=given["corners"], system=given["system"], source_name=given.get("source_name", "")
        )
    except Refusal as refusal:
        refusal.put_on(form)
        return None
    return land


def measured(land: Land | None) -> dict[str, Any]:
    if land is None:
        return {}
    return {
        "sketch": rules.sketch(land.parts),
        "corners": rules.rows(land.parts),
        "area_m2": land.area_m2,
        "area_ha": rules.hectares(land.area_m2),
        "area_mu": rules.mu(land.area_m2),
        "error_words": words.ERRORS_M[land.system.value],
    }


@login_required
def survey(request: WSGIRequest, number: str) -> HttpResponse:
    """Hand in a yearly survey to the body that verifies it."""
    row = access.own(request.user, number, Permission.CHOOSE_UNITS)
    form = SurveyForm(request.POST or None, request.FILES or None, organizer=row.activity.organization)
    if request.method == "POST" and form.is_valid():
        try:
            operations.report(planting=row, **form.facts(), by=request.user, at=timezone.now())
            messages.success(request, _("Handed in. Nothing counts until the body has verified it."))
            return redirect("planting:planting", row.number)
        except Refusal as refusal:
            refusal.put_on(form)
    return render(request, "planting/survey.html", {"form": form, "planting": row}, status=422 if form.errors else 200)


@login_required
@people.asked_again
def call_off(request: WSGIRequest, number: str) -> HttpResponse:
    row = access.own(request.user, number, Permission.PUBLISH)
    form = CallOffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.call_off(planting=row, **form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("Called off. The promise stays to be read; its land is free again."))
            return redirect("planting:planting", row.number)
        except Refusal as refusal:
            refusal.put_on(form)
    will = [_("The planting no longer promises anything for the activity."), _("Its land may be recorded anew.")]
    context = {"form": form, "planting": row, "will": will}
    return render(request, "planting/call_off.html", context, status=422 if form.errors else 200)
