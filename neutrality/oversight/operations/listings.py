"""Notice, reply, decision of a listing case: due process as verbs (R4.26 to R4.28, I8)."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from neutrality.oversight import queries, rules, words
from neutrality.oversight.models import Case, Step
from neutrality.oversight.operations.cases import advance, legal_term, lock, within
from neutrality.oversight.rules import Act, Clock, Kind, Method
from neutrality.refusals import Problem, Refusal

NEEDED_TO_RECOMMEND = frozenset(
    {rules.Lack.EVIDENCE, rules.Lack.OTHER_CODE, rules.Lack.NOTICE, rules.Lack.PROOF, rules.Lack.ADDRESS}
    | {rules.Lack.WINDOW, rules.Lack.OBJECTION}
)


class NoEvidence(Refusal):
    code = "no_evidence"
    message = _("A notice needs evidence. Add at least one document first.")


class WrongDelivery(Refusal):
    code = "wrong_delivery"


class DueProcess(Refusal):
    code = "due_process"


class ClockDoubtful(Refusal):
    code = "clock"


class TooLate(Refusal):
    code = "too_late"
    message = _("The term for an appeal has ended.")


@transaction.atomic
def serve(*, case: Case, facts: str, effect: str, by: Any, at: datetime) -> Step:
    """Send the notice: facts, rule and effect, with the right to answer (R4.27). The term starts at delivery only."""
    case = lock(case)
    if rules.Lack.EVIDENCE in rules.lacks(queries.dossier(case), timezone.localdate(at)):
        raise NoEvidence
    return advance(
        case=case, act=Act.SERVE, by=by, at=at, text=facts, content={"code": case.subject_code, "effect": effect}
    )


@transaction.atomic
def deliver(
    *, case: Case, method: Method, delivered_on: date, proof: Any, address_since: date | None, by: Any, at: datetime
) -> Step:
    """Record that the notice arrived, with the proof; from here the term for an answer runs in working days."""
    on = timezone.localdate(at)
    served = case.steps.filter(act=Act.SERVE).order_by("position").last()
    if proof is None:
        raise WrongDelivery(
            "proof", _("Add the proof of delivery: the signed receipt or the slip of the post."), field="proof"
        )
    if delivered_on > on or (served and delivered_on < timezone.localdate(served.at)):
        raise WrongDelivery("day", _("The day of delivery lies between the notice and today."), field="delivered_on")
    fresh = address_since is None or (delivered_on - address_since).days < rules.ADDRESS_DAYS
    if method is Method.POST and fresh:
        text = _("The address must have been on record for at least 5 days before delivery. Deliver in person instead.")
        raise WrongDelivery("address", text, field="address_since")
    ends = legal_term(delivered_on, rules.REPLY_DAYS)
    content = delivery(method, delivered_on, proof.digest, address_since, ends)
    return advance(case=case, act=Act.DELIVER, by=by, at=at, content=content, file=proof, due_on=ends)


@transaction.atomic
def acknowledge(*, case: Case, by: Any, at: datetime) -> Step:
    """Somebody who speaks for the organization opened the notice here: it is delivered today, to them."""
    on = timezone.localdate(at)
    tie = Membership.objects.active().filter(user=by, organization=case.subject).first()
    since = timezone.localdate(tie.granted_at) if tie else None
    if since is None or (on - since).days < rules.ADDRESS_DAYS:
        text = _("Somebody who joined less than 5 days ago cannot acknowledge a notice for the organization.")
        raise WrongDelivery("address", text)
    ends = legal_term(on, rules.REPLY_DAYS)
    content = delivery(Method.PORTAL, on, str(by.public_id), since, ends)
    return advance(case=case, act=Act.ACKNOWLEDGE, by=by, at=at, content=content, due_on=ends)


def delivery(method: Method, on: date, proof: str, since: date | None, ends: date) -> dict[str, str]:
    return {
        "method": method,
        "delivered_on": str(on),
        "proof": proof,
        "address_since": str(since or ""),
        "window_ends": str(ends),
    }


@transaction.atomic
def recommend(*, case: Case, text: str, content: dict[str, Any], by: Any, at: datetime) -> Step:
    """Put a decision before a second person; for a black entry only when the term for an answer is over."""
    case = lock(case)
    if case.kind == Kind.LISTING:
        demand(case, timezone.localdate(at), NEEDED_TO_RECOMMEND)
    return advance(case=case, act=Act.RECOMMEND, by=by, at=at, text=text, content=content)


@transaction.atomic
def decide(*, case: Case, text: str, clock: Clock, by: Any, at: datetime) -> Step:
    """The second person's decision; everything due process asks is asked again under lock (V32)."""
    case = lock(case)
    demand_clock(clock)
    if case.kind == Kind.LISTING:
        demand(case, timezone.localdate(at), frozenset(rules.Lack))
    recommended = case.steps.filter(act=Act.RECOMMEND).order_by("position").last()
    content = {**recommended.content, "recommended": recommended.position} if recommended else {}
    return advance(case=case, act=Act.DECIDE, by=by, at=at, text=text, content=content)


def demand(case: Case, on: date, needed: frozenset[rules.Lack]) -> None:
    """Refuse with all that is lacking at once."""
    found = [lack for lack in rules.lacks(queries.dossier(case), on) if lack in needed]
    if found:
        raise DueProcess.many([Problem(lack, words.LACKS[lack]) for lack in found])


def demand_clock(clock: Clock) -> None:
    """Refuse while the clocks are in doubt: a term that a jump ended did not end (T59)."""
    fault = queries.clock_fault(clock)
    if fault is not None:
        raise ClockDoubtful(fault, words.CLOCK_FAULTS[fault])


@transaction.atomic
def appeal(*, case: Case, text: str, by: Any, at: datetime, file: Any = None) -> Step:
    """Object to a decision; while it is pending the objection is shown beside the entry (V35)."""
    case = lock(case)
    decided = case.steps.filter(act=Act.DECIDE).last()
    if decided and not within(timezone.localdate(decided.at), rules.APPEAL_DAYS, timezone.localdate(at)):
        raise TooLate
    return advance(case=case, act=Act.APPEAL, by=by, at=at, text=text, file=file)
