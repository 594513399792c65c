"""Who sees what of the trail: everything is public."""

from datetime import UTC, datetime
from typing import Any

from neutrality.trail import operations
from portal.tests.doors import PUBLIC

DOORS = {
    "trail:list": ({}, PUBLIC),
    "trail:entry": ({"number": "entry.number"}, PUBLIC),
    "trail:receipt": ({"number": "entry.number"}, PUBLIC),
}


def furnish(world: Any) -> None:
    at = datetime(2026, 9, 1, 8, tzinfo=UTC)
    world.entry = operations.record(verb="portal.opened", subject="portal:house", by=None, at=at)
