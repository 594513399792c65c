"""The shell's sweepers."""

import logging

from celery import shared_task

from portal import pulse, verification

logger = logging.getLogger(__name__)


@shared_task(name="portal.tasks.pulse_due")
def pulse_due() -> None:
    pulse.mark()


@shared_task(name="portal.tasks.verify_due")
def verify_due() -> None:
    """Look at everything again; what is wrong goes to the error log, row by row."""
    for room, wrong in verification.findings().items():
        for finding in wrong:
            logger.error("verify: %s: %s", room, finding)
