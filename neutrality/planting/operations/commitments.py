"""Commit to a planting, and call one off while nothing of it was verified."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from neutrality.ledger import operations as ledger
from neutrality.periods import years_after
from neutrality.planting import rules
from neutrality.planting.models import AreaUnit, Planting, Purpose
from neutrality.planting.operations import land as lands
from neutrality.planting.operations.land import Land
from neutrality.planting.words import SLIPS
from neutrality.refusals import Problem, Refusal
from neutrality.rulebook.rules import FamilyCode
from neutrality.trail import operations as trail

# Kept with every commitment as it was given; a later wording changes no earlier promise.
DECLARATION = (
    "本单位声明：本地块新造林所产生的碳汇仅用于本活动，不再作为温室气体自愿减排项目或其他任何减排机制的项目开发，"
    "也不用于其他活动或项目。\n"
    "We declare that the sinks of this planting are used for this activity only. They will not be developed under any "
    "crediting scheme, nor used for another activity or project."
)


M2_OF = {AreaUnit.MU: rules.M2_OF_MU, AreaUnit.HA: rules.M2_OF_HA}


class NotCommitted(Refusal):
    code = "not_committed"
    message = _("This planting cannot be committed.")


UNDECLARED = _("Without the declaration the sinks could be credited a second time (R1.24). Tick it to go on.")


@transaction.atomic
def commit(
    *,
    activity: Any,
    land: Land,
    place_name: str,
    species: list[dict[str, Any]],
    stated_area: Decimal,
    stated_unit: str,
    methodology: str,
    planting_plan: str,
    monitoring_plan: str,
    land_right: str,
    planted_on: date,
    promised_units: int,
    declared: bool,
    key: str,
    by: Any,
    at: datetime,
) -> Planting:
    """Promise in public that sinks of new land will stand behind the activity (R1.25). Refusals come all at once."""
    said = {"place_name": place_name, "planted_on": planted_on, "promised_units": promised_units}
    if done := ledger.once(Planting, key, activity=activity, **said):
        return done
    land, stated = lands.held(land), stated_area * M2_OF[AreaUnit(stated_unit)]
    problems = [] if declared else [Problem("undeclared", UNDECLARED, "declared")]
    problems += [*barred(activity, planted_on, localdate(at)), *off(land.area_m2, stated), *lands.overlaps(land)]
    if problems:
        raise NotCommitted.many(problems)
    row = Planting.objects.create(
        key=key,
        activity=activity,
        plot=lands.keep(land, purpose=Purpose.PLANTING, by=by, at=at),
        place_name=place_name,
        region_code=activity.region_code,
        species=species,
        stated_area=stated_area,
        stated_unit=stated_unit,
        methodology=methodology,
        planting_plan=planting_plan,
        monitoring_plan=monitoring_plan,
        land_right=land_right,
        planted_on=planted_on,
        promised_units=promised_units,
        horizon=activity.forest_deadline,
        declaration=DECLARATION,
        committed_at=at,
        committed_by=by,
    )
    _tell(row, by, at)
    return row


def _tell(row: Planting, by: Any, at: datetime) -> None:
    plot, subject = row.plot, f"activity:{row.activity.code}"
    content = {"planting": row.number, "plot": plot.number, "digest": plot.digest, "area_m2": str(plot.area_m2)}
    content |= {"promised_units": row.promised_units, "horizon": row.horizon.isoformat(), "no_credit": True}
    trail.record(verb="planting.commit", subject=subject, by=by, at=at, content=content, public=True)


def barred(activity: Any, planted_on: date, on: date) -> list[Problem]:
    """Why an activity cannot rest on a planting, if so."""
    if activity.forest_deadline is None:
        return [Problem("no_clock", _("Only an event can rest on new planting: its rules set the six years (R1.22)."))]
    found = []
    if activity.state != "committed":
        found.append(Problem("no_plan", _("Publish the activity's plan first: a planting is part of its promise.")))
    if FamilyCode.NEW_FOREST.value not in activity.offset_families:
        words = _("The activity's plan does not name new forest among its kinds of units. Change the plan first.")
        found.append(Problem("not_planned", words))
    first = years_after(activity.starts_on, -rules.YEARS_AHEAD)
    if planted_on < first:
        words = _("A forest planted before %(day)s is not new for this activity: only new planting counts (R1.3).")
        found.append(Problem("not_new", words % {"day": first}, "planted_on"))
    if max(on, planted_on) > activity.forest_deadline:
        words = _("The six years end on %(day)s: nothing planted later can count (R1.22).")
        found.append(Problem("too_late", words % {"day": activity.forest_deadline}, "planted_on"))
    return found


def off(measured: Decimal, stated: Decimal) -> list[Problem]:
    """A stated area that the corners contradict."""
    if not rules.stated_wrong(measured, stated):
        return []
    words = _(
        "The corners enclose %(ha)s ha (%(mu)s mu); the stated area is %(stated_ha)s ha (%(stated_mu)s mu) and may "
        "differ by 5 percent. %(slip)s"
    )
    said = {"ha": rules.hectares(measured), "mu": rules.mu(measured)}
    said |= {"stated_ha": rules.hectares(stated), "stated_mu": rules.mu(stated)}
    said |= {"slip": SLIPS[rules.likely_slip(measured, stated)]}
    return [Problem("area", words % said, "stated_area")]


class Counted(Refusal):
    code = "counted"
    message = _("Growth of this planting was verified and counts for the activity; it can no longer be called off.")


class Over(Refusal):
    code = "over"
    message = _("This planting was called off.")


def locked(planting: Planting) -> Planting:
    """The planting's row, locked, if it still stands."""
    rows = Planting.objects.select_for_update(of=("self",)).select_related("activity__organization", "plot")
    row = rows.get(pk=planting.pk)
    if row.called_off_at is not None:
        raise Over
    return row


@transaction.atomic
def call_off(*, planting: Planting, reason: str, by: Any, at: datetime) -> Planting:
    """End a promise nothing of which was verified. It stays to be read, and its land is free again."""
    lands.hold()
    row = locked(planting)
    if row.verifications.filter(increment_kg__gt=0).exists():
        raise Counted
    row.called_off_at, row.called_off_by, row.call_off_reason = at, by, reason.strip()
    row.save(update_fields=["called_off_at", "called_off_by", "call_off_reason"])
    row.plot.freed_at, row.plot.freed_by = at, by
    row.plot.save(update_fields=["freed_at", "freed_by"])
    content = {"planting": row.number, "reason": row.call_off_reason}
    trail.record(
        verb="planting.call_off", subject=f"activity:{row.activity.code}", by=by, at=at, content=content, public=True
    )
    return row
