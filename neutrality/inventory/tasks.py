"""The worker's part. Surveys: fix what was answered, close what is past its day. Lists of participants: one at a
time; the row is the truth."""

import logging
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from neutrality.inventory import operations, settling, waiting
from neutrality.inventory.models import Roster, Survey
from neutrality.inventory.operations import rosters
from neutrality.inventory.rules import RosterState

LIMIT = 200
MOST_LISTS = 20
FORGOTTEN = timedelta(hours=1)
log = logging.getLogger(__name__)


@shared_task
def seal_due() -> int:
    """Seal the answers of open surveys that no batch holds yet; close those whose last day is past."""
    at = timezone.now()
    found = list(Survey.objects.filter(closed_at__isnull=True).order_by("opened_at")[:LIMIT])
    for survey in found:
        operations.seal(survey=survey, at=at)
    return len(found)


@shared_task
def settle_lists_due() -> int:
    """Take up what waits and what a worker left when it died, and forget what nobody answered."""
    now = timezone.now()
    rosters.expire(before=now, at=now)
    known = {str(key) for key in Roster.objects.open().values_list("key", flat=True)}
    for path in waiting.strangers(known, now - FORGOTTEN):
        path.unlink(missing_ok=True)
    states = (RosterState.WAITING, RosterState.WORKING)
    due = Roster.objects.filter(state__in=states).order_by("pk").values_list("pk", flat=True)[:MOST_LISTS]
    return sum(_settled(pk) for pk in list(due))


def _settled(pk: int) -> bool:
    try:
        return settling.settle(pk, timezone.now())
    except Exception:
        log.exception("list %s cannot be settled", pk)
        return False
