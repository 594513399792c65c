"""The doors of standing: public pages show what is public today; insiders see their own entries always."""

from datetime import date
from typing import Any

from accounts import access as people
from accounts.access import Hidden
from accounts.models import Organization
from neutrality.activities.models import Activity
from neutrality.oversight import access as cases
from neutrality.oversight.models import Case
from neutrality.oversight.rules import Actor, Kind
from neutrality.standing import queries
from neutrality.standing.models import Listing


def organization(code: str) -> Organization:
    """An organization with a public face: verified, or with a published activity. Others are nobody's business."""
    found = Organization.objects.filter(code=code).first()
    if found is None:
        raise Hidden
    if not found.verified and not Activity.objects.public().filter(organization=found).exists():
        raise Hidden
    return found


def listing(user: Any, number: str, on: date) -> Listing:
    """An entry: for everybody while it is public, for officers of the area and the subject always (R4.31)."""
    columns = ("organization", "case__subject", "policy", "ending")
    found = Listing.objects.select_related(*columns).filter(number=number).first()
    if found is None:
        raise Hidden
    if queries.entries(on).filter(pk=found.pk).exists():
        return found
    if not user.is_authenticated or not cases.sees_all(user, found.case):
        raise Hidden
    return found


def own_listing(user: Any, number: str) -> Listing:
    """An entry, for somebody who speaks for its subject."""
    found = Listing.objects.select_related("organization", "case__subject").filter(number=number).first()
    if found is None or people.role(user, found.organization) not in cases.SPEAKS:
        raise Hidden
    return found


def proposal(user: Any, number: str) -> Case:
    """A case that proposes an entry, for officers of the area."""
    found = cases.case(user, number)
    if found.kind not in (Kind.LISTING, Kind.RECOGNITION) or Actor.OFFICER not in cases.actors(user, found):
        raise Hidden
    return found
