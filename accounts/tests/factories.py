"""Plain makers of people and organizations. Everything over-ridable, nothing hidden but running numbers."""

from datetime import UTC, datetime
from itertools import count
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts import keyring
from accounts.models import Membership, Organization, User
from accounts.rules import Role, Scope, compose_uscc

MADE_AT = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
PASSWORD = "copper-river-lantern-42"

numbers = count(1)


def make_uscc(region_code="510100", entity="91"):
    """A fresh, valid, synthetic code."""
    return compose_uscc(entity, region_code, f"MA7{next(numbers):05d}")


def make_user(*, verified=True, **over):
    """A person who can log in with PASSWORD, their address verified."""
    number = next(numbers)
    over.setdefault("email", f"person{number}@example.org")
    over.setdefault("name", f"Person {number}")
    user = User.objects.create_user(over.pop("email"), over.pop("password", PASSWORD), **over)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=verified)
    return user


def make_organization(kind="organizer", *, verified=True, **over):
    """An organization seated in Chengdu; verified unless told otherwise."""
    over.setdefault("region_code", "510100")
    if "code" not in over:
        over["code"] = make_uscc(over["region_code"])
    over.setdefault("name_zh", f"示例{over['code'][-6:]}公司")
    over.setdefault("name_en", f"Example {over['code'][-6:]} Ltd")
    over.setdefault("registered_at", MADE_AT)
    if "registered_by" not in over:
        over["registered_by"] = make_user()
    if verified:
        over.setdefault("verified_at", MADE_AT)
        over.setdefault("verified_by", over["registered_by"])
    return Organization.objects.create(kind=kind, **over)


def make_member(user=None, organization=None, role=Role.OWNER, **over):
    """A membership in force; user and organization are made when not given."""
    user = user or make_user()
    organization = organization or make_organization()
    over.setdefault("granted_at", MADE_AT)
    over.setdefault("granted_by", user)
    return Membership.objects.create(user=user, organization=organization, role=role, **over)


def make_key(user, organization, *, scopes=tuple(Scope), days=30, at=None, name="hotel system"):
    """A key in force and its secret."""
    return keyring.make(
        organization=organization,
        public_id=uuid4(),
        name=name,
        scopes=scopes,
        days=days,
        by=user,
        at=at or timezone.now(),
    )
