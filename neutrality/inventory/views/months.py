"""Months of an operating period: deposit them one by one, and take them over into the actual figures."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Hidden
from neutrality.activities.models import Activity
from neutrality.evidence import operations as evidence
from neutrality.inventory import access, forms, operations, pages, rules
from neutrality.inventory.views.filing import FILE, UNREADABLE
from neutrality.refusals import Refusal


def operating(request: HttpRequest, code: str) -> Activity:
    """An operating period whose months the person may deposit; an event has none."""
    activity = access.activity(request.user, code, rules.Kind.ACTUAL, may=FILE)
    if not activity.months:
        raise Hidden
    return activity


@login_required
@require_http_methods(["GET", "POST"])
def months(request: HttpRequest, code: str) -> HttpResponse:
    """The months of every meter, and a form for the next one."""
    activity = operating(request, code)
    choices = pages.month_choices(activity)
    form = forms.DepositForm(request.POST or None, request.FILES or None, **choices)
    if request.method == "POST" and form.is_valid() and keep(request, activity, form):
        return redirect("inventory:months", code)
    context = pages.months(activity) | {"form": form}
    return render(request, "inventory/months.html", context, status=UNREADABLE if form.errors else 200)


def keep(request: HttpRequest, activity: Activity, form: forms.DepositForm) -> bool:
    """Deposit file and figure; a refusal goes onto the form."""
    values, at = form.cleaned_data, timezone.now()
    upload, owner = values["file"], activity.organization.code
    try:
        kept = evidence.deposit(upload=upload, owner_code=owner, by=request.user, at=at) if upload else None
        operations.deposit(
            activity=activity,
            month=date.fromisoformat(values["month"]),
            source=values["source"],
            label=values["label"],
            quantity=values["quantity"],
            unit=values["unit"],
            evidence=kept,
            by=request.user,
            at=at,
        )
    except Refusal as refusal:
        refusal.put_on(form)
        return False
    messages.success(request, _("The month is deposited."))
    return True


@login_required
@require_POST
def take(request: HttpRequest, code: str) -> HttpResponse:
    """The deposited months become lines of the actual figures."""
    activity = operating(request, code)
    try:
        operations.take_months(activity=activity, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("inventory:months", code)
    return redirect("inventory:edit", code, rules.Kind.ACTUAL.value)
