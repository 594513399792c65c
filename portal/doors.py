"""Where each step is taken: the page of the room that does it."""

from django.urls import reverse

from portal.steps import Code

DOORS = {
    Code.PLAN: ("portal:plan", ()),
    Code.ACCOUNT: ("inventory:show", ("actual",)),
    Code.COVER: ("portal:units", ()),
    Code.CONFIRM: ("evaluation:confirmation", ()),
    Code.PUBLISH: ("disclosure:publish_statement", ()),
}


def door(step: Code, activity_code: str) -> str:
    """The address where an organizer takes `step`; empty for a step that time takes."""
    if step not in DOORS:
        return ""
    name, arguments = DOORS[step]
    return reverse(name, args=(activity_code, *arguments))
