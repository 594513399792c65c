"""What stands behind an activity's claim. Everything is read from where the units lie now."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BigAutoField, QuerySet, Sum
from django.db.models.expressions import RawSQL

from neutrality import quantities
from neutrality.offsets import rules
from neutrality.offsets.models import Block, Proof, Retirement, VoidedPart, VoidNotice
from neutrality.offsets.models.cancellations import ProofState
from neutrality.planting import queries as planting
from neutrality.rulebook.rules import FamilyCode
from neutrality.statements import Prepared, Told

PLANTED = "planted"
"""The way of sinks: certified as they grew, cancelled nowhere."""


@dataclass(frozen=True)
class Cancelled:
    """One cancellation as a statement prints it (R1.37). `units` is what still lies there; the rest is `void`."""

    number: str
    units: int
    void: int
    family: str
    rule: str
    reason: str
    kind: str
    kind_zh: str
    kind_en: str
    registry: str
    registry_zh: str
    registry_en: str
    project: str
    project_zh: str
    project_en: str
    country: str
    vintage: str
    serial: str
    certificate: str
    date: date
    recorded: date
    timely: bool
    beneficiary: str
    donor: str
    way: str
    block: str


# What still lies where a cancellation put it: the rest was found void.
LEFT = """
SELECT coalesce(sum(least(upper(lot.span), upper(offsets_retirement.span))
                  - greatest(lower(lot.span), lower(offsets_retirement.span))), 0)::bigint
  FROM ledger_lot AS lot JOIN ledger_transfer AS moved ON moved.target_id = lot.place_id
 WHERE moved.number = offsets_retirement.transfer_id AND lot.span && offsets_retirement.span
