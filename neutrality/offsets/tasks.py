"""The sweepers of the registry: they take up files that were handed in, count the shelves, and end reservations.

The row is the truth; a message is only a hint.
"""

import logging

from celery import shared_task
from django.utils import timezone

from neutrality.offsets import access, operations, queries

LIMIT = 5
HOUR = 3600
log = logging.getLogger(__name__)


@shared_task(soft_time_limit=HOUR, time_limit=HOUR + 60)
def read_due() -> int:
    """Read what waits, each in a transaction of its own. A fault of one leaves the others alone."""
    done = 0
    for reading in queries.waiting(LIMIT):
        try:
            registries = access.registries(reading.asked_by)
            done += operations.read_waiting(reading=reading, registries=registries, now=timezone.now)
        except Exception:
            log.exception("file %s cannot be read", reading.number)
    return done


@shared_task
def twins_due() -> int:
    """Compare projects that came; running it twice finds nothing twice."""
    return operations.find_twins(at=timezone.now())


@shared_task
def count_due() -> int:
    """Count what was added; running it twice changes nothing."""
    return operations.count(at=timezone.now())


@shared_task
def expire_due() -> int:
    """Reservations whose last day is over return to their owners: each once, whoever else ends it just then."""
    return operations.expire_due(at=timezone.now())
