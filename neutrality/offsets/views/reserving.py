"""Reservations, what is pledged to a lender, and certificates that units lie free."""

from typing import Any

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
from neutrality.offsets import access, operations, places, queries, words
from neutrality.offsets.forms import ClearForm, UseForm
from neutrality.offsets.models import Clearance
from neutrality.offsets.operations import reserving
from neutrality.offsets.views.retiring import will
from neutrality.refusals import Refusal
from neutrality.trail.models import Entry
from neutrality.trail.rules import canonical


@login_required
@people.asked_again(when="sure")
def reservation(request: WSGIRequest, number: str) -> HttpResponse:
    """One reservation for its owner and the activity's organizer; the owner uses it or lets it go."""
    row = access.reservation(request.user, number)
    may = row.ended_at is None and people.can(request.user, Permission.RETIRE_UNITS, row.owner)
    letting_go = request.POST.get("act") == "release"
    form = UseForm(
        request.POST if request.method == "POST" and not letting_go else None, initial={"quantity": _usable(row)}
    )
    problems: Any = ()
    if request.method == "POST" and (letting_go or form.is_valid()):
        people.require(request.user, Permission.RETIRE_UNITS, row.owner)
        try:
            facts = {"reservation": row, "by": request.user, "at": timezone.now()}
            if letting_go:
                operations.unreserve(**facts)
                messages.success(request, _("Released. The units lie with their owner again."))
                return redirect("offsets:reservation", row.number)
            asked = {name: form.cleaned_data[name] for name in ("quantity", "reason")}
            if not form.cleaned_data["sure"]:
                rest = reserving.foresee_use(reservation=row, at=facts["at"], **asked)
                return render(request, "offsets/reservation.html", _foreseen(row, form, rest))
            made = operations.use(**facts, **asked)
            messages.success(request, _("Cancelled. The units are used for ever and stand behind this activity."))
            return redirect("offsets:cancellation", made[0].number)
        except Refusal as refusal:
            if form.is_bound:
                refusal.put_on(form)
            else:
                problems = refusal.problems
    context = {"row": row, "run": row.block, "form": form, "may": may, "problems": problems}
    context["notices"] = queries.notices_at(places.reserved_code(row))
    return render(request, "offsets/reservation.html", context, status=422 if form.errors or problems else 200)


def _usable(row: Any) -> int | None:
    """What of it can still be used, to begin with; nothing where all was found void."""
    return row.quantity - sum(notice.taken for notice in queries.notices_at(places.reserved_code(row))) or None


def _foreseen(row: Any, form: UseForm, rest: int) -> dict[str, Any]:
    """The page that says what will happen, and asks whether the person is sure."""
    lines = will(form.cleaned_data["quantity"], row.activity, row.block, row.owner)
    if rest:
        words = ngettext("%(units)s unit returns to its owner.", "%(units)s units return to their owner.", rest)
        lines.append(words % {"units": f"{rest:,d}"})
    return {"row": row, "run": row.block, "form": form, "may": True, "problems": (), "preview": True, "will": lines}


@login_required
@require_safe
def pledges(request: WSGIRequest) -> HttpResponse:
    """A lender's page: what is pledged to it, and certificates that were written for it."""
    lenders = list(people.organizations(request.user, Permission.VIEW))
    clearances = Clearance.objects.filter(reader__in=lenders).select_related("block__kind", "owner")[:50]
    rows = [{"row": row, "stale": queries.first_move_since(row)} for row in clearances]
    return render(request, "offsets/pledges.html", {"locks": queries.pledged_to(lenders)[:200], "clearances": rows})


@login_required
def clear(request: WSGIRequest, code: str, block: str) -> HttpResponse:
    """An owner has it certified that its units of a block lie free."""
    holder = access.holder(request.user, code, Permission.CHOOSE_UNITS)
    row = access.block(block)
    form = ClearForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            facts = {"block": row, "owner": holder, "by": request.user, "at": timezone.now()}
            made = operations.clear(**facts, **form.cleaned_data)
            return redirect("offsets:clearance", made.number)
        except Refusal as refusal:
            refusal.put_on(form)
    context = {"form": form, "holder": holder, "run": row, "held": queries.disposable(holder, row)}
    return render(request, "offsets/clear.html", context, status=422 if form.errors else 200)


@require_safe
def clearance(request: WSGIRequest, number: str) -> HttpResponse:
    """The certificate at its permanent address: what it said, and whether it still holds."""
    row = access.clearance(number)
    move = queries.first_move_since(row)
    context = {
        "row": row,
        "run": row.block,
        "move": move,
        "moved": words.MOVES.get(move.reason, move.reason) if move else "",
        "entry": Entry.objects.filter(subject=f"clearance:{row.number}").first(),
    }
    return render(request, "offsets/clearance.html", context)


@require_safe
def clearance_data(request: WSGIRequest, number: str) -> HttpResponse:
    """The bytes the digest is of (RFC 8785)."""
    row = access.clearance(number)
    return HttpResponse(canonical(row.content), content_type="application/json")
