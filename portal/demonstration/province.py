"""The one chapter that is loaded: its parts in the order in which they stand on each other."""

from datetime import datetime

from portal.demonstration import people, units


def load(at: datetime) -> None:
    """A small province as of the moment `at`; a second run adds nothing."""
    people.build(at)
    units.build(at)
