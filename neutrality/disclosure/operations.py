"""publish_plan, publish_statement, withdraw, open_review, end_review. Nothing published is ever changed."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from neutrality.activities import operations as activities
from neutrality.activities import queries as activity_queries
from neutrality.activities import words
from neutrality.activities.models import Activity
from neutrality.activities.rules import Gap, State
from neutrality.codes import new_code
from neutrality.disclosure import queries, rules
from neutrality.disclosure.models import Plan, Review, Statement, Withdrawal
from neutrality.evaluation import queries as evaluations
from neutrality.evaluation.rules import Mode
from neutrality.inventory import operations as inventories
from neutrality.inventory import queries as inventory_queries
from neutrality.inventory.models import Inventory
from neutrality.inventory.rules import Kind
from neutrality.refusals import Problem, Refusal
from neutrality.trail import operations as trail
from neutrality.trail import rules as trail_rules


class PlanIncomplete(Refusal):
    code = "plan_incomplete"
    message = _("The plan is not complete yet.")


class NotCommitted(Refusal):
    code = "not_committed"
    message = _("Publish the plan first; a statement settles what a plan promised.")


class NotOver(Refusal):
    code = "not_over"
    message = _("The activity is not over. A statement counts what was really emitted, so it can only come afterwards.")


class NotAccounted(Refusal):
    code = "not_accounted"
    message = _("The actual figures are not submitted yet. Submit the inventory first.")


class NotConfirmed(Refusal):
    code = "not_confirmed"
    message = _("The actual figures are not confirmed yet. Commit yourself to them, or have an evaluator sign.")


class NothingReduced(Refusal):
    code = "nothing_reduced"
    message = _(
        "No reduction measure is reported as carried out. Report what came of your measures first: cutting comes "
        "before offsetting."
    )


class NoCorrection(Refusal):
    code = "no_correction"
    message = _("Say what changed since the last statement, and why; it is printed.")


class NothingNew(Refusal):
    code = "nothing_new"
    message = _("Nothing changed since the last statement.")


class KeyReused(Refusal):
    code = "key_reused"
    message = _("This form was already used for something else. Open a fresh one and try again.")


class NotNewest(Refusal):
    code = "not_newest"
    message = _("A newer statement has replaced this one. Withdraw that one instead.")


class NoReason(Refusal):
    code = "no_reason"
    message = _("Give a reason; it is kept and shown.")


def subject(row: Plan | Statement) -> str:
    """How the trail names it."""
    return f"{type(row).__name__.lower()}:{row.number}"


def _lock(activity: Activity) -> Activity:
    rows = Activity.objects.select_for_update(of=("self",)).select_related("organization", "rulebook")
    return rows.get(pk=activity.pk)


@transaction.atomic
def publish_plan(*, activity: Activity, key: str, by: Any, at: datetime) -> Plan:
    """Freeze the estimate, commit the activity, publish the plan. PlanIncomplete names every gap of all three at once;
    the same key again is the same plan."""
    locked = _lock(activity)
    if earlier := Plan.objects.filter(key=key).first():
        if earlier.activity_id != locked.pk:
            raise KeyReused
        return earlier
    estimate, problems = _estimate(locked, by, at)
    problems += _worked_out(locked, by, at)
    gaps = activity_queries.plan_gaps(locked, estimate.total_kg if estimate else None)
    problems += [Problem(gap.value, words.GAP[gap]) for gap in gaps if not (problems and gap is Gap.ESTIMATE)]
    if problems or estimate is None:
        raise PlanIncomplete.many(problems)
    committed = activities.commit(activity=locked, estimate_kg=estimate.total_kg, by=by, at=at)
    number = new_code("P")
    content = rules.compose_plan(queries.plan_facts(committed, estimate, number=number, at=at))
    plan = Plan.objects.create(activity=committed, estimate=estimate, **_sealed(number, key, content, by, at))
    told = {"digest": plan.digest, "estimate": estimate.digest}
    trail.record(verb="disclosure.publish_plan", subject=subject(plan), by=by, at=at, content=told, public=True)
    return plan


def _estimate(activity: Activity, by: Any, at: datetime) -> tuple[Inventory | None, list[Problem]]:
    """The submitted estimate, submitted now if it is still a draft; or what stands in its way."""
    standing = inventory_queries.current(activity, Kind.ESTIMATE)
    draft = inventory_queries.draft(activity, Kind.ESTIMATE)
    if draft is None:
        return standing, []
    try:
        with transaction.atomic():
            return inventories.submit(inventory=draft, by=by, at=at), []
    except Refusal as refusal:
        return None, list(refusal.problems)


def _worked_out(activity: Activity, by: Any, at: datetime) -> list[Problem]:
    """The planned effects of measures, by the estimate as it is published now."""
    try:
        with transaction.atomic():
            inventories.work_out(activity=activity, by=by, at=at)
    except Refusal as refusal:
        return list(refusal.problems)
    return []


def _sealed(number: str, key: str, content: dict[str, Any], by: Any, at: datetime) -> dict[str, Any]:
    """The columns of a snapshot: canonical text, the digest of its bytes, moment and person."""
    data = trail_rules.canonical(content)
    return {
        "number": number,
        "key": key,
        "text": data.decode(),
        "digest": trail_rules.digest(data),
        "published_at": at,
        "published_by": by,
    }


@transaction.atomic
def publish_statement(
    *, activity: Activity, key: str, by: Any, at: datetime, correction: str = "", note: str = ""
) -> Statement:
    """Publish the account as it stands now. A partly offset account may be published too (R2.5, R1.39); what may be
    said about it is computed at each reading. A further statement names the one it replaces and says what changed."""
    locked = _lock(activity)
    if earlier := Statement.objects.filter(key=key).first():
        if earlier.activity_id != locked.pk:
            raise KeyReused
        return earlier
    actual = _publishable(locked, at)
    newest = queries.newest_statement(locked)
    if newest is not None and not correction.strip():
        raise NoCorrection(field="correction")
    words = {"correction": correction.strip() if newest else "", "note": note.strip()}
    number = new_code("S")
    found = queries.statement_facts(locked, actual, number=number, at=at, replaces=newest, **words)
    content = rules.compose_statement(found)
    if newest is not None and not hasattr(newest, "withdrawal") and _same(newest, content):
        raise NothingNew
    statement = Statement.objects.create(
        activity=locked,
        inventory=actual,
        replaces=newest,
        correction=words["correction"],
        **_sealed(number, key, content, by, at),
    )
    told = {"digest": statement.digest, "inventory": actual.digest, "replaces": newest.number if newest else None}
    trail.record(
        verb="disclosure.publish_statement", subject=subject(statement), by=by, at=at, content=told, public=True
    )
    return statement


def _publishable(activity: Activity, at: datetime) -> Inventory:
    """The inventory a statement would be about; every reason against publishing at once."""
    if activity.state != State.COMMITTED:
        raise NotCommitted
    reasons: list[type[Refusal]] = [] if activity.ended(localdate(at)) else [NotOver]
    actual = inventory_queries.current(activity, Kind.ACTUAL)
    if actual is None:
        reasons.append(NotAccounted)
    elif evaluations.confirmation(activity).mode is Mode.NONE:
        reasons.append(NotConfirmed)
    if not activity_queries.reduction(activity).done:
        reasons.append(NothingReduced)  # R1.7: no claim without a measure planned and reported
    if reasons or actual is None:
        raise reasons[0].many(Problem(reason.code, reason.message) for reason in reasons)
    return actual


def _same(newest: Statement, content: dict[str, Any]) -> bool:
    """Whether a new statement would say nothing the last one does not."""
    told = trail_rules.plain(content)
    changing = ("number", "declared")
    return {name: part for name, part in told.items() if name not in changing} == {
        name: part for name, part in newest.content.items() if name not in changing
    }


@transaction.atomic
def withdraw(*, statement: Statement, reason: str, by: Any, at: datetime, basis: str = "") -> Withdrawal:
    """Take a statement back, in the open: it stays readable with date and reason. `basis` names the decision behind
    it, if one is. A second time changes nothing."""
    locked = _lock(statement.activity)
    newest = queries.newest_statement(locked)
    if newest is None or newest.pk != statement.pk:
        raise NotNewest
    if hasattr(newest, "withdrawal"):
        return newest.withdrawal
    if not reason.strip():
        raise NoReason(field="reason")
    withdrawal = Withdrawal.objects.create(
        statement=newest, reason=reason.strip(), basis=basis, withdrawn_at=at, withdrawn_by=by
    )
    told = {"digest": newest.digest, "reason": withdrawal.reason, "basis": basis}
    trail.record(verb="disclosure.withdraw", subject=subject(newest), by=by, at=at, content=told, public=True)
    return withdrawal


@transaction.atomic
def open_review(*, activity: Activity, basis: str, reason: str, by: Any, at: datetime) -> Review:
    """Mark the claim of `activity` as under review because of a case (`basis`, its number); once per case."""
    locked = _lock(activity)
    review, new = Review.objects.get_or_create(
        activity=locked,
        basis=basis,
        ended_at=None,
        defaults={"reason": reason.strip(), "opened_at": at, "opened_by": by},
    )
    if new:
        told = {"basis": basis, "reason": review.reason}
        subject_ = f"activity:{locked.code}"
        trail.record(verb="disclosure.open_review", subject=subject_, by=by, at=at, content=told, public=True)
    return review


@transaction.atomic
def end_review(*, activity: Activity, basis: str, by: Any, at: datetime) -> Review | None:
    """The case is decided: its mark goes. None when there was none."""
    locked = _lock(activity)
    review = Review.objects.filter(activity=locked, basis=basis, ended_at__isnull=True).first()
    if review is not None:
        review.ended_at, review.ended_by = at, by
        review.save(update_fields=["ended_at", "ended_by"])
        told, subject_ = {"basis": basis}, f"activity:{locked.code}"
        trail.record(verb="disclosure.end_review", subject=subject_, by=by, at=at, content=told, public=True)
    return review
