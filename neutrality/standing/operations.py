"""Publish a policy, score, propose, settle what people decided, apply for repair."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import operations as people
from accounts.models import Organization, Restriction
from accounts.rules import RestrictionKind
from neutrality.codes import new_code
from neutrality.oversight import access as cases_access
from neutrality.oversight import operations as cases
from neutrality.oversight import queries as case_queries
from neutrality.oversight import rules as case_rules
from neutrality.oversight.models import Case, Step
from neutrality.oversight.rules import Act, Actor, Clock, Kind, State
from neutrality.refusals import Problem, Refusal
from neutrality.standing import queries, records, rules, words
from neutrality.standing.models import Ending, EndingReason, Listing, Policy, Score, Watch
from neutrality.trail import operations as trail


class PolicyUnreadable(Refusal):
    code = "policy_unreadable"


class PolicyChanged(Refusal):
    code = "policy_changed"
    message = _("This version of the policy is published already with another text. Publish a new version.")


class NotListable(Refusal):
    code = "not_listable"


class RepairNotYet(Refusal):
    code = "repair_not_yet"


class NotRepairable(Refusal):
    code = "not_repairable"
    message = _("There is no entry of the black list here to repair.")


class NotYours(Refusal):
    code = "not_yours"
    message = _("Only somebody who speaks for the organization can apply for repair.")


class NoGround(Refusal):
    code = "no_ground"
    message = _("No decided case takes this entry off the list.")


class RepairPending(Refusal):
    code = "repair_pending"
    message = _("An application for repair is already being checked.")


@transaction.atomic
def publish_policy(*, content: dict[str, Any], by: Any, at: datetime) -> Policy:
    """Publish a dated policy; the same text twice is once, another text needs another version (R4.29)."""
    try:
        read = rules.read_policy(content)
    except rules.PolicyFault as fault:
        raise PolicyUnreadable("policy_unreadable", str(fault)) from fault
    row, new = Policy.objects.get_or_create(
        code=read.code,
        version=read.version,
        defaults={"effective_on": read.effective_on, "content": content, "published_at": at, "published_by": by},
    )
    if not new and row.content != content:
        raise PolicyChanged
    if new:
        trail.record(
            verb="standing.publish_policy", subject=f"policy:{row}", by=by, at=at, content=content, public=True
        )
    return row


@transaction.atomic
def score(*, organization: Organization, on: date, at: datetime) -> Score | None:
    """Score an organization on a day, once; a new row only where facts or points changed. Then propose what follows.

    Running twice, late or out of order changes nothing more: rows are unique, cases open once per key (V46).
    """
    policy = queries.policy_on(on)
    watch, _new = Watch.objects.select_for_update().get_or_create(
        organization=organization, defaults={"looked_on": date.min}
    )
    if policy is None or watch.looked_on >= on:
        return None
    watch.looked_on = on
    watch.save()
    facts = queries.facts(organization, on, policy.rules.months)
    points = rules.score(facts, policy.rules)
    row = keep(organization, policy, facts, points, at)
    for proposal in rules.proposals(facts, points, policy.rules):
        propose(organization=organization, proposal=proposal, policy=policy, at=at)
    return row


def keep(
    organization: Any, policy: Policy, facts: rules.Facts, points: rules.Score | None, at: datetime
) -> Score | None:
    """A row for the score, unless the newest one says the same."""
    counted, result = records.facts_record(facts), records.score_record(points)
    digest = records.digest(counted, result, str(policy))
    last = queries.latest_score(organization)
    if last is not None and last.digest == digest:
        return None
    row = Score.objects.create(
        organization=organization,
        policy=policy,
        scored_on=facts.on,
        total=points.total if points else None,
        facts=counted,
        result=result,
        digest=digest,
        scored_at=at,
    )
    content = {"policy": str(policy), "on": str(facts.on), "total": str(row.total), "digest": digest}
    trail.record(verb="standing.score", subject=f"organization:{organization.code}", by=None, at=at, content=content)
    return row


@transaction.atomic
def propose(*, organization: Any, proposal: rules.Proposal, policy: Policy, at: datetime) -> Case:
    """Open a case for people to decide, with its evidence; once per key. It lists nobody (R4.28)."""
    known = Case.objects.filter(key=proposal.key).first()
    if known:
        return known
    case = cases.start(
        kind=Kind.LISTING if proposal.list is rules.List.BLACK else Kind.RECOGNITION,
        key=proposal.key,
        subject=organization,
        region_code=organization.region_code,
        by=None,
        at=at,
        activity=organization.activities.filter(code=proposal.activity).first() if proposal.activity else None,
        content={
            "policy": str(policy),
            "violation": proposal.violation or "",
            "grade": proposal.grade or "",
        },
    )
    for one in proposal.evidence:
        cases.exhibit(case=case, title=one.kind, reference=one.number, digest=one.digest, by=None, at=at)
    return case


@transaction.atomic
def recommend(*, case: Case, findings: dict[str, str], text: str, by: Any, at: datetime) -> Step:
    """Put an entry before the second person: what happened, its type and class, the basis, document and authority."""
    on = timezone.localdate(at)
    policy = queries.policy_on(on)
    content = {**findings, "policy": str(policy or "")}
    if case.kind == Kind.LISTING:
        decision = decision_of(case, content, on)
        found = rules.obstacles(decision, case.number, (), policy and policy.rules, None, False, on)
        if found:
            raise NotListable.many([Problem(code, words.obstacle(code)) for code in found])
    return cases.recommend(case=case, text=text, content=content, by=by, at=at)


def decision_of(case: Case, content: dict[str, str], on: date | None, *, reversed_: bool = False) -> rules.Decision:
    """What was decided (or is recommended), typed."""
    return rules.Decision(
        case=case.number,
        decided_on=on,
        grade=rules.Class(content["grade"]) if content.get("grade") else None,
        violation=rules.Violation(content["violation"]) if content.get("violation") else None,
        basis=content.get("basis_zh", ""),
        policy_on=on,
        reversed=reversed_,
    )


@transaction.atomic
def settle(*, case: Case, clock: Clock, at: datetime) -> Listing:
    """Write down the entry a second person decided: every condition is asked again, now, under lock (V32)."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    known = Listing.objects.filter(case=case).first()
    if known:
        return known
    organization = Organization.objects.select_for_update().get(pk=case.subject_id)
    on = timezone.localdate(at)
    step = case.steps.filter(act=Act.DECIDE).order_by("position").last()
    policy = queries.policy_on(timezone.localdate(step.at)) if step else None
    found = obstacles_to(case, step, policy, clock, on)
    if found:
        raise NotListable.many([Problem(code, words.obstacle(code)) for code in found])
    listing = enter(case, organization, step, policy, at)
    if listing.list == rules.List.BLACK:
        people.restrict(
            organization=organization,
            kind=RestrictionKind.SELF_DECLARATION,
            basis=listing.number,
            since_on=on,
            until_on=listing.last_on,
            by=None,
            at=at,
        )
    put_into_effect(case, listing, at)
    content = {"case": case.number, "list": listing.list, "code": listing.subject_code, "last_on": str(listing.last_on)}
    trail.record(
        verb="standing.settle",
        subject=f"listing:{listing.number}",
        by=None,
        at=at,
        content=content,
        public=listing.public,
    )
    return listing


