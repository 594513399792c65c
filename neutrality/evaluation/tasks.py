"""The sweeper of the automatic checks: it finds submitted inventories nobody has looked at."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from neutrality.evaluation import operations, queries

LIMIT = 100


@shared_task
def evaluate_due() -> int:
    """Check what is due, each in a transaction of its own; rows another worker holds are left to it."""
    done = 0
    for _ in range(LIMIT):
        with transaction.atomic():
            inventory = queries.due(1).select_for_update(skip_locked=True, of=("self",)).first()
            if inventory is None:
                break
            done += operations.check(inventory=inventory, at=timezone.now()) is not None
    return done
