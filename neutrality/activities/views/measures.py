"""The reduction measures of an activity: planned before, reported after."""

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, Q, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import access as accounts
from accounts.rules import Kind
from neutrality.activities import access, forms, operations, queries, rules, words
from neutrality.activities.models import Activity, Measure
from neutrality.activities.views.lives import EDIT
from neutrality.activities.views.shared import form_page, told
from neutrality.evidence import operations as evidence
from neutrality.refusals import Refusal
from neutrality.rulebook.rules import Stage

CHECKERS = (Kind.EVALUATOR, Kind.REGISTRY, Kind.REGULATOR)  # who may open every filer's evidence
TONES = {rules.MeasureState.PLANNED: "", rules.MeasureState.DONE: "good", rules.MeasureState.DROPPED: "wait"}


@require_GET
def measures(request: HttpRequest, code: str) -> HttpResponse:
    """What is planned and what came of it; public once the plan is published."""
    activity = access.activity(request.user, code)
    may_edit = accounts.can(request.user, EDIT, activity.organization)
    mine = accounts.organizations(request.user).filter(Q(kind__in=CHECKERS) | Q(pk=activity.organization_id))
    opens = mine.exists()
    pack = activity.rulebook.rules
    prefetch_related_objects([activity], Prefetch("measures", Measure.objects.select_related("evidence")))
    rows = [
        {
            "measure": measure,
            "state_words": words.MEASURE_STATE[rules.MeasureState(measure.state)],
            "stage_words": words.STAGE[Stage(measure.stage)],
            "source": pack.source(measure.source),
            "tone": TONES[rules.MeasureState(measure.state)],
            "may_open": opens or (measure.evidence is not None and measure.evidence.public),
            "planned": measure.state == rules.MeasureState.PLANNED,
        }
        for measure in activity.measures.all()
    ]
    context = {
        "rows": rows,
        "sums": queries.reduction(activity),
        "curve": queries.cost_curve(activity),
        "may_plan": may_edit and activity.state != rules.State.CANCELLED,
        "may_edit": may_edit and activity.state == rules.State.DRAFT,
        "may_report": may_edit and activity.state == rules.State.COMMITTED,
    }
    return render(request, "activities/measures.html", told(activity) | context)


@login_required
def add(request: HttpRequest, code: str) -> HttpResponse:
    """Plan one more measure."""
    activity = access.activity(request.user, code, EDIT)
    form = forms.NewMeasureForm(request.POST or None, activity=activity)
    if request.method == "POST" and form.is_valid():
        try:
            operations.add_measure(activity=activity, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            refusal.put_on(form)
        else:
            return redirect("activities:measures", code)
    lead = _("Reduce first: a plan needs at least one measure before anything may be offset.")
    context = {"title": _("Plan a measure"), "lead": lead, "action": _("Save the measure")}
    return form_page(request, form, **context, **told(activity))


@login_required
def edit(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Change a planned measure of a draft."""
    activity = access.activity(request.user, code, EDIT)
    measure = _measure(activity, number)
    initial = {name: getattr(measure, name) for name in operations.MEASURE_FIELDS}
    form = forms.MeasureForm(request.POST or None, initial=initial, activity=activity)
    if request.method == "POST" and form.is_valid():
        try:
            operations.edit_measure(measure=measure, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            refusal.put_on(form)
        else:
            return redirect("activities:measures", code)
    context = {"title": _("Change a measure"), "lead": "", "action": _("Save the measure")}
    return form_page(request, form, **context, **told(activity))


@login_required
def remove(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Take a measure out of a draft, after asking once more."""
    activity = access.activity(request.user, code, EDIT)
    measure = _measure(activity, number)
    problems = ()
    if request.method == "POST":
        try:
            operations.remove_measure(measure=measure, by=request.user, at=timezone.now())
            return redirect("activities:measures", code)
        except Refusal as refusal:
            problems = refusal.problems
    context = {"measure": measure, "problems": problems, "will": [_("The measure is taken out of the plan.")]}
    page = told(activity) | context
    return render(request, "activities/remove_measure.html", page, status=422 if problems else 200)


@login_required
def report(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Report what came of a measure, with evidence."""
    activity = access.activity(request.user, code, EDIT)
    measure = _measure(activity, number)
    initial = {"achieved_kg": measure.achieved_kg, "outcome": measure.outcome}
    if measure.reported_at is not None:
        initial["state"] = measure.state
    form = forms.ReportForm(request.POST or None, request.FILES or None, initial=initial, measure=measure)
    if request.method == "POST" and form.is_valid():
        try:
            _report(request, activity, measure, dict(form.cleaned_data))
        except Refusal as refusal:
            refusal.put_on(form)
        else:
            return redirect("activities:measures", code)
    context = {"title": measure.title, "lead": _("What was planned has to be told afterwards, kept or not.")}
    return form_page(request, form, measure=measure, action=_("Send the report"), **context, **told(activity))


def _report(request: HttpRequest, activity: Activity, measure: Measure, values: dict) -> None:
    at = timezone.now()
    upload = values.pop("upload")
    file = None
    if upload:
        file = evidence.deposit(upload=upload, owner_code=activity.organization.code, by=request.user, at=at)
    operations.report_measure(measure=measure, evidence=file, by=request.user, at=at, **values)


def _measure(activity: Activity, number: int) -> Measure:
    return get_object_or_404(Measure.objects.select_related("activity"), activity=activity, number=number)
