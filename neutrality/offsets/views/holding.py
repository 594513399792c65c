"""What an organization holds, offers, hands over and gives."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.handlers.wsgi import WSGIRequest
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts import access as accounts
from accounts.rules import Permission
from neutrality.offsets import access, operations, queries, rules
from neutrality.offsets.forms import AskForm, HandoverForm, OfferForm, StepForm
from neutrality.offsets.models import Compensation, Handover, Lock, Surrender
from neutrality.refusals import Refusal


@login_required
@require_safe
def holders(request: WSGIRequest) -> HttpResponse:
    """The organizations whose holdings the person may see; straight on where there is one."""
    found = list(accounts.organizations(request.user, Permission.CHOOSE_UNITS).order_by("code"))
    if len(found) == 1:
        return redirect("offsets:holdings", found[0].code)
    return render(request, "offsets/holders.html", {"organizations": found})


@login_required
@require_safe
def holdings(request: WSGIRequest, code: str) -> HttpResponse:
    holder = access.holder(request.user, code)
    offers = queries.counted(queries.offered().filter(organization=holder, state="open"))
    moving = Handover.objects.filter(Q(giver=holder) | Q(taker=holder)).select_related("block__kind", "giver", "taker")
    context = {
        "holder": holder,
        "holdings": queries.holdings(holder),
        "offers": offers,
        "waiting": moving.filter(state="asked"),
        "locks": Lock.objects.filter(Q(owner=holder) | Q(holder=holder)).select_related(
            "block__kind", "owner", "holder"
        ),
        "reservations": queries.reservations().filter(owner=holder)[:20],
        "cases": Compensation.objects.filter(owner=holder).select_related("block__kind")[:20],
        "surrenders": Surrender.objects.filter(owner=holder).select_related("block__kind")[:20],
        "closed": moving.exclude(state="asked")[:20],
        "may": accounts.can(request.user, Permission.RETIRE_UNITS, holder),
    }
    return render(request, "offsets/holdings.html", context)


@login_required
def offer(request: WSGIRequest, code: str, block: str) -> HttpResponse:
    """Put units into the open catalogue."""
    holder = access.holder(request.user, code, Permission.RETIRE_UNITS)
    row = access.block(block)
    form = OfferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            facts = {"block": row, "organization": holder, "by": request.user, "at": timezone.now()}
            operations.offer(**facts, **form.cleaned_data)
            messages.success(request, _("The units are in the open catalogue."))
            return redirect("offsets:holdings", holder.code)
        except Refusal as refusal:
            refusal.put_on(form)
    context = {"form": form, "holder": holder, "run": row, "held": queries.disposable(holder, row)}
    return render(request, "offsets/offer.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def withdraw_offer(request: WSGIRequest, number: str) -> HttpResponse:
    row = access.offer(number)
    accounts.require(request.user, Permission.RETIRE_UNITS, row.organization)
    operations.withdraw_offer(offer=row, by=request.user, at=timezone.now())
    messages.success(request, _("The offer is withdrawn."))
    return redirect("offsets:holdings", row.organization.code)


@login_required
def order(request: WSGIRequest, number: str) -> HttpResponse:
    """A buyer asks the owner for units on offer."""
    row = access.offer(number)
    takers = accounts.organizations(request.user, Permission.CHOOSE_UNITS).exclude(pk=row.organization_id)
    initial = {"quantity": request.GET.get("quantity", "")}
    form = AskForm(request.POST or None, takers=takers.order_by("code"), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.order(offer=row, **form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("The owner was asked. The units move when the owner delivers them."))
            return redirect("offsets:handover", made.number)
        except Refusal as refusal:
            refusal.put_on(form)
    context = {"form": form, "offer": row, "left": queries.left(row), "run": row.block, "can_order": takers.exists()}
    return render(request, "offsets/order.html", context, status=422 if form.errors else 200)


@login_required
def hand_over(request: WSGIRequest, code: str, block: str) -> HttpResponse:
    """An owner proposes to hand units to another organization."""
    holder = access.holder(request.user, code, Permission.RETIRE_UNITS)
    row = access.block(block)
    form = HandoverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            facts = {"block": row, "giver": holder, "side": "giver", "by": request.user, "at": timezone.now()}
            made = operations.ask(**facts, **form.cleaned_data)
            messages.success(request, _("The receiver was asked. The units move when the receiver accepts."))
            return redirect("offsets:handover", made.number)
        except Refusal as refusal:
            refusal.put_on(form)
    context = {"form": form, "holder": holder, "run": row, "held": queries.disposable(holder, row)}
    return render(request, "offsets/hand_over.html", context, status=422 if form.errors else 200)


@login_required
def handover(request: WSGIRequest, number: str) -> HttpResponse:
    """One change of owner: how it stands, every dated word, and the choices of the side whose turn it is."""
    row = access.handover(request.user, number)
    may = access.may_say(request.user, row)
    form = StepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _answer(request, row, may, form.cleaned_data)
            return redirect("offsets:handover", row.number)
        except Refusal as refusal:
            refusal.put_on(form)
    steps = list(row.steps.select_related("by"))
    side = rules.ordering.awaited(row.asked_side, steps[-1].step if steps else None)
    context = {"row": row, "run": row.block, "may": may, "steps": steps, "form": form}
    context["holds"] = row.state == "delivered" and accounts.can(request.user, Permission.VIEW, row.taker)
    context |= {"other": getattr(row, side.value), "asks_note": bool(set(may) - {"delivered", "declined", "withdrawn"})}
    return render(request, "offsets/handover.html", context, status=422 if form.errors else 200)


DONE = {
    "delivered": gettext_lazy("The units have changed owner."),
    "priced": gettext_lazy("The buyer sees your price."),
    "agreed": gettext_lazy("The price is agreed. The buyer pays outside this portal."),
    "paid": gettext_lazy("The owner was told that you paid."),
    "declined": gettext_lazy("Declined. Nothing has changed owner; the other side sees it."),
    "withdrawn": gettext_lazy("Withdrawn. Nothing has changed owner; the other side sees it."),
    "received": gettext_lazy("The buyer sees that the money came in. Deliver the units now."),
}


def _answer(request: WSGIRequest, row: Handover, may: list[str], said: dict[str, Any]) -> None:
    """What the pressed button says, by whoever may say it."""
    choice = request.POST.get("answer", "")
    if choice not in may:
        if choice in [one for _side, one in access.sayable(row)]:
            raise PermissionDenied
        raise operations.NotNow
    facts: dict[str, Any] = {"handover": row, "by": request.user, "at": timezone.now()}
    if choice == "delivered":
        operations.accept(**facts)
    elif choice in ("declined", "withdrawn"):
        operations.close(**facts, state=choice)
    else:
        price = said["price_cny"] if choice == "priced" else None
        operations.declare(**facts, step=choice, price_cny=price, note=said["note"])
    if choice in DONE:
        messages.success(request, DONE[choice])
