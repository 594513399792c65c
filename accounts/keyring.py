"""The verbs of keys: make, revoke. A key is its maker's: it can do nothing they may not do."""

import secrets
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import access, rules
from accounts.models import AccessKey, Organization
from accounts.operations import NotAllowed
from accounts.rules import KEY_NEEDS, Permission, Scope
from neutrality.refusals import Refusal
from neutrality.trail import operations as trail

PREFIX = "qz_"  # so that a key in the wrong place is recognised as one
HINT = 8


class TooManyKeys(Refusal):
    code = "too_many_keys"
    message = _("You have ten keys in force here. Revoke one that is no longer needed.")


class MadeAlready(Refusal):
    code = "made_already"
    message = _("This key was made already and its secret shown once. Revoke it and make another if you lost it.")


class NoScope(Refusal):
    code = "no_scope"
    message = _("Choose at least one thing the key may do.")


class BadEnd(Refusal):
    code = "bad_end"
    message = _("A key lasts 30, 90 or 365 days.")


class RevokedAlready(Refusal):
    code = "revoked_already"
    message = _("This key is revoked already.")


@transaction.atomic
def make(*, organization, public_id, name, scopes, days, by, at) -> tuple[AccessKey, str]:
    """A key for `by` in `organization`, good for `days`; returns it with its secret, shown this once.

    Raises NotAllowed, NoScope, BadEnd, TooManyKeys, MadeAlready (the same `public_id` again).
    """
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    chosen = [Scope(scope) for scope in dict.fromkeys(scopes)]
    if not chosen:
        raise NoScope(field="scopes")
    if days not in rules.KEY_DAYS:
        raise BadEnd(field="days")
    if not all(access.can(by, KEY_NEEDS[scope], organization) for scope in chosen):
        raise NotAllowed
    if AccessKey.objects.filter(public_id=public_id).exists():
        raise MadeAlready
    if AccessKey.objects.in_force(at).filter(organization=organization, made_by=by).count() >= rules.MOST_KEYS:
        raise TooManyKeys
    secret = PREFIX + secrets.token_urlsafe(32)
    key = AccessKey.objects.create(
        public_id=UUID(str(public_id)),
        organization=organization,
        name=name,
        scopes=[scope.value for scope in chosen],
        hint=secret[:HINT],
        digest=access.digest(secret),
        made_at=at,
        made_by=by,
        expires_at=at + timedelta(days=days),
    )
    content = {"key": key.public_id, "scopes": key.scopes, "expires_at": key.expires_at}
    trail.record(verb="key.make", subject=subject(key), by=by, at=at, content=content)
    return key, secret


@transaction.atomic
def revoke(*, key, by, at) -> AccessKey:
    """End a key at once: one's own, or any of the organization for those who manage members."""
    locked = AccessKey.objects.select_for_update(of=("self",)).select_related("organization", "made_by").get(pk=key.pk)
    if not may_revoke(by, locked):
        raise NotAllowed
    if locked.revoked_at is not None:
        raise RevokedAlready
    locked.revoked_at, locked.revoked_by = at, by
    locked.save(update_fields=["revoked_at", "revoked_by"])
    trail.record(verb="key.revoke", subject=subject(locked), by=by, at=at, content={"key": locked.public_id})
    return locked


def may_revoke(user, key) -> bool:
    """Its maker, and whoever manages the members of its organization."""
    return key.made_by_id == user.pk or access.can(user, Permission.MANAGE_MEMBERS, key.organization)


def subject(key) -> str:
    return f"organization:{key.organization.code}"
