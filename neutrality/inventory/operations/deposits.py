"""Months of an operating period: deposit one, and build the lines of the actual figures from them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neutrality.activities.models import Activity
from neutrality.activities.rules import last_day
from neutrality.evidence.models import File
from neutrality.inventory import queries, rules
from neutrality.inventory.models import Deposit, Inventory
from neutrality.inventory.operations import filing
from neutrality.refusals import Refusal
from neutrality.trail import operations as trail


class NotAMonth(Refusal):
    code = "not_a_month"
    message = gettext_lazy("This month does not belong to the period.")


class MonthNotOver(Refusal):
    code = "month_not_over"
    message = gettext_lazy("A month is deposited once it is over.")


class UnitChanged(Refusal):
    code = "unit_changed"
    message = gettext_lazy("This meter was deposited in another unit before. Use the same unit, or another name.")


@transaction.atomic
def deposit(
    *,
    activity: Activity,
    month: date,
    source: str,
    label: str,
    quantity: Decimal,
    unit: str,
    evidence: File | None,
    by: Any,
    at: datetime,
) -> Deposit:
    """Keep one month of a meter. The same figures again are the same deposit. Raises NotAMonth, MonthNotOver,
    UnitChanged."""
    locked = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    if month not in locked.months:
        raise NotAMonth(NotAMonth.message, field="month")
    if last_day(month) >= localdate(at):
        raise MonthNotOver(MonthNotOver.message, field="month")
    mine = Deposit.objects.filter(activity=locked, source=source, label=label)
    if mine.exclude(unit=unit).exists():
        raise UnitChanged(UnitChanged.message, field="unit")
    last = mine.filter(month=month).order_by("pk").last()
    if last is not None and (last.quantity, last.evidence) == (quantity, evidence):
        return last
    made = Deposit.objects.create(
        activity=locked,
        month=month,
        source=source,
        label=label,
        quantity=quantity,
        unit=unit,
        evidence=evidence,
        deposited_at=at,
        deposited_by=by,
    )
    content = {"month": month, "source": source, "label": label, "quantity": quantity, "unit": unit}
    content["evidence"] = evidence.digest if evidence else None
    trail.record(verb="inventory.deposit", subject=f"activity:{locked.code}", by=by, at=at, content=content)
    return made


@transaction.atomic
def take_months(*, activity: Activity, by: Any, at: datetime) -> Inventory:
    """Build the lines of the actual figures from the deposited months: a draft is opened where there is none, lines
    built earlier are replaced, other rows stay."""
    draft = filing.start(activity=activity, kind=rules.Kind.ACTUAL, by=by, at=at)
    found = queries.series(activity)
    library = queries.proposed(activity)
    fresh = [line for each in found for line in _lines(activity, each, library)]
    keys = {line.key for line in fresh}
    sources = {line.source for line in fresh}
    kept = [
        facts
        for facts in (row.facts for row in queries.lines(draft))
        if facts.key not in keys and not (facts.source in sources and facts.quantity is None)
    ]
    return filing.save_draft(inventory=draft, lines=[*kept, *fresh], edition=draft.edition, by=by, at=at)


def _lines(activity: Activity, each: rules.Series, library: dict[str, list[rules.Factor]]) -> list[rules.Line]:
    """What was read, and apart from it what the missing months are estimated at."""
    months = len(each.readings)
    digests = {reading.evidence for reading in each.readings.values() if reading.evidence}
    values: dict[str, Any] = {
        "position": 0,
        "source": each.source,
        "stage": activity.stages[0],
        "unit": each.unit,
        "factor": _fitting(library.get(each.source, []), each.unit),
    }
    measured = rules.Line(
        key=_key(activity, each, "measured"),
        treatment=rules.Treatment.MEASURED,
        tier=rules.Tier.MEASURED,
        description=_("%(label)s: %(months)s months deposited") % {"label": each.label, "months": months},
        quantity=each.measured,
        evidence=min(digests) if len(digests) == 1 else "",
        **values,
    )
    if each.complete:
        return [measured]
    words = {"label": each.label, "missing": len(each.missing), "months": months}
    estimated = rules.Line(
        key=_key(activity, each, "estimated"),
        treatment=rules.Treatment.ESTIMATED,
        tier=rules.Tier.PROXY,
        description=_("%(label)s: %(missing)s missing months at the mean of %(months)s") % words,
        quantity=each.estimated,
        **values,
    )
    return [measured, estimated]


def _key(activity: Activity, each: rules.Series, part: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"{activity.code}/months/{each.source}/{each.label}/{part}"))


def _fitting(factors: list[rules.Factor], unit: str) -> rules.Factor | None:
    """The first proposed factor the unit converts to."""
    return next((factor for factor in factors if unit in rules.fitting(factor.unit)), None)
