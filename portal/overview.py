"""What the pages of the shell say about one activity: its way, its days, the kinds of units it means to use."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from neutrality import quantities
from neutrality.activities.models import Activity
from neutrality.activities.rules import State
from neutrality.disclosure.models import Statement
from neutrality.disclosure.rules import ClaimFacts
from neutrality.evaluation.rules import Mode
from neutrality.inventory import queries as inventories
from neutrality.inventory.models import Inventory
from neutrality.inventory.rules import Kind
from neutrality.inventory.rules import State as InventoryState
from neutrality.rulebook.rules import FamilyCode
from neutrality.wording import pick
from portal import steps
from portal.words import STEPS

SOON = timedelta(days=30)


@dataclass(frozen=True)
class Filed:
    """What was filed for an activity: its estimate, the day of its actual figures, the day of its newest statement."""

    estimate_kg: Decimal | None = None
    accounted_on: date | None = None
    sent_back: bool = False
    statement_on: date | None = None


def way(activity: Activity, known: ClaimFacts, on: date, filed: Filed) -> tuple[steps.Step, ...]:
    """The steps of `activity`, from the facts of its claim and what was filed."""
    return steps.steps(facts(activity, known, on, filed))


def facts(activity: Activity, known: ClaimFacts, on: date, filed: Filed) -> steps.Facts:
    """What the way of `activity` is worked out from."""
    return steps.Facts(
        on=on,
        starts_on=activity.starts_on,
        ends_on=activity.ends_on,
        plan_on=localdate(activity.committed_at) if activity.committed_at else None,
        accounted_on=filed.accounted_on,
        sent_back=filed.sent_back,
        owed=None if known.due_kg is None else quantities.obligation(known.due_kg),
        units=known.units,
        deadline=activity.settling_deadline,
        confirmed=known.mode is not Mode.NONE,
        statement_on=filed.statement_on if known.published else None,
        cancelled=activity.state == State.CANCELLED,
    )


def filed_of(activities: Iterable[Activity]) -> dict[int, Filed]:
    """What was filed for each activity, by primary key (three queries)."""
    rows = list(activities)
    estimates = inventories.current_of(rows, Kind.ESTIMATE)
    newest = Inventory.objects.filter(activity__in=rows, kind=Kind.ACTUAL).exclude(state=InventoryState.DRAFT)
    actuals = {row.activity_id: row for row in newest.order_by("activity_id", "-version").distinct("activity_id")}
    statements = Statement.objects.newest().filter(activity__in=rows).values_list("activity", "published_at")
    published = {pk: localdate(at) for pk, at in statements}
    return {row.pk: _filed(estimates.get(row.pk), actuals.get(row.pk), published.get(row.pk)) for row in rows}


def _filed(estimate: Inventory | None, actual: Inventory | None, statement_on: date | None) -> Filed:
    stands = actual is not None and actual.state == InventoryState.SUBMITTED
    return Filed(
        estimate_kg=estimate.total_kg if estimate else None,
        accounted_on=localdate(actual.submitted_at) if stands and actual and actual.submitted_at else None,
        sent_back=actual is not None and not stands,
        statement_on=statement_on,
    )


def described(step: steps.Step, estimated: bool) -> dict[str, Any]:
    """A step as the component shows it."""
    note = ""
    if step.code is steps.Code.COVER and step.state is not steps.State.DONE:
        if step.short:
            note = _("short by %(units)s t") % {"units": f"{step.short:,d}"} + " · "
        note += _("deadline")
    if step.code is steps.Code.PLAN and step.state is steps.State.CURRENT:
        note = _("with its estimate") if estimated else _("an estimate comes first")
    if step.code is steps.Code.ACCOUNT and step.state is steps.State.BLOCKED:
        note = _("sent back by the regulator")
    return {"name": STEPS[step.code], "state": step.state.value, "on": step.on, "note": note}


def families(activity: Activity) -> list[str]:
    """The kinds of units the plan names, as the rulebook calls them."""
    found = [activity.rulebook.rules.family(code) for code in activity.offset_families]
    return [pick(family.name_zh, family.name_en) for family in found]


def events(activity: Activity, known: steps.Facts) -> list[dict[str, Any]]:
    """Days of the activity and its deadlines, for the timeline."""
    settled = steps.short(known) == 0 and known.owed is not None
    published = known.statement_on is not None
    found = [
        (known.plan_on, _("Plan published"), True),
        (activity.starts_on, _("First day"), known.on >= activity.starts_on),
        (activity.ends_on, _("Last day"), known.on > activity.ends_on),
        (known.accounted_on, _("Actual figures submitted"), True),
        (activity.promised_on, _("Neutrality expected by"), settled and published),
        (activity.units_deadline, _("Deadline for cancelling units"), settled),
        (activity.disclose_on, _("Statement promised by"), published),
        (known.statement_on, _("Statement published"), True),
        (activity.expires_on, _("Claim ends"), False),
    ]
    if FamilyCode.NEW_FOREST in activity.offset_families:
        found.append((activity.forest_deadline, _("Deadline for a new forest to grow"), settled))
    return [_event(on, label, met, known.on) for on, label, met in found if on is not None]


def _event(day: date, label: str, met: bool, on: date) -> dict[str, Any]:
    state = "coming"
    if met:
        state = "done"
    elif day < on:
        state = "late"
    elif day <= on + SOON:
        state = "due"
    return {"on": day, "label": label, "state": state}
