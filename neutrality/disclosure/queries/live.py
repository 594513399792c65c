"""The facts behind claims, for one activity or many in the same queries. Nothing here is stored anywhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from neutrality.activities.models import Activity
from neutrality.activities.rules import State
from neutrality.disclosure import rules
from neutrality.disclosure.models import Statement
from neutrality.disclosure.queries.known import Known, known
from neutrality.disclosure.rules.claims import Mark
from neutrality.evaluation.rules import Confirmation, Given, Opinion, confirmation
from neutrality.inventory.models import NoTotal
from neutrality.inventory.rules import Cover, CoverLevel
from neutrality.offsets.rules import Cancellation, Voiding, counted
from neutrality.planting.queries import Sinks, sinks_of
from neutrality.wording import pick


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
    """The facts behind the claims of `activities` (with `organization` and `rulebook` selected) on the day `on`.
    One query; two more where something was planted."""
    rows = [row for row in activities if row.state != State.DRAFT]
    read = known(row.pk for row in rows)
    sinks = sinks_of([row for row in rows if read[row.pk].planted], on)
    found = {row.pk: rules.ClaimFacts(State(row.state)) for row in activities}
    for row in rows:
        found[row.pk] = facts_of(row, on, read[row.pk], sinks.get(row.pk, Sinks()))
    return found


def facts_of(activity: Activity, on: date, read: Known, sinks: Sinks) -> rules.ClaimFacts:
    """What was read of one activity, as facts of the day `on`."""
    units = _units(read, activity.units_deadline, sinks)
    stands = read.statement is not None and read.withdrawn_at is None
    confirmed, expires_on = _confirmed(activity, read), activity.expires_on
    cover = _cover(read)
    return rules.ClaimFacts(
        state=State(activity.state),
        ended=activity.ended(on),
        total_kg=read.total_kg,
        cover_kg=cover.due_kg() if cover else None,
        cover_level=cover.level.value if cover else "",
        partial=bool(read.partial),
        units=units.counted,
        void=units.void,
        void_on=units.void_on,
        published=bool(stands and read.inventory and read.statement == read.inventory),
        claimed=stands,
        withdrawn=_mark(read.withdrawn_at, read.withdrawn_because),
        review=_mark(read.reviewed_at, read.reviewed_because),
        deadline_passed=on > activity.settling_deadline,
        promised_sinks=units.promised,
        expired_on=expires_on if expires_on and on > expires_on else None,
        promised_on=activity.promised_on,
        cancelled_on=localdate(activity.cancelled_at) if activity.cancelled_at else None,
        mode=confirmed.mode,
        body=confirmed.body,
        reconstruction=bool(activity.source_citation),
    )


def _mark(at: datetime | None, reason: str | None) -> Mark | None:
    return Mark(localdate(at), reason or "") if at else None


def _cover(read: Known) -> Cover | None:
    """What units have to cover, where an inventory stands."""
    if read.inventory is None:
        return None
    if read.total_kg is None:
        raise NoTotal
    return Cover(CoverLevel(read.level or CoverLevel.MEAN), read.total_kg, read.p90_kg)


def _units(read: Known, deadline: date, sinks: Sinks) -> Units:
    """Cancelled units and verified sinks count together (R1.28); promised sinks do not (R1.26)."""
    cancelled = list(map(Cancellation, read.units or (), read.cancelled_on or ()))
    voided = list(map(Voiding, read.void or (), read.found_on or (), read.void_cancelled_on or ()))
    days = [part.found_on for part in voided] + ([sinks.lost_on] if sinks.lost_on else [])
    return Units(
        counted(cancelled, voided, deadline) + sinks.counted,
        sum(part.units for part in voided) + sinks.lost,
        max(days, default=None),
        sinks.promised,
    )


def _confirmed(activity: Activity, read: Known) -> Confirmation:
    """How the standing inventory is confirmed."""
    opinions = tuple(
        Given(
            one.digest,
            pick(*one.body),
            one.signed_at,
            localdate(one.signed_at),
            one.number,
            Opinion(one.opinion),
            pick(*one.conclusion),
        )
        for one in read.opinions
    )
    commitment = None
    if read.committed and read.committed_at:
        name, at = activity.organization.name, read.committed_at
        commitment = Given(read.committed, name, at, localdate(at), read.commitment or "")
    return confirmation(read.digest or "", commitment, opinions)


def newest_statement(activity: Activity) -> Statement | None:
    """The statement no other replaces, withdrawn or not."""
    return Statement.objects.newest().filter(activity=activity).select_related("withdrawal").first()


def newest_statements(activities: Iterable[int]) -> dict[int, Statement]:
    """The same for many activities, by their key."""
    return {found.activity_id: found for found in Statement.objects.newest().filter(activity__in=set(activities))}
