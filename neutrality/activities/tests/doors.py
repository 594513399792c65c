"""Who may open the pages of the activities room. The activity is a draft; the public pages of a published one are
tried in test_views."""

from typing import Any

from neutrality.activities.tests.factories import make_activity, make_measure
from portal.tests.doors import LOGIN, only

CODE = {"code": "activity.code"}
MEASURE = CODE | {"number": "measure.number"}
OWNER = only("organizer", without_role=("colleague",))
MEMBERS = only("organizer", "colleague", anonymous=404)

DOORS = {
    "activities:mine": ({}, LOGIN),
    "activities:choose": ({}, LOGIN),
    "activities:register": ({"form": "=event"}, only("organizer", "stranger")),
    "activities:edit": (CODE | {"section": "=what"}, OWNER),
    "activities:copy": (CODE, OWNER),
    "activities:copied": ({"code": "copied.code"}, OWNER),
    "activities:cancel": (CODE, OWNER),
    "activities:amend": (CODE, OWNER | {"organizer": 302}),
    "activities:people": (CODE, OWNER),
    "activities:changes": (CODE, MEMBERS),
    "activities:measures": (CODE, MEMBERS),
    "activities:add_measure": (CODE, OWNER),
    "activities:edit_measure": (MEASURE, OWNER),
    "activities:remove_measure": (MEASURE, OWNER),
    "activities:report_measure": (MEASURE, OWNER),
}


def furnish(world: Any) -> None:
    """A measure of the activity, and a copy of it."""
    world.measure = make_measure(world.activity)
    world.copied = make_activity(
        organization=world.cast.home, created_by=world.cast.organizer, copied_from=world.activity
    )
