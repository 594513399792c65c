"""The one chapter that is loaded: a small invented province, all of it or nothing."""

from datetime import datetime

from accounts.models import Organization
from neutrality.inventory import simulation
from neutrality.ledger import operations as ledger
from neutrality.offsets import operations as offsets
from portal.demonstration import (
    activities,
    forests,
    hotel,
    lists,
    market,
    people,
    tables,
    travellers,
    troubles,
    units,
)
from portal.demonstration.diary import Diary


@simulation.kept()
@people.remembered()
@ledger.together()
def load(at: datetime) -> None:
    """The province as of the moment `at`; when it is there already, nothing happens."""
    if Organization.objects.filter(code=people.BODIES[0].code).exists():
        return
    diary = Diary(at)
    people.write(diary)
    units.write(diary)
    tables.write(diary)
    stories = activities.write(diary)
    troubles.write(diary, stories)
    travellers.write(diary, stories)
    market.write(diary, stories)
    forests.write(diary)
    hotel.write(diary)
    lists.write(diary)
    diary.on(0, lambda at: offsets.count(at=at))
    diary.tell()
