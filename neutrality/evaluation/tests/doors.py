"""Who may open the pages of confirmation."""

from typing import Any

from neutrality.activities.tests.factories import make_activity
from neutrality.evaluation.tests.factories import make_assignment, make_commitment, make_evaluation
from neutrality.inventory.tests.factories import make_submitted_inventory
from portal.tests.doors import LOGIN, PUBLIC, only

HOME = only("organizer", without_role=("colleague",))
BODY = only("evaluator")

DOORS = {
    "evaluation:confirmation": ({"code": "audited.activity.code"}, only("organizer", "colleague")),
    "evaluation:commit": ({"code": "audited.activity.code"}, HOME),
    "evaluation:invite": ({"code": "audited.activity.code"}, HOME),
    "evaluation:take_back": ({"number": "commitment.number"}, HOME),
    "evaluation:withdraw": ({"code": "assignment.code"}, HOME),
    "evaluation:assignments": ({}, LOGIN),
    "evaluation:assignment": ({"code": "assignment.code"}, BODY),
    "evaluation:accept": ({"code": "assignment.code"}, BODY),
    "evaluation:decline": ({"code": "assignment.code"}, BODY),
    "evaluation:line": ({"code": "assignment.code", "position": "=1"}, BODY),
    "evaluation:sign": ({"code": "assignment.code"}, BODY),
    "evaluation:show": ({"number": "opinion.number"}, PUBLIC),
}


def furnish(world: Any) -> None:
    """An accounted activity of the organizer, committed to, and judged by the evaluating body of the cast."""
    cast = world.cast
    activity = make_activity(organization=cast.home, created_by=cast.organizer, state="committed")
    world.audited = make_submitted_inventory(activity, by=cast.organizer)
    world.commitment = make_commitment(world.audited)
    world.assignment = make_assignment(activity, cast.evaluating_body, by=cast.evaluator)
    world.opinion = make_evaluation(world.audited, assignment=world.assignment)
