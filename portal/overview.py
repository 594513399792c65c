"""What the pages of the shell say about one activity: its way, its days, the kinds of units it means to use."""

from datetime import date, timedelta
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from neutrality.activities.models import Activity
from neutrality.activities.rules import State
from neutrality.inventory import queries as inventories
from neutrality.inventory.rules import Kind
from neutrality.inventory.rules import State as InventoryState
from neutrality.rulebook.rules import FamilyCode
from neutrality.wording import pick
from portal import steps
from portal.account import Account
from portal.words import STEPS

SOON = timedelta(days=30)


def facts(activity: Activity, book: Account, confirmed: bool, statement_on: date | None, on: date) -> steps.Facts:
    """What the way of `activity` is worked out from."""
    newest = inventories.newest(activity, Kind.ACTUAL)
    return steps.Facts(
        on=on,
        ends_on=activity.ends_on,
        plan_on=localtime(activity.committed_at).date() if activity.committed_at else None,
        accounted_on=localtime(book.actual.submitted_at).date() if book.actual and book.actual.submitted_at else None,
        sent_back=newest is not None and newest.state == InventoryState.RETURNED,
        owed=book.owed,
        units=book.units,
        units_deadline=activity.units_deadline,
        confirmed=confirmed,
        statement_on=statement_on,
        cancelled=activity.state == State.CANCELLED,
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
