"""The verbs: describe; register, edit, verify, decline; invite, withdraw, accept, grant, revoke; restrict, lift.

Whoever acts is asked for their right again inside the transaction, after the organization's row is locked: a role taken
away a moment ago commits nothing (T12). Lock order: organization, then its memberships and invitations, then the trail.
"""

import secrets

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts import access, rules, words
from accounts.models import AccessKey, Invitation, Membership, Organization, Restriction, User
from accounts.rules import Kind, NotUscc, Permission, Role
from neutrality.refusals import Refusal
from neutrality.trail import operations as trail


class NotAllowed(Refusal):
    code = "not_allowed"
    message = _("You may not do this any more, or never could. Ask an owner of the organization.")


class BadCode(Refusal):
    code = "bad_code"


class Taken(Refusal):
    code = "taken"
    message = _(
        "An organization with this code is registered already. Ask its owner to invite you; "
        "if nobody of yours registered it, write to the regulator of your area."
    )


class AlreadyDecided(Refusal):
    code = "already_decided"
    message = _("Somebody has decided about this organization already.")


class ReasonMissing(Refusal):
    code = "reason_missing"
    message = _("Say why, so that the organization can mend it.")


class RoleNotOffered(Refusal):
    code = "role_not_offered"
    message = _("This role does not exist in an organization of this kind.")


class LastOwner(Refusal):
    code = "last_owner"
    message = _("An organization keeps at least one owner. Make somebody else owner first.")


class AlreadyEnded(Refusal):
    code = "already_ended"
    message = _("This membership has ended already.")


class InvitationClosed(Refusal):
    code = "invitation_closed"
    message = _(
        "This invitation opens nothing for you. It may be used, withdrawn or out of date, "
        "or meant for another e-mail address. Ask for a new one."
    )


class NotRestricted(Refusal):
    code = "not_restricted"
    message = _("This restriction is lifted already.")


def _subject(organization) -> str:
    return f"organization:{organization.code}"


def _locked(organization) -> Organization:
    return Organization.objects.select_for_update().get(pk=organization.pk)


def _managing_role(by, organization) -> str:
    """The role under which `by` manages members now; refuses others."""
    role = access.role(by, organization)
    if role is None or not rules.grants(
        role, organization.kind, Permission.MANAGE_MEMBERS, verified=organization.verified
    ):
        raise NotAllowed
    return role


def _check_assignable(own, role, organization) -> None:
    if role not in rules.ROLES[Kind(organization.kind)]:
        raise RoleNotOffered(field="role")
    if not rules.may_assign(own, role):
        raise NotAllowed


def _other_owners(organization, user) -> bool:
    owners = Membership.objects.active().filter(organization=organization, role=Role.OWNER)
    return owners.exclude(user=user).exists()


@transaction.atomic
def describe(*, user, name, language, by, at) -> User:
    """Change one's own name and the language of letters."""
    if by != user:
        raise NotAllowed
    user.name, user.language = name, language
    user.save(update_fields=["name", "language"])
    trail.record(verb="user.describe", subject=f"user:{user.public_id}", by=by, at=at)
    return user


# ---- organizations ---------------------------------------------------------------------------------------------------


@transaction.atomic
def register(*, code, name_zh, kind, region_code, by, at, name_en="", about="", is_demo=False) -> Organization:
    """A new organization with `by` as its owner, waiting to be verified. A code once declined may be claimed anew."""
    try:
        code = rules.read_uscc(code).code
    except NotUscc as error:
        raise BadCode.many(words.uscc_problems(error)) from error
    facts = {
        "name_zh": name_zh,
        "name_en": name_en,
        "kind": Kind(kind),
        "region_code": region_code,
        "about": about,
        "is_demo": is_demo,
        "registered_at": at,
        "registered_by": by,
    }
    organization = _claim(code, facts, by, at)
    Membership.objects.create(user=by, organization=organization, role=Role.OWNER, granted_at=at, granted_by=by)
    trail.record(
        verb="organization.register",
        subject=_subject(organization),
        by=by,
        at=at,
        content={"name_zh": name_zh, "name_en": name_en, "kind": str(Kind(kind)), "region_code": region_code},
    )
    return organization


