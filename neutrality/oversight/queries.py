"""What a case holds, what the clocks say, what waits for an officer."""

import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

from django.db import connection
from django.db.models import Exists, Min, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Concat
from django.utils import timezone

from neutrality.activities.models import Activity
from neutrality.disclosure.models import Review, Statement, Withdrawal
from neutrality.evaluation.models import Finding
from neutrality.inventory import queries as inventories
from neutrality.inventory.models import Inventory
from neutrality.offsets import queries as offsets
from neutrality.offsets.models import VoidedPart
from neutrality.oversight import rules
from neutrality.oversight.models import Beat, Case, Exhibit, Step
from neutrality.oversight.rules import Act, Clock, ClockFault, Kind, Method, State

BOOT = Path("/proc/sys/kernel/random/boot_id")
STARTED = token_hex(8)


def dossier(case: Case) -> rules.Dossier:
    """Everything due process asks about a listing case, as it stands (three queries)."""
    steps = list(case.steps.order_by("position"))
    notice = last(steps, Act.SERVE)
    arrived = last(steps, Act.DELIVER, Act.ACKNOWLEDGE)
    if notice is None or arrived is None or arrived.position < notice.position:
        arrived = None
    content = arrived.content if arrived else {}
    reply, decided = last(steps, Act.REPLY), last(steps, Act.DECIDE)
    preparing = [step for step in steps if step.act in rules.PREPARING and step.by_id]
    subject = case.subject
    return rules.Dossier(
        subject_code=case.subject_code,
        subject_name=case.subject_name_zh,
        current_code=subject.code,
        current_name=subject.name_zh,
        is_organization=len(subject.code) == 18,
        exhibits=tuple(exhibits(case)),
        notice_code=notice.content.get("code", "") if notice else "",
        delivered_on=day(content.get("delivered_on")),
        proof=content.get("proof", ""),
        method=Method(content["method"]) if content else None,
        address_since=day(content.get("address_since")),
        window_ends=day(content.get("window_ends")),
        objected_on=tuple(timezone.localdate(step.at) for step in steps if step.act == Act.OBJECT),
        objection_open=bool(steps) and steps[-1].state == State.OBJECTED,
        answered_at=reply.at if reply else None,
        decided_at=decided.at if decided else None,
        prepared_by=frozenset(str(step.by_id) for step in preparing),
        decided_by=str(decided.by_id) if decided else "",
        state=State(steps[-1].state) if steps else State.OPEN,
    )


def last(steps: list[Step], *acts: Act) -> Step | None:
    return next((step for step in reversed(steps) if step.act in acts), None)


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def exhibits(case: Case) -> list[rules.Exhibit]:
    rows = Exhibit.objects.filter(case=case, withdraws__isnull=True).select_related("withdrawn")
    return [rules.Exhibit(row.subject_code, row.digest, hasattr(row, "withdrawn")) for row in rows]


