"""Who may open the pages of the planting room."""

from typing import Any

from neutrality.planting.tests.factories import make_forest_activity, make_planting, make_survey
from portal.tests.doors import POST_ONLY, PUBLIC, only

NUMBER = {"number": "planting.number"}
OWNER = only("organizer", without_role=("colleague",))

DOORS = {
    "planting:list": ({}, PUBLIC),
    "planting:planting": (NUMBER, PUBLIC),
    "planting:land": (NUMBER, PUBLIC),
    "planting:overseen": ({}, only("regulator", "second_officer")),
    "planting:surveys": ({}, only("evaluator")),
    "planting:verify": ({"number": "growth_survey.number"}, only("evaluator")),
    "planting:survey": (NUMBER, OWNER),
    "planting:call_off": (NUMBER, OWNER),
    "planting:nearby": ({}, PUBLIC),
    "planting:measure": ({"code": "planting.activity.code"}, POST_ONLY | {"anonymous": 302}),
    "planting:commit": ({"code": "planting.activity.code"}, OWNER),
}


def furnish(world: Any) -> None:
    """A planting of the organizer, with a survey that waits for the evaluating body."""
    cast = world.cast
    activity = make_forest_activity(organization=cast.home, created_by=cast.organizer, committed_by=cast.organizer)
    world.planting = make_planting(activity)
    world.growth_survey = make_survey(world.planting, cast.evaluating_body)
