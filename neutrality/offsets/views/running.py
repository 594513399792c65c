"""The registry operator's desk: proofs to check, blocks to record, units found void."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.handlers.wsgi import WSGIRequest
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import access as people
from neutrality.offsets import access, operations, queries
from neutrality.offsets.forms import AmendProjectForm, BlockForm, CompensateForm, ProjectForm, VoidForm
from neutrality.offsets.models import Proof, VoidNotice
from neutrality.refusals import Refusal


@login_required
@require_safe
def desk(request: WSGIRequest) -> HttpResponse:
    registries = access.desk(request.user)
    proofs = Proof.objects.filter(kind__registry__in=registries).select_related("activity__organization", "kind")
    notices = VoidNotice.objects.filter(block__kind__registry__in=registries, state="proposed")
    context = {
        "registries": registries,
        "proofs": proofs.filter(state="submitted").order_by("submitted_at", "id")[:100],
        "decided": proofs.exclude(state="submitted").order_by("-decided_at")[:20],
        "notices": notices.select_related("block__kind", "proposed_by").order_by("id"),
        "freezes": queries.frozen_in(registries)[:50],
    }
    return render(request, "offsets/desk.html", context)


@login_required
def issue(request: WSGIRequest) -> HttpResponse:
    """Record a block a registry issued."""
    registries = access.desk(request.user)
    form = BlockForm(request.POST or None, registries=registries)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.issue_block(**form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("The block is recorded. Its units lie with the owner."))
            return redirect("offsets:block", made.code)
        except Refusal as refusal:
            refusal.put_on(form)
    return render(request, "offsets/issue.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def register_project(request: WSGIRequest) -> HttpResponse:
    registries = access.desk(request.user)
    form = ProjectForm(request.POST or None, registries=registries)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.register_project(facts=form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("The project is recorded. Now record its blocks."))
            return redirect("offsets:project", made.code)
        except Refusal as refusal:
            refusal.put_on(form)
    return render(request, "offsets/register_project.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def amend_project(request: WSGIRequest, code: str) -> HttpResponse:
    """Correct what is written about a project; what stood there stays to be read."""
    found = access.run_project(request.user, code)
    initial = queries.amendable(found) | {"wording": queries.wording(found)}
    form = AmendProjectForm(request.POST or None, registries=access.desk(request.user), initial=initial)
    if request.method == "POST" and form.is_valid():
        wanted = dict(form.cleaned_data)
        facts = {"reason": wanted.pop("reason"), "wording": wanted.pop("wording"), "body": access.body(request.user)}
        try:
            operations.amend_project(project=found, wanted=wanted, **facts, by=request.user, at=timezone.now())
            messages.success(request, _("The correction is recorded. What stood there before can still be read."))
            return redirect("offsets:project", found.code)
        except Refusal as refusal:
            refusal.put_on(form)
    context = {"form": form, "project": found}
    return render(request, "offsets/amend_project.html", context, status=422 if form.errors else 200)


@login_required
def propose_void(request: WSGIRequest, code: str) -> HttpResponse:
    """State that units of a block are false; a second person confirms."""
    block = access.run_block(request.user, code)
    initial = {"serial_first": block.serial_first, "serial_last": block.serial_last}
    form = VoidForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        facts |= {"upload": facts.pop("evidence"), "owner_code": access.body(request.user).code}
        try:
            made = operations.propose_void(block=block, **facts, by=request.user, at=timezone.now())
            messages.success(request, _("Proposed. Nothing moves until a second person confirms it."))
            return redirect("offsets:decide_void", made.number)
        except Refusal as refusal:
            refusal.put_on(form)
    context = {"form": form, "run": block}
    return render(request, "offsets/propose_void.html", context, status=422 if form.errors else 200)


@login_required
@people.asked_again
def decide_void(request: WSGIRequest, number: str) -> HttpResponse:
    """The second person sees which claims the notice touches, and confirms or drops it."""
    notice = access.proposed_void(request.user, number)
    problems = ()
    if request.method == "POST":
        facts = {"notice": notice, "by": request.user, "at": timezone.now()}
        try:
            if request.POST.get("decision") == "confirm":
                operations.confirm_void(**facts)
                return redirect("offsets:void", notice.number)
            operations.drop_void(**facts)
            return redirect("offsets:desk")
        except Refusal as refusal:
            problems = refusal.problems
    context = {"notice": notice, "run": notice.block, "touched": queries.touched(notice), "problems": problems}
    context |= {"own": notice.proposed_by_id == request.user.pk, "already": queries.already_void(notice)}
    return render(request, "offsets/decide_void.html", context, status=422 if problems else 200)


@login_required
def compensate(request: WSGIRequest, code: str) -> HttpResponse:
    """Use units up for a court's decision or a compensation agreement."""
    block = access.run_block(request.user, code)
    form = CompensateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.compensate(block=block, **form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("Recorded. The units are used up and support no claim."))
            return redirect("offsets:compensation", made.number)
        except Refusal as refusal:
            refusal.put_on(form)
    return render(request, "offsets/compensate.html", {"form": form, "run": block}, status=422 if form.errors else 200)


@login_required
@require_safe
def compensation(request: WSGIRequest, number: str) -> HttpResponse:
    row = access.compensation(request.user, number)
    runs = queries.compensating(row)
    void = row.quantity - sum(units for _serial, units in runs)
    context = {"row": row, "run": row.block, "runs": runs, "void": void}
    return render(request, "offsets/compensation.html", context)


@login_required
@require_safe
def cases(request: WSGIRequest) -> HttpResponse:
    """What was used up for cases, for the desk and for regulators; the public reads sums on the room's front page."""
    page = Paginator(access.cases(request.user), 50).get_page(request.GET.get("page"))
    return render(request, "offsets/cases.html", {"page": page})
