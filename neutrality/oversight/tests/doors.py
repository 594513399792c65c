"""Who may open the pages of cases."""

from typing import Any

from neutrality.disclosure.tests.factories import make_statement
from neutrality.oversight.tests.factories import exhibit, make_case
from portal.tests.doors import LOGIN, PUBLIC, only

OFFICERS = only("regulator", "second_officer")
CONCERNED = only("regulator", "second_officer", "organizer", "colleague", anonymous=404)
TO_POST = {"anonymous": 302, "rest": 405}

DOORS = {
    "oversight:queue": ({}, OFFICERS),
    "oversight:confirm_clock": ({}, TO_POST),
    "oversight:review": ({"digest": "audited.digest"}, TO_POST),
    "oversight:challenge": ({"number": "doubted.number"}, PUBLIC),
    "oversight:mine": ({}, LOGIN),
    "oversight:case": ({"number": "proposed.number"}, CONCERNED),
    "oversight:add_evidence": ({"number": "proposed.number"}, OFFICERS),
    "oversight:take_back": ({"number": "proposed.number", "exhibit": "exhibit.pk"}, OFFICERS),
    "oversight:act": (
        {"number": "proposed.number", "code": "=investigate"},
        {**OFFICERS, "organizer": 302, "colleague": 302},
    ),
}


def furnish(world: Any) -> None:
    """A proposed listing of the organizer's organization, with one exhibit; a published statement of it."""
    world.proposed = make_case(subject=world.cast.home)
    world.exhibit = exhibit(world.proposed, world.cast.regulator)
    world.doubted = make_statement(organization=world.cast.home)
