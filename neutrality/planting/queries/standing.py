"""What plantings are on a day, and what of them stands behind claims. Nothing here is stored anywhere."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import BigAutoField, QuerySet

from neutrality.planting import rules
from neutrality.planting.models import Planting, Survey, Verification
from neutrality.planting.rules import Increment, Standing
from neutrality.statements import Prepared, Told

FAR = date.max
# Every statement and its paper ask; nearly all of them hear that nothing was planted.
PLANTED: Prepared[Planting] = Prepared(
    lambda: Planting.objects.filter(activity=Told("activity", BigAutoField())).order_by("pk")
)


@dataclass(frozen=True)
class Sinks:
    """Of one activity: whole tonnes verified in time, tonnes still promised beyond these, tonnes missing when the six
    years were over, tonnes once counted and lost."""

    counted: int = 0
    promised: int = 0
    short: int = 0
    lost: int = 0
    lost_on: date | None = None
    plantings: tuple[Any, ...] = field(default=(), compare=False)
    """(planting, its standing), oldest first."""


def increments_of(plantings: Iterable[Any]) -> dict[int, list[Increment]]:
    """Certified growth and losses by planting."""
    found: dict[int, list[Increment]] = defaultdict(list)
    columns = ("planting_id", "increment_kg", "grown_to", "decided_on")
    for pk, *facts in Verification.objects.filter(planting__in=plantings).values_list(*columns).order_by("pk"):
        found[pk].append(Increment(*facts))
    return found


def standings(plantings: Iterable[Planting], on: date = FAR) -> dict[int, Standing]:
    """What each planting is on the day `on`; one query. Without a day: as of all that was decided, long after."""
    rows = list(plantings)
    grown = increments_of(rows)
    return {
        row.pk: rules.standing(
            row.promised_units, grown[row.pk], horizon=row.horizon, on=on, ended=row.called_off_at is not None
        )
        for row in rows
    }


def sinks_of(activities: Iterable[Any], on: date = FAR) -> dict[int, Sinks]:
    """What plantings give to each activity on the day `on`, by its primary key; two queries, one where nothing was
    planted, none where nothing is asked. Without a day nothing is promised any more: what counts is the same."""
    keys = [activity.pk for activity in activities]
    if not keys:
        return {}
    rows = list(Planting.objects.filter(activity__in=keys).order_by("pk"))
    known = standings(rows, on) if rows else {}
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.activity_id].append((row, known[row.pk]))
    return {key: _sinks(found[key]) for key in keys}


def _sinks(pairs: list[Any]) -> Sinks:
    standing = [pair[1] for pair in pairs]
    alive = [one for one in standing if one.state is not rules.State.CALLED_OFF]
    return Sinks(
        counted=sum(one.counted for one in alive),
        promised=sum(max(0, one.promised - one.counted) for one in alive if one.state is not rules.State.SHORT),
        short=sum(one.short for one in alive),
        lost=sum(one.lost for one in alive),
        lost_on=max((one.lost_on for one in alive if one.lost_on), default=None),
        plantings=tuple(pairs),
    )


def of_activity(activity: Any, on: date = FAR) -> Sinks:
    """The same for one; two queries, one where nothing was planted."""
    rows = PLANTED.all(activity=activity.pk)
    known = standings(rows, on) if rows else {}
    return _sinks([(row, known[row.pk]) for row in rows])


@dataclass(frozen=True)
class Grown:
    """What a statement prints of one planting: what counts, when it grew, who certified it under which number."""

    planting: Planting
    units: int
    lost: int
    grown_from: date
    grown_to: date
    last: Verification


def grown(activity: Any) -> list[Grown]:
    """Plantings of which something was ever verified, oldest first; three queries, one where nothing was planted."""
    pairs = [pair for pair in of_activity(activity).plantings if pair[1].counted or pair[1].lost]
    if not pairs:
        return []
    verified: dict[int, list[Verification]] = defaultdict(list)
    rows = Verification.objects.filter(planting__in=[row.pk for row, _one in pairs], increment_kg__gt=0)
    for row in rows.select_related("body").order_by("grown_to"):
        verified[row.planting_id].append(row)
    return [
        Grown(
            row,
            one.counted,
            one.lost,
            verified[row.pk][0].grown_from,
            verified[row.pk][-1].grown_to,
            verified[row.pk][-1],
        )
        for row, one in pairs
    ]


def seen() -> QuerySet[Planting]:
    """Plantings with everything a row of a list shows."""
    return Planting.objects.select_related("activity__organization", "plot")


def waiting(bodies: Iterable[Any]) -> QuerySet[Survey]:
    """Surveys that wait for one of these bodies, oldest first."""
    rows = Survey.objects.filter(body__in=bodies, verification__isnull=True, planting__called_off_at__isnull=True)
    return rows.select_related("planting__activity__organization", "body").order_by("pk")
