"""An officer reviews what was filed, one field at a time."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import access as people
from neutrality.inventory import operations as inventories
from neutrality.oversight.models import Case, Step
from neutrality.oversight.operations.cases import Barred, advance, lock, start
from neutrality.oversight.rules import Act, Bar, Kind
from neutrality.oversight.words import BARS
from neutrality.refusals import Refusal


class NothingRemarked(Refusal):
    code = "nothing_remarked"
    message = _(
        "Write at least one remark before sending the inventory back, so that the organizer knows what to mend."
    )


class NotCurrent(Refusal):
    code = "not_current"
    message = _("This version is not the current one any more.")


@transaction.atomic
def open_review(*, inventory: Any, by: Any, at: datetime) -> Case:
    """Start the review of a submitted inventory; the second call returns the same case."""
    activity = inventory.activity
    if not people.regulates(by, activity.region_code):
        raise Barred(Bar.NOT_YOURS, BARS[Bar.NOT_YOURS])
    if inventory.state != "submitted":
        raise NotCurrent
    return start(
        kind=Kind.REVIEW,
        key=f"review:{activity.code}:{inventory.kind}:{inventory.version}",
        subject=activity.organization,
        region_code=activity.region_code,
        by=by,
        at=at,
        activity=activity,
        inventory=inventory,
    )


def remark(*, case: Case, field: str, text: str, by: Any, at: datetime) -> Step:
    """One remark about one field of the inventory."""
    return advance(case=case, act=Act.REMARK, by=by, at=at, text=text, content={"field": field})


@transaction.atomic
def send_back(*, case: Case, text: str, by: Any, at: datetime) -> Step:
    """Return the inventory with the remarks; the correction will be a new version linked to this one."""
    case = lock(case)
    remarks = case.steps.filter(act=Act.REMARK)
    if not remarks.exists():
        raise NothingRemarked
    inventories.return_(inventory=case.inventory, reason=text, by=by, at=at)
    return advance(case=case, act=Act.SEND_BACK, by=by, at=at, text=text)
