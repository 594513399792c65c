"""A second look at people and organizations: what only the operations keep, and raw SQL could break."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q

from accounts import rules
from accounts.models import Membership, Organization, User
from accounts.rules import Kind, NotUscc, Role
from neutrality.findings import Finding


def findings() -> Iterator[Finding]:
    """Codes that fail their check, owners gone, roles out of place, invented and real people mixed."""
    yield from codes()
    yield from ownerless()
    yield from misplaced()
    yield from mixed()


def codes() -> Iterator[Finding]:
    for pk, code in Organization.objects.order_by("pk").values_list("pk", "code").iterator():
        try:
            rules.read_uscc(code)
        except NotUscc as problem:
            yield Finding("accounts_organization", str(pk), f"the code {code} is none: {problem}")


def ownerless() -> Iterator[Finding]:
    """Whoever registers an organization owns it, and the last owner stays."""
    ever = Membership.objects.filter(organization=OuterRef("pk"), role=Role.OWNER)
    for pk in (
        Organization.objects.filter(Exists(ever), ~Exists(ever.active())).order_by("pk").values_list("pk", flat=True)
    ):
        yield Finding("accounts_organization", str(pk), "lost its last owner")


def misplaced() -> Iterator[Finding]:
    fitting = Q(pk__in=[])
    for kind in Kind:
        fitting |= Q(organization__kind=kind, role__in=rules.ROLES[kind])
    for held in Membership.objects.active().exclude(fitting).select_related("organization").order_by("pk"):
        text = f"the role {held.role} does not exist in an organization of the kind {held.organization.kind}"
        yield Finding("accounts_membership", str(held.pk), text)


def mixed() -> Iterator[Finding]:
    """Power from the demonstration must never reach anything real."""
    wrong = Organization.objects.filter(is_demo=False, verified_by__is_demo=True).order_by("pk")
    for pk in wrong.values_list("pk", flat=True):
        yield Finding("accounts_organization", str(pk), "is real and was verified by a person of the demonstration")
    for user in User.objects.filter(is_demo=True).order_by("pk"):
        if user.has_usable_password():
            yield Finding("accounts_user", str(user.pk), "is of the demonstration and has a password")
