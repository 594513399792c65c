"""The facts behind claims, for one activity or many in the same queries. Nothing here is stored anywhere."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate

from neutrality.activities.models import Activity
from neutrality.activities.rules import State
from neutrality.disclosure import rules
from neutrality.disclosure.models import Review, Statement
from neutrality.disclosure.rules.claims import Mark
from neutrality.evaluation import queries as evaluations
from neutrality.evaluation.models import Evaluation, SelfCommitment
from neutrality.evaluation.rules import Confirmation, confirmation
from neutrality.inventory.models import Inventory
from neutrality.inventory.rules import Kind
from neutrality.inventory.rules import State as Filing
from neutrality.ledger.models import Lot
from neutrality.offsets.models import Retirement, VoidedPart
from neutrality.offsets.rules import Cancellation, Voiding, counted
from neutrality.planting.queries import Sinks, sinks_of


@dataclass(frozen=True)
class Units:
    """What counts for an activity now, what once did and was found false, what a planting still promises."""

    counted: int = 0
    void: int = 0
    void_on: date | None = None
    promised: int = 0


def claim(activity: Activity, on: date) -> rules.Claim:
    """What may be said about `activity` on the day `on`, from the facts of this moment."""
    return rules.claim(live(activity, on))


def live(activity: Activity, on: date) -> rules.ClaimFacts:
    """The facts behind the claim of one activity."""
    return facts([activity], on)[activity.pk]


def claims(activities: Iterable[Activity], on: date) -> dict[int, rules.Claim]:
    """The claims of many activities by primary key; as many queries as for one."""
    return {key: rules.claim(found) for key, found in facts(activities, on).items()}


def facts(activities: Iterable[Activity], on: date) -> dict[int, rules.ClaimFacts]:
    """The facts behind the claims of `activities` (with `organization` and `rulebook` selected) on the day `on`."""
    rows = [row for row in activities if row.state != State.DRAFT]
    inventories = _inventories(rows)
    units, statements, reviews = _units(rows, on), _statements(rows), _reviews(rows)
    confirmed = _confirmations(rows, inventories)
    found = {row.pk: rules.ClaimFacts(State(row.state)) for row in activities}
    for row in rows:
        found[row.pk] = _facts(
            row,
            on,
            inventories.get(row.pk),
            units.get(row.pk, Units()),
            statements.get(row.pk),
            reviews.get(row.pk),
            confirmed.get(row.pk, Confirmation()),
        )
    return found


def _facts(
    activity: Activity,
    on: date,
    actual: Inventory | None,
    units: Units,
    statement: Statement | None,
    review: Review | None,
    confirmed: Confirmation,
) -> rules.ClaimFacts:
    withdrawal = getattr(statement, "withdrawal", None)
    stands = statement is not None and withdrawal is None
    expires_on = activity.expires_on
    return rules.ClaimFacts(
        state=State(activity.state),
        ended=activity.ended(on),
        total_kg=actual.total_kg if actual else None,
        cover_kg=actual.cover.due_kg() if actual else None,
        cover_level=actual.cover.level.value if actual else "",
        partial=bool(actual and actual.partial),
        units=units.counted,
        void=units.void,
        void_on=units.void_on,
        published=bool(stands and statement and actual and statement.inventory_id == actual.pk),
        claimed=stands,
        withdrawn=Mark(localdate(withdrawal.withdrawn_at), withdrawal.reason) if withdrawal else None,
        review=Mark(localdate(review.opened_at), review.reason) if review else None,
        deadline_passed=on > activity.settling_deadline,
        promised_sinks=units.promised,
        expired_on=expires_on if expires_on and on > expires_on else None,
        promised_on=activity.promised_on,
        cancelled_on=localdate(activity.cancelled_at) if activity.cancelled_at else None,
        mode=confirmed.mode,
        body=confirmed.body,
        reconstruction=bool(activity.source_citation),
    )


def _inventories(rows: list[Activity]) -> dict[int, Inventory]:
    """The actual inventory that stands, by activity: the newest one filed, unless it was sent back."""
    filed = Inventory.objects.filter(activity__in=rows, kind=Kind.ACTUAL).exclude(state=Filing.DRAFT)
    newest = filed.order_by("activity_id", "-version").distinct("activity_id").with_cover()
    return {row.activity_id: row for row in newest if row.state == Filing.SUBMITTED}


def _units(rows: list[Activity], on: date) -> dict[int, Units]:
    """Where units lie is what they are: of each cancellation only what still lies where its transfer put it counts."""
    columns = ("activity", "span", "cancelled_on", "transfer__target")
    retirements = list(Retirement.objects.filter(activity__in=rows).values_list(*columns))
    lots: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for place, span in Lot.objects.filter(place__in={row[3] for row in retirements}).values_list("place", "span"):
        lots[place].append((span.lower, span.upper))
    cancelled: dict[int, list[Cancellation]] = defaultdict(list)
    for pk, span, day, place in retirements:
        left = sum(max(0, min(high, span.upper) - max(low, span.lower)) for low, high in lots[place])
        cancelled[pk].append(Cancellation(left, day))
    voided: dict[int, list[Voiding]] = defaultdict(list)
    parts = VoidedPart.objects.filter(retirement__activity__in=rows)
    for pk, *part in parts.values_list("retirement__activity", "quantity", "found_on", "retirement__cancelled_on"):
        voided[pk].append(Voiding(*part))
    sinks = sinks_of(rows, on)
    return {row.pk: _counted(cancelled[row.pk], voided[row.pk], row.units_deadline, sinks[row.pk]) for row in rows}


def _counted(cancelled: list[Cancellation], voided: list[Voiding], deadline: date, sinks: Sinks) -> Units:
    """Cancelled units and verified sinks count together (R1.28); promised sinks do not (R1.26)."""
    days = [part.found_on for part in voided] + ([sinks.lost_on] if sinks.lost_on else [])
    return Units(
        counted(cancelled, voided, deadline) + sinks.counted,
        sum(part.units for part in voided) + sinks.lost,
        max(days, default=None),
        sinks.promised,
    )


def newest_statement(activity: Activity) -> Statement | None:
    """The statement no other replaces, withdrawn or not."""
    return Statement.objects.newest().filter(activity=activity).select_related("withdrawal").first()


def _statements(rows: list[Activity]) -> dict[int, Statement]:
    newest = Statement.objects.newest().filter(activity__in=rows).select_related("withdrawal").defer("text")
    return {row.activity_id: row for row in newest}


def _reviews(rows: list[Activity]) -> dict[int, Review]:
    """The oldest review that is still open, by activity."""
    found = Review.objects.filter(activity__in=rows, ended_at__isnull=True).order_by("-opened_at", "-pk")
    return {review.activity_id: review for review in found}


def _confirmations(rows: list[Activity], inventories: dict[int, Inventory]) -> dict[int, Confirmation]:
    """How each standing inventory is confirmed; an older version confirms nothing (V19)."""
    standing = list(inventories.values())
    commitments = {
        row.activity_id: row for row in SelfCommitment.objects.filter(inventory__in=standing, withdrawn_at__isnull=True)
    }
    opinions: dict[int, list[Evaluation]] = defaultdict(list)
    for row in Evaluation.objects.filter(inventory__in=standing).select_related("assignment__organization"):
        opinions[row.activity_id].append(row)
    found = {}
    for activity in rows:
        if activity.pk in inventories:
            commitment = commitments.get(activity.pk)
            found[activity.pk] = confirmation(
                inventories[activity.pk].digest,
                evaluations.committed(commitment, activity) if commitment else None,
                tuple(evaluations.opinion(row) for row in opinions[activity.pk]),
            )
    return found
