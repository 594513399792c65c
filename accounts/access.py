"""Who may do what, asked anew at each act: a role that ended a moment ago grants nothing now.

can(user, Permission.PUBLISH, organization)          for buttons and other rooms' getters
organization(user, code, may=Permission.VIEW)        fetch and authorise in one call, for views
"""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404

from accounts import confirming, rules
from accounts.models import AccessKey, Membership, Organization, Restriction
from accounts.rules import Kind, Permission

# For views of weighty acts in every room: `@access.asked_again`; where files are sent along, the two halves of it.
asked_again = confirming.asked_again
is_fresh_for_form = confirming.is_fresh_for_form
show_again = confirming.show_again


USE_NOTED_EVERY = timedelta(minutes=1)


class Hidden(Http404):
    """What strangers see: absent and forbidden look alike."""


def role(user, organization) -> str | None:
    """The role `user` has in `organization` now, or None."""
    if not user.is_authenticated or not user.is_active:
        return None
    found = Membership.objects.active().filter(user=user, organization=organization).values_list("role", flat=True)
    return found.first()


def can(user, permission, organization) -> bool:
    """May `user` do `permission` in the name of `organization`, now?"""
    held = role(user, organization)
    return held is not None and rules.grants(held, organization.kind, permission, verified=organization.verified)


def require(user, permission, organization) -> None:
    """Nothing when allowed; Hidden for strangers, PermissionDenied for members without the role."""
    held = role(user, organization)
    if held is None:
        raise Hidden
    if not rules.grants(held, organization.kind, permission, verified=organization.verified):
        raise PermissionDenied


def organization(user, code, may=Permission.VIEW) -> Organization:
    """The organization with `code`, for a member who may; anonymous people are sent to log in by the view."""
    found = Organization.objects.filter(code=code).first()
    if found is None:
        raise Hidden
    require(user, may, found)
    return found


def organizations(user, may=Permission.VIEW):
    """Queryset of the organizations in whose name `user` may do `may` now."""
    if not user.is_authenticated or not user.is_active:
        return Organization.objects.none()
    held = Membership.objects.active().filter(user=user, role__in=rules.roles_granting(may))
    found = Organization.objects.filter(pk__in=held.values("organization"), kind__in=rules.kinds_having(may))
    return found.verified() if may in rules.NEEDS_VERIFICATION else found


def regulated_areas(user, may=Permission.REVIEW) -> list[str]:
    """Region codes of the verified regulators for which `user` may do `may`."""
    return list(organizations(user, may).filter(kind=Kind.REGULATOR).values_list("region_code", flat=True))


def regulates(user, region_code, may=Permission.REVIEW) -> bool:
    """Is `user` an officer of a verified regulator whose area contains `region_code`?"""
    return any(rules.covers(area, region_code) for area in regulated_areas(user, may))


def verifies(user, organization) -> bool:
    """May `user` say that `organization` is who it claims to be? Officers of the area, and the portal's administrators.

    Nobody verifies an organization of their own.
    """
    if not user.is_authenticated or not user.is_active:
        return False
    if role(user, organization) is not None:
        return False
    if user.is_superuser:
        return True
    areas = regulated_areas(user, Permission.VERIFY_ORGANIZATION)
    return any(rules.may_verify(area, organization.region_code, organization.kind) for area in areas)


def restricted(organization, kind, on) -> bool:
    """Is `organization` kept from `kind` on the day `on`?"""
    return Restriction.objects.in_force(on).filter(organization=organization, kind=kind).exists()


def needs_second_factor(user) -> bool:
    """Does `user` act for others (evaluator, registry, regulator, administrator), so that a password is not enough?"""
    if user.is_staff or user.is_superuser:
        return True
    return Membership.objects.acting_for_others().filter(user=user).exists()


def digest(secret) -> str:
    """What is kept of a key's secret or an invitation's token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def key(secret, at) -> AccessKey | None:
    """The key behind `secret` if it is in force at the moment `at` and its person may still act; else None.

    A person of the demonstration acts only where the demonstration runs.
    """
    found = AccessKey.objects.in_force(at).select_related("organization", "made_by").filter(digest=digest(secret))
    held = found.first()
    if held is None or not held.made_by.is_active or (held.made_by.is_demo and not settings.DEMO):
        return None
    return held


def reaches(held, scope) -> bool:
    """Does the key `held` have `scope`, and may its person do now what the scope stands for?"""
    return scope in held.scopes and can(held.made_by, rules.KEY_NEEDS[rules.Scope(scope)], held.organization)


def note_use(held, at) -> None:
    """When a key was used last, to the minute: reading many times a second shall not write as often."""
    before = Q(last_used_at__isnull=True) | Q(last_used_at__lt=at - USE_NOTED_EVERY)
    AccessKey.objects.filter(before, pk=held.pk).update(last_used_at=at)
