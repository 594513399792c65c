"""How far many activities are: a fixed number of queries for a list of any length."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from neutrality.activities.models import Activity
from neutrality.disclosure import queries as disclosure
from neutrality.disclosure.rules import Balance, Claim, ClaimFacts, balance, claim
from portal import overview, steps
from portal.doors import door


@dataclass(frozen=True)
class Progress:
    """One activity on a list. `total_kg` is None while nothing is accounted."""

    activity: Activity
    claim: Claim
    estimate_kg: Decimal | None
    total_kg: Decimal | None
    units: int
    balance: Balance
    next: steps.Step | None
    late: bool

    @property
    def shown_kg(self) -> Decimal | None:
        """The actual total, or the estimate while there is no other."""
        return self.estimate_kg if self.total_kg is None else self.total_kg

    @property
    def shown_label(self) -> str:
        return _("Estimate") if self.total_kg is None and self.estimate_kg is not None else ""

    @property
    def url(self) -> str:
        """Where the next step is taken."""
        return door(self.next.code, self.activity.code) if self.next else ""


def of(activities: Iterable[Activity], on: date) -> list[Progress]:
    """The progress of each, in the order given; `organization` and `rulebook` are selected by the caller."""
    rows = list(activities)
    facts = disclosure.facts(rows, on)
    filed = overview.filed_of(rows)
    return [_progress(row, facts[row.pk], filed[row.pk], on) for row in rows]


def by_urgency(rows: Iterable[Progress]) -> list[Progress]:
    """What is overdue first, then what is due next; what needs nothing more comes last."""
    return sorted(
        rows, key=lambda row: (row.next is None, not row.late, row.next.on if row.next and row.next.on else date.max)
    )


def _progress(activity: Activity, facts: ClaimFacts, filed: overview.Filed, on: date) -> Progress:
    coming = steps.next_step(overview.way(activity, facts, on, filed))
    return Progress(
        activity=activity,
        claim=claim(facts),
        estimate_kg=filed.estimate_kg,
        total_kg=facts.total_kg,
        units=facts.units,
        balance=balance(facts.due_kg, facts.units, partial=facts.partial),
        next=coming,
        late=coming is not None and coming.on is not None and coming.on < on,
    )