def clock(at: datetime) -> Clock:
    """One look at all clocks: the moment of the request, the database's, and how long the machine has been up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (database,) = cursor.fetchone()
    return Clock(at, database, boot(), uptime_s())


def boot() -> str:
    """What names this start of the machine; where the system does not tell, this start of the program."""
    return BOOT.read_text().strip() if BOOT.exists() else STARTED


def uptime_s() -> int:
    """Whole seconds since then, counted by a clock nobody can set; sleep counts too where the system tells."""
    source = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime_ns(source) // 1_000_000_000


def clock_fault(now: Clock) -> ClockFault | None:
    """What is doubtful about the time now, against the last look that nobody doubts."""
    return rules.clock_fault(now, trusted())


def trusted() -> Clock | None:
    """The newest look at the clocks that showed no fault, or that an officer confirmed."""
    row = Beat.objects.filter(fault="").last()
    confirmed = Beat.objects.filter(confirmed_at__isnull=False).last()
    if confirmed and (row is None or confirmed.pk > row.pk):
        row = confirmed
    return Clock(row.wall_at, row.database_at, row.boot, row.uptime_s) if row else None


def doubted() -> Beat | None:
    """The newest look if it is doubtful and nobody confirmed it: settling waits."""
    row = Beat.objects.last()
    return row if row and row.fault and row.confirmed_at is None else None


def pending(kind: Kind, **about: Any) -> Any:
    """Cases of a kind that are not closed."""
    return Case.objects.pending().filter(kind=kind, **about)


@dataclass(frozen=True)
class Voided:
    """Units of one activity that one notice found void."""

    activity: Activity
    notice: str
    units: int


def voided_without_case(limit: int) -> list[Voided]:
    """What confirmed notices took from activities and nobody was told yet, oldest first."""
    key = Concat(Value("void:"), OuterRef("notice__number"), Value(":"), OuterRef("retirement__activity__code"))
    parts = VoidedPart.objects.filter(retirement__isnull=False).exclude(Exists(Case.objects.filter(key=key)))
    rows = parts.values("notice__number", "retirement__activity").annotate(units=Sum("quantity"), first=Min("pk"))
    rows = list(rows.order_by("first")[:limit])
    found = Activity.objects.select_related("organization").in_bulk({row["retirement__activity"] for row in rows})
    return [Voided(found[row["retirement__activity"]], row["notice__number"], row["units"]) for row in rows]


def made_good(limit: int) -> list[Case]:
    """Invalidation cases still open although nothing is owed any more."""
    rows = Case.objects.with_state().filter(kind=Kind.INVALIDATION, state__in=[State.OPEN, State.CHECKING])
    return [case for case in rows.select_related("activity__rulebook").order_by("pk")[:limit] if settled(case.activity)]


def settled(activity: Activity) -> bool:
    inventory = inventories.current(activity, "actual")
    return inventory is not None and offsets.owed(activity, inventory.cover.due_kg()) == 0


def corrected(limit: int) -> list[Review]:
    """Claims under review because of a case, whose statement was replaced or withdrawn since."""
    newer = Statement.objects.filter(activity=OuterRef("activity"), published_at__gt=OuterRef("opened_at"))
    withdrawn = Withdrawal.objects.filter(
        statement__activity=OuterRef("activity"), withdrawn_at__gt=OuterRef("opened_at")
    )
    rows = Review.objects.filter(ended_at__isnull=True).filter(Exists(newer) | Exists(withdrawn))
    return list(rows.select_related("activity").order_by("pk")[:limit])


ACCOUNT_DAYS = 60
"""After so many days without an actual inventory an ended activity stands in the queue as overdue."""
WAITING_FOR_A_SECOND = (State.RECOMMENDED, State.CLOSING, State.APPEALED)
DOUBTS = (Kind.CHALLENGE, Kind.INVALIDATION)


def _standing(areas: Q) -> Any:
    """Actual inventories that stand, of activities the public knows, oldest first: a reconstruction of a published
    case promised nothing and is nobody's to review."""
    newer = Inventory.objects.filter(replaces=OuterRef("pk")).exclude(state="draft")
    known = Activity.objects.public().filter(areas)
    rows = Inventory.objects.filter(state="submitted", kind="actual", activity__in=known).exclude(Exists(newer))
    return rows.select_related("activity__organization").order_by("submitted_at", "pk")


def filed(areas: Q) -> Any:
    """Actual inventories that stand and that nobody has begun to review. `areas` is about activities."""
    return _standing(areas).exclude(Exists(Case.objects.filter(kind=Kind.REVIEW, inventory=OuterRef("pk"))))


def flagged(areas: Q) -> Any:
    """Actual inventories that stand and about which the automatic checks warn."""
    return _standing(areas).filter(
        Exists(Finding.objects.filter(check_run__inventory=OuterRef("pk"), severity="warning"))
    )


def unaccounted(areas: Q, on: date) -> Any:
    """Committed activities that ended long ago and have no actual inventory, oldest first."""
    accounted = Inventory.objects.filter(activity=OuterRef("pk"), kind="actual", state="submitted")
    rows = Activity.objects.filter(areas, state="committed", ends_on__lt=on - timedelta(days=ACCOUNT_DAYS))
    return rows.exclude(Exists(accounted)).select_related("organization").order_by("ends_on", "pk")


def late(areas: Q, on: date) -> Any:
    """Cases whose next step is past its day, oldest first."""
    rows = Case.objects.pending().filter(areas, due_on__lt=on)
    return rows.select_related("subject", "activity").order_by("due_on", "pk")


def undecided(areas: Q) -> Any:
    """Cases that wait for a second person, the longest wait first."""
    rows = Case.objects.with_state().filter(areas, state__in=WAITING_FOR_A_SECOND)
    return rows.select_related("subject", "activity").order_by("due_on", "pk")


def doubted_figures(areas: Q) -> Any:
    """Open challenges, and claims whose units were found void."""
    rows = Case.objects.pending().filter(areas, kind__in=DOUBTS)
    return rows.select_related("subject", "activity").order_by("due_on", "pk")


def others(areas: Q) -> Any:
    """All other open cases."""
    rows = Case.objects.pending().filter(areas).exclude(kind__in=DOUBTS)
    return rows.select_related("subject", "activity").order_by("due_on", "pk")


def record() -> dict[str, int]:
    """How challenges ended so far: how many were closed, in how many the doubt was justified, if only in part (F18)."""
    said = Step.objects.filter(case=OuterRef("pk"), act=Act.PROPOSE).order_by("-position")
    rows = Case.objects.with_state().filter(kind=Kind.CHALLENGE, state=State.CLOSED)
    outcomes = rows.annotate(outcome=Subquery(said.values("content__outcome")[:1])).values_list("outcome", flat=True)
    ended = list(outcomes)
    return {"closed": len(ended), "justified": sum(outcome in rules.JUSTIFIED for outcome in ended)}
