"""Pages of confirmation: the organizer's, the evaluator's, and the public opinion."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.handlers.wsgi import WSGIRequest
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import access as people
from accounts.rules import Permission, RestrictionKind
from neutrality.evaluation import access, operations, queries, show
from neutrality.evaluation.forms import (
    AcceptForm,
    CommitForm,
    FindingForm,
    InviteForm,
    ReasonForm,
    SignForm,
    TakeBackForm,
)
from neutrality.evidence import operations as evidence
from neutrality.inventory import queries as inventories
from neutrality.offsets import queries as offsets
from neutrality.refusals import Refusal

form_page = require_http_methods(["GET", "HEAD", "POST"])
PAGE = 25


def bound(request: WSGIRequest, form_class: Any, **initial: Any) -> Any:
    """The form as sent, or empty with its first values."""
    return form_class(request.POST, request.FILES) if request.method == "POST" else form_class(initial=initial)


def done(request: WSGIRequest, form: Any, act: Callable[..., Any]) -> bool:
    """Whether the form was sent, is sound, and `act` took it; a refusal stands on the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act(by=request.user, at=timezone.now(), **form.cleaned_data)
    except Refusal as refusal:
        refusal.put_on(form)
        return False
    return True


def answer(request: WSGIRequest, template: str, form: Any, context: dict[str, Any]) -> HttpResponse:
    """The page with its form; 422 when something in it needs attention."""
    return render(request, template, {**context, "form": form}, status=422 if form.errors else 200)


@login_required
@require_safe
def confirmation(request: WSGIRequest, code: str) -> HttpResponse:
    """How an activity is confirmed: the two ways, what is under way, what the automatic checks ask."""
    activity = access.activity(request.user, code)
    inventory = inventories.current(activity, "actual")
    restricted = people.restricted(activity.organization, RestrictionKind.SELF_DECLARATION, timezone.localdate())
    context = {
        "activity": activity,
        "inventory": inventory,
        "confirmation": show.confirmation(queries.confirmation(activity)),
        "commitment": queries.commitment_of(inventory),
        "assignments": [
            show.assignment(row)
            for row in activity.assignments.select_related("organization").prefetch_related("evaluations")
        ],
        "findings": show.findings(inventory) if inventory else [],
        "may": people.can(request.user, Permission.CONFIRM, activity.organization),
        "restricted": restricted,
    }
    return render(request, "evaluation/confirmation.html", context)


@login_required
@form_page
@people.asked_again
def commit(request: WSGIRequest, code: str) -> HttpResponse:
    """The organizer answers for its inventory."""
    activity = access.activity(request.user, code, Permission.CONFIRM)
    inventory = inventories.current(activity, "actual")
    if inventory is None:
        messages.warning(request, operations.NothingSubmitted.message)
        return redirect("evaluation:confirmation", code)
    form = bound(request, CommitForm, digest=inventory.digest, signatory=request.user.name)
    if done(request, form, partial(operations.commit, activity=activity)):
        messages.success(request, _("Committed. The statement can now say how the result was confirmed."))
        return redirect("evaluation:confirmation", code)
    return answer(request, "evaluation/commit.html", form, {"activity": activity, "inventory": inventory})


@login_required
@form_page
def take_back(request: WSGIRequest, number: str) -> HttpResponse:
    """Withdraw a self-commitment."""
    commitment = access.commitment(request.user, number)
    form = bound(request, TakeBackForm)
    if done(request, form, partial(operations.take_back, commitment=commitment)):
        return redirect("evaluation:confirmation", commitment.activity.code)
    context = {
        "activity": commitment.activity,
        "title": _("Take the self-commitment back"),
        "lead": _("The claim loses its confirmation at once. The commitment stays readable, with your reason."),
        "action": _("Take back"),
        "seal": True,
        "back": reverse("evaluation:confirmation", args=[commitment.activity.code]),
    }
    return answer(request, "evaluation/act.html", form, context)


@login_required
@form_page
def invite(request: WSGIRequest, code: str) -> HttpResponse:
    """Ask an evaluator."""
    activity = access.activity(request.user, code, Permission.CONFIRM)
    form = bound(request, InviteForm)
    if done(request, form, partial(operations.invite, activity=activity)):
        messages.success(request, _("Invited. The evaluator sees the invitation on its desk."))
        return redirect("evaluation:confirmation", code)
    context = {
        "activity": activity,
        "title": _("Invite an evaluator"),
        "lead": _("An independent body judges the inventory and the cancelled units, and signs its opinion."),
        "action": _("Invite"),
        "back": reverse("evaluation:confirmation", args=[code]),
    }
    return answer(request, "evaluation/act.html", form, context)


@login_required
@form_page
def withdraw(request: WSGIRequest, code: str) -> HttpResponse:
    """The organizer ends an assignment."""
    assignment = access.invited(request.user, code)
    form = bound(request, ReasonForm)
    if done(request, form, partial(operations.withdraw, assignment=assignment)):
        return redirect("evaluation:confirmation", assignment.activity.code)
    context = {
        "activity": assignment.activity,
        "title": _("End the assignment"),
        "lead": _("The evaluator can no longer work on it. Opinions it signed already stay and keep counting."),
        "action": _("End the assignment"),
        "seal": True,
        "back": reverse("evaluation:confirmation", args=[assignment.activity.code]),
    }
    return answer(request, "evaluation/act.html", form, context)


