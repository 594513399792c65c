"""Sweepers and workers. They score, propose, and write down what people decided; they decide nothing."""

import logging

from celery import shared_task
from django.utils import timezone

from accounts.models import Organization
from neutrality.oversight import operations as cases
from neutrality.oversight import queries as case_queries
from neutrality.oversight.models import Case
from neutrality.oversight.rules import Kind
from neutrality.refusals import Refusal
from neutrality.standing import operations, queries
from neutrality.standing.models import EndingReason, Listing

LIMIT = 200
log = logging.getLogger(__name__)


@shared_task
def score_due() -> int:
    """Queue the organizations nobody looked at today. A lost message costs a delay: the next sweep finds the row."""
    on = timezone.localdate()
    found = queries.due(on, LIMIT)
    for pk in found:
        score_one.delay(pk, on.isoformat())
    return len(found)


@shared_task
def score_one(organization_id: int, on: str) -> None:
    """Score one organization. A message about another day than today is from a queue that slept: today is scored."""
    at = timezone.now()
    organization = Organization.objects.filter(pk=organization_id).first()
    if organization is not None:
        operations.score(organization=organization, on=timezone.localdate(at), at=at)


@shared_task
def settle_due() -> int:
    """Write down decided entries and endings, each by itself; while the clock is in doubt nothing is settled (T59)."""
    at = timezone.now()
    clock = case_queries.clock(at)
    cases.beat(clock=clock)
    if case_queries.doubted():
        log.warning("the clock is in doubt: nothing is settled")
        return 0
    return sum(settle_one(case) for case in queries.unsettled())


def settle_one(case: Case) -> bool:
    """One case; a refusal is an answer: it is logged, and the case stays visible as overdue."""
    at = timezone.now()
    try:
        if case.kind == Kind.REPAIR:
            listing = Listing.objects.get(number=case.content["listing"])
            operations.end(listing=listing, reason=EndingReason.REPAIRED, case=case, at=at)
        elif Listing.objects.filter(case=case).exists():
            operations.end(listing=case.listing, reason=EndingReason.REVERSED, case=case, at=at)
        else:
            operations.settle(case=case, clock=case_queries.clock(at), at=at)
    except Refusal as refusal:
        log.warning("case %s is not settled: %s", case.number, [problem.code for problem in refusal.problems])
        return False
    return True
