"""Who may open the pages of the inventory room. The activity is a draft with a submitted estimate and actual figures
in work; what everybody sees of a published one is tried in test_views."""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from neutrality.activities.tests.factories import make_activity, make_measure
from neutrality.inventory import settling
from neutrality.inventory.operations import rosters
from neutrality.inventory.tests.factories import AT, load_library, make_draft, make_submitted_inventory, make_survey
from portal.tests.doors import POST_ONLY, PUBLIC, only

ESTIMATE = {"code": "activity.code", "kind": "=estimate"}
ACTUAL = {"code": "activity.code", "kind": "=actual"}
ROSTER = ACTUAL | {"key": "roster.key"}
MEMBERS = only("organizer", "colleague")
OWNER = only("organizer", without_role=("colleague",))
VERB = POST_ONLY | {"anonymous": 302}
SEALED = {"digest": "estimate.digest"}

DOORS = {
    "inventory:factors": ({}, PUBLIC),
    "inventory:factor": ({"code": "=mee.grid.cn_51.kwh"}, PUBLIC),
    "inventory:gwps": ({}, PUBLIC),
    "inventory:cases": ({}, PUBLIC),
    "inventory:show": (ESTIMATE, MEMBERS),
    "inventory:changes": (ESTIMATE, MEMBERS),
    "inventory:compare": (ESTIMATE, MEMBERS),
    "inventory:sheet": (ESTIMATE, MEMBERS),
    "inventory:start": (ACTUAL, VERB),
    "inventory:edit": (ACTUAL, OWNER),
    "inventory:submit": (ACTUAL, OWNER),
    "inventory:upload": (ACTUAL, OWNER),
    "inventory:journeys": (ACTUAL, OWNER),
    "inventory:venue": (ACTUAL, OWNER),
    "inventory:roster": (ROSTER, OWNER),
    "inventory:stop_roster": (ROSTER, VERB),
    "inventory:marked_roster": (ROSTER, OWNER),
    "inventory:roster_rows": (ROSTER, OWNER | {"organizer": 404}),
    "inventory:discard": (ACTUAL, VERB),
    "inventory:correct": (ESTIMATE, OWNER),
    "inventory:cover": ({"code": "activity.code"}, OWNER),
    "inventory:whatif": ({"code": "activity.code"}, MEMBERS | {"anonymous": 404}),
    "inventory:measure_whatif": ({"code": "activity.code", "number": "measure.number"}, OWNER),
    "inventory:months": ({"code": "period.code"}, OWNER),
    "inventory:take_months": ({"code": "period.code"}, VERB),
    "inventory:survey": ({"code": "activity.code"}, OWNER),
    "inventory:survey_people": ({"code": "activity.code"}, VERB),
    "inventory:survey_close": ({"code": "activity.code"}, VERB),
    "inventory:survey_adopt": ({"code": "activity.code"}, VERB),
    "inventory:answer": ({"survey": "poll.code"}, PUBLIC),
    "inventory:survey_record": ({"survey": "poll.code"}, PUBLIC),
    "inventory:thanks": ({"survey": "poll.code"}, PUBLIC),
    "inventory:survey_code": ({"survey": "poll.code"}, PUBLIC),
    "inventory:sealed": (SEALED, PUBLIC),
    "inventory:sealed_compare": (SEALED, PUBLIC),
    "inventory:dossier": (SEALED, PUBLIC),
    "inventory:checker": ({}, PUBLIC),
    "inventory:schema": ({}, PUBLIC),
}


def furnish(world: Any) -> None:
    """The library, a submitted estimate, a draft of the actual figures."""
    load_library()
    world.estimate = make_submitted_inventory(world.activity, "estimate")
    draft = make_draft(world.activity, "actual")
    upload = SimpleUploadedFile("list.csv", "城市,交通方式\nSuzhou,高铁\n".encode())
    values = {"venue": "成都", "infer": False, "by": draft.created_by, "at": AT, "most": 1000}
    world.roster = rosters.hand_in(inventory=draft, upload=upload, **values)
    settling.settle(world.roster.pk, AT)
    world.measure = make_measure(world.activity)
    world.poll = make_survey(world.activity)
    world.period = make_activity(
        kind="hotel",
        organization=world.cast.home,
        created_by=world.cast.organizer,
        starts_on=date(2025, 1, 1),
        ends_on=date(2025, 12, 31),
    )
