"""The door to an inventory: fetch and authorise in one call."""

from typing import Any

from accounts import access as accounts
from accounts.access import Hidden
from accounts.rules import Permission
from neutrality.activities import access as activities
from neutrality.activities.models import Activity
from neutrality.inventory import rules
from neutrality.inventory.models import Inventory


def activity(user: Any, code: str, kind: str, may: Permission | None = None) -> Activity:
    """The activity whose `kind` of inventory is asked for.

    With `may`: only members whose role grants it. Without: members, and the regulators of the place; the estimate is
    open to everybody once the plan is published (R1.12). Strangers get Hidden (404).
    """
    if kind not in {item.value for item in rules.Kind}:
        raise Hidden
    if may is not None:
        return activities.activity(user, code, may=may)
    found = Activity.objects.select_related("organization", "rulebook").filter(code=code).first()
    if found is None:
        raise Hidden
    if kind == rules.Kind.ESTIMATE and found.public:
        return found
    if found.public and user.is_authenticated and accounts.regulates(user, found.region_code):
        return found
    accounts.require(user, Permission.VIEW, found.organization)
    return found


def may_file(user: Any, activity: Activity) -> bool:
    """Whether `user` fills in the inventories of this activity: for buttons and drafts."""
    return accounts.can(user, Permission.FILE_INVENTORY, activity.organization)


def sealed(digest: str) -> Inventory:
    """A submitted inventory by its printed digest: whoever was given the digest may read what it stands for."""
    found = Inventory.objects.select_related("activity__organization", "rulebook", "seal").filter(digest=digest).first()
    if found is None or not digest:
        raise Hidden
    return found
