"""What the database itself refuses."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Invitation, Membership, Organization, Restriction, UsedCode, User
from accounts.tests.factories import MADE_AT, make_member, make_organization, make_user

pytestmark = pytest.mark.django_db


def refused(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()
    return True


def test_addresses_are_lower_case_and_unique():
    make_user(email="a@example.org")
    assert refused(lambda: User.objects.create(email="A@example.org"))
    assert refused(lambda: User.objects.create(email="a@example.org"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "king"},
        {"code": "91510100ma60000320"},
        {"code": "9151"},
        {"region_code": "51", "code": "91510100MA60000320"},
        {"verified_by": None},
        {"declined_at": MADE_AT},
    ],
)
def test_organizations_are_whole(wrong):
    assert refused(lambda: make_organization(**wrong))


def test_an_organization_is_not_verified_and_declined_at_once():
    made = make_organization()
    verdict = {"declined_at": MADE_AT, "declined_by": make_user()}
    assert refused(lambda: Organization.objects.filter(pk=made.pk).update(**verdict))


def test_a_person_has_one_role_in_force_in_an_organization():
    membership = make_member()
    assert refused(lambda: make_member(membership.user, membership.organization, "viewer"))
    ended = {"ended_at": MADE_AT + timedelta(1), "ended_by": membership.user}
    Membership.objects.filter(pk=membership.pk).update(**ended)
    make_member(membership.user, membership.organization, "viewer")
    assert refused(lambda: make_member(role="king"))
    assert refused(lambda: make_member(ended_at=MADE_AT))
    assert refused(lambda: make_member(ended_at=MADE_AT - timedelta(1), ended_by=make_user()))


def invitation(**over):
    facts = {
        "organization": over.pop("organization", None) or make_organization(),
        "email": "a@example.org",
        "role": "viewer",
        "token_digest": over.pop("token_digest", "d" * 64),
        "invited_at": MADE_AT,
        "invited_by": make_user(),
        "expires_at": MADE_AT + timedelta(7),
    }
    return Invitation.objects.create(**(facts | over))


def test_invitations_are_whole_and_one_to_an_address():
    first = invitation()
    assert refused(lambda: invitation(organization=first.organization, token_digest="e" * 64))
    assert refused(lambda: invitation())
    assert refused(lambda: invitation(token_digest="f" * 64, role="king"))
    assert refused(lambda: invitation(token_digest="f" * 64, accepted_at=MADE_AT))
    both = {"accepted_at": MADE_AT, "accepted_by": make_user(), "withdrawn_at": MADE_AT, "withdrawn_by": make_user()}
    assert refused(lambda: invitation(token_digest="f" * 64, **both))


def restriction(**over):
    facts = {
        "organization": over.pop("organization", None) or make_organization(),
        "kind": "self_declaration",
        "basis": "L-1",
        "since_on": MADE_AT.date(),
        "imposed_at": MADE_AT,
    }
    return Restriction.objects.create(**(facts | over))


def test_restrictions_are_whole_and_once_per_basis():
    first = restriction()
    assert refused(lambda: restriction(organization=first.organization))
    assert refused(lambda: restriction(kind="everything"))
    assert refused(lambda: restriction(until_on=MADE_AT.date() - timedelta(1)))
    assert refused(lambda: restriction(lifted_by=make_user()))


def test_a_code_is_used_once_by_a_person():
    person = make_user()
    UsedCode.objects.create(user=person, mark="totp:x:1", used_at=MADE_AT)
    assert refused(lambda: UsedCode.objects.create(user=person, mark="totp:x:1", used_at=MADE_AT))
    UsedCode.objects.create(user=make_user(), mark="totp:x:1", used_at=MADE_AT)