def obstacles_to(case: Case, step: Step | None, policy: Policy | None, clock: Clock, on: date) -> list[Any]:
    """What forbids the entry now; for a green one only what the decision itself must have."""
    fault = case_queries.clock_fault(clock)
    state = state_of(case)
    decided_on = timezone.localdate(step.at) if step else None
    if step and state == State.UPHELD:
        decided_on = timezone.localdate(case.steps.filter(act=Act.UPHOLD).last().at)
    gone = state not in (State.DECIDED, State.UPHELD)
    content = step.content if step else {}
    decision = decision_of(case, content, decided_on, reversed_=gone)
    if case.kind != Kind.LISTING:
        tests = (
            (rules.Obstacle.NO_DECISION, decided_on is None or gone),
            (rules.Obstacle.FUTURE_DECISION, decided_on is not None and decided_on > on),
            (rules.Obstacle.OLD_DECISION, decided_on is not None and (on - decided_on).days > rules.DECISION_DAYS),
            (rules.Obstacle.NO_POLICY, policy is None),
            (rules.Obstacle.CLOCK, fault is not None),
        )
        return [code for code, found in tests if found]
    lacks = case_rules.lacks(case_queries.dossier(case), on)
    listed = queries.entries(on, rules.List.BLACK, case.subject).filter(violation=content.get("violation", "-"))
    same = listed.filter(case__activity=case.activity).exists()
    return list(rules.obstacles(decision, case.number, lacks, policy and policy.rules, fault, same, on))


