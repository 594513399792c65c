"""A competent body decides on surveys: what grew, in its own name, by a person."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import access as people
from neutrality.planting import access, operations, queries
from neutrality.planting.forms import VerifyForm
from neutrality.planting.models import Survey, Verification
from neutrality.planting.views.public import drawn
from neutrality.refusals import Refusal

ROWS = 50


@login_required
@require_safe
def surveys(request: WSGIRequest) -> HttpResponse:
    """What waits for the person's bodies, and what they decided."""
    bodies = access.bodies(request.user)
    decided = Verification.objects.filter(body__in=bodies).select_related("planting__activity", "survey")
    context = {"waiting": queries.waiting(bodies)[:ROWS], "decided": decided.order_by("-pk")[:ROWS]}
    return render(request, "planting/surveys.html", context)


@login_required
def verify(request: WSGIRequest, number: str) -> HttpResponse:
    row = access.survey(request.user, number)
    if not people.is_fresh_for_form(request):
        return people.show_again(request)
    form = VerifyForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.verify(survey=row, **form.facts(), by=request.user, at=timezone.now())
            messages.success(request, _("Decided. The public page shows it from now on."))
            return redirect("planting:planting", made.planting.number)
        except Refusal as refusal:
            refusal.put_on(form)
    context = {
        "form": form,
        "survey": row,
        "planting": row.planting,
        "decided": decision(row),
        **drawn(row.planting.plot),
    }
    return render(request, "planting/verify.html", context, status=422 if form.errors else 200)


def decision(row: Survey) -> Verification | None:
    return Verification.objects.filter(survey=row).first()
