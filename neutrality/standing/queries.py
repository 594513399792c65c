"""Facts about an organization, who is due, and what is public on a day: asked here and nowhere else."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.models import Organization
from neutrality.activities.models import Activity
from neutrality.disclosure import queries as disclosures
from neutrality.disclosure.models import Plan, Statement
from neutrality.evaluation import queries as evaluations
from neutrality.inventory import queries as inventories
from neutrality.offsets import queries as offsets
from neutrality.oversight.models import Case, Step
from neutrality.oversight.rules import FINAL, JUSTIFIED, Act, Kind, State
from neutrality.periods import months_after
from neutrality.standing import rules
from neutrality.standing.models import Listing, Policy, Score, Watch

NEUTRAL = frozenset({"neutral_self_declared", "neutral_evaluated"})


def policy_on(on: date) -> Policy | None:
    """The policy in force on a day: the newest not after it."""
    return Policy.objects.filter(effective_on__lte=on).order_by("effective_on", "version").last()


def due(on: date, limit: int) -> list[int]:
    """Organizations with a committed activity that ended, not looked at on this day, longest unseen first."""
    ended = Activity.objects.filter(organization=OuterRef("pk"), committed_at__isnull=False, ends_on__lt=on)
    seen = Watch.objects.filter(organization=OuterRef("pk"))
    waiting = Organization.objects.filter(Exists(ended.exclude(state="cancelled")))
    waiting = waiting.annotate(looked_on=Subquery(seen.values("looked_on")[:1]))
    waiting = waiting.filter(Q(looked_on__isnull=True) | Q(looked_on__lt=on))
    return list(waiting.order_by("looked_on", "pk").values_list("pk", flat=True)[:limit])


def facts(organization: Organization, on: date, months: int) -> rules.Facts:
    """What the records say about an organization on a day, each thing with its evidence."""
    first = months_after(on, -months)
    rows = Activity.objects.filter(organization=organization, committed_at__isnull=False, ends_on__range=(first, on))
    rows = rows.exclude(state="cancelled").select_related("organization", "rulebook").order_by("code")
    return rules.Facts(
        organization=organization.code,
        on=on,
        activities=tuple(activity_facts(row, on) for row in rows),
        violations=tuple(sorted({row.violation for row in entries(on, rules.List.BLACK, organization)})),
        open_cases=tuple(violations_pending(organization).values_list("number", flat=True)),
        upheld=tuple(upheld(organization, first)),
    )


def activity_facts(activity: Activity, on: date) -> rules.ActivityFact:
    inventory = inventories.current(activity, "actual")
    statement = Statement.objects.filter(activity=activity).order_by("published_at").first()
    plan = Plan.objects.filter(activity=activity).order_by("published_at").first()
    measures = [measure.state for measure in activity.measures.all()]
    confirmed = evaluations.confirmation(activity)
    return rules.ActivityFact(
        code=activity.code,
        ended_on=activity.ends_on,
        plan_on=timezone.localdate(plan.published_at if plan else activity.committed_at),
        promised=activity.state == "committed",
        inventory_on=timezone.localdate(inventory.submitted_at) if inventory else None,
        statement_on=timezone.localdate(statement.published_at) if statement else None,
        units_deadline=activity.settling_deadline,
        obligation=inventory.cover.owed() if inventory else None,
        units=offsets.checked_units(activity),
        measures=len(measures),
        measures_reported=sum(state != "planned" for state in measures),
        achieved=disclosures.claim(activity, on).code in NEUTRAL,
        confirmation=confirmed.mode,
        evidence=tuple(evidence(activity, plan, inventory, statement, confirmed)),
    )


def evidence(activity: Activity, plan: Any, inventory: Any, statement: Any, confirmed: Any) -> list[rules.Evidence]:
    """The documents behind the facts of an activity: public numbers and digests."""
    found = []
    if plan:
        found.append(rules.Evidence("plan", plan.number, plan.digest))
    if inventory:
        found.append(rules.Evidence("inventory", f"{activity.code}/{inventory.version}", inventory.digest))
    if statement:
        found.append(rules.Evidence("statement", statement.number, statement.digest))
    found += [rules.Evidence("retirement", row.number) for row in offsets.checked(activity)]
    if confirmed.number:
        kind = "evaluation" if confirmed.mode == "independent" else "commitment"
        found.append(rules.Evidence(kind, confirmed.number))
    return found


def violations_pending(organization: Any) -> Any:
    """Listing cases an officer took up and nobody has closed. A machine's proposal alone counts nowhere (V37)."""
    rows = Case.objects.with_state().filter(kind=Kind.LISTING, subject=organization)
    return rows.exclude(state__in=[*FINAL, State.OPEN, State.DECIDED, State.APPEALED])


