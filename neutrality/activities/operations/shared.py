"""What the operations of this room share: their refusals, the lock, the subject in the trail, the open amendments."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from neutrality.activities.models import Activity, Amendment
from neutrality.refusals import Refusal
from neutrality.trail import operations as trail


class NotDraft(Refusal):
    code = "not_draft"
    message = _("The plan is published, so this can no longer be edited. Amend it with a reason instead.")


class NotCommitted(Refusal):
    code = "not_committed"
    message = _("This is possible once the plan is published.")


class AlreadyCancelled(Refusal):
    code = "already_cancelled"
    message = _("This activity was cancelled; nothing about it changes any more.")


class AlreadyHeld(Refusal):
    code = "already_held"
    message = _("The activity is over. What it emitted remains to be accounted for, so it can no longer be cancelled.")


class NotYetHeld(Refusal):
    code = "not_yet_held"
    message = _("The activity has not begun yet.")


class Contradictory(Refusal):
    code = "contradictory"
    message = _("Some of what you entered does not fit together.")


class Incomplete(Refusal):
    code = "plan_incomplete"
    message = _("The plan is not complete yet.")


class NoReason(Refusal):
    code = "no_reason"
    message = _("Give a reason; it is kept and shown.")


class NotAmendable(Refusal):
    code = "not_amendable"
    message = _("This can no longer be changed, because the activity is over.")


class KeyReused(Refusal):
    code = "key_reused"
    message = _("This form was already used for something else. Open a fresh one and try again.")


class NoRulebook(Refusal):
    code = "no_rulebook"
    message = _("No rulebook for such an activity was in force on that day. Choose a later day.")


class ChangedMeanwhile(Refusal):
    code = "changed_meanwhile"
    message = _("Somebody changed this meanwhile. Save again to put your answer in its place.")


class MeasureSettled(Refusal):
    code = "measure_settled"
    message = _("The outcome of this measure is reported. Report it again with a reason instead.")


class NotOurs(Refusal):
    code = "not_ours"
    message = _("This file belongs to another organization. Deposit your own.")


class WrongStage(Refusal):
    code = "wrong_stage"
    message = _("This activity has no such stage. Choose one from the list.")


def lock(activity: Activity) -> Activity:
    """The row of the activity, locked to the end of the transaction, itself only."""
    rows = Activity.objects.select_for_update(of=("self",)).select_related("organization", "rulebook")
    return rows.get(pk=activity.pk)


def subject(activity: Activity) -> str:
    """How the trail names an activity."""
    return f"activity:{activity.code}"


def write_amendments(activity: Activity, before: dict[str, Any], reason: str, by: Any, at: datetime) -> list[Amendment]:
    """One open row for each field of `before`, and one public entry for all of them."""
    written = [
        Amendment.objects.create(
            activity=activity,
            field=name,
            before="" if value is None else str(value),
            after="" if getattr(activity, name) is None else str(getattr(activity, name)),
            reason=reason.strip(),
            made_at=at,
            made_by=by,
        )
        for name, value in before.items()
    ]
    content = {one.field: {"before": one.before, "after": one.after} for one in written} | {"reason": reason.strip()}
    trail.record(verb="activity.amend", subject=subject(activity), by=by, at=at, content=content, public=True)
    return written
