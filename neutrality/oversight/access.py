"""Who may open a case, and in which capacities they stand in it."""

from typing import Any

from django.db.models import Q

from accounts import access as people
from accounts.access import Hidden
from accounts.rules import Permission, Role, area
from neutrality.inventory.models import Inventory
from neutrality.oversight.models import Case, Step
from neutrality.oversight.rules import PUBLIC_KINDS, Act, Actor, Person

SPEAKS = frozenset({Role.OWNER, Role.SIGNATORY})
"""Roles that answer in the name of the organization a case is about."""


def in_areas(codes: list[str]) -> Q:
    """Rows whose `region_code` lies in one of the areas; nothing for no area."""
    condition = Q(pk__in=[])
    for code in codes:
        condition |= Q(region_code__startswith=area(code))
    return condition


def actors(user: Any, case: Case) -> frozenset[Actor]:
    """The capacities `user` has in the case now: asked anew at each act (T12). Nobody in particular is the portal
    itself or somebody without an account."""
    if user is None:
        return frozenset({Actor.SYSTEM, Actor.PUBLIC})
    found = {Actor.PUBLIC}
    if people.regulates(user, case.region_code, Permission.REVIEW):
        found.add(Actor.OFFICER)
    if people.regulates(user, case.region_code, Permission.DECIDE):
        found.add(Actor.DECIDER)
    if people.role(user, case.subject) in SPEAKS:
        found.add(Actor.SUBJECT)
    return frozenset(found)


def person(user: Any, case: Case) -> Person:
    """`user` as the rules of cases see them."""
    if user is None:
        return Person("", actors(None, case))
    did = Step.objects.filter(case=case, by=user).values_list("act", flat=True) if user.is_authenticated else ()
    belongs = people.role(user, case.subject) is not None
    return Person(str(getattr(user, "public_id", "")), actors(user, case), frozenset(Act(act) for act in did), belongs)


def case(user: Any, number: str) -> Case:
    """The case with `number` for whoever may see it: kinds open to all, else officers of the area and the subject."""
    found = Case.objects.with_state().select_related("subject", "activity", "inventory")
    row = found.filter(number=number).first()
    if row is None:
        raise Hidden
    if row.kind in PUBLIC_KINDS:
        return row
    if not user.is_authenticated:
        raise Hidden
    if Actor.OFFICER not in actors(user, row) and people.role(user, row.subject) is None:
        raise Hidden
    return row


def reviewable(user: Any, digest: str) -> Any:
    """The submitted inventory with this digest, for officers of its place."""
    found = Inventory.objects.select_related("activity__organization").filter(digest=digest).first()
    if found is None or not people.regulates(user, found.activity.region_code, Permission.REVIEW):
        raise Hidden
    return found


def sees_all(user: Any, case: Case) -> bool:
    """Whether `user` sees more than the public of a case."""
    if not user.is_authenticated:
        return False
    return Actor.OFFICER in actors(user, case) or people.role(user, case.subject) is not None
