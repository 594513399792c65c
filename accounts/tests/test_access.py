"""Every branch of every getter."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from accounts import access
from accounts.access import Hidden
from accounts.models import Organization, Restriction
from accounts.rules import Permission, Role
from accounts.tests.factories import MADE_AT, make_member, make_organization, make_user

pytestmark = pytest.mark.django_db


def end(membership):
    membership.ended_at = MADE_AT + timedelta(days=1)
    membership.ended_by = membership.user
    membership.save()


def test_owner_may_and_stranger_citizen_anonymous_may_not(cast):
    assert access.can(cast.organizer, Permission.PUBLISH, cast.home)
    assert not access.can(cast.colleague, Permission.PUBLISH, cast.home)
    assert access.can(cast.colleague, Permission.VIEW, cast.home)
    for nobody in (cast.stranger, cast.citizen, cast.regulator, AnonymousUser()):
        assert not access.can(nobody, Permission.VIEW, cast.home)


def test_a_person_switched_off_may_nothing(cast):
    cast.organizer.is_active = False
    assert not access.can(cast.organizer, Permission.VIEW, cast.home)
    assert not access.organizations(cast.organizer).exists()
    assert not access.verifies(cast.organizer, cast.elsewhere)


def test_power_ends_with_the_membership():
    membership = make_member()
    assert access.can(membership.user, Permission.PUBLISH, membership.organization)
    end(membership)
    assert not access.can(membership.user, Permission.VIEW, membership.organization)
    assert list(access.organizations(membership.user)) == []


def test_power_waits_for_verification():
    organization = make_organization(verified=False)
    owner = make_member(organization=organization).user
    assert not access.can(owner, Permission.PUBLISH, organization)
    assert access.can(owner, Permission.EDIT_ACTIVITY, organization)
    assert list(access.organizations(owner, Permission.PUBLISH)) == []
    assert list(access.organizations(owner, Permission.EDIT_ACTIVITY)) == [organization]


def test_getter_finds_hides_and_refuses(cast):
    assert access.organization(cast.organizer, cast.home.code, may=Permission.MANAGE_MEMBERS) == cast.home
    assert access.organization(cast.colleague, cast.home.code) == cast.home
    with pytest.raises(PermissionDenied):
        access.organization(cast.colleague, cast.home.code, may=Permission.MANAGE_MEMBERS)
    for person, code in ((cast.stranger, cast.home.code), (cast.organizer, "91510100MA60000320")):
        with pytest.raises(Hidden):
            access.organization(person, code)


def test_organizations_lists_only_where_the_permission_is_real(cast):
    make_member(cast.organizer, cast.elsewhere, Role.VIEWER)
    assert set(access.organizations(cast.organizer)) == {cast.home, cast.elsewhere}
    assert list(access.organizations(cast.organizer, Permission.PUBLISH)) == [cast.home]
    assert list(access.organizations(cast.organizer, Permission.EVALUATE)) == []
    assert list(access.organizations(AnonymousUser())) == []


def test_regulating_is_by_area_and_by_verified_regulators_only(cast):
    assert access.regulates(cast.regulator, "510104")
    assert not access.regulates(cast.regulator, "500000")
    assert not access.regulates(cast.organizer, "510104")
    assert not access.regulates(AnonymousUser(), "510104")
    Organization.objects.filter(pk=cast.authority.pk).update(verified_at=None, verified_by=None)
    assert not access.regulates(cast.regulator, "510104")


def test_verifying_is_for_officers_of_the_area_and_administrators_and_never_for_oneself(cast):
    newcomer = make_organization(verified=False)
    assert access.verifies(cast.regulator, newcomer)
    assert not access.verifies(cast.regulator, make_organization(verified=False, region_code="500000"))
    assert not access.verifies(cast.organizer, newcomer)
    assert not access.verifies(AnonymousUser(), newcomer)
    assert not access.verifies(cast.regulator, cast.authority)
    administrator = make_user(is_superuser=True, is_staff=True)
    assert access.verifies(administrator, newcomer)
    make_member(cast.regulator, newcomer, Role.VIEWER)
    assert not access.verifies(cast.regulator, newcomer)


def test_an_equal_regulator_is_not_verified_by_its_equal(cast):
    twin = make_organization("regulator", verified=False, region_code="510000")
    below = make_organization("regulator", verified=False, region_code="510100")
    assert not access.verifies(cast.regulator, twin)
    assert access.verifies(cast.regulator, below)


def test_restrictions_hold_between_their_days(cast):
    day = MADE_AT.date()
    rule = Restriction.objects.create(
        organization=cast.home,
        kind="self_declaration",
        basis="L-1",
        since_on=day,
        until_on=day + timedelta(days=10),
        imposed_at=MADE_AT,
    )
    held = [access.restricted(cast.home, "self_declaration", day + timedelta(days=n)) for n in (-1, 0, 10, 11)]
    assert held == [False, True, True, False]
    rule.lifted_at = MADE_AT
    rule.save()
    assert not access.restricted(cast.home, "self_declaration", day)


def test_second_factor_is_needed_by_those_who_act_for_others(cast):
    assert [access.needs_second_factor(u) for u in (cast.evaluator, cast.registrar, cast.regulator)] == [True] * 3
    assert [access.needs_second_factor(u) for u in (cast.organizer, cast.citizen)] == [False] * 2
    assert access.needs_second_factor(make_user(is_staff=True))
    end(cast.evaluator.memberships.get())
    assert not access.needs_second_factor(cast.evaluator)


def test_one_question_costs_one_query(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        access.can(cast.organizer, Permission.PUBLISH, cast.home)
    with django_assert_num_queries(2):
        access.organization(cast.organizer, cast.home.code)
