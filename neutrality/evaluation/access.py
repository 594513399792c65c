"""The doors to confirmations and assignments: fetch and authorise in one call."""

from typing import Any

from accounts import access as people
from accounts.access import Hidden
from accounts.rules import Permission
from neutrality.activities import access as activities
from neutrality.activities.models import Activity
from neutrality.evaluation.models import Assignment, Evaluation, SelfCommitment


def activity(user: Any, code: str, may: Permission = Permission.VIEW) -> Activity:
    """The activity for members of its organizer; its confirmation is prepared among them."""
    return activities.activity(user, code, may=may)


def assignment(user: Any, code: str, may: Permission = Permission.EVALUATE) -> Assignment:
    """The assignment with `code`, for members of the invited evaluator who may."""
    rows = Assignment.objects.select_related("activity__organization", "activity__rulebook", "organization")
    found = rows.filter(code=code).first()
    if found is None:
        raise Hidden
    people.require(user, may, found.organization)
    return found


def invited(user: Any, code: str) -> Assignment:
    """The assignment with `code`, for members of the organizer who may confirm."""
    found = Assignment.objects.select_related("activity__organization", "organization").filter(code=code).first()
    if found is None:
        raise Hidden
    people.require(user, Permission.CONFIRM, found.activity.organization)
    return found


def assignments(user: Any) -> Any:
    """The assignments of the evaluators `user` works for, newest first."""
    mine = people.organizations(user, Permission.EVALUATE)
    rows = Assignment.objects.filter(organization__in=mine).select_related("activity__organization", "organization")
    return rows.order_by("-invited_at", "-pk")


def commitment(user: Any, number: str) -> SelfCommitment:
    """The self-commitment with `number`, for members of the organizer who may confirm."""
    found = SelfCommitment.objects.select_related("activity__organization").filter(number=number).first()
    if found is None:
        raise Hidden
    people.require(user, Permission.CONFIRM, found.activity.organization)
    return found


def evaluation(number: str) -> Evaluation:
    """A signed opinion about a published activity: anybody may read it."""
    rows = Evaluation.objects.select_related(
        "activity__organization", "inventory", "assignment__organization", "report"
    )
    found = rows.filter(number=number).first()
    if found is None or not found.activity.public:
        raise Hidden
    return found
