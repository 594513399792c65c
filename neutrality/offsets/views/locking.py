"""Pledges of owners, freezes by order, and their end."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.rules import Permission
from neutrality.offsets import access, operations, places, queries
from neutrality.offsets.forms import FreezeForm, PledgeForm, ReleaseForm
from neutrality.refusals import Refusal


@login_required
def pledge(request: WSGIRequest, code: str, block: str) -> HttpResponse:
    """An owner pledges units to a lender."""
    holder = access.holder(request.user, code, Permission.RETIRE_UNITS)
    row = access.block(block)
    form = PledgeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            facts = {"kind": "pledged", "block": row, "owner": holder, "by": request.user, "at": timezone.now()}
            made = operations.lock(**facts, **form.cleaned_data)
            messages.success(request, _("Pledged. Only the lender can release the units."))
            return redirect("offsets:lock", made.number)
        except Refusal as refusal:
            refusal.put_on(form)
    context = {"form": form, "holder": holder, "run": row, "held": queries.disposable(holder, row)}
    return render(request, "offsets/pledge.html", context, status=422 if form.errors else 200)


@login_required
def freeze(request: WSGIRequest, code: str) -> HttpResponse:
    """A registry operator freezes an owner's units by order of a court or an authority."""
    row = access.run_block(request.user, code)
    form = FreezeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = {"kind": "frozen", "block": row, "holder": access.body(request.user), "by": request.user}
        try:
            made = operations.lock(**facts, **form.cleaned_data, at=timezone.now())
            messages.success(request, _("Frozen. The units cannot be used until they are released."))
            return redirect("offsets:lock", made.number)
        except Refusal as refusal:
            refusal.put_on(form)
    return render(request, "offsets/freeze.html", {"form": form, "run": row}, status=422 if form.errors else 200)


@login_required
def lock(request: WSGIRequest, number: str) -> HttpResponse:
    """One lock for both its sides; its holder releases it here."""
    row = access.lock(request.user, number)
    may = access.may_release(request.user, row)
    form = ReleaseForm(request.POST or None)
    if request.method == "POST" and not may and row.released_at is None:
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        try:
            operations.release(lock=row, note=form.cleaned_data["note"], by=request.user, at=timezone.now())
            messages.success(request, _("Released. The units lie with their owner again."))
            return redirect("offsets:lock", row.number)
        except Refusal as refusal:
            refusal.put_on(form)
    context = {"row": row, "run": row.block, "form": form, "may": may}
    context["notices"] = queries.notices_at(places.locked_code(row))
    return render(request, "offsets/lock.html", context, status=422 if form.errors else 200)
