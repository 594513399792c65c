"""Who gets what in disclosure: reading is for everybody, publishing for the organizer's signatories."""

from neutrality.disclosure.models import Plan
from neutrality.disclosure.tests.factories import make_settled, publish
from neutrality.printing import checkcodes
from portal.tests.doors import PUBLIC, only

PUBLISHERS = only("organizer", without_role=("colleague",))
DOORS = {
    "disclosure:register": ({}, PUBLIC),
    "disclosure:statement": ({"number": "statement.number"}, PUBLIC),
    "disclosure:statement_json": ({"number": "statement.number"}, PUBLIC),
    "disclosure:badge": ({"number": "statement.number", "language": "=en", "tones": "=.mono"}, PUBLIC),
    "disclosure:then": ({"number": "statement.number"}, PUBLIC),
    "disclosure:lines": ({"number": "statement.number", "source": "=electricity"}, PUBLIC),
    "disclosure:plan": ({"number": "plan.number"}, PUBLIC),
    "disclosure:plan_json": ({"number": "plan.number"}, PUBLIC),
    "disclosure:publish_plan": ({"code": "settled.code"}, PUBLISHERS),
    "disclosure:publish_statement": ({"code": "settled.code"}, PUBLISHERS),
    "disclosure:withdraw": ({"number": "statement.number"}, PUBLISHERS),
}


def furnish(world):
    world.settled = make_settled(organization=world.cast.home, created_by=world.cast.organizer)
    world.statement = publish(world.settled)
    world.check_code = checkcodes.code(checkcodes.Kind.STATEMENT, world.statement.number)
    world.plan = Plan.objects.get(activity=world.settled)
