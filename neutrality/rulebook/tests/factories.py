"""The rulebook as every portal has it."""

from datetime import datetime

from neutrality.rulebook import seeding
from neutrality.rulebook.models import Holiday, Region
from neutrality.tests import copying


def load_rulebook(at: datetime) -> None:
    """Divisions, calendar and packs, as seeded."""
    copying.load(seeding.seed_calendar, at, (Region, Holiday))
    seeding.seed_packs(at)
