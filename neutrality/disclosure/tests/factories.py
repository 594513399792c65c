"""Activities in every stage of their account, through the real operations, for tests of any room."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from accounts.tests.factories import make_organization
from neutrality.activities import operations as activities
from neutrality.activities.models import Activity
from neutrality.activities.tests.factories import make_activity, make_measure
from neutrality.disclosure import operations
from neutrality.disclosure.models import Plan, Statement
from neutrality.evaluation.tests.factories import make_commitment
from neutrality.inventory.models import Inventory
from neutrality.inventory.tests.factories import make_draft, make_evidence, make_lines, make_submitted_inventory
from neutrality.offsets.tests.factories import make_retirement

BEFORE = datetime(2026, 4, 1, 2, tzinfo=UTC)
AFTER = datetime(2026, 9, 3, 2, tzinfo=UTC)
ON = date(2026, 9, 3)


def make_ready(**over: Any) -> Activity:
    """A draft that lacks nothing: a measure, a complete estimate."""
    over.setdefault("organization", make_organization())
    activity = make_activity(**over)
    make_measure(activity)
    lines = make_lines(activity, kg="120000", evidence_digest=make_evidence(activity, activity.created_by))
    make_draft(activity, "estimate", lines=lines)
    return activity


def make_plan(**over: Any) -> Plan:
    """A published plan; its activity ended on 18 May 2026."""
    activity = make_ready(**over)
    return operations.publish_plan(activity=activity, key=uuid4().hex, by=activity.created_by, at=BEFORE)


def make_accounted(kg: str = "103150", **over: Any) -> Inventory:
    """A committed activity that is over, with its actual inventory submitted."""
    activity = Activity.objects.select_related("organization", "rulebook").get(pk=make_plan(**over).activity_id)
    report_measures(activity)
    return make_submitted_inventory(activity, "actual", kg)


def report_measures(activity: Activity) -> None:
    """Every measure carried out as planned."""
    for measure in activity.measures.all():
        activities.report_measure(
            measure=measure,
            state="done",
            outcome="按计划完成。",
            achieved_kg=measure.planned_kg,
            evidence=None,
            by=activity.created_by,
            at=AFTER,
        )


def make_settled(units: int = 104, **over: Any) -> Activity:
    """Accounted, so many units cancelled, self-committed; nothing published yet."""
    inventory = make_accounted(**over)
    if units:
        make_retirement(inventory.activity, units)
    make_commitment(inventory)
    return Activity.objects.select_related("organization", "rulebook").get(pk=inventory.activity_id)


def publish(activity: Activity, **over: Any) -> Statement:
    """Its statement, published now."""
    values = {"key": uuid4().hex, "by": activity.created_by, "at": AFTER, **over}
    return operations.publish_statement(activity=activity, **values)


def make_statement(units: int = 104, **over: Any) -> Statement:
    """A published statement about 103.150 t."""
    return publish(make_settled(units, **over))
