"""Who may open the pages of organizations and people."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts import operations
from accounts.rules import Role
from accounts.tests.factories import make_key, make_organization
from portal.tests.doors import LOGIN, only

OWNER = only("organizer", without_role=("colleague",))
HOME = {"code": "cast.home.code"}
COLLEAGUE = HOME | {"person": "cast.colleague.public_id"}

DOORS = {
    "accounts:mine": ({}, LOGIN),
    "accounts:new": ({}, LOGIN),
    "accounts:profile": ({}, LOGIN),
    "accounts:second_factor": ({}, LOGIN),
    "accounts:pending": ({}, only("regulator", "second_officer")),
    "accounts:judge": ({"code": "unverified.code"}, only("regulator", "second_officer")),
    "accounts:settings": (HOME, only("organizer", "colleague")),
    "accounts:edit": (HOME, OWNER),
    "accounts:invite": (HOME, OWNER),
    "accounts:withdraw": (HOME | {"invitation": "invitation.public_id"}, OWNER),
    "accounts:member": (COLLEAGUE, OWNER),
    "accounts:leave": (COLLEAGUE, only("organizer", "colleague")),
    "accounts:keys": ({}, LOGIN),
    "accounts:make_key": (HOME, OWNER),
    "accounts:revoke_key": (HOME | {"key": "access_key.public_id"}, OWNER),
    "accounts:invitation": ({"token": "token"}, {"anonymous": 200, "citizen": 200, "rest": 404}),
}


def furnish(world: Any) -> None:
    cast = world.cast
    world.unverified = make_organization("organizer", verified=False, region_code="510100")
    at = timezone.now() - timedelta(minutes=1)
    world.access_key, world.secret = make_key(cast.organizer, cast.home, at=at)
    world.invitation, world.token = operations.invite(
        organization=cast.home, email=cast.citizen.email, role=Role.PREPARER, by=cast.organizer, at=at
    )
