"""The sweeper of oversight: it finds what lower rooms wrote down and what follows for cases. It decides nothing."""

import logging
from typing import Any

from celery import shared_task
from django.utils import timezone

from neutrality.oversight import operations, queries
from neutrality.refusals import Refusal

LIMIT = 200
log = logging.getLogger(__name__)


@shared_task
def follow_due() -> int:
    """Void units get their case, replaced ones close it, a corrected statement ends its review: each once (V11)."""
    at = timezone.now()
    told = [
        done(operations.invalidate, activity=row.activity, notice=row.notice, units=row.units, at=at)
        for row in queries.voided_without_case(LIMIT)
    ]
    closed = [done(operations.restore, case=case, at=at) for case in queries.made_good(LIMIT)]
    ended = [done(operations.end_review, review=review, at=at) for review in queries.corrected(LIMIT)]
    return sum(told + closed + ended)


def done(verb: Any, **about: Any) -> bool:
    """One item by itself: a refusal is an answer, is logged, and keeps nothing else from being done."""
    try:
        verb(**about)
    except Refusal as refusal:
        log.warning("%s refused: %s", verb.__name__, refusal.code)
        return False
    return True
