"""Plain makers of what confirms an inventory."""

from datetime import UTC, datetime
from typing import Any

from accounts.tests.factories import make_organization, make_user
from neutrality.evaluation import operations, queries, rules
from neutrality.evaluation.models import Assignment, Evaluation, SelfCommitment

AT = datetime(2026, 9, 2, 8, tzinfo=UTC)
EVERYTHING = set(rules.Statement)
INDEPENDENT = set(rules.Declaration)


def make_commitment(inventory: Any, by: Any = None) -> SelfCommitment:
    """The organizer of a submitted actual inventory commits itself."""
    by = by or inventory.submitted_by
    return operations.commit(
        activity=inventory.activity,
        digest=inventory.digest,
        affirmed=EVERYTHING,
        signatory="李青",
        by=by,
        at=AT,
    )


def make_assignment(activity: Any, organization: Any = None, *, accepted: bool = True, by: Any = None) -> Assignment:
    """An evaluator invited by the organizer; work taken on unless told otherwise."""
    body = organization or make_organization("evaluator")
    by = by or make_user()
    invitation = operations.invite(activity=activity, organization=body, message="", by=activity.created_by, at=AT)
    if not accepted:
        return invitation
    return operations.accept(assignment=invitation, declared=INDEPENDENT, by=by, at=AT)


def agree(assignment: Assignment, inventory: Any, by: Any) -> None:
    """Every line agreed."""
    for line in queries.verdicts(assignment, inventory):
        operations.find(
            assignment=assignment,
            digest=inventory.digest,
            position=line.position,
            verdict=rules.Verdict.AGREED,
            text="",
            difference_kg=None,
            by=by,
            at=AT,
        )


def make_evaluation(inventory: Any, opinion: str = "unmodified", assignment: Assignment | None = None) -> Evaluation:
    """A signed opinion about a submitted inventory, every line agreed."""
    assignment = assignment or make_assignment(inventory.activity)
    by = assignment.accepted_by
    agree(assignment, inventory, by)
    return operations.sign(
        assignment=assignment,
        digest=inventory.digest,
        opinion=rules.Opinion(opinion),
        conclusion_zh="清单公允反映了实际排放。",
        conclusion_en="The inventory fairly states the actual emissions.",
        declared=INDEPENDENT,
        report=None,
        by=by,
        at=AT,
    )
