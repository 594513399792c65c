"""Who may open the pages of standing."""

from typing import Any

from neutrality.standing.tests.factories import make_decided, make_policy, settle
from portal.tests.doors import PUBLIC, only

DOORS = {
    "standing:index": ({}, PUBLIC),
    "standing:policy": ({}, PUBLIC),
    "standing:policy_version": ({"version": "policy.version"}, PUBLIC),
    "standing:organization": ({"code": "cast.home.code"}, PUBLIC),
    "standing:listing": ({"number": "listed.number"}, PUBLIC),
    "standing:repair": ({"number": "listed.number"}, only("organizer")),
    "standing:recommend": ({"number": "proposed.number"}, only("regulator", "second_officer")),
}


def furnish(world: Any) -> None:
    """A public entry of the organizer's organization, decided by the two officers of the cast."""
    world.policy = make_policy()
    world.listed = settle(make_decided(world.cast.regulator, world.cast.second_officer, subject=world.cast.home))
