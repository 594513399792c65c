"""From an act and the values of its form to the verb that does it."""

from datetime import datetime
from typing import Any

from neutrality.evidence import operations as evidence
from neutrality.oversight import operations, queries
from neutrality.oversight.models import Case
from neutrality.oversight.rules import Act, Outcome


def kept(case: Case, given: dict[str, Any], name: str, by: Any, at: datetime) -> Any:
    """The file sent under `name`, deposited; None when there was none."""
    upload = given.pop(name, None)
    return evidence.deposit(upload=upload, owner_code=case.subject_code, by=by, at=at) if upload else None


def deliver(case: Case, given: dict[str, Any], by: Any, at: datetime) -> Any:
    proof = kept(case, given, "proof", by, at)
    return operations.deliver(case=case, proof=proof, by=by, at=at, **given)


def propose(case: Case, given: dict[str, Any], by: Any, at: datetime) -> Any:
    given["outcome"] = Outcome(given["outcome"])
    return operations.propose(case=case, by=by, at=at, **given)


def decide(case: Case, given: dict[str, Any], by: Any, at: datetime) -> Any:
    return operations.decide(case=case, clock=queries.clock(at), by=by, at=at, **given)


def recommend(case: Case, given: dict[str, Any], by: Any, at: datetime) -> Any:
    return operations.recommend(case=case, content={}, by=by, at=at, **given)


def verb(operation: Any) -> Any:
    return lambda case, given, by, at: operation(case=case, by=by, at=at, **given)


VERBS = {
    Act.SERVE: verb(operations.serve),
    Act.DELIVER: deliver,
    Act.ACKNOWLEDGE: verb(operations.acknowledge),
    Act.RECOMMEND: recommend,
    Act.DECIDE: decide,
    Act.REMARK: verb(operations.remark),
    Act.SEND_BACK: verb(operations.send_back),
    Act.PROPOSE: propose,
    Act.CONFIRM: verb(operations.confirm),
}


def take(*, case: Case, act: Act, given: dict[str, Any], by: Any, at: datetime) -> Any:
    """Take the step with what its form gave; acts without a verb of their own go straight along the table."""
    given = dict(given)
    if act in VERBS:
        return VERBS[act](case, given, by, at)
    file = kept(case, given, "file", by, at)
    if act is Act.APPEAL:
        return operations.appeal(case=case, file=file, by=by, at=at, **given)
    return operations.advance(case=case, act=act, file=file, by=by, at=at, **given)
