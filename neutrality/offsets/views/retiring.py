"""Cancel units for an activity, out of one's own holdings or as a donor: a form, what will happen, the act."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import access as people
from accounts.rules import Permission
from neutrality.activities import access as activities
from neutrality.offsets import access, operations, queries, words
from neutrality.offsets.forms import DonateForm, RetireForm
from neutrality.offsets.operations import retiring
from neutrality.refusals import Refusal


@login_required
@people.asked_again(when="sure")
def retire(request: WSGIRequest, code: str, block: str) -> HttpResponse:
    """The organizer cancels units it holds."""
    activity = activities.activity(request.user, code, may=Permission.RETIRE_UNITS)
    return _retire(request, activity, access.block(block), activity.organization, "offsets/retire.html")


@login_required
def donate(request: WSGIRequest, code: str, block: str) -> HttpResponse:
    """A donor chooses the activity its units are cancelled for."""
    holder = access.holder(request.user, code, Permission.RETIRE_UNITS)
    row = access.block(block)
    form = DonateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        activity, quantity = form.cleaned_data["activity"], form.cleaned_data["quantity"]
        try:
            retiring.foresee(activity=activity, block=row, holder=holder, quantity=quantity, reason="-")
            address = redirect("offsets:give", holder.code, row.code, activity.code)
            address["Location"] += f"?quantity={quantity}"
            return address
        except Refusal as refusal:
            refusal.put_on(form)
    context = {"form": form, "holder": holder, "run": row, "held": queries.disposable(holder, row)}
    return render(request, "offsets/donate.html", context, status=422 if form.errors else 200)


@login_required
@people.asked_again(when="sure")
def give(request: WSGIRequest, code: str, block: str, activity: str) -> HttpResponse:
    """The donor confirms: the same act, the donor named."""
    holder = access.holder(request.user, code, Permission.RETIRE_UNITS)
    found = activities.activity(request.user, activity)
    return _retire(request, found, access.block(block), holder, "offsets/retire.html")


def _retire(request: WSGIRequest, activity: Any, block: Any, holder: Any, template: str) -> HttpResponse:
    verdict = queries.verdict(activity, block)
    initial = {"quantity": request.GET.get("quantity", "")}
    form = RetireForm(request.POST or None, asks_reason=verdict.asks_reason, initial=initial)
    preview = False
    if request.method == "POST" and form.is_valid():
        try:
            if form.cleaned_data["sure"]:
                rows = _act(request, form, activity, block, holder)
                messages.success(request, _("Cancelled. The units are used for ever and stand behind this activity."))
                return redirect("offsets:cancellation", rows[0].number)
            retiring.foresee(activity=activity, block=block, holder=holder, **_asked(form))
            preview = True
        except Refusal as refusal:
            refusal.put_on(form)
    context = {
        "form": form,
        "activity": activity,
        "run": block,
        "holder": holder,
        "donor": holder != activity.organization,
        "held": queries.disposable(holder, block),
        "verdict": words.verdict(verdict),
        "doubt": queries.doubtful([block]).get(block.pk, []),
        "late": timezone.localdate() > activity.units_deadline,
        "will": will(form.cleaned_data["quantity"], activity, block, holder) if preview else [],
        "preview": preview,
    }
    return render(request, template, context, status=422 if form.errors else 200)


def _asked(form: RetireForm) -> dict[str, Any]:
    return {"quantity": form.cleaned_data["quantity"], "reason": form.cleaned_data.get("reason", "")}


def _act(request: WSGIRequest, form: RetireForm, activity: Any, block: Any, holder: Any) -> list[Any]:
    facts = _asked(form) | {"key": form.cleaned_data["key"], "by": request.user, "at": timezone.now()}
    return operations.retire(activity=activity, block=block, holder=holder, **facts)


def will(units: int, activity: Any, block: Any, holder: Any) -> list[str]:
    """What cancelling will do, in sentences."""
    counts = {"units": f"{units:,d}", "kind": block.kind.name, "name": activity.name, "holder": holder.name}
    lines = [
        ngettext(
            "%(units)s unit of %(kind)s leaves the holdings of %(holder)s and is cancelled for “%(name)s”.",
            "%(units)s units of %(kind)s leave the holdings of %(holder)s and are cancelled for “%(name)s”.",
            units,
        )
        % counts,
        _("Their serial numbers are published and can never be used for anything else."),
        _("The cancellation is written into the public log under your name's number."),
    ]
    if timezone.localdate() > activity.units_deadline:
        lines.append(_("The last day has passed: they count only where they replace units found void."))
    return lines
