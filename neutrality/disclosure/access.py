"""The doors: statements and plans are open to everybody, for ever; publishing needs the role."""

from typing import Any

from django.db.models import CharField

from accounts import access as accounts
from accounts.rules import Permission
from neutrality.activities import access as activities
from neutrality.activities.models import Activity
from neutrality.disclosure.models import Plan, Statement
from neutrality.statements import Prepared, Told

JOINED = ("activity__organization", "activity__rulebook", "withdrawal", "successor", "replaces")
# Asked for at every page and paper about a statement: composing and planning it took ten times as long as reading.
STATEMENT: Prepared[Statement] = Prepared(
    lambda: Statement.objects.select_related(*JOINED).filter(number=Told("number", CharField()))
)


def statement(number: str) -> Statement:
    """Published, replaced and withdrawn ones all open: public memory is the point. Hidden (404) for unknown numbers."""
    found = STATEMENT.first(number=number)
    if found is None:
        raise accounts.Hidden
    return found


def plan(number: str) -> Plan:
    """A published plan; Hidden (404) for unknown numbers."""
    found = Plan.objects.select_related("activity__organization", "activity__rulebook").filter(number=number).first()
    if found is None:
        raise accounts.Hidden
    return found


def publishable(user: Any, code: str) -> Activity:
    """An activity for a member who may publish in its organization's name."""
    return activities.activity(user, code, may=Permission.PUBLISH)


def withdrawable(user: Any, number: str) -> Statement:
    """A statement for a member who may publish, and so take back, in its organization's name."""
    found = statement(number)
    accounts.require(user, Permission.PUBLISH, found.activity.organization)
    return found


def may_publish(user: Any, activity: Activity) -> bool:
    """Whether to offer the button."""
    return accounts.can(user, Permission.PUBLISH, activity.organization)