def _claim(code, facts, by, at) -> Organization:
    """A new row, or the declined one emptied of its people; refuses when the code belongs to somebody."""
    existing = Organization.objects.select_for_update().filter(code=code).first()
    if existing is None:
        try:
            with transaction.atomic():
                return Organization.objects.create(code=code, **facts)
        except IntegrityError:
            raise Taken(field="code") from None
    if existing.declined_at is None:
        raise Taken(field="code")
    Membership.objects.active().filter(organization=existing).update(ended_at=at, ended_by=by)
    Invitation.objects.open(at).filter(organization=existing).update(withdrawn_at=at, withdrawn_by=by)
    AccessKey.objects.filter(organization=existing).end(by=by, at=at)
    for name, value in (facts | {"declined_at": None, "declined_by": None, "decline_reason": ""}).items():
        setattr(existing, name, value)
    existing.save()
    return existing


@transaction.atomic
def edit(*, organization, name_zh, name_en, region_code, about, by, at) -> Organization:
    """Correct the details. A changed name or seat is a new claim: verification starts again."""
    organization = _locked(organization)
    _managing_role(by, organization)
    before = (organization.name_zh, organization.name_en, organization.region_code)
    organization.name_zh, organization.name_en = name_zh, name_en
    organization.region_code, organization.about = region_code, about
    if before != (name_zh, name_en, region_code) or organization.declined_at is not None:
        organization.verified_at = organization.verified_by = None
        organization.declined_at = organization.declined_by = None
        organization.decline_reason = ""
    organization.save()
    trail.record(
        verb="organization.edit",
        subject=_subject(organization),
        by=by,
        at=at,
        content={"name_zh": name_zh, "name_en": name_en, "region_code": region_code, "about": about},
    )
    return organization


@transaction.atomic
def verify(*, organization, by, at) -> Organization:
    """A regulator of the area confirms that the organization is who it says (R7.3)."""
    organization = _undecided(organization, by)
    organization.verified_at, organization.verified_by = at, by
    organization.save()
    trail.record(verb="organization.verify", subject=_subject(organization), by=by, at=at, public=True)
    return organization


@transaction.atomic
def decline(*, organization, reason, by, at) -> Organization:
    """A regulator of the area cannot confirm it; the reason goes to its members."""
    if not reason.strip():
        raise ReasonMissing(field="reason")
    organization = _undecided(organization, by)
    organization.declined_at, organization.declined_by, organization.decline_reason = at, by, reason
    organization.save()
    trail.record(verb="organization.decline", subject=_subject(organization), by=by, at=at, content={"reason": reason})
    return organization


def _undecided(organization, by) -> Organization:
    organization = _locked(organization)
    if not access.verifies(by, organization):
        raise NotAllowed
    if organization.verified_at is not None or organization.declined_at is not None:
        raise AlreadyDecided
    return organization


# ---- members ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def invite(*, organization, email, role, by, at) -> tuple[Invitation, str]:
    """Offer `role` to whoever proves to hold `email`; returns the invitation and its token, shown this once.

    An earlier open invitation to the same address is replaced. Whether the address is known here makes no difference.
    """
    organization = _locked(organization)
    _check_assignable(_managing_role(by, organization), role, organization)
    email = email.strip().lower()
    earlier = Invitation.objects.filter(
        organization=organization, email=email, accepted_at__isnull=True, withdrawn_at__isnull=True
    )
    earlier.update(withdrawn_at=at, withdrawn_by=by)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organization=organization,
        email=email,
        role=role,
        token_digest=access.digest(token),
        invited_at=at,
        invited_by=by,
        expires_at=at + rules.INVITATION_LASTS,
    )
    content = {"invitation": str(invitation.public_id), "role": str(role)}
    trail.record(verb="organization.invite", subject=_subject(organization), by=by, at=at, content=content)
    return invitation, token


@transaction.atomic
def withdraw(*, invitation, by, at) -> Invitation:
    """Take an open invitation back."""
    organization = _locked(invitation.organization)
    own = _managing_role(by, organization)
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if not rules.may_assign(own, invitation.role):
        raise NotAllowed
    if invitation.accepted_at is not None or invitation.withdrawn_at is not None:
        raise InvitationClosed
    invitation.withdrawn_at, invitation.withdrawn_by = at, by
    invitation.save()
    content = {"invitation": str(invitation.public_id)}
    trail.record(verb="organization.withdraw", subject=_subject(organization), by=by, at=at, content=content)
    return invitation


def readable(token, user, at) -> Invitation | None:
    """The open invitation behind `token` if it is meant for a verified address of `user` and still has a voucher."""
    invitation = (
        Invitation.objects.open(at)
        .select_related("organization", "invited_by")
        .filter(token_digest=access.digest(token))
    ).first()
    if invitation is None or not user.is_authenticated:
        return None
    if not EmailAddress.objects.filter(user=user, email__iexact=invitation.email, verified=True).exists():
        return None
    own = access.role(invitation.invited_by, invitation.organization)
    return invitation if own and rules.may_assign(own, invitation.role) else None


