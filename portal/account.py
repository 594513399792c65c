"""The book of one activity as it stands now: what it emitted, what counts as cancelled for it, the balance between.

Figures come from the rooms' queries and what may be said from disclosure; nothing is kept here. A cancellation made
after the deadline is shown but not counted (I3).
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from neutrality.activities.models import Activity
from neutrality.disclosure import rules as disclosure
from neutrality.disclosure.rules import Balance, ClaimFacts
from neutrality.inventory import queries as inventories
from neutrality.inventory.models import Inventory
from neutrality.inventory.rules import COUNTED, NEEDS_REASON, OTHER_SOURCE, Cover, Kind, Sheet, Treatment
from neutrality.inventory.words import OTHER_SOURCE as OTHER_SOURCE_WORDS
from neutrality.inventory.words import TREATMENTS
from neutrality.offsets import queries as offsets
from neutrality.wording import pick


@dataclass(frozen=True)
class Emitted:
    """A line of the left page: one source."""

    label: str
    kg: Decimal | None
    note: str = ""


@dataclass(frozen=True)
class Cancelled:
    """A line of the right page: one cancellation."""

    label: str
    units: int
    note: str


@dataclass(frozen=True)
class Account:
    """Both pages of the book."""

    estimate: Inventory | None
    actual: Inventory | None
    emitted: tuple[Emitted, ...]
    cancelled: tuple[Cancelled, ...]
    units: int
    pending: int
    void: int
    promised: int
    balance: Balance
    pairs: tuple[dict[str, Any], ...]
    groups: tuple[dict[str, Any], ...]

    @property
    def total_kg(self) -> Decimal | None:
        return self.actual.total_kg if self.actual else None

    @property
    def estimate_kg(self) -> Decimal | None:
        return self.estimate.total_kg if self.estimate else None

    @property
    def owed(self) -> int | None:
        return self.actual.cover.owed() if self.actual else None

    @property
    def cover(self) -> Cover | None:
        """What units are bought for, by the actual figures or while there are none by the estimate."""
        known = self.actual or self.estimate
        return known.cover if known else None

    @property
    def uncounted(self) -> int:
        """Units cancelled too late to count."""
        return max(0, sum(line.units for line in self.cancelled) - self.units)


def of(activity: Activity, facts: ClaimFacts) -> Account:
    """The account of `activity` beside the facts of its claim; a fixed number of queries however many lines it has."""
    estimate = inventories.current(activity, Kind.ESTIMATE)
    actual = inventories.current(activity, Kind.ACTUAL)
    before = inventories.sheet(estimate) if estimate else None
    after = inventories.sheet(actual) if actual else None
    checked = offsets.checked(activity)
    return Account(
        estimate=estimate,
        actual=actual,
        emitted=tuple(_emitted(activity, after)) if after else (),
        cancelled=tuple(_cancelled(row) for row in checked),
        units=facts.units,
        pending=offsets.pending_units(activity),
        void=facts.void,
        promised=facts.promised_sinks,
        balance=disclosure.balance(facts.due_kg, facts.units, partial=facts.partial),
        pairs=tuple(_pairs(activity, before, after)),
        groups=tuple(_groups(checked)),
    )


def source_name(activity: Activity, code: str) -> str:
    """A source as the activity's rulebook calls it."""
    if code == OTHER_SOURCE:
        return str(OTHER_SOURCE_WORDS)
    source = activity.rulebook.rules.source(code)
    return pick(source.name_zh, source.name_en)


def _sources(activity: Activity, *sheets: Sheet | None) -> list[str]:
    """Sources that occur in the sheets, in the order of the rulebook, others last."""
    said = {line.source for sheet in sheets if sheet for line in sheet.lines}
    known = [source.code.value for source in activity.rulebook.rules.sources]
    return [code for code in known if code in said] + sorted(said - set(known))


def _emitted(activity: Activity, sheet: Sheet) -> list[Emitted]:
    """Counted sources, largest first; then those left out, each with its reason; last, in one, what did not occur."""
    counted, left_out, absent = [], [], []
    for code in _sources(activity, sheet):
        rows = [line for line in sheet.lines if line.source == code]
        label = source_name(activity, code)
        reasons = [f"{TREATMENTS[line.treatment]}: {line.reason}" for line in rows if line.treatment in NEEDS_REASON]
        if any(line.treatment in COUNTED for line in rows):
            counted.append(Emitted(label, sheet.by_source.get(code, Decimal(0)), " · ".join(reasons)))
        elif reasons:
            left_out.append(Emitted(label, None, " · ".join(reasons)))
        else:
            absent.append(label)
    none = (
        [Emitted(str(TREATMENTS[Treatment.NOT_OCCURRING]), Decimal(0), pick("、", ", ").join(absent))] if absent else []
    )
    return sorted(counted, key=lambda line: -(line.kg or 0)) + left_out + none


def _cancelled(row: offsets.Cancelled) -> Cancelled:
    parts = [row.vintage, row.serial or row.certificate, row.date.isoformat()]
    if not row.timely:
        parts.append(_("after the deadline, not counted"))
    if row.void:
        parts.append(_("%(units)s t found void") % {"units": f"{row.void:,d}"})
    label = " · ".join(text for text in (pick(row.kind_zh, row.kind_en), pick(row.project_zh, row.project_en)) if text)
    return Cancelled(label, row.units, " · ".join(text for text in parts if text))


def _pairs(activity: Activity, before: Sheet | None, after: Sheet | None) -> list[dict[str, Any]]:
    """Estimate and actual of each source, for the chart."""
    rows = [
        {
            "label": source_name(activity, code),
            "estimate_kg": before.by_source.get(code) if before else None,
            "actual_kg": after.by_source.get(code) if after else None,
        }
        for code in _sources(activity, before, after)
    ]
    return [row for row in rows if row["estimate_kg"] or row["actual_kg"]]


def _groups(rows: list[offsets.Cancelled]) -> list[dict[str, Any]]:
    """Units by registry and vintage, for the chart."""
    groups: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (pick(row.registry_zh, row.registry_en), row.vintage)
        groups[key] = groups.get(key, 0) + row.units
    return [{"label": label, "note": vintage, "units": units} for (label, vintage), units in sorted(groups.items())]