def upheld(organization: Any, since: date) -> list[str]:
    """Challenges closed since a day with the outcome that the doubt was justified."""
    said = Step.objects.filter(case=OuterRef("pk"), act=Act.PROPOSE).order_by("-position")
    rows = Case.objects.with_state().filter(kind=Kind.CHALLENGE, subject=organization, state=State.CLOSED)
    rows = rows.annotate(outcome=Subquery(said.values("content__outcome")[:1]))
    return list(rows.filter(outcome__in=JUSTIFIED, moved_at__date__gte=since).values_list("number", flat=True))


def entries(on: date, which: rules.List | None = None, organization: Any = None) -> Any:
    """Entries public on a day: begun, not past the last day, not ended, in force by the clock alone (I9, V34, V39).

    A green entry is not shown while a violation is being dealt with, or while its subject is on the black list.
    """
    rows = Listing.objects.filter(public=True, starts_on__lte=on, last_on__gte=on)
    rows = rows.filter(Q(ending__isnull=True) | Q(ending__ended_on__gt=on)).select_related("organization", "case")
    if which is not None:
        rows = rows.filter(list=which)
    if organization is not None:
        rows = rows.filter(organization=organization)
    pending = violations_pending(OuterRef("organization"))
    black = Listing.objects.filter(list=rules.List.BLACK, organization=OuterRef("organization"))
    black = black.filter(starts_on__lte=on, last_on__gte=on).filter(Q(ending__isnull=True) | Q(ending__ended_on__gt=on))
    rows = rows.exclude(Q(list=rules.List.GREEN) & (Exists(pending) | Exists(black)))
    last = Step.objects.filter(case=OuterRef("case")).order_by("-position")
    return rows.annotate(objection=Subquery(last.values("state")[:1]))


def listed(on: date, today: date, which: rules.List | None = None) -> Any:
    """The lists as of a day. A black entry that is over or was repaired is shown for no day at all (R4.31)."""
    rows = entries(on, which)
    return rows.filter(Q(list=rules.List.GREEN) | Q(pk__in=entries(today).values("pk"))) if on < today else rows


def suspended(organization: Any, on: date) -> bool:
    """Whether a green entry rests while a violation is dealt with: said aloud, never silently (V39)."""
    own = Listing.objects.filter(organization=organization, list=rules.List.GREEN, starts_on__lte=on, last_on__gte=on)
    own = own.filter(Q(ending__isnull=True) | Q(ending__ended_on__gt=on))
    return own.exists() and not entries(on, rules.List.GREEN, organization).exists()


def latest_score(organization: Any) -> Score | None:
    return Score.objects.filter(organization=organization).select_related("policy").last()


def unsettled() -> Any:
    """Decided cases that wait for the entry or the ending they lead to, oldest first."""
    settled = Listing.objects.filter(case=OuterRef("pk"))
    decided = Case.objects.with_state().filter(state__in=[State.DECIDED, State.UPHELD])
    new = decided.filter(kind__in=[Kind.LISTING, Kind.RECOGNITION]).exclude(Exists(settled))
    repaired = decided.filter(kind=Kind.REPAIR).exclude(endings__isnull=False)
    standing = settled.filter(ending__isnull=True)
    reversed_ = Case.objects.with_state().filter(kind=Kind.LISTING, state=State.REVERSED).filter(Exists(standing))
    return [*new.order_by("pk"), *repaired.order_by("pk"), *reversed_.order_by("pk")]
