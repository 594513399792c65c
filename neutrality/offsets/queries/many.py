"""The same figures as `claims`, for many activities at once: six queries at most for a list of any length."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from neutrality.ledger.models import Lot
from neutrality.offsets import places, rules
from neutrality.offsets.models import Proof, Retirement, VoidedPart
from neutrality.offsets.models.cancellations import ProofState
from neutrality.planting import queries as planting


@dataclass(frozen=True)
class Units:
    """Of one activity: units that count for its claim, units in unchecked proofs, units found void."""

    counted: int = 0
    pending: int = 0
    void: int = 0


def units_of(activities: Iterable[Any]) -> dict[int, Units]:
    """For every activity, by its primary key, what `checked_units`, `pending_units` and `void_units` say."""
    rows = {activity.pk: activity for activity in activities}
    left = _remaining(rows)
    voidings = _voidings(rows)
    waiting = Proof.objects.filter(activity__in=rows, state=ProofState.SUBMITTED).values_list("activity")
    pending = dict(waiting.annotate(Sum("quantity")).order_by())
    sinks = planting.sinks_of(rows.values())
    return {
        pk: Units(
            counted=rules.counted(left[pk], voidings[pk], activity.units_deadline) + sinks[pk].counted,
            pending=pending.get(pk, 0),
            void=sum(voiding.units for voiding in voidings[pk]) + sinks[pk].lost,
        )
        for pk, activity in rows.items()
    }


def _remaining(rows: dict[int, Any]) -> dict[int, list[rules.Cancellation]]:
    """What still lies in the activities' places, with the day it was cancelled."""
    lots: dict[str, list[tuple[int, int]]] = defaultdict(list)
    codes = [places.retired_code(activity) for activity in rows.values()]
    for code, span in Lot.objects.filter(place__code__in=codes).values_list("place__code", "span"):
        lots[code].append((span.lower, span.upper))
    found: dict[int, list[rules.Cancellation]] = defaultdict(list)
    for pk, span, on in Retirement.objects.filter(activity__in=rows).values_list("activity", "span", "cancelled_on"):
        held = lots[places.retired_code(rows[pk])]
        units = sum(max(0, min(high, span.upper) - max(low, span.lower)) for low, high in held)
        found[pk].append(rules.Cancellation(units, on))
    return found


def _voidings(rows: dict[int, Any]) -> dict[int, list[rules.Voiding]]:
    found: dict[int, list[rules.Voiding]] = defaultdict(list)
    columns = ("retirement__activity", "quantity", "found_on", "retirement__cancelled_on")
    for pk, units, found_on, on in VoidedPart.objects.filter(retirement__activity__in=rows).values_list(*columns):
        found[pk].append(rules.Voiding(units, found_on, on))
    return found
