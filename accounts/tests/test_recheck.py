"""The second look finds what was planted, names the row, and is silent otherwise."""

import pytest

from accounts import recheck
from accounts.models import Membership, Organization
from accounts.rules import Role
from accounts.tests.factories import MADE_AT, make_member, make_organization, make_user

pytestmark = pytest.mark.django_db


def found():
    return [(finding.table, finding.key) for finding in recheck.findings()]


def invented():
    """A person of the demonstration, as they are made: without a password."""
    user = make_user(is_demo=True)
    user.set_unusable_password()
    user.save()
    return user


def test_a_sound_house_says_nothing(cast):
    assert found() == []


def test_what_was_planted_is_named(cast):
    Organization.objects.filter(pk=cast.elsewhere.pk).update(code="91510100MA6000032X")
    Membership.objects.filter(user=cast.organizer).update(ended_at=MADE_AT, ended_by=cast.organizer)
    wrong = make_member(organization=cast.registry, role=Role.REGULATOR)
    made = make_organization(verified_by=invented())
    actor = make_user(is_demo=True)
    assert found() == [
        ("accounts_organization", str(cast.elsewhere.pk)),
        ("accounts_organization", str(cast.home.pk)),
        ("accounts_membership", str(wrong.pk)),
        ("accounts_organization", str(made.pk)),
        ("accounts_user", str(actor.pk)),
    ]
