"""Reduction measures: planned before, reported after (R1.7, R1.13)."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from neutrality.activities import rules
from neutrality.activities.models import Activity, Amendment, Measure
from neutrality.activities.operations.shared import (
    AlreadyCancelled,
    KeyReused,
    MeasureSettled,
    NoReason,
    NotCommitted,
    NotDraft,
    NotOurs,
    WrongStage,
    lock,
    subject,
)
from neutrality.evidence.models import File
from neutrality.trail import operations as trail

MEASURE_FIELDS = ("stage", "source", "title", "description", "responsible", "planned_kg", "planned_basis", "cost_cny")


@transaction.atomic
def add_measure(*, activity: Activity, key: str, by: Any, at: datetime, **values: Any) -> Measure:
    """Plan a measure; more may be added after the plan is published. `values` are MEASURE_FIELDS, at least stage,
    source, title.

    The same `key` again is the same measure. Raises AlreadyCancelled, WrongStage, KeyReused.
    """
    locked = lock(activity)
    found = Measure.objects.filter(key=key).first()
    if found is not None:
        if found.activity_id != locked.pk:
            raise KeyReused
        return found
    _open(locked, values)
    last = locked.measures.aggregate(last=Max("number"))["last"] or 0
    measure = Measure.objects.create(
        activity=locked, key=key, number=last + 1, created_at=at, created_by=by, **_known(values)
    )
    content = {"measure": measure.number, **_known(values)}
    trail.record(
        verb="activity.add_measure", subject=subject(locked), by=by, at=at, content=content, public=locked.public
    )
    return measure


@transaction.atomic
def edit_measure(*, measure: Measure, by: Any, at: datetime, **values: Any) -> Measure:
    """Change a measure of a draft. Raises NotDraft once the plan is published, WrongStage, AlreadyCancelled."""
    locked = lock(measure.activity)
    _open(locked, values)
    if locked.state != rules.State.DRAFT:
        raise NotDraft
    changed = {name: value for name, value in _known(values).items() if getattr(measure, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(measure, name, value)
        measure.save()
        content = {"measure": measure.number, **changed}
        trail.record(verb="activity.edit_measure", subject=subject(locked), by=by, at=at, content=content)
    return measure


@transaction.atomic
def work_out_measure(*, measure: Measure, planned_kg: Decimal, by: Any, at: datetime) -> Measure:
    """Keep what the engine says a measure would spare: told from above, where the inventory is. What a plan has
    published stays. Raises AlreadyCancelled, MeasureSettled."""
    locked = lock(measure.activity)
    _open(locked, {})
    promised = locked.committed_at is not None and measure.created_at <= locked.committed_at
    if promised or measure.state != rules.MeasureState.PLANNED:
        raise MeasureSettled
    if measure.planned_kg != planned_kg:
        measure.planned_kg = planned_kg
        measure.save(update_fields=["planned_kg"])
        content = {"measure": measure.number, "planned_kg": planned_kg}
        told = {"subject": subject(locked), "content": content, "public": locked.public}
        trail.record(verb="activity.work_out_measure", by=by, at=at, **told)
    return measure


@transaction.atomic
def remove_measure(*, measure: Measure, by: Any, at: datetime) -> None:
    """Take a measure out of a draft. Raises NotDraft, AlreadyCancelled."""
    locked = lock(measure.activity)
    _open(locked, {})
    if locked.state != rules.State.DRAFT:
        raise NotDraft
    content = {"measure": measure.number, "title": measure.title}
    measure.delete()
    trail.record(verb="activity.remove_measure", subject=subject(locked), by=by, at=at, content=content)


@transaction.atomic
def report_measure(
    *,
    measure: Measure,
    state: str,
    outcome: str,
    achieved_kg: Decimal | None,
    evidence: File | None,
    reason: str = "",
    by: Any,
    at: datetime,
) -> Measure:
    """What came of a measure: done or dropped, in words, with the effect where it is known (None is not zero).

    Reporting again with the same content changes nothing; with other content it needs a reason and leaves an amendment.
    Raises NotCommitted, AlreadyCancelled, NotOurs, NoReason.
    """
    activity = lock(measure.activity)
    locked = Measure.objects.select_for_update().get(pk=measure.pk)
    if activity.state != rules.State.COMMITTED:
        raise AlreadyCancelled if activity.state == rules.State.CANCELLED else NotCommitted
    if evidence is not None and evidence.owner_code != activity.organization.code:
        raise NotOurs(field="evidence")
    if not outcome.strip():
        raise NoReason(field="outcome")
    values = {"state": rules.MeasureState(state).value, "outcome": outcome.strip(), "achieved_kg": achieved_kg}
    values["evidence"] = evidence or locked.evidence
    if all(getattr(locked, name) == value for name, value in values.items()):
        return locked
    if locked.reported_at is not None and not reason.strip():
        raise NoReason(MeasureSettled.message, field="reason")
    if locked.reported_at is not None:
        _amend(activity, locked, values, reason, by, at)
    for name, value in values.items():
        setattr(locked, name, value)
    locked.reported_at, locked.reported_by = at, by
    locked.save()
    content = {"measure": locked.number, "state": state, "outcome": outcome, "achieved_kg": achieved_kg}
    if locked.evidence is not None:
        content["evidence"] = locked.evidence.digest
    trail.record(verb="activity.report_measure", subject=subject(activity), by=by, at=at, content=content, public=True)
    return locked


def _amend(activity: Activity, measure: Measure, values: dict[str, Any], reason: str, by: Any, at: datetime) -> None:
    for name in ("state", "outcome", "achieved_kg", "evidence"):
        before, after = getattr(measure, name), values[name]
        if before != after:
            Amendment.objects.create(
                activity=activity,
                field=f"measure.{measure.number}.{name}",
                before="" if before is None else str(before),
                after="" if after is None else str(after),
                reason=reason.strip(),
                made_at=at,
                made_by=by,
            )


def _open(activity: Activity, values: dict[str, Any]) -> None:
    if activity.state == rules.State.CANCELLED:
        raise AlreadyCancelled
    if "stage" in values and values["stage"] not in rules.stages_of(activity.form):
        raise WrongStage(field="stage")


def _known(values: dict[str, Any]) -> dict[str, Any]:
    unknown = set(values) - set(MEASURE_FIELDS)
    if unknown:
        raise TypeError(f"not fields of a measure: {sorted(unknown)}")
    return values
