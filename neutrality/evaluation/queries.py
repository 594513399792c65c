"""How an activity is confirmed, who is tied to whom, what the automatic checks look at, what is due."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts import access as people
from accounts.models import Membership
from accounts.rules import Kind, RestrictionKind
from neutrality.evaluation import checks, rules
from neutrality.evaluation.models import Assignment, Check, Evaluation, LineFinding, SelfCommitment
from neutrality.inventory import queries as inventories
from neutrality.inventory.models import Inventory
from neutrality.offsets import queries as offsets
from neutrality.offsets.models import Block, Handover, Offer, Retirement


def confirmation(activity: Any) -> rules.Confirmation:
    """How the current actual inventory of `activity` is confirmed; a newer version is confirmed by nothing (V19)."""
    inventory = inventories.current(activity, "actual")
    if inventory is None:
        return rules.Confirmation()
    commitment = commitment_of(inventory)
    signed = Evaluation.objects.filter(inventory=inventory).select_related("assignment__organization")
    return rules.confirmation(
        inventory.digest, commitment and committed(commitment, activity), tuple(opinion(row) for row in signed)
    )


def commitment_of(inventory: Any) -> SelfCommitment | None:
    """The self-commitment that stands for an inventory."""
    if inventory is None:
        return None
    return SelfCommitment.objects.filter(inventory=inventory, withdrawn_at__isnull=True).first()


def committed(row: SelfCommitment, activity: Any) -> rules.Given:
    on = timezone.localdate(row.committed_at)
    return rules.Given(row.digest, activity.organization.name, row.committed_at, on, row.number)


def opinion(row: Evaluation) -> rules.Given:
    on = timezone.localdate(row.signed_at)
    body = row.assignment.organization.name
    return rules.Given(row.digest, body, row.signed_at, on, row.number, rules.Opinion(row.opinion), row.conclusion)


def relations(activity: Any, organization: Any, on: date) -> rules.Relations:
    """Every tie between an evaluator and an activity that the portal knows of (R1.35)."""
    return rules.Relations(
        evaluator=organization.code,
        organizer=activity.organization.code,
        is_evaluator=organization.kind == Kind.EVALUATOR,
        is_verified=organization.verified,
        is_restricted=people.restricted(organization, RestrictionKind.SELF_DECLARATION, on),
        evaluator_people=members(organization, activity.created_at),
        organizer_people=members(activity.organization, activity.created_at),
        compilers=compilers(activity),
        unit_parties=unit_parties(activity),
    )


def members(organization: Any, since: Any) -> frozenset[str]:
    """Everybody who belonged to `organization` at any time since the activity was registered."""
    rows = Membership.objects.filter(organization=organization).exclude(ended_at__lt=since)
    return frozenset(str(one) for one in rows.values_list("user__public_id", flat=True))


def compilers(activity: Any) -> frozenset[str]:
    """The people who wrote the plan or any inventory of the activity."""
    filed = Inventory.objects.filter(activity=activity, submitted_by__isnull=False)
    found = {str(one) for one in filed.values_list("submitted_by__public_id", flat=True)}
    authors = (activity.created_by, activity.committed_by)
    return frozenset(found | {str(author.public_id) for author in authors if author is not None})


def unit_parties(activity: Any) -> frozenset[str]:
    """Codes of everybody who owned, held, offered or passed on the units used."""
    used = Retirement.objects.filter(activity=activity)
    blocks = used.values("block")
    codes = {
        *used.values_list("holder__code", flat=True),
        *Block.objects.filter(pk__in=blocks).values_list("owner__code", flat=True),
        *Offer.objects.filter(block__in=blocks).values_list("organization__code", flat=True),
        *Handover.objects.filter(block__in=blocks).values_list("giver__code", flat=True),
    }
    return frozenset(codes - {None})


def newest_findings(assignment: Assignment, inventory: Any) -> dict[int, LineFinding]:
    """The evaluator's newest finding for each line, by position."""
    rows = LineFinding.objects.filter(assignment=assignment, inventory=inventory)
    return {row.position: row for row in rows.order_by("pk")}


def verdicts(assignment: Assignment, inventory: Any) -> tuple[rules.LineVerdict, ...]:
    """What was found about every line of the inventory; None where nothing was."""
    found = newest_findings(assignment, inventory)
    positions = inventory.lines.order_by("position").values_list("position", flat=True)
    return tuple(
        rules.LineVerdict(
            position,
            rules.Verdict(found[position].verdict) if position in found else None,
            found[position].difference_kg if position in found else None,
        )
        for position in positions
    )


def due(limit: int) -> Any:
    """Submitted actual inventories that this version of the checks has not looked at, oldest first."""
    seen = Check.objects.filter(inventory=OuterRef("pk"), version=checks.VERSION)
    waiting = Inventory.objects.filter(kind="actual", state="submitted").exclude(Exists(seen))
    return waiting.order_by("submitted_at", "pk")[:limit]


def facts(inventory: Any, on: date) -> checks.Facts:
    """What the automatic checks look at."""
    activity = inventory.activity
    estimate = inventories.current(activity, "estimate")
    measures = activity.measures.all()
    return checks.Facts(
        on=on,
        is_event=activity.form == "event",
        days=(activity.ends_on - activity.starts_on).days + 1,
        people=activity.actual_people,
        total_kg=inventory.total_kg,
        estimate_kg=estimate.total_kg if estimate else None,
        required=frozenset(source.code for source in inventory.rulebook.rules.sources if source.required),
        lines=tuple(line_facts(inventory)),
        measures=len(measures),
        measures_reported=sum(measure.state != "planned" for measure in measures),
        units_deadline=activity.settling_deadline,
        units=offsets.checked_units(activity),
        obligation=inventory.cover.owed(),
    )


def line_facts(inventory: Any) -> list[checks.LineFact]:
    lines = inventory.lines.select_related("result", "evidence").order_by("position")
    return [
        checks.LineFact(
            position=line.position,
            source=line.source,
            treatment=line.treatment,
            kg=line.result.kg if hasattr(line, "result") and not line.result.memo else None,
            evidence=line.evidence.digest if line.evidence else "",
            own_factor=line.own_value is not None,
        )
        for line in lines
    ]
