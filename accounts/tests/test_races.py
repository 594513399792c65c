"""A role taken away commits nothing any more, however many acts are under way (C9, T12). Control: no lock."""

import time

import pytest
from django.utils import timezone

from accounts import access, operations
from accounts.rules import Role
from accounts.tests.factories import make_member, make_organization
from accounts.tests.parallel import in_processes
from neutrality.refusals import Refusal
from neutrality.trail.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)


def race():
    """Seven windows of one helper invite as fast as they can; the owner ends the membership in the middle.
    How many invitations were committed before the end, and after it."""
    organization = make_organization()
    owner = make_member(organization=organization).user
    helper = make_member(organization=organization, role=Role.ADMINISTRATOR)

    def work(place):
        if place == 0:
            time.sleep(0.4)
            operations.revoke(membership=helper, by=owner, at=timezone.now())
            return
        for number in range(400):
            try:
                operations.invite(
                    organization=organization,
                    email=f"p{place}-{number}@example.org",
                    role=Role.VIEWER,
                    by=helper.user,
                    at=timezone.now(),
                )
            except Refusal:
                return

    in_processes(work)
    end = Entry.objects.get(verb="organization.revoke").number
    invited = Entry.objects.filter(verb="organization.invite")
    return invited.filter(number__lt=end).count(), invited.filter(number__gt=end).count()


def test_nothing_is_committed_after_the_role_is_gone():
    before, after = race()
    assert before > 0
    assert after == 0


def test_a_role_read_before_the_lock_would_let_some_through(monkeypatch):
    role = access.role

    def slowly(user, organization):
        found = role(user, organization)
        time.sleep(0.02)
        return found

    monkeypatch.setattr(access, "role", slowly)
    monkeypatch.setattr(operations, "_locked", lambda organization: organization)
    before, after = race()
    assert before > 0
    assert after > 0
