"""The door to an activity: fetch and authorise in one call."""

from typing import Any

from accounts import access as accounts
from neutrality.activities.models import Activity


def activity(user: Any, code: str, may: str | None = None) -> Activity:
    """The activity with this code.

    Without `may`: one whose plan was published is open to everybody, a draft to members only. With `may`: only members
    whose role grants it. Strangers get Hidden (404), members without the role PermissionDenied (403).
    """
    found = Activity.objects.select_related("organization", "rulebook").filter(code=code).first()
    if found is None:
        raise accounts.Hidden
    if may is not None:
        accounts.require(user, may, found.organization)
        return found
    if found.public:
        return found
    accounts.require(user, accounts.Permission.VIEW, found.organization)
    return found
