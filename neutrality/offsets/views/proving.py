"""Proofs of cancellations made elsewhere: the organizer records, a registry operator checks."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.rules import Permission
from neutrality.activities import access as activities
from neutrality.offsets import access, operations, queries, rules, words
from neutrality.offsets.facts import proof_facts, proof_verdict
from neutrality.offsets.forms import DecideForm, ProofForm
from neutrality.offsets.models import Proof
from neutrality.refusals import Refusal


@login_required
def record(request: WSGIRequest, code: str) -> HttpResponse:
    activity = activities.activity(request.user, code, may=Permission.CHOOSE_UNITS)
    form = ProofForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.record_proof(activity=activity, **form.facts(), by=request.user, at=timezone.now())
            messages.success(request, _("Recorded. A registry operator will check it; until then it does not count."))
            return redirect("offsets:proof", made.number)
        except Refusal as refusal:
            refusal.put_on(form)
    context = {"form": form, "activity": activity}
    return render(request, "offsets/record.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def proof(request: WSGIRequest, number: str) -> HttpResponse:
    """The organizer's view of a proof and what became of it."""
    row = access.proof(request.user, number)
    return render(request, "offsets/proof.html", {"row": row, "activity": row.activity, "retirement": _result(row)})


def _result(row: Proof):
    return row.retirements.first()


@login_required
def check(request: WSGIRequest, number: str) -> HttpResponse:
    """The registry operator compares the document with what was entered, then decides."""
    row = access.checkable_proof(request.user, number)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            facts = {"proof": row, "note": form.cleaned_data["note"], "by": request.user, "at": timezone.now()}
            if request.POST.get("decision") == "check":
                operations.check_proof(**facts)
                messages.success(request, _("Checked. The units count for the activity from now on."))
            else:
                operations.reject_proof(**facts)
                messages.success(request, _("Rejected. The organizer sees your reason."))
            return redirect("offsets:desk")
        except Refusal as refusal:
            refusal.put_on(form)
    context = {"form": form, "row": row, "activity": row.activity, "points": _points(row)}
    context["published"] = queries.published(row.numbers) if row.numbers else []
    context["verdict"] = words.verdict(proof_verdict(row))
    return render(request, "offsets/check.html", context, status=422 if form.errors else 200)


def _points(row: Proof) -> list[dict[str, object]]:
    """What the rules ask of a certificate, each with what was entered: the checker ticks them off on the document."""
    asked = rules.purposes_for(row.activity.form)
    lacks = rules.gaps(proof_facts(row), allowed=asked, names=row.names, today=timezone.localdate())
    return [{"label": label, "value": value, "fails": code in lacks} for code, label, value in words.points(row)]
