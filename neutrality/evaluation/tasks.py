"""The sweeper of the automatic checks: it finds submitted inventories nobody has looked at."""

import logging

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from neutrality.evaluation import operations, queries
from neutrality.inventory.models import Inventory

LIMIT = 100
log = logging.getLogger(__name__)


@shared_task
def evaluate_due() -> int:
    """Check what is due, each in a transaction of its own; what cannot be checked keeps nothing else from it."""
    return sum(evaluate_one(pk) for pk in list(queries.due(LIMIT).values_list("pk", flat=True)))


def evaluate_one(pk: int) -> bool:
    """One inventory, unless another worker holds it."""
    try:
        with transaction.atomic():
            rows = Inventory.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk)
            inventory = rows.select_related("activity__organization", "rulebook").first()
            return inventory is not None and operations.check(inventory=inventory, at=timezone.now()) is not None
    except Exception:
        log.exception("inventory %s cannot be checked", pk)
        return False
