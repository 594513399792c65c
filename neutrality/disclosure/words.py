"""Short names of states for filters; what may be said of an activity stands in templates/disclosure/claims alone."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from neutrality.rulebook.rules import ClaimCode

CLAIM_SHORT = {
    ClaimCode.NONE: _("No plan published"),
    ClaimCode.COMMITTED: _("Committed"),
    ClaimCode.ACCOUNTING: _("Being accounted"),
    ClaimCode.PARTLY_OFFSET: _("Partly offset"),
    ClaimCode.AWAITING_CONFIRMATION: _("Covered, waiting for confirmation"),
    ClaimCode.NEUTRAL_SELF_DECLARED: _("Achieved, self-declared"),
    ClaimCode.NEUTRAL_EVALUATED: _("Achieved, evaluated"),
    ClaimCode.NOT_ACHIEVED: _("Not achieved in time"),
    ClaimCode.UNDER_REVIEW: _("Under review"),
    ClaimCode.WITHDRAWN: _("Withdrawn"),
    ClaimCode.CANCELLED: pgettext_lazy("activity", "Cancelled"),
    ClaimCode.EXPIRED: _("Expired"),
}
if set(CLAIM_SHORT) != set(ClaimCode):
    raise AssertionError("every claim needs a short name")


BALANCES = {
    "settled": _("settled"),
    "surplus": _("settled, %(units)s t more than owed"),
    "short": _("short by %(units)s t"),
    "partial": _("what is counted is covered; sources are missing"),
    "open": _("not yet accounted"),
}


def balance(state: str, units: Any) -> str:
    """The last line of the book; `units`: whole tonnes more or less than owed."""
    return str(BALANCES[state]) % {"units": f"{int(units or 0):,d}"}
