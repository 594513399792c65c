"""Reads that feed one page each."""

from django.db.models import Q

from accounts import access, rules
from accounts.models import AccessKey, Invitation, Membership, Organization, User
from accounts.rules import Kind, Permission


def mine(user):
    """The memberships of `user` in force, with their organizations."""
    return Membership.objects.active().filter(user=user).select_related("organization").order_by("organization__code")


def members(organization):
    """Memberships in force, owners' seniority first."""
    return Membership.objects.active().filter(organization=organization).select_related("user", "organization")


def invitations(organization, at):
    """Invitations still open at the moment `at`."""
    return Invitation.objects.open(at).filter(organization=organization).select_related("invited_by")


def keys_of(user):
    """Every key of a person, newest first."""
    return AccessKey.objects.filter(made_by=user).select_related("organization", "made_by")


def keys_in(organization, at):
    """Keys in force in an organization, newest first."""
    return AccessKey.objects.in_force(at).filter(organization=organization).select_related("organization", "made_by")


def pending(user):
    """Organizations waiting for a word that `user` may give, oldest first."""
    waiting = Organization.objects.pending().select_related("registered_by").order_by("registered_at", "pk")
    waiting = waiting.exclude(pk__in=Organization.objects.of(user))
    if user.is_superuser:
        return waiting
    reach = Q(pk__in=[])
    for code in access.regulated_areas(user, Permission.VERIFY_ORGANIZATION):
        inside = Q(region_code__startswith=rules.area(code))
        reach |= inside & ~(Q(kind=Kind.REGULATOR) & Q(region_code__in=rules.same_area(code)))
    return waiting.filter(reach)


def demonstration_people():
    """Whom a visitor may enter as: demonstration people with no power over the portal itself."""
    people = User.objects.filter(is_demo=True, is_active=True, is_staff=False, is_superuser=False)
    return people.prefetch_related("memberships__organization").order_by("pk")
