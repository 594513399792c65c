"""My desk: what waits for the person who logged in, in every role they hold."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import access
from accounts.models import Invitation, Membership, Organization
from accounts.rules import Kind, Permission
from neutrality.activities import queries as activities
from neutrality.evaluation.models import Assignment, Evaluation
from neutrality.offsets import queries as offsets
from neutrality.offsets.models import Proof, VoidNotice
from neutrality.oversight import queries as oversight
from neutrality.oversight.access import in_areas
from neutrality.oversight.models import Case
from neutrality.oversight.words import SECTIONS
from neutrality.planting import queries as planting
from portal import progress

ROWS = 20
MOST = 10
LATELY = timedelta(days=14)
"""How long an order that ended stays on the desks of both sides."""


@require_safe
@login_required
def desk(request):
    at = timezone.now()
    on = timezone.localdate(at)
    memberships = Membership.objects.active().filter(user=request.user).select_related("organization")
    kinds = {membership.organization.kind for membership in memberships}
    page = Paginator(activities.mine(request.user), ROWS).get_page(request.GET.get("page"))
    context = {
        "today": on,
        "memberships": memberships,
        "invitations": invitations(request.user, at),
        "page": page,
        "rows": progress.by_urgency(progress.of(page.object_list, on)),
        "organizes": bool(kinds & {Kind.ORGANIZER, Kind.SELLER}),
        "may_register": access.organizations(request.user, Permission.EDIT_ACTIVITY).exists(),
        **evaluator(request.user, kinds),
        **registrar(request.user, kinds),
        **regulator(request.user, kinds, on),
        **handovers(request.user, at),
        "concerning": Case.objects.pending().filter(subject__in=access.organizations(request.user))[:MOST],
    }
    return render(request, "portal/desk.html", context)


def invitations(user, at):
    """Offers of a role to the person's address that are still open; the link itself is in their mail."""
    return Invitation.objects.open(at).filter(email__iexact=user.email).select_related("organization")


def handovers(user, at) -> dict:
    """Orders and proposals of units: those in which an organization of the person has the next word, and those that
    wait for the other side or ended lately."""
    asked = list(offsets.awaiting(access.organizations(user, Permission.RETIRE_UNITS))[:MOST])
    known = {row.pk for row in asked}
    moving = offsets.under_way(access.organizations(user, Permission.CHOOSE_UNITS), at - LATELY)[: 2 * MOST]
    return {"handovers": asked, "moving": [row for row in moving if row.pk not in known][:MOST]}


def evaluator(user, kinds) -> dict:
    """Assignments of the evaluating bodies the person belongs to."""
    if Kind.EVALUATOR not in kinds:
        return {}
    rows = Assignment.objects.filter(organization__in=access.organizations(user, Permission.EVALUATE))
    open_rows = rows.filter(state__in=("invited", "accepted")).select_related("activity__organization")
    # Work whose opinion stands is done; once a corrected version is filed it comes back.
    stands = Evaluation.objects.exclude(inventory__replaced_by__state__in=("submitted", "returned"))
    open_rows = open_rows.exclude(pk__in=stands.filter(inventory__state="submitted").values("assignment"))
    surveys = planting.waiting(access.organizations(user, Permission.EVALUATE))
    return {"evaluates": True, "assignments": open_rows.order_by("invited_at", "pk")[:MOST], "surveys": surveys[:MOST]}


def registrar(user, kinds) -> dict:
    """Proofs to check and notices that wait for a second person."""
    if Kind.REGISTRY not in kinds:
        return {}
    proofs = Proof.objects.filter(state="submitted").select_related("activity", "kind").order_by("submitted_at", "pk")
    notices = VoidNotice.objects.filter(state="proposed").exclude(proposed_by=user).select_related("block__kind")
    return {"runs_registry": True, "proofs": proofs[:MOST], "proof_count": proofs.count(), "notices": notices[:MOST]}


def regulator(user, kinds, on) -> dict:
    """The queue of the person's areas in figures, its most pressing cases, and organizations to verify."""
    if Kind.REGULATOR not in kinds:
        return {}
    inside = in_areas(access.regulated_areas(user))
    parts = {
        "decisions": oversight.undecided(inside),
        "challenged": oversight.doubted_figures(inside),
        "filed": oversight.filed(inside),
        "flagged": oversight.flagged(inside),
        "overdue": oversight.late(inside, on),
        "silent": oversight.unaccounted(inside, on),
    }
    cases = Case.objects.pending().filter(inside).order_by("due_on", "pk")
    waiting = Organization.objects.pending().filter(inside).order_by("registered_at", "pk")
    return {
        "regulates": True,
        "queue": [{"code": code, "name": SECTIONS[code], "count": rows.count()} for code, rows in parts.items()],
        "cases": cases[:MOST],
        "organizations": waiting[:MOST],
    }