"""
COLUMNS = (
    *("number", "quantity", "family", "rule", "reason", "serial", "certificate_number", "cancelled_on", "retired_at"),
    *("beneficiary", "donor", "way", "block__code", "block__vintage_start", "block__vintage_end"),
    *("block__kind__code", "block__kind__name_zh", "block__kind__name_en", "block__kind__registry__code"),
    *("block__kind__registry__name_zh", "block__kind__registry__name_en", "block__project__identifier"),
    *("block__project__name_zh", "block__project__name_en", "block__project__country"),
)


def _of(activity: Any) -> QuerySet[Retirement]:
    """The cancellations of an activity, each with the units that still lie there as `left`."""
    return Retirement.objects.filter(activity=activity).annotate(left=RawSQL(LEFT, ()))  # noqa: S611 - a constant


# The right page of every statement and its paper.
CANCELLED: Prepared[Any] = Prepared(
    lambda: (
        _of(Told("activity", BigAutoField())).order_by("cancelled_on", "id").values_list(*COLUMNS, "left", named=True)
    )
)
LYING: Prepared[Any] = Prepared(
    lambda: (
        Retirement.objects.filter(pk=Told("row", BigAutoField()))
        .annotate(left=RawSQL(LEFT, ()))  # noqa: S611 - a constant
        .values_list("left", named=True)
    )
)


def checked(activity: Any) -> list[Cancelled]:
    """Everything that may count for the activity: its cancellations, oldest first, then the sinks of its plantings that
    were verified in time (2 queries; 4 where something was planted)."""
    return cancelled(activity) + [_sinks(row, activity) for row in planting.grown(activity)]


def cancelled(activity: Any) -> list[Cancelled]:
    """Every cancellation for the activity whose proof is checked or which was made here, oldest first (1 query)."""
    return [_cancelled(row, activity.units_deadline) for row in CANCELLED.all(activity=activity.pk)]


def _sinks(row: planting.Grown, activity: Any) -> Cancelled:
    """Verified sinks of one planting as a line of the right page: certified, not cancelled (R1.23, R1.28)."""
    stand, body = row.planting, row.last.body
    return Cancelled(
        number=stand.number,
        units=row.units,
        void=row.lost,
        family=FamilyCode.NEW_FOREST.value,
        rule="R1.22",
        reason="",
        kind="new_forest",
        kind_zh="新建林业项目碳汇",
        kind_en="Sinks of newly planted forest",
        registry=body.code,
        registry_zh=body.name_zh,
        registry_en=body.name_en,
        project=stand.number,
        project_zh=stand.place_name,
        project_en=stand.place_name,
        country="CN",
        vintage=f"{row.grown_from:%Y-%m}–{row.grown_to:%Y-%m}",
        serial="",
        certificate=row.last.report_number,
        date=row.last.decided_on,
        recorded=row.last.decided_on,
        timely=True,
        beneficiary=activity.name_zh,
        donor="",
        way=PLANTED,
        block="",
    )


def _cancelled(row: Any, deadline: date) -> Cancelled:
    project_zh, project_en = row.block__project__name_zh or "", row.block__project__name_en or ""
    return Cancelled(
        number=row.number,
        units=row.left,
        void=row.quantity - row.left,
        family=row.family,
        rule=row.rule,
        reason=row.reason,
        kind=row.block__kind__code,
        kind_zh=row.block__kind__name_zh,
        kind_en=row.block__kind__name_en,
        registry=row.block__kind__registry__code,
        registry_zh=row.block__kind__registry__name_zh,
        registry_en=row.block__kind__registry__name_en,
        project=row.block__project__identifier or "",
        project_zh=project_zh or project_en,
        project_en=project_en or project_zh,
        country=row.block__project__country or "",
        vintage=rules.vintage(row.block__vintage_start, row.block__vintage_end),
        serial=row.serial,
        certificate=row.certificate_number,
        date=row.cancelled_on,
        recorded=row.retired_at.date(),
        timely=row.cancelled_on <= deadline,
        beneficiary=row.beneficiary,
        donor=row.donor,
        way=row.way,
        block=row.block__code,
    )


def checked_units(activity: Any) -> int:
    """Units that count for the claim: cancelled ones, and whole tonnes of sinks verified in time (R1.28)."""
    return cancelled_units(activity) + planting.of_activity(activity).counted


def cancelled_units(activity: Any) -> int:
    """Units that count: in `retired:` of this activity, cancelled in time (I1, I3), or replacing in time what was found
    void. Two queries."""
    rows = [rules.Cancellation(*row) for row in _of(activity).values_list("left", "cancelled_on")]
    return rules.counted(rows, _voidings(activity), activity.units_deadline)


def _voidings(activity: Any) -> list[rules.Voiding]:
    rows = VoidedPart.objects.filter(retirement__activity=activity)
    return [rules.Voiding(*row) for row in rows.values_list("quantity", "found_on", "retirement__cancelled_on")]


def pending_units(activity: Any) -> int:
    """Units in proofs that wait for their check; they do not count yet (R3.9)."""
    found = Proof.objects.filter(activity=activity, state=ProofState.SUBMITTED).aggregate(units=Sum("quantity"))
    return found["units"] or 0


def void_units(activity: Any) -> int:
    """Units once cancelled for the activity and later found void. When this is above zero and `checked_units` is below
    what is owed, the claim is under review (R3.19). Sinks that were verified and then lost are among them."""
    found = VoidedPart.objects.filter(retirement__activity=activity).aggregate(units=Sum("quantity"))
    return (found["units"] or 0) + planting.of_activity(activity).lost


def owed(activity: Any, due_kg: Any) -> int:
    """Whole units still missing: the ceiling of what has to be covered less what counts, never below zero (R1.28,
    R1.29)."""
    return max(0, quantities.obligation(due_kg) - checked_units(activity))


def claims_on(block: Block) -> list[tuple[Any, int, int]]:
    """Every activity whose claim stands on units of a block: (activity, units cancelled, of these void)."""
    void = dict(
        VoidedPart.objects.filter(retirement__block=block)
        .values_list("retirement__activity")
        .annotate(units=Sum("quantity"))
        .order_by()
    )
    found: dict[int, list[Any]] = {}
    for row in Retirement.objects.filter(block=block).select_related("activity__organization").order_by("id"):
        entry = found.setdefault(row.activity_id, [row.activity, 0])
        entry[1] += row.quantity
    return [(activity, units, void.get(pk, 0)) for pk, (activity, units) in found.items()]


def remaining(retirement: Retirement) -> int:
    """Units of one retirement that still lie in their activity's place."""
    (row,) = LYING.all(row=retirement.pk)
    return int(row.left)


def touched(notice: VoidNotice) -> list[tuple[Retirement, int]]:
    """Retirements a notice would take units from, with how many, oldest first. What an earlier notice took is gone."""
    rows = Retirement.objects.filter(span__overlap=notice.span).select_related("activity__organization")
    gone: Counter[int | None] = Counter()
    for part in VoidedPart.objects.filter(span__overlap=notice.span):
        gone[part.retirement_id] += _shared(part.span, notice.span)
    left = [(row, _shared(row.span, notice.span) - gone[row.pk]) for row in rows.order_by("id")]
    return [(row, units) for row, units in left if units]


def already_void(notice: VoidNotice) -> int:
    """Units of a notice's run that other notices made void: before it, or, while it waits, until now."""
    parts = VoidedPart.objects.filter(span__overlap=notice.span).exclude(notice=notice)
    return sum(_shared(part.span, notice.span) for part in parts)


def _shared(one: Any, other: Any) -> int:
    """Units in both of two ranges that overlap."""
    return int(min(one.upper, other.upper) - max(one.lower, other.lower))
