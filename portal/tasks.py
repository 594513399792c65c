from celery import shared_task

from portal import pulse


@shared_task(name="portal.tasks.pulse_due")
def pulse_due() -> None:
    pulse.mark()
