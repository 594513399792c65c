"""What measures do to lines, and what that comes to by the engine: state_changes, work_out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from neutrality.activities import operations as activities
from neutrality.activities.models import Activity, Measure
from neutrality.activities.rules import State as ActivityState
from neutrality.inventory import queries, words
from neutrality.inventory.models import Change, FactorVersion
from neutrality.inventory.operations.filing import ActivityCancelled
from neutrality.inventory.rules import whatif
from neutrality.refusals import Problem, Refusal
from neutrality.trail import operations as trail


class PlanStands(Refusal):
    code = "plan_stands"
    message = _(
        "This measure stands in the published plan; what it promised is not changed any more. Plan another one."
    )


class NoEstimate(Refusal):
    code = "no_estimate"
    message = _("There is no estimate yet. A measure changes lines of it, so begin with the estimate.")


class WrongChange(Refusal):
    code = "wrong_change"
    message = _("Some changes cannot be made as they are.")


class TooManyChanges(Refusal):
    code = "too_many_changes"
    message = _("A measure holds 40 changes at most. Plan a second measure for the rest.")


class Adds(Refusal):
    code = "adds"
    message = _("Measure %(number)s would add to the emissions, beside the others, instead of cutting. Change it.")


class TooManyTogether(Refusal):
    code = "too_many_together"
    message = _("More than 8 measures meet on the same lines. Put some of them together.")


@transaction.atomic
def state_changes(*, measure: Measure, changes: Sequence[whatif.Change], by: Any, at: datetime) -> whatif.Outcome:
    """Replace what a measure does to lines of the estimate, and work out what every open measure spares.

    Raises ActivityCancelled, PlanStands, NoEstimate, TooManyChanges, WrongChange (every fault, the place of its change
    as row), Adds, TooManyTogether."""
    activity = Activity.objects.select_for_update(of=("self",)).select_related("rulebook").get(pk=measure.activity_id)
    if activity.state == ActivityState.CANCELLED:
        raise ActivityCancelled
    if queries.settled(measure, activity):
        raise PlanStands
    inventory = queries.baseline(activity)
    if inventory is None:
        raise NoEstimate
    if len(changes) > whatif.MOST_CHANGES:
        raise TooManyChanges
    wrong = whatif.faults(queries.account_of(inventory), changes)
    if wrong:
        raise WrongChange.many(Problem(f.code, words.fault(f), f.field, f.position) for f in wrong)
    measure.changes.all().delete()
    _write(measure, changes, by, at)
    told = {"measure": measure.number, "changes": [_told(change) for change in changes]}
    subject = f"activity:{activity.code}"
    trail.record(verb="inventory.state_changes", subject=subject, by=by, at=at, content=told, public=activity.public)
    found = work_out(activity=activity, by=by, at=at)
    return found if found is not None else whatif.outcome(queries.account_of(inventory), ())


def _write(measure: Measure, changes: Sequence[whatif.Change], by: Any, at: datetime) -> None:
    codes = {change.factor.code for change in changes if change.factor is not None}
    versions = dict(FactorVersion.objects.filter(code__in=codes).values_list("code", "pk"))
    Change.objects.bulk_create(
        Change(
            measure=measure,
            line_key=change.line,
            way=change.way.value,
            percent=change.percent,
            amount=change.amount,
            factor_version_id=versions[change.factor.code] if change.factor is not None else None,
            ratio=change.ratio,
            stated_at=at,
            stated_by=by,
        )
        for change in changes
    )


def _told(change: whatif.Change) -> dict[str, Any]:
    return {
        "line": change.line,
        "way": change.way,
        "percent": change.percent,
        "amount": change.amount,
        "factor": change.factor.code if change.factor is not None else None,
        "ratio": change.ratio,
    }


@transaction.atomic
def work_out(*, activity: Activity, by: Any, at: datetime) -> whatif.Outcome | None:
    """Let the engine say what each open measure with changes spares, and keep it as its planned effect; None where no
    measure states any. Figures of a published plan stay. Raises Adds, TooManyTogether."""
    inventory = queries.baseline(activity)
    settled, still_open = queries.changes_of(activity)
    if inventory is None or not still_open:
        return None
    try:
        found = whatif.outcome(queries.account_of(inventory), still_open, settled)
    except whatif.TooManyTogether as many:
        raise TooManyTogether from many
    worse = [number for number, effect in found.effects.items() if effect.counts_kg < 0]
    if worse:
        raise Adds.many(Problem(Adds.code, Adds.message % {"number": number}) for number in worse)
    measures = {row.number: row for row in activity.measures.all()}
    for number, effect in found.effects.items():
        activities.work_out_measure(measure=measures[number], planned_kg=effect.counts_kg, by=by, at=at)
    return found
