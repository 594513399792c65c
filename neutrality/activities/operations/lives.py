"""The life of an activity: register, edit, commit, amend, count_people, cancel, copy."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localtime

from neutrality import search
from neutrality.activities import queries, rules, words
from neutrality.activities.models import Activity, Amendment
from neutrality.activities.operations.shared import (
    AlreadyCancelled,
    AlreadyHeld,
    ChangedMeanwhile,
    Contradictory,
    Incomplete,
    KeyReused,
    NoReason,
    NoRulebook,
    NotAmendable,
    NotCommitted,
    NotDraft,
    NotYetHeld,
    lock,
    subject,
    write_amendments,
)
from neutrality.activities.rules import Action
from neutrality.codes import new_code
from neutrality.refusals import Problem
from neutrality.rulebook import queries as rulebooks
from neutrality.trail import operations as trail


@transaction.atomic
def register(*, organization: Any, key: str, by: Any, at: datetime, **values: Any) -> Activity:
    """A new draft. `values` holds what is known, at least kind, name_zh, starts_on, ends_on and region_code; stages and
    rulebook are proposed where they are not given.

    The same `key` again is the same draft; what was typed differently the second time is an edit of it. Raises
    Contradictory (all problems at once), NoRulebook, KeyReused.
    """
    found = Activity.objects.filter(key=key).first()
    if found is None:
        try:
            with transaction.atomic():
                return _insert(organization, key, values, by, at)
        except IntegrityError:
            found = Activity.objects.get(key=key)
    if found.organization_id != organization.pk or found.created_by_id != by.pk:
        raise KeyReused
    return edit(activity=found, changes=values, by=by, at=at)


def _insert(organization: Any, key: str, values: dict[str, Any], by: Any, at: datetime) -> Activity:
    form = rules.form_of(values["kind"]).value
    activity = Activity(organization=organization, key=key, code=new_code(), form=form, created_by=by, created_at=at)
    _set(activity, values)
    if "rulebook" not in values:
        activity.rulebook = _proposed(activity, at)
    if not activity.stages:
        activity.stages = list(rules.stages_of(form))
    _check(activity)
    activity.save(force_insert=True)
    trail.record(verb="activity.register", subject=subject(activity), by=by, at=at, content=_told(activity, values))
    return activity


@transaction.atomic
def edit(
    *, activity: Activity, changes: dict[str, Any], by: Any, at: datetime, seen: dict[str, Any] | None = None
) -> Activity:
    """Change a draft. A rulebook that was only proposed follows kind and place; saving the same twice writes nothing.

    `seen` holds what the person saw of the fields; one that somebody else changed since is refused once.
    Raises NotDraft, AlreadyCancelled, ChangedMeanwhile, Contradictory.
    """
    locked = lock(activity)
    if rules.after(locked.state, Action.EDIT) is None:
        raise AlreadyCancelled if locked.state == rules.State.CANCELLED else NotDraft
    _check_seen(locked, changes, seen or {})
    was_proposed = locked.rulebook == _proposed(locked, at)
    before = {name: getattr(locked, name) for name in rules.EDITABLE}
    _set(locked, changes)
    locked.form = rules.form_of(locked.kind).value
    if locked.form not in locked.rulebook.rules.forms or (was_proposed and "rulebook" not in changes):
        locked.rulebook = _proposed(locked, at)
    if not set(locked.stages) <= set(rules.stages_of(locked.form)):
        locked.stages = list(rules.stages_of(locked.form))
    _check(locked)
    changed = {name: getattr(locked, name) for name in rules.EDITABLE if getattr(locked, name) != before[name]}
    if changed:
        locked.save()
        trail.record(verb="activity.edit", subject=subject(locked), by=by, at=at, content=_told(locked, changed))
    return locked


@transaction.atomic
def commit(*, activity: Activity, estimate_kg: Decimal | None, by: Any, at: datetime) -> Activity:
    """The plan is published: called by disclosure, which knows the estimate. Raises Incomplete with every gap."""
    locked = lock(activity)
    if rules.after(locked.state, Action.COMMIT) is None:
        raise AlreadyCancelled if locked.state == rules.State.CANCELLED else NotDraft
    gaps = rules.plan_gaps(queries.plan_facts(locked, estimate_kg))
    if gaps:
        raise Incomplete.many(Problem(gap.value, words.GAP[gap]) for gap in gaps)
    locked.state = rules.State.COMMITTED.value
    locked.committed_at, locked.committed_by = at, by
    locked.save(update_fields=["state", "committed_at", "committed_by"])
    trail.record(verb="activity.commit", subject=subject(locked), by=by, at=at, public=True)
    return locked


@transaction.atomic
def amend(*, activity: Activity, changes: dict[str, Any], reason: str, by: Any, at: datetime) -> list[Amendment]:
    """Change a published activity in the open: one amendment for each field that really changes.

    Raises NotCommitted, AlreadyCancelled, NoReason, NotAmendable (days and promises after the end), Contradictory.
    """
    locked = lock(activity)
    if rules.after(locked.state, Action.AMEND) is None:
        raise AlreadyCancelled if locked.state == rules.State.CANCELLED else NotCommitted
    changed = {name: value for name, value in changes.items() if getattr(locked, name) != value}
    if not changed:
        return []
    if not reason.strip():
        raise NoReason(field="reason")
    allowed = rules.amendable(locked.phase(localtime(at).date()))
    if not set(changed) <= set(allowed):
        raise NotAmendable.many(
            Problem(NotAmendable.code, NotAmendable.message, name) for name in changed if name not in allowed
        )
    before = {name: getattr(locked, name) for name in changed}
    _set(locked, changed)
    _check(locked)
    _check_promise(locked)
    locked.save()
    return write_amendments(locked, before, reason, by, at)


@transaction.atomic
def count_people(*, activity: Activity, people: int, reason: str = "", by: Any, at: datetime) -> Activity:
    """How many came, once the activity has begun. A second, different number is an amendment with a reason.

    Raises NotCommitted, NotYetHeld, NoReason.
    """
    locked = lock(activity)
    if locked.state != rules.State.COMMITTED:
        raise AlreadyCancelled if locked.state == rules.State.CANCELLED else NotCommitted
    if locked.phase(localtime(at).date()) is rules.Phase.PREPARATION:
        raise NotYetHeld
    before = locked.actual_people
    if before == people:
        return locked
    if before is not None and not reason.strip():
        raise NoReason(field="reason")
    locked.actual_people = people
    locked.save(update_fields=["actual_people"])
    if before is not None:
        write_amendments(locked, {"actual_people": before}, reason, by, at)
    else:
        content = {"people": people}
        trail.record(verb="activity.count_people", subject=subject(locked), by=by, at=at, content=content, public=True)
    return locked


@transaction.atomic
def cancel(*, activity: Activity, reason: str, by: Any, at: datetime) -> Activity:
    """Call an activity off; a published one stays readable with the reason. A second time changes nothing.

    Raises NoReason, AlreadyHeld (a published activity that is over).
    """
    locked = lock(activity)
    if locked.state == rules.State.CANCELLED:
        return locked
    if not reason.strip():
        raise NoReason(field="reason")
    if locked.state == rules.State.COMMITTED and locked.ended(localtime(at).date()):
        raise AlreadyHeld
    public = locked.public
    locked.state = rules.TRANSITIONS[rules.State(locked.state), Action.CANCEL].value
    locked.cancelled_at, locked.cancelled_by, locked.cancel_reason = at, by, reason.strip()
    locked.save(update_fields=["state", "cancelled_at", "cancelled_by", "cancel_reason"])
    content = {"reason": locked.cancel_reason}
    trail.record(verb="activity.cancel", subject=subject(locked), by=by, at=at, content=content, public=public)
    return locked


@transaction.atomic
def copy(
    *,
    source: Activity,
    key: str,
    name_zh: str,
    name_en: str,
    starts_on: date,
    ends_on: date,
    parts: Iterable[str],
    by: Any,
    at: datetime,
) -> Activity:
    """A new draft of the same organization from `source`, with the ticked `parts`. Inventories, factors, evidence,
    outcomes, days and promises never come along. The same `key` again is the same draft.
    """
    found = Activity.objects.filter(key=key).first()
    if found is not None:
        if found.copied_from_id != source.pk or found.created_by_id != by.pk:
            raise KeyReused
        return found
    taken = [rules.CopyPart(part) for part in parts]
    names = [*rules.ALWAYS_COPIED, *(name for part in taken for name in rules.COPIED[part])]
    values = {name: getattr(source, name) for name in names}
    values |= {"name_zh": name_zh, "name_en": name_en, "starts_on": starts_on, "ends_on": ends_on}
    new = register(organization=source.organization, key=key, by=by, at=at, **values)
    new.copied_from = source
    new.save(update_fields=["copied_from"])
    if rules.CopyPart.MEASURES in taken:
        copy_measures(source, new, key, by, at)
    trail.record(
        verb="activity.copy",
        subject=subject(new),
        by=by,
        at=at,
        content={"from": source.code, "parts": [part.value for part in taken]},
    )
    return new


def copy_measures(source: Activity, new: Activity, key: str, by: Any, at: datetime) -> None:
    """The measures of `source` as planned for `new`; those that were dropped stay behind."""
    for position, measure in enumerate(source.measures.exclude(state=rules.MeasureState.DROPPED), start=1):
        new.measures.create(
            key=f"{key[:32]}.{position}",
            number=position,
            stage=measure.stage,
            source=measure.source,
            title=measure.title,
            description=measure.description,
            responsible=measure.responsible,
            planned_kg=measure.planned_kg,
            planned_basis=measure.planned_basis,
            cost_cny=measure.cost_cny,
            created_at=at,
            created_by=by,
        )


def _check_seen(activity: Activity, changes: dict[str, Any], seen: dict[str, Any]) -> None:
    stored = {name: getattr(activity, name) for name in changes}
    lost = [name for name in changes if name in seen and stored[name] not in (seen[name], changes[name])]
    if lost:
        raise ChangedMeanwhile.many(Problem(ChangedMeanwhile.code, ChangedMeanwhile.message, name) for name in lost)


def _set(activity: Activity, values: dict[str, Any]) -> None:
    unknown = set(values) - set(rules.EDITABLE)
    if unknown:
        raise TypeError(f"not fields of an activity: {sorted(unknown)}")
    for name, value in values.items():
        setattr(activity, name, value)
    activity.search = search.tokens(activity.name_zh, activity.name_en, activity.place_name, activity.summary)


def _proposed(activity: Activity, at: datetime) -> Any:
    found = rulebooks.proposed(activity.region_code, activity.form, localtime(at).date())
    if not found:
        raise NoRulebook
    return found[0]


def _check(activity: Activity) -> None:
    found = rules.faults(
        form=activity.form,
        starts_on=activity.starts_on,
        ends_on=activity.ends_on,
        stages=tuple(activity.stages),
        families=tuple(activity.offset_families),
        pack=activity.rulebook.rules,
    )
    if found:
        raise Contradictory.many(Problem(fault.value, words.FAULT[fault], rules.FAULT_FIELD[fault]) for fault in found)


def _check_promise(activity: Activity) -> None:
    facts = queries.plan_facts(activity, None)
    problems = [Problem(gap.value, words.GAP[gap], rules.PROMISE_FIELD[gap]) for gap in rules.promise_faults(facts)]
    if facts.promised_on is None:
        problems.append(Problem("promised_on", words.GAP[rules.Gap.PROMISED_ON], "promised_on"))
    if problems:
        raise Contradictory.many(problems)


def _told(activity: Activity, values: dict[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in values.items() if name != "rulebook"}
    return told | {"rulebook": str(activity.rulebook)}
