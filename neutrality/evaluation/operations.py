"""Commit oneself, invite, accept, find, sign: what confirms a claim."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import access as people
from accounts.rules import RestrictionKind
from neutrality.codes import new_code
from neutrality.evaluation import checks, queries, rules, words
from neutrality.evaluation.models import Assignment, Check, Evaluation, Finding, LineFinding, SelfCommitment
from neutrality.inventory import queries as inventories
from neutrality.inventory.models import Inventory
from neutrality.refusals import Problem, Refusal
from neutrality.trail import operations as trail


class NothingSubmitted(Refusal):
    code = "nothing_submitted"
    message = _("There is no submitted actual inventory to confirm yet. Submit it first.")


class Changed(Refusal):
    code = "changed"
    message = _("A newer version of the inventory was submitted meanwhile. Open it and look again.")


class SelfDeclarationRestricted(Refusal):
    code = "restricted"
    message = _("This organization may not declare for itself at present. Invite an independent evaluator.")


class NotAffirmed(Refusal):
    code = "not_affirmed"
    message = _("Every item of the check-list must be affirmed before you can commit.")


class AlreadyCommitted(Refusal):
    code = "already_committed"
    message = _("This inventory already has a self-commitment.")


class Spoken(Refusal):
    code = "spoken"
    message = _("An evaluator gave an opinion about this inventory that does not support a self-commitment.")


class NotIndependent(Refusal):
    code = "not_independent"


class AlreadyInvited(Refusal):
    code = "already_invited"
    message = _("This evaluator is already invited.")


class NotNow(Refusal):
    code = "not_now"
    message = _("This step is not possible in the present state of the assignment.")


class NotDeclared(Refusal):
    code = "not_declared"
    message = _("Every item of the declaration of independence must be affirmed.")


class NotReady(Refusal):
    code = "not_ready"


def current(activity: Any, digest: str | None = None) -> Inventory:
    """The submitted actual inventory, locked; refuses when there is none, or when it is not the one that was read."""
    inventory = inventories.current(activity, "actual")
    if inventory is None:
        raise NothingSubmitted
    inventory = Inventory.objects.select_for_update(of=("self",)).get(pk=inventory.pk)
    if inventory.state != "submitted" or (digest is not None and inventory.digest != digest):
        raise Changed
    return inventory


@transaction.atomic
def commit(*, activity: Any, digest: str, affirmed: set[str], signatory: str, by: Any, at: datetime) -> SelfCommitment:
    """The organizer answers for the inventory with this digest (R1.33). Needs every item of the check-list."""
    inventory = current(activity, digest)
    if people.restricted(activity.organization, RestrictionKind.SELF_DECLARATION, timezone.localdate(at)):
        raise SelfDeclarationRestricted
    if set(affirmed) != set(rules.Statement):
        raise NotAffirmed(field="affirmed")
    if Evaluation.objects.filter(inventory=inventory).exists() and not queries.confirmation(activity).positive:
        raise Spoken
    if SelfCommitment.objects.filter(inventory=inventory, withdrawn_at__isnull=True).exists():
        raise AlreadyCommitted
    commitment = SelfCommitment.objects.create(
        number=new_code("SC"),
        activity=activity,
        inventory=inventory,
        digest=inventory.digest,
        affirmed=sorted(affirmed),
        signatory=signatory,
        committed_at=at,
        committed_by=by,
    )
    content = {"activity": activity.code, "digest": inventory.digest, "affirmed": commitment.affirmed}
    trail.record(verb="evaluation.commit", subject=f"commitment:{commitment.number}", by=by, at=at, content=content)
    return commitment


@transaction.atomic
def take_back(*, commitment: SelfCommitment, reason: str, by: Any, at: datetime) -> SelfCommitment:
    """Withdraw a self-commitment, saying why; the row stays readable."""
    commitment = SelfCommitment.objects.select_for_update(of=("self",)).get(pk=commitment.pk)
    if commitment.withdrawn_at is not None:
        raise NotNow
    commitment.withdrawn_at, commitment.withdrawn_by, commitment.withdrawal_reason = at, by, reason
    commitment.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    subject = f"commitment:{commitment.number}"
    trail.record(verb="evaluation.take_back", subject=subject, by=by, at=at, content={"reason": reason})
    return commitment


def demand_independence(activity: Any, organization: Any, at: datetime) -> None:
    """Refuse with every known tie at once (R1.35); asked at invitation, acceptance and signing (V18)."""
    found = rules.conflicts(queries.relations(activity, organization, timezone.localdate(at)))
    if found:
        raise NotIndependent.many([Problem(code, words.CONFLICTS[code], "organization") for code in found])


@transaction.atomic
def invite(*, activity: Any, organization: Any, message: str, by: Any, at: datetime) -> Assignment:
    """Ask an evaluator to judge the activity."""
    demand_independence(activity, organization, at)
    open_states = [rules.State.INVITED, rules.State.ACCEPTED]
    type(activity).objects.select_for_update(of=("self",)).get(pk=activity.pk)
    if Assignment.objects.filter(activity=activity, organization=organization, state__in=open_states).exists():
        raise AlreadyInvited(field="organization")
    assignment = Assignment.objects.create(
        code=new_code("EV"), activity=activity, organization=organization, message=message, invited_at=at, invited_by=by
    )
    content = {"activity": activity.code, "evaluator": organization.code}
    trail.record(verb="evaluation.invite", subject=f"assignment:{assignment.code}", by=by, at=at, content=content)
    return assignment


def moved(assignment: Assignment, act: str) -> Assignment:
    """The assignment, locked, with the state that `act` leads to; refuses what the table does not allow."""
    assignment = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    state = rules.TRANSITIONS.get((rules.State(assignment.state), act))
    if state is None:
        raise NotNow
    assignment.state = state
    return assignment


def demand_declaration(declared: set[str]) -> None:
    if set(declared) != set(rules.Declaration):
        raise NotDeclared(field="declared")


@transaction.atomic
def accept(*, assignment: Assignment, declared: set[str], by: Any, at: datetime) -> Assignment:
    """Take the work on, with the declaration of independence."""
    assignment = moved(assignment, "accept")
    demand_declaration(declared)
    demand_independence(assignment.activity, assignment.organization, at)
    assignment.declared, assignment.accepted_at, assignment.accepted_by = sorted(declared), at, by
    assignment.save()
    content = {"declared": assignment.declared}
    trail.record(verb="evaluation.accept", subject=f"assignment:{assignment.code}", by=by, at=at, content=content)
    return assignment


@transaction.atomic
def decline(*, assignment: Assignment, reason: str, by: Any, at: datetime) -> Assignment:
    """Say no, and why."""
    assignment = moved(assignment, "decline")
    assignment.reason, assignment.declined_at, assignment.declined_by = reason, at, by
    assignment.save()
    trail.record(verb="evaluation.decline", subject=f"assignment:{assignment.code}", by=by, at=at)
    return assignment


@transaction.atomic
def withdraw(*, assignment: Assignment, reason: str, by: Any, at: datetime) -> Assignment:
    """The organizer ends an assignment; opinions already signed stay and keep counting."""
    assignment = moved(assignment, "withdraw")
    assignment.reason, assignment.withdrawn_at, assignment.withdrawn_by = reason, at, by
    assignment.save()
    content = {"reason": reason}
    trail.record(verb="evaluation.withdraw", subject=f"assignment:{assignment.code}", by=by, at=at, content=content)
    return assignment


@transaction.atomic
def find(
    *,
    assignment: Assignment,
    digest: str,
    position: int,
    verdict: rules.Verdict,
    text: str,
    difference_kg: Decimal | None,
    by: Any,
    at: datetime,
) -> LineFinding:
    """Note what was found about one line; the newest note counts."""
    assignment = moved(assignment, "sign")
    inventory = current(assignment.activity, digest)
    if not inventory.lines.filter(position=position).exists():
        raise Changed
    finding = LineFinding.objects.create(
        assignment=assignment,
        inventory=inventory,
        position=position,
        verdict=verdict,
        text=text,
        difference_kg=difference_kg if verdict is rules.Verdict.MISSTATED else None,
        found_at=at,
        found_by=by,
    )
    content = {"digest": digest, "line": position, "verdict": verdict}
    trail.record(verb="evaluation.find", subject=f"assignment:{assignment.code}", by=by, at=at, content=content)
    return finding


@transaction.atomic
def sign(
    *,
    assignment: Assignment,
    digest: str,
    opinion: rules.Opinion,
    conclusion_zh: str,
    conclusion_en: str,
    declared: set[str],
    report: Any,
    by: Any,
    at: datetime,
) -> Evaluation:
    """Sign an opinion about exactly the inventory with this digest; independence is asked once more (R1.35, V19)."""
    assignment = moved(assignment, "sign")
    inventory = current(assignment.activity, digest)
    demand_declaration(declared)
    demand_independence(assignment.activity, assignment.organization, at)
    if Evaluation.objects.filter(assignment=assignment, inventory=inventory).exists():
        raise NotNow
    verdicts = queries.verdicts(assignment, inventory)
    against = rules.objections(opinion, verdicts, inventory.total_kg)
    if against:
        raise NotReady.many([Problem(code, words.OBJECTIONS[code], "opinion") for code in against])
    evaluation = Evaluation.objects.create(
        number=new_code("E"),
        assignment=assignment,
        activity=assignment.activity,
        inventory=inventory,
        digest=inventory.digest,
        opinion=opinion,
        conclusion_zh=conclusion_zh,
        conclusion_en=conclusion_en,
        declared=sorted(declared),
        findings=[{"line": v.position, "verdict": v.verdict} for v in verdicts],
        report=report,
        signed_at=at,
        signed_by=by,
    )
    content = {"activity": assignment.activity.code, "digest": digest, "opinion": opinion}
    trail.record(
        verb="evaluation.sign",
        subject=f"evaluation:{evaluation.number}",
        by=by,
        at=at,
        content={**content, "evaluator": assignment.organization.code},
        public=True,
    )
    return evaluation


@transaction.atomic
def check(*, inventory: Inventory, at: datetime) -> Check | None:
    """Run the automatic checks once for this version of their tables; None when they already ran (V46)."""
    run, new = Check.objects.get_or_create(inventory=inventory, version=checks.VERSION, defaults={"checked_at": at})
    if not new:
        return None
    found = checks.judge(queries.facts(inventory, timezone.localdate(at)))
    Finding.objects.bulk_create(
        Finding(check_run=run, code=one.code, severity=one.severity, line=one.line, params=one.params) for one in found
    )
    content = {"digest": inventory.digest, "version": checks.VERSION, "codes": [one.code for one in found]}
    trail.record(
        verb="evaluation.check", subject=f"activity:{inventory.activity.code}", by=None, at=at, content=content
    )
    return run