@transaction.atomic
def accept(*, token, by, at) -> Membership:
    """`by` takes up the invitation: once, in time, at the address it was sent to, while its sender may still invite."""
    found = Invitation.objects.filter(token_digest=access.digest(token)).first()
    if found is None:
        raise InvitationClosed
    organization = _locked(found.organization)
    invitation = readable(token, by, at)
    if invitation is None:
        raise InvitationClosed
    membership = _assign(by, organization, invitation.role, invitation.invited_by, at)
    invitation.accepted_at, invitation.accepted_by = at, by
    invitation.save()
    content = {"invitation": str(invitation.public_id), "role": invitation.role}
    trail.record(verb="organization.accept", subject=_subject(organization), by=by, at=at, content=content)
    return membership


def _assign(user, organization, role, by, at) -> Membership:
    """The membership of `user` in `role`: the present one when it is the same, else a new row after the old one."""
    present = Membership.objects.active().filter(user=user, organization=organization).first()
    if present is not None and present.role == role:
        return present
    if present is not None:
        if present.role == Role.OWNER and not _other_owners(organization, user):
            raise LastOwner
        present.ended_at, present.ended_by = at, by
        present.save()
    return Membership.objects.create(user=user, organization=organization, role=role, granted_at=at, granted_by=by)


@transaction.atomic
def grant(*, user, organization, role, by, at) -> Membership:
    """Give a member another role. People who are not members are invited instead."""
    organization = _locked(organization)
    own = _managing_role(by, organization)
    _check_assignable(own, role, organization)
    present = access.role(user, organization)
    if present is None or not rules.may_assign(own, present) or (user == by and own != Role.OWNER):
        raise NotAllowed
    membership = _assign(user, organization, role, by, at)
    content = {"member": str(user.public_id), "role": str(role)}
    trail.record(verb="organization.grant", subject=_subject(organization), by=by, at=at, content=content)
    return membership


@transaction.atomic
def revoke(*, membership, by, at) -> Membership:
    """End a membership, one's own included. Power ends with it at once, and so do its invitations and keys."""
    organization = _locked(membership.organization)
    membership = Membership.objects.get(pk=membership.pk)
    if membership.user != by and not rules.may_assign(_managing_role(by, organization), membership.role):
        raise NotAllowed
    if membership.ended_at is not None:
        raise AlreadyEnded
    if membership.role == Role.OWNER and not _other_owners(organization, membership.user):
        raise LastOwner
    membership.ended_at, membership.ended_by = at, by
    membership.save()
    vouched = Invitation.objects.open(at).filter(organization=organization, invited_by=membership.user)
    vouched.update(withdrawn_at=at, withdrawn_by=by)
    AccessKey.objects.filter(organization=organization, made_by=membership.user).end(by=by, at=at)
    content = {"member": str(membership.user.public_id), "role": membership.role}
    trail.record(verb="organization.revoke", subject=_subject(organization), by=by, at=at, content=content)
    return membership


# ---- restrictions (decided upstairs, written down here) --------------------------------------------------------------


@transaction.atomic
def restrict(*, organization, kind, basis, since_on, by, at, until_on=None) -> Restriction:
    """Write down what a decision keeps the organization from. The same basis twice is once."""
    organization = _locked(organization)
    present = Restriction.objects.filter(organization=organization, kind=kind, basis=basis, lifted_at__isnull=True)
    if found := present.first():
        return found
    restriction = Restriction.objects.create(
        organization=organization,
        kind=kind,
        basis=basis,
        since_on=since_on,
        until_on=until_on,
        imposed_at=at,
        imposed_by=by,
    )
    trail.record(
        verb="organization.restrict",
        subject=_subject(organization),
        by=by,
        at=at,
        content={"kind": str(kind), "basis": basis, "since_on": since_on, "until_on": until_on},
    )
    return restriction


@transaction.atomic
def lift(*, restriction, by, at) -> Restriction:
    """End a restriction before its last day."""
    organization = _locked(restriction.organization)
    restriction = Restriction.objects.get(pk=restriction.pk)
    if restriction.lifted_at is not None:
        raise NotRestricted
    restriction.lifted_at, restriction.lifted_by = at, by
    restriction.save()
    content = {"kind": restriction.kind, "basis": restriction.basis}
    trail.record(verb="organization.lift", subject=_subject(organization), by=by, at=at, content=content)
    return restriction