def enter(case: Case, organization: Organization, step: Step, policy: Policy, at: datetime) -> Listing:
    """The row of an entry, from the words and the day of the decision (R4.11, R4.37)."""
    told, decided_on = step.content, timezone.localdate(step.at)
    black = case.kind == Kind.LISTING
    if black:
        term = rules.term(rules.Class(told["grade"]), decided_on, publish_minor=told.get("publish_minor") == "yes")
    else:
        term = rules.green_term(decided_on, policy.rules.green_months)
    return Listing.objects.create(
        number=new_code("L"),
        list=rules.List.BLACK if black else rules.List.GREEN,
        organization=organization,
        subject_code=case.subject_code,
        subject_name_zh=case.subject_name_zh,
        subject_name_en=case.subject_name_en,
        case=case,
        decision=step,
        policy=policy,
        grade=told.get("grade", "") if black else "",
        violation=told.get("violation", "") if black else "",
        **{name: told.get(name, "") for name in TOLD},
        decided_on=decided_on,
        starts_on=term.starts_on,
        minimum_until=term.minimum_until,
        repair_from=term.repair_from,
        last_on=term.last_on,
        public=term.public,
        settled_at=at,
    )


TOLD = ("fact_zh", "fact_en", "basis_zh", "basis_en", "document", "authority_zh", "authority_en")


@transaction.atomic
def apply_for_repair(*, listing: Listing, text: str, by: Any, at: datetime) -> Case:
    """Ask for repair: a right from the day it opens, free of charge (R4.13, R4.14, R4.20)."""
    on = timezone.localdate(at)
    if listing.list != rules.List.BLACK or Ending.objects.filter(listing=listing).exists() or on > listing.last_on:
        raise NotRepairable
    if on < listing.repair_from:
        text = _("Repair opens on %(day)s. Apply from that day on.") % {"day": listing.repair_from}
        raise RepairNotYet("repair_not_yet", text)
    if Actor.SUBJECT not in cases_access.actors(by, listing.case):
        raise NotYours
    earlier = Case.objects.select_for_update(of=("self",)).filter(kind=Kind.REPAIR, key__startswith=repair_key(listing))
    if any(case.steps.last().state not in case_rules.FINAL for case in earlier):
        raise RepairPending
    return cases.start(
        kind=Kind.REPAIR,
        key=f"{repair_key(listing)}{len(earlier) + 1}",
        subject=listing.organization,
        region_code=listing.case.region_code,
        by=by,
        at=at,
        content={"listing": listing.number, "text": text},
    )


def repair_key(listing: Listing) -> str:
    return f"repair:{listing.number}:"


def put_into_effect(case: Case, listing: Listing, at: datetime) -> None:
    """The case says that what was decided is done. One upheld or reversed after an objection is over already."""
    if state_of(case) == State.DECIDED:
        cases.advance(case=case, act=Act.SETTLE, by=None, at=at, content={"entry": listing.number})


def state_of(case: Case) -> State:
    return State(case.steps.order_by("-position").values_list("state", flat=True)[0])


def demand_ground(listing: Listing, reason: EndingReason, case: Case) -> None:
    """An entry ends early only by a decided case of its own: no other way, and no fee, takes it off (T62)."""
    repaired = case.kind == Kind.REPAIR and case.content.get("listing") == listing.number
    grounds = {
        EndingReason.REPAIRED: repaired and state_of(case) == State.DECIDED,
        EndingReason.REVERSED: case.pk == listing.case_id and state_of(case) == State.REVERSED,
    }
    if not grounds.get(reason, False):
        raise NoGround


@transaction.atomic
def end(*, listing: Listing, reason: EndingReason, case: Case, at: datetime) -> Ending:
    """End an entry before its last day and lift with it every consequence, together (R4.14); once."""
    organization = Organization.objects.select_for_update().get(pk=listing.organization_id)
    known = Ending.objects.filter(listing=listing).first()
    if known:
        return known
    demand_ground(listing, reason, case)
    ending = Ending.objects.create(
        listing=listing, reason=reason, case=case, ended_on=timezone.localdate(at), ended_at=at
    )
    standing = Restriction.objects.filter(organization=organization, basis=listing.number, lifted_at__isnull=True)
    for restriction in standing:
        people.lift(restriction=restriction, by=None, at=at)
    put_into_effect(case, listing, at)
    content = {"reason": reason, "case": case.number}
    trail.record(verb="standing.end", subject=f"listing:{listing.number}", by=None, at=at, content=content, public=True)
    return ending
