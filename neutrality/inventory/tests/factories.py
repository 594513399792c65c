"""Plain makers of inventories for tests of any room."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.utils import timezone

from neutrality.activities.models import Activity
from neutrality.evidence import operations as evidence
from neutrality.inventory import operations, rules, seeding, trips
from neutrality.inventory.models import Factor, FactorVersion, Gwp, Inventory, Publication, Survey
from neutrality.tests import copying

AT = datetime(2026, 9, 1, 8, tzinfo=UTC)
OWN_SOURCE = "weighbridge of the venue"


class Upload:
    """A small file as a person would hand it in."""

    name = "factor.csv"

    def __init__(self, data: bytes = b"factor,kg\nown,1\n"):
        self.data, self.size = data, len(data)

    def read(self, most: int = -1) -> bytes:
        return self.data[:most] if most >= 0 else self.data


def load_library() -> None:
    """The whole factor library, as seeded."""
    copying.load(seeding.seed, AT, (Publication, Gwp, Factor, FactorVersion))


def make_evidence(activity: Activity, by: Any) -> str:
    """A deposited file; returns its digest."""
    return evidence.deposit(upload=Upload(), owner_code=activity.organization.code, by=by, at=AT).digest


def make_lines(activity: Activity, *, kg: str = "103150", evidence_digest: str) -> list[rules.Line]:
    """Every source answered: one measured line of so many kg, the rest does not occur."""
    stage = activity.stages[0]
    own = rules.own_factor(value=Decimal(1), unit="kg", source=OWN_SOURCE)
    sources = [source.code.value for source in activity.rulebook.rules.sources]
    counted = rules.Line(
        key=str(uuid4()),
        position=1,
        source="electricity",
        stage=stage,
        treatment=rules.Treatment.MEASURED,
        quantity=Decimal(kg),
        unit="kg",
        factor=own,
        tier=rules.Tier.MEASURED,
        evidence=evidence_digest,
    )
    absent = [
        rules.Line(str(uuid4()), position, source, stage, rules.Treatment.NOT_OCCURRING)
        for position, source in enumerate((code for code in sources if code != "electricity"), start=2)
    ]
    return [counted, *absent]


def make_draft(
    activity: Activity, kind: str = "actual", *, lines: list[rules.Line] | None = None, by: Any = None
) -> Inventory:
    """An open draft, with `lines` saved in it."""
    by = by or activity.created_by
    inventory = operations.start(activity=activity, kind=kind, by=by, at=AT)
    if lines is None:
        return inventory
    return operations.save_draft(inventory=inventory, lines=lines, edition=inventory.edition, by=by, at=AT)


def make_submitted_inventory(activity: Activity, kind: str = "actual", kg: str = "103150", by: Any = None) -> Inventory:
    """A submitted inventory of `kg`. An actual one needs an activity that ended before 1 September 2026."""
    by = by or activity.created_by
    lines = make_lines(activity, kg=kg, evidence_digest=make_evidence(activity, by))
    draft = make_draft(activity, kind, lines=lines, by=by)
    return operations.submit(inventory=draft, by=by, at=AT)


def make_survey(activity: Activity, *, groups: tuple[tuple[str, str, int], ...] = (("全体", "All", 1000),)) -> Survey:
    """A survey that is open for a long time yet."""
    (venue,) = trips.gazetteer().find("成都")
    now = timezone.now()
    return operations.open_survey(
        activity=activity,
        venue=venue,
        groups=groups,
        basis="registered",
        asks_lodging=True,
        asks_meals=True,
        closes_on=timezone.localdate(now) + timedelta(days=30),
        by=activity.created_by,
        at=now,
    )
