"""What changes in the open: amendments of a published activity, and how many people came."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from neutrality.activities import access, forms, operations, rules, words
from neutrality.activities.views.lives import EDIT
from neutrality.activities.views.shared import form_page, told
from neutrality.refusals import Refusal


@require_GET
def changes(request: HttpRequest, code: str) -> HttpResponse:
    """Every amendment since the plan was published: before, after, when, why."""
    activity = access.activity(request.user, code)
    rows = [{"amendment": amendment, "field": words.field(amendment.field)} for amendment in activity.amendments.all()]
    return render(request, "activities/changes.html", told(activity) | {"rows": rows})


@login_required
def amend(request: HttpRequest, code: str) -> HttpResponse:
    """Change a published activity, with a reason."""
    activity = access.activity(request.user, code, EDIT)
    if activity.state == rules.State.DRAFT and request.method != "POST":
        return redirect("activities:edit", code, "what")
    allowed = rules.amendable(activity.phase(timezone.localdate()))
    initial = {name: getattr(activity, name) for name in allowed}
    form = forms.AmendForm(request.POST or None, initial=initial, allowed=allowed)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        try:
            operations.amend(
                activity=activity, reason=values.pop("reason"), changes=values, by=request.user, at=timezone.now()
            )
        except Refusal as refusal:
            refusal.put_on(form)
        else:
            return redirect("activities:changes", code)
    lead = _("The plan is published. Each change is shown to everybody with what stood there before and the reason.")
    context = {"title": _("Change what was published"), "lead": lead, "action": _("Publish the change")}
    return form_page(request, form, **context, **told(activity))


@login_required
def people(request: HttpRequest, code: str) -> HttpResponse:
    """Say how many people came."""
    activity = access.activity(request.user, code, EDIT)
    form = forms.PeopleForm(request.POST or None, initial={"people": activity.actual_people})
    if request.method == "POST" and form.is_valid():
        try:
            operations.count_people(activity=activity, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            refusal.put_on(form)
        else:
            messages.success(request, _("Saved."))
            return redirect("activities:measures", code)
    lead = _("Counted on site, staff included. It replaces the expected number in the statement.")
    context = {"title": _("How many came"), "lead": lead, "action": _("Save")}
    return form_page(request, form, **context, **told(activity))
