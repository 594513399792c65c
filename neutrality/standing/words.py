"""The words for the codes of this room."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from neutrality.oversight.operations import LACKS
from neutrality.oversight.rules import Lack
from neutrality.standing.models import EndingReason
from neutrality.standing.rules import Class, List, Obstacle, Reason

LISTS = {List.GREEN: _("Green list"), List.BLACK: _("Black list (violation notices)")}
CLASSES = {Class.MINOR: _("Minor"), Class.GENERAL: _("General"), Class.SERIOUS: _("Serious")}
REASONS = {
    Reason.MET: _("met"),
    Reason.LATE: _("late"),
    Reason.MISSING: _("missing"),
    Reason.SHORT: _("fewer units than owed"),
    Reason.NOT_REPORTED: _("measures not all reported"),
    Reason.SELF: _("self-commitment, not checked by others"),
}
ENDINGS = {
    EndingReason.REPAIRED: _("Repaired"),
    EndingReason.REVERSED: _("Reversed after an objection"),
}
OBSTACLES = {
    Obstacle.NO_DECISION: _("Nobody has decided the case."),
    Obstacle.OTHER_CASE: _("The decision belongs to another case."),
    Obstacle.OLD_DECISION: _("The decision is more than 30 days old. It has to be taken again."),
    Obstacle.FUTURE_DECISION: _("The decision bears a date in the future."),
    Obstacle.REVERSED: _("The decision was reversed, or an objection to it is pending."),
    Obstacle.NO_BASIS: _("The text of the rule it rests on is missing."),
    Obstacle.NO_POLICY: _("No policy was in force on that day."),
    Obstacle.CLASS: _("This type of violation does not carry this class; some types are only referred elsewhere."),
    Obstacle.CLOCK: _("The clock is in doubt."),
    Obstacle.LISTED: _("The organization is already listed for the same behaviour in the same activity."),
}
CONSEQUENCES = {
    "badge": _("The green badge of the portal is not shown."),
    "no_self_declaration": _("The organization may not declare for itself; an independent evaluation is needed."),
}
for table, codes in (
    (LISTS, List),
    (CLASSES, Class),
    (REASONS, Reason),
    (ENDINGS, EndingReason),
    (OBSTACLES, Obstacle),
):
    if set(table) != set(codes):
        raise RuntimeError(f"{codes.__name__} has codes without words")


def obstacle(code: Any) -> Any:
    """The words of an obstacle or of a lack of due process."""
    return LACKS[code] if isinstance(code, Lack) else OBSTACLES[code]
