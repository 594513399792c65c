"""Pairs of projects that may be one: shown to those who run a registry, who decide."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from neutrality.offsets import access, operations, queries, words
from neutrality.offsets.forms import TwinForm
from neutrality.refusals import Refusal


@login_required
@require_safe
def twins(request: WSGIRequest) -> HttpResponse:
    registries = access.desk(request.user)
    context = {"waiting": queries.twins_waiting(registries), "decided": queries.twins_decided(registries)}
    return render(request, "offsets/twins.html", context)


@login_required
def twin(request: WSGIRequest, number: str) -> HttpResponse:
    """Both projects side by side, the reasons, and the decision."""
    access.desk(request.user)
    found = access.twin(request.user, number)
    form = TwinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = {"same": form.cleaned_data["same"] == "yes", "reason": form.cleaned_data["reason"]}
        try:
            operations.decide_twin(
                twin=found, body=access.body(request.user), by=request.user, at=timezone.now(), **facts
            )
            messages.success(request, _("The decision stands with its date; it can be taken anew."))
            return redirect("offsets:twins")
        except Refusal as refusal:
            refusal.put_on(form)
    context = {
        "twin": found,
        "pair": (found.first, found.second),
        "form": form,
        "reasons": words.twin_reasons(found.reasons),
        "decisions": found.decisions.select_related("body"),
    }
    return render(request, "offsets/twin.html", context, status=422 if form.errors else 200)
