"""Looking at the clocks, and saying that a doubtful one is right."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from neutrality.oversight import queries
from neutrality.oversight.models import Beat
from neutrality.oversight.rules import Clock
from neutrality.refusals import Refusal
from neutrality.trail import operations as trail


class NothingToConfirm(Refusal):
    code = "nothing_to_confirm"
    message = _("The clocks are not in doubt.")


@transaction.atomic
def beat(*, clock: Clock) -> Beat:
    """Note one look at the clocks; a doubtful one is noted as such, once, with an entry in the trail."""
    fault = queries.clock_fault(clock)
    last = Beat.objects.last()
    row = Beat.objects.create(
        wall_at=clock.wall, database_at=clock.database, boot=clock.boot, uptime_s=clock.uptime_s, fault=fault or ""
    )
    if fault and not (last and last.fault):
        content = {"fault": fault, "database_at": clock.database.isoformat()}
        trail.record(verb="oversight.clock_doubtful", subject=f"beat:{row.pk}", by=None, at=clock.wall, content=content)
    return row


@transaction.atomic
def confirm_clock(*, by: Any, at: datetime) -> Beat:
    """An officer says that the time is right; settling goes on from here."""
    row = Beat.objects.select_for_update().last()
    if row is None or not row.fault or row.confirmed_at is not None:
        raise NothingToConfirm
    row.confirmed_at, row.confirmed_by = at, by
    row.save(update_fields=["confirmed_at", "confirmed_by"])
    trail.record(verb="oversight.confirm_clock", subject=f"beat:{row.pk}", by=by, at=at)
    return row
