"""Units used up for another purpose: a form, what will happen, the act, and its public page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts import access as people
from accounts.rules import Permission
from neutrality.offsets import access, operations, queries
from neutrality.offsets.forms import SurrenderForm
from neutrality.offsets.models import Block
from neutrality.offsets.models.surrenders import SurrenderPurpose
from neutrality.offsets.operations import surrendering
from neutrality.refusals import Refusal


@login_required
@people.asked_again(when="sure")
def surrender(request: WSGIRequest, code: str, block: str) -> HttpResponse:
    """The owner uses up units for clearing, for its own emissions, or for the public benefit."""
    holder = access.holder(request.user, code, Permission.RETIRE_UNITS)
    row = access.block(block)
    form = SurrenderForm(request.POST or None, initial={"beneficiary": holder.name})
    preview = False
    if request.method == "POST" and form.is_valid():
        facts = {name: value for name, value in form.cleaned_data.items() if name != "sure"}
        common = {"block": row, "owner": holder, "at": timezone.now()}
        try:
            if form.cleaned_data["sure"]:
                made = operations.surrender(**common, **facts, by=request.user)
                messages.success(request, _("Used up. These units can never stand behind an activity."))
                return redirect("offsets:surrendered", made.number)
            surrendering.foresee(**common, purpose=facts["purpose"], quantity=facts["quantity"])
            preview = True
        except Refusal as refusal:
            refusal.put_on(form)
    context = {
        "form": form,
        "holder": holder,
        "run": row,
        "held": queries.disposable(holder, row),
        "will": _will(form, row) if preview else [],
        "preview": preview,
    }
    return render(request, "offsets/surrender.html", context, status=422 if form.errors else 200)


def _will(form: SurrenderForm, block: Block) -> list[str]:
    """What the act will do, in sentences."""
    asked = form.cleaned_data
    words = {
        "units": f"{asked['quantity']:,d}",
        "kind": block.kind.name,
        "purpose": SurrenderPurpose(asked["purpose"]).label,
        "name": asked["beneficiary"],
        "period": asked["period"],
    }
    used = ngettext(
        "%(units)s unit of %(kind)s is used up for: %(purpose)s, %(name)s, %(period)s.",
        "%(units)s units of %(kind)s are used up for: %(purpose)s, %(name)s, %(period)s.",
        asked["quantity"],
    )
    return [used % words, _("They can never support the claim of an activity, and the purpose stays public.")]


@require_safe
def surrendered(request: WSGIRequest, number: str) -> HttpResponse:
    """Public: what was used up, by whom, for what, and which numbers of it still stand."""
    row = access.surrender(number)
    runs = queries.surrendered(row)
    void = row.quantity - sum(units for _serial, units in runs)
    context = {"row": row, "run": row.block, "runs": runs, "void": void}
    return render(request, "offsets/surrendered.html", context)
