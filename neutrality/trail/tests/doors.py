"""Who gets what at the addresses of the trail: everything is public."""

from datetime import UTC, datetime

from neutrality.trail import operations
from portal.tests.doors import PUBLIC

DOORS = {
    "trail:list": ({}, PUBLIC),
    "trail:entry": ({"number": "entry.number"}, PUBLIC),
    "trail:checkpoints": ({}, PUBLIC),
    "trail:consistency": ({"old": "=1", "size": "=1"}, PUBLIC),
    "trail:receipt": ({"number": "entry.number"}, PUBLIC),
}


def furnish(world):
    at = datetime(2026, 5, 18, tzinfo=UTC)
    world.entry = operations.record(verb="house.door", subject="door:1", by=None, at=at)
