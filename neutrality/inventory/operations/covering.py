"""What units are bought for: a dated choice, raised at will, lowered only in the open and before the end."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from neutrality.activities.models import Activity
from neutrality.activities.rules import State as ActivityState
from neutrality.inventory import queries, rules
from neutrality.inventory.models import CoverChoice
from neutrality.inventory.operations.filing import ActivityCancelled
from neutrality.refusals import Refusal
from neutrality.trail import operations as trail


class CannotLower(Refusal):
    code = "cannot_lower"
    message = _("The activity is over: what units are bought for can be raised, no longer lowered.")


class LoweredWithoutReason(Refusal):
    code = "lowered_without_reason"
    message = _("The plan is published. Say why less will be bought for than it said; the reason is public.")


@transaction.atomic
def choose_cover(*, activity: Activity, level: str, reason: str = "", by: Any, at: datetime) -> CoverChoice | None:
    """Buy for the mean or for the 90th percentile. The choice that stands already changes nothing (None while nobody
    ever chose and the mean is chosen).

    Raises ActivityCancelled, CannotLower once the activity is over, LoweredWithoutReason once the plan is public."""
    locked = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    if locked.state == ActivityState.CANCELLED:
        raise ActivityCancelled
    wanted, standing = rules.CoverLevel(level), queries.cover_choice(locked)
    before = rules.CoverLevel(standing.level) if standing else rules.CoverLevel.MEAN
    if wanted is before:
        return standing
    if rules.lowers(before, wanted):
        if locked.ended(localdate(at)):
            raise CannotLower(CannotLower.message, field="level")
        if locked.public and not reason.strip():
            raise LoweredWithoutReason(LoweredWithoutReason.message, field="reason")
    made = CoverChoice.objects.create(
        activity=locked, level=wanted.value, reason=reason.strip()[:300], chosen_at=at, chosen_by=by
    )
    content = {"level": made.level, "before": before.value, "reason": made.reason}
    subject = f"activity:{locked.code}"
    trail.record(verb="inventory.choose_cover", subject=subject, by=by, at=at, content=content, public=locked.public)
    return made
