"""The sweeper of surveys: fixes what was answered, closes what is past its day."""

import logging

from celery import shared_task
from django.utils import timezone

from neutrality.inventory import operations
from neutrality.inventory.models import Survey

LIMIT = 200
log = logging.getLogger(__name__)


@shared_task
def seal_due() -> int:
    """Seal the answers of open surveys that no batch holds yet; close those whose last day is past."""
    at = timezone.now()
    found = list(Survey.objects.filter(closed_at__isnull=True).order_by("opened_at")[:LIMIT])
    for survey in found:
        operations.seal(survey=survey, at=at)
    return len(found)
