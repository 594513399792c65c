"""Every verb: what it does, every refusal, the trail entry, the second call."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress

from accounts import access, operations
from accounts.models import Invitation, Membership, Organization, Restriction
from accounts.rules import INVITATION_LASTS, Kind, Permission, Role
from accounts.tests.factories import MADE_AT, make_member, make_organization, make_user
from neutrality.trail.models import Entry

pytestmark = pytest.mark.django_db

AT = MADE_AT + timedelta(days=30)
LATER = AT + timedelta(hours=1)


def register(by, **over):
    facts = {"code": "91510100MA60000320", "name_zh": "新来有限公司", "kind": Kind.ORGANIZER, "region_code": "510100"}
    return operations.register(**(facts | over), by=by, at=AT)


def verbs():
    return list(Entry.objects.order_by("number").values_list("verb", flat=True))


def refuses(refusal, call, **arguments):
    """`call` refuses with `refusal`, and nothing at all was written."""
    before = (verbs(), list(Membership.objects.values()), list(Organization.objects.values()))
    with pytest.raises(refusal):
        call(**arguments)
    assert (verbs(), list(Membership.objects.values()), list(Organization.objects.values())) == before


def test_register_normalises_the_code_and_makes_an_owner():
    founder = make_user()
    made = register(founder, code=" ９１５１０１００ma6000 0320 ")
    assert made.code == "91510100MA60000320"
    assert not made.verified
    assert access.role(founder, made) == Role.OWNER
    entry = Entry.objects.get()
    assert (entry.verb, entry.subject, entry.by) == (
        "organization.register",
        "organization:91510100MA60000320",
        founder.public_id,
    )


def test_register_names_everything_wrong_with_a_code():
    with pytest.raises(operations.BadCode) as caught:
        register(make_user(), code="O1510100MA6000")
    assert [problem.code for problem in caught.value.problems] == ["length", "letters"]
    assert {problem.field for problem in caught.value.problems} == {"code"}


def test_a_code_belongs_to_one_organization():
    register(make_user())
    refuses(operations.Taken, register, by=make_user())


def test_a_declined_code_may_be_claimed_by_somebody_else_and_the_first_claimant_is_out(cast):
    impostor, rightful = make_user(), make_user()
    made = register(impostor)
    _, token = operations.invite(organization=made, email="friend@example.org", role=Role.OWNER, by=impostor, at=AT)
    operations.decline(organization=made, reason="公章不符", by=cast.regulator, at=LATER)
    again = register(rightful, name_zh="正主有限公司")
    assert again.pk == made.pk
    assert (again.name_zh, again.declined_at, again.decline_reason) == ("正主有限公司", None, "")
    assert access.role(impostor, again) is None
    assert access.role(rightful, again) == Role.OWNER
    friend = make_user(email="friend@example.org")
    refuses(operations.InvitationClosed, operations.accept, token=token, by=friend, at=LATER)


def test_verify_opens_the_weightier_powers_once(cast):
    founder = make_user()
    made = register(founder)
    assert not access.can(founder, Permission.PUBLISH, made)
    done = operations.verify(organization=made, by=cast.regulator, at=LATER)
    assert (done.verified_at, done.verified_by) == (LATER, cast.regulator)
    assert access.can(founder, Permission.PUBLISH, done)
    refuses(operations.AlreadyDecided, operations.verify, organization=made, by=cast.second_officer, at=LATER)
    refuses(
        operations.AlreadyDecided,
        operations.decline,
        organization=made,
        reason="迟了",
        by=cast.second_officer,
        at=LATER,
    )
    assert verbs() == ["organization.register", "organization.verify"]


def test_only_an_officer_of_the_area_verifies(cast):
    made = register(make_user(), region_code="500000")
    for person in (cast.regulator, cast.organizer, cast.citizen):
        refuses(operations.NotAllowed, operations.verify, organization=made, by=person, at=LATER)
        refuses(operations.NotAllowed, operations.decline, organization=made, reason="x", by=person, at=LATER)


def test_an_officer_who_lost_the_role_since_the_page_was_opened_verifies_nothing(cast):
    made = register(make_user())
    operations_owner = make_member(organization=cast.authority, role=Role.OWNER).user
    operations.revoke(membership=cast.regulator.memberships.get(), by=operations_owner, at=AT)
    refuses(operations.NotAllowed, operations.verify, organization=made, by=cast.regulator, at=LATER)


def test_decline_wants_a_reason_and_editing_asks_again(cast):
    founder = make_user()
    made = register(founder)
    refuses(operations.ReasonMissing, operations.decline, organization=made, reason=" ", by=cast.regulator, at=LATER)
    made = operations.decline(organization=made, reason="名称与执照不符", by=cast.regulator, at=LATER)
    assert made.decline_reason == "名称与执照不符"
    assert not Organization.objects.pending().exists()
    details = {"name_zh": "改正有限公司", "name_en": "", "region_code": "510100", "about": ""}
    operations.edit(organization=made, **details, by=founder, at=LATER)
    assert list(Organization.objects.pending()) == [made]


def test_a_changed_name_or_seat_ends_verification_and_an_about_does_not(cast):
    details = {"name_zh": cast.home.name_zh, "name_en": cast.home.name_en, "region_code": "510100"}
    assert operations.edit(organization=cast.home, **details, about="新介绍", by=cast.organizer, at=AT).verified
    details["region_code"] = "510300"
    assert not operations.edit(organization=cast.home, **details, about="", by=cast.organizer, at=AT).verified
    refuses(
        operations.NotAllowed, operations.edit, organization=cast.home, **details, about="", by=cast.colleague, at=AT
    )


def invite(cast, **over):
    facts = {"email": "New.Person@Example.org", "role": Role.PREPARER, "by": cast.organizer, "at": AT}
    return operations.invite(organization=cast.home, **(facts | over))


def test_invitation_is_taken_up_once_by_the_address_it_names(cast):
    invitation, token = invite(cast)
    assert (invitation.email, invitation.expires_at) == ("new.person@example.org", AT + INVITATION_LASTS)
    assert token not in str(Invitation.objects.values())
    person = make_user(email="new.person@example.org")
    membership = operations.accept(token=token, by=person, at=LATER)
    assert (membership.role, membership.granted_by) == (Role.PREPARER, cast.organizer)
    refuses(operations.InvitationClosed, operations.accept, token=token, by=person, at=LATER)
    assert verbs() == ["organization.invite", "organization.accept"]
    assert "example.org" not in str(list(Entry.objects.values("content")))


def test_invitation_opens_nothing_for_others_or_too_late_or_withdrawn_or_unproven(cast):
    invitation, token = invite(cast)
    person = make_user(email="new.person@example.org")
    refuses(operations.InvitationClosed, operations.accept, token=token, by=cast.citizen, at=LATER)
    refuses(operations.InvitationClosed, operations.accept, token=token + "x", by=person, at=LATER)
    refuses(operations.InvitationClosed, operations.accept, token=token, by=person, at=AT + INVITATION_LASTS)
    EmailAddress.objects.filter(user=person).update(verified=False)
    refuses(operations.InvitationClosed, operations.accept, token=token, by=person, at=LATER)
    EmailAddress.objects.filter(user=person).update(verified=True)
    operations.withdraw(invitation=invitation, by=cast.organizer, at=LATER)
    refuses(operations.InvitationClosed, operations.accept, token=token, by=person, at=LATER)
    refuses(operations.InvitationClosed, operations.withdraw, invitation=invitation, by=cast.organizer, at=LATER)


def test_a_second_invitation_to_the_same_address_replaces_the_first(cast):
    _, first = invite(cast)
    _, second = invite(cast, role=Role.SIGNATORY)
    person = make_user(email="new.person@example.org")
    refuses(operations.InvitationClosed, operations.accept, token=first, by=person, at=LATER)
    assert operations.accept(token=second, by=person, at=LATER).role == Role.SIGNATORY


def test_an_invitation_dies_with_the_power_of_its_sender(cast):
    helper = make_member(organization=cast.home, role=Role.ADMINISTRATOR)
    _, token = invite(cast, by=helper.user)
    operations.revoke(membership=helper, by=cast.organizer, at=LATER)
    person = make_user(email="new.person@example.org")
    refuses(operations.InvitationClosed, operations.accept, token=token, by=person, at=LATER)


def test_invitation_is_voided_when_its_sender_may_no_longer_give_that_role(cast):
    deputy = make_member(organization=cast.home, role=Role.OWNER)
    _, token = invite(cast, by=deputy.user, role=Role.OWNER)
    operations.grant(user=deputy.user, organization=cast.home, role=Role.ADMINISTRATOR, by=cast.organizer, at=LATER)
    person = make_user(email="new.person@example.org")
    refuses(operations.InvitationClosed, operations.accept, token=token, by=person, at=LATER)


def test_who_may_invite_whom(cast):
    refuses(operations.NotAllowed, invite, cast=cast, by=cast.colleague)
    refuses(operations.NotAllowed, invite, cast=cast, by=cast.stranger)
    refuses(operations.RoleNotOffered, invite, cast=cast, role=Role.REGULATOR)
    helper = make_member(organization=cast.home, role=Role.ADMINISTRATOR).user
    refuses(operations.NotAllowed, invite, cast=cast, by=helper, role=Role.OWNER)
    assert invite(cast, by=helper)[0].role == Role.PREPARER


def test_grant_changes_a_role_and_keeps_the_history(cast):
    grant = {"organization": cast.home, "at": AT}
    changed = operations.grant(user=cast.colleague, role=Role.SIGNATORY, by=cast.organizer, **grant)
    assert access.role(cast.colleague, cast.home) == Role.SIGNATORY
    rows = Membership.objects.filter(user=cast.colleague).order_by("pk")
    assert [(row.role, row.ended_at) for row in rows] == [(Role.VIEWER, AT), (Role.SIGNATORY, None)]
    same = operations.grant(user=cast.colleague, role=Role.SIGNATORY, by=cast.organizer, **grant)
    assert same == changed
    refuses(operations.NotAllowed, operations.grant, user=cast.citizen, role=Role.VIEWER, by=cast.organizer, **grant)
    refuses(operations.NotAllowed, operations.grant, user=cast.organizer, role=Role.VIEWER, by=cast.colleague, **grant)
    refuses(
        operations.RoleNotOffered,
        operations.grant,
        user=cast.colleague,
        role=Role.EVALUATOR,
        by=cast.organizer,
        **grant,
    )


def test_an_administrator_of_members_makes_nobody_owner_least_of_all_themselves(cast):
    helper = make_member(organization=cast.home, role=Role.ADMINISTRATOR).user
    grant = {"organization": cast.home, "by": helper, "at": AT}
    refuses(operations.NotAllowed, operations.grant, user=cast.colleague, role=Role.OWNER, **grant)
    refuses(operations.NotAllowed, operations.grant, user=cast.organizer, role=Role.VIEWER, **grant)
    refuses(operations.NotAllowed, operations.grant, user=helper, role=Role.SIGNATORY, **grant)
    owner = cast.organizer.memberships.get()
    refuses(operations.NotAllowed, operations.revoke, membership=owner, by=helper, at=AT)


def test_revoke_ends_power_at_once_and_once(cast):
    colleague = cast.colleague.memberships.get()
    operations.revoke(membership=colleague, by=cast.organizer, at=AT)
    assert access.role(cast.colleague, cast.home) is None
    refuses(operations.AlreadyEnded, operations.revoke, membership=colleague, by=cast.organizer, at=AT)


def test_everybody_may_leave_but_the_last_owner(cast):
    operations.revoke(membership=cast.colleague.memberships.get(), by=cast.colleague, at=AT)
    owner = cast.organizer.memberships.get()
    refuses(operations.LastOwner, operations.revoke, membership=owner, by=cast.organizer, at=AT)
    refuses(
        operations.LastOwner,
        operations.grant,
        user=cast.organizer,
        organization=cast.home,
        role=Role.VIEWER,
        by=cast.organizer,
        at=AT,
    )
    make_member(organization=cast.home, role=Role.OWNER)
    operations.revoke(membership=owner, by=cast.organizer, at=AT)
    assert access.role(cast.organizer, cast.home) is None


def test_strangers_end_nobodys_membership(cast):
    colleague = cast.colleague.memberships.get()
    for person in (cast.stranger, cast.regulator, cast.citizen):
        refuses(operations.NotAllowed, operations.revoke, membership=colleague, by=person, at=AT)


def test_restrict_is_once_per_basis_and_lifted_once(cast):
    facts = {"organization": cast.home, "kind": "self_declaration", "basis": "L-7", "since_on": AT.date()}
    first = operations.restrict(**facts, by=None, at=AT)
    assert operations.restrict(**facts, by=None, at=LATER) == first
    assert Restriction.objects.count() == 1
    assert access.restricted(cast.home, "self_declaration", AT.date())
    operations.lift(restriction=first, by=cast.regulator, at=LATER)
    assert not access.restricted(cast.home, "self_declaration", AT.date())
    refuses(operations.NotRestricted, operations.lift, restriction=first, by=cast.regulator, at=LATER)
    assert verbs() == ["organization.restrict", "organization.lift"]
    again = operations.restrict(**facts, by=None, at=LATER)
    assert again != first


def test_every_operation_leaves_one_entry(cast):
    """Counted once for all verbs: entries and calls agree."""
    made = register(make_user(email="founder@example.org"))
    operations.verify(organization=made, by=cast.regulator, at=AT)
    invitation, _ = invite(cast)
    operations.withdraw(invitation=invitation, by=cast.organizer, at=AT)
    operations.grant(user=cast.colleague, organization=cast.home, role=Role.PREPARER, by=cast.organizer, at=AT)
    operations.revoke(membership=cast.colleague.memberships.get(ended_at__isnull=True), by=cast.organizer, at=AT)
    assert verbs() == [
        "organization.register",
        "organization.verify",
        "organization.invite",
        "organization.withdraw",
        "organization.grant",
        "organization.revoke",
    ]


def test_make_organization_gives_what_the_rules_accept():
    assert make_organization("seller").verified