@login_required
@require_safe
def assignments(request: WSGIRequest) -> HttpResponse:
    """What the evaluators a person works for were asked."""
    page = Paginator(access.assignments(request.user), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": [show.assignment(row) for row in page]}
    return render(request, "evaluation/assignments.html", context)


@login_required
@require_safe
def assignment(request: WSGIRequest, code: str) -> HttpResponse:
    """One assignment: the invitation, or the inventory with the finding of every line."""
    found = access.assignment(request.user, code, Permission.VIEW)
    inventory = inventories.current(found.activity, "actual")
    may = people.can(request.user, Permission.EVALUATE, found.organization)
    context = {
        "assignment": show.assignment(found),
        "activity": found.activity,
        "inventory": inventory,
        "lines": show.lines(found, inventory) if inventory and found.accepted_at else [],
        "findings": show.findings(inventory) if inventory and found.accepted_at else [],
        "evaluations": [show.evaluation(row) for row in found.evaluations.all()],
        "units": offsets.checked(found.activity) if found.accepted_at else [],
        "open_to_answer": may and found.state == "invited",
        "working": may and found.state == "accepted",
        "signed": inventory is not None and found.evaluations.filter(inventory=inventory).exists(),
    }
    return render(request, "evaluation/assignment.html", context)


@login_required
@form_page
def accept(request: WSGIRequest, code: str) -> HttpResponse:
    """Take the work on, with the declaration of independence."""
    found = access.assignment(request.user, code)
    form = bound(request, AcceptForm)
    if done(request, form, partial(operations.accept, assignment=found)):
        return redirect("evaluation:assignment", code)
    context = {
        "activity": found.activity,
        "title": _("Accept the assignment"),
        "lead": _("Independence comes first. Known ties are checked now, and once more when you sign."),
        "action": _("Declare and accept"),
        "back": reverse("evaluation:assignment", args=[code]),
    }
    return answer(request, "evaluation/act.html", form, context)


@login_required
@form_page
def decline(request: WSGIRequest, code: str) -> HttpResponse:
    """Say no."""
    found = access.assignment(request.user, code)
    form = bound(request, ReasonForm)
    if done(request, form, partial(operations.decline, assignment=found)):
        return redirect("evaluation:assignment", code)
    context = {
        "activity": found.activity,
        "title": _("Decline the assignment"),
        "lead": _("The organizer sees that you declined, and may invite another body."),
        "action": _("Decline"),
        "back": reverse("evaluation:assignment", args=[code]),
    }
    return answer(request, "evaluation/act.html", form, context)


@login_required
@form_page
def line(request: WSGIRequest, code: str, position: int) -> HttpResponse:
    """One line with its evidence, and the finding about it; after saving, the next line without one."""
    found = access.assignment(request.user, code)
    inventory = inventories.current(found.activity, "actual")
    rows = show.lines(found, inventory) if inventory and found.accepted_at else []
    row = next((each for each in rows if each.position == position), None)
    if row is None:
        raise access.Hidden
    form = bound(request, FindingForm, digest=inventory.digest, **row.given)
    if done(request, form, partial(operations.find, assignment=found, position=position)):
        following = next((each for each in rows if not each.given and each.position > position), None)
        if following:
            return redirect("evaluation:line", code, following.position)
        return redirect("evaluation:assignment", code)
    context = {"assignment": found, "activity": found.activity, "line": row, "of": len(rows)}
    return answer(request, "evaluation/line.html", form, context)


@login_required
@form_page
def sign(request: WSGIRequest, code: str) -> HttpResponse:
    """Sign an opinion about exactly the inventory shown."""
    found = access.assignment(request.user, code)
    inventory = inventories.current(found.activity, "actual")
    if inventory is None or found.accepted_at is None:
        return redirect("evaluation:assignment", code)
    if not people.is_fresh_for_form(request):
        return people.show_again(request)
    form = bound(request, SignForm, digest=inventory.digest)
    if request.method == "POST" and form.is_valid():
        at, given = timezone.now(), dict(form.cleaned_data)
        try:
            upload, owner = given.pop("report"), found.organization.code
            report = evidence.deposit(upload=upload, owner_code=owner, by=request.user, at=at) if upload else None
            evaluation = operations.sign(assignment=found, report=report, by=request.user, at=at, **given)
        except Refusal as refusal:
            refusal.put_on(form)
        else:
            return redirect("evaluation:show", evaluation.number)
    context = {"assignment": found, "activity": found.activity, "inventory": inventory}
    return answer(request, "evaluation/sign.html", form, context)


@require_safe
def evaluation(request: WSGIRequest, number: str) -> HttpResponse:
    """A signed opinion, for everybody."""
    found = access.evaluation(number)
    current = inventories.current(found.activity, "actual")
    context = {
        "evaluation": show.evaluation(found),
        "activity": found.activity,
        "superseded": current is None or current.digest != found.digest,
    }
    return render(request, "evaluation/show.html", context)
