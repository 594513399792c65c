"""A second look at cancellations and blocks: each says what its transfer says, and no unit of a block is astray."""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, Sum, Value
from django.db.models.functions import Coalesce, Concat, ExtractYear, Left

from neutrality.findings import Finding
from neutrality.ledger.models import Lot
from neutrality.offsets.models import (
    Block,
    BlockCard,
    Lock,
    Mark,
    Project,
    ProjectCount,
    ProjectVersion,
    PublishedRun,
    Registry,
    RegistryFile,
    Reservation,
    Retirement,
    RetirementCard,
    Row,
    SerialLine,
    Tally,
)
from neutrality.offsets.operations import noting
from neutrality.offsets.rules.published import NOTHING

# How many numbers of each span of `items` lie in spans of `cover`, in one pass over the ends of all of them in order:
# `open` spans of the cover times the step between two ends, summed up. A join on overlap would probe an index for each
# span, and a planner without statistics would not even do that.
COVERED = """
SELECT item, (max(passed) - min(passed))::bigint AS units FROM (
  SELECT item, coalesce(sum(open * step) OVER (ORDER BY at), 0) AS passed FROM (
    SELECT item, at, at - lag(at) OVER (ORDER BY at) AS step,
           sum(turn) OVER (ORDER BY at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS open
    FROM (
      SELECT NULL::bigint AS item, lower(span) AS at, 1 AS turn FROM ({cover}) c UNION ALL
      SELECT NULL, upper(span), -1 FROM ({cover}) c UNION ALL
      SELECT item, lower(span), 0 FROM ({items}) i UNION ALL
      SELECT item, upper(span), 0 FROM ({items}) i
    ) ends
  ) steps
) sums WHERE item IS NOT NULL GROUP BY item
"""
LOTS = "SELECT span FROM ledger_lot"
USED = (
    "SELECT lot.id AS item, lot.span FROM ledger_lot lot JOIN ledger_place place ON place.id = lot.place_id"
    " WHERE place.code LIKE 'retired:%%'"
)
BLOCKS = (
    "SELECT block.id, block.quantity, units FROM ("
    + COVERED.format(items="SELECT id AS item, house AS span FROM offsets_block", cover=LOTS)
    + ") found JOIN offsets_block block ON block.id = item WHERE units <> block.quantity ORDER BY block.id"
)
UNSPOKEN = (
    "SELECT lot.id, place.code FROM ("
    + COVERED.format(items=USED, cover="SELECT span FROM offsets_retirement")
    + ") found JOIN ledger_lot lot ON lot.id = item JOIN ledger_place place ON place.id = lot.place_id"
    " WHERE units = 0 ORDER BY lot.id"
)


def findings() -> Iterator[Finding]:
    """Cancellations beside their transfer, blocks whose units do not add up."""
    rows, table = Retirement.objects.order_by("pk"), "offsets_retirement"
    same = Q(span=F("transfer__span"), quantity=F("transfer__quantity"))
    for pk in rows.exclude(same).values_list("pk", flat=True):
        yield Finding(table, str(pk), "is not the span its transfer moved")
    place = Concat(Value("retired:"), "activity__code")
    for pk in rows.annotate(place=place).exclude(transfer__target__code=F("place")).values_list("pk", flat=True):
        yield Finding(table, str(pk), "stands behind another activity than its transfer")
    for pk, quantity, units in answered(BLOCKS):
        yield Finding("offsets_block", str(pk), f"{units} of its {quantity} units are somewhere")
    yield from _astray()
    yield from _uncounted()
    yield from _published()
    yield from _unsaid()


def answered(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [])
        return cursor.fetchall()


def _astray() -> Iterator[Finding]:
    """Units in an activity's place that no cancellation speaks of, and units under a lock that was released."""
    for pk, code in answered(UNSPOKEN):
        yield Finding("ledger_lot", str(pk), f"lies in {code} and no cancellation says so")
    released = Lock.objects.filter(released_at__isnull=False).annotate(place=Concat("kind", Value(":"), "number"))
    for code in Lot.objects.filter(place__code__in=released.values("place")).values_list("place__code", flat=True):
        yield Finding("offsets_lock", code, "was released and still holds units")
    ended = Reservation.objects.filter(ended_at__isnull=False).annotate(place=Concat(Value("reserved:"), "number"))
    for code in Lot.objects.filter(place__code__in=ended.values("place")).values_list("place__code", flat=True):
        yield Finding("offsets_reservation", code, "has ended and still holds units")


def _uncounted() -> Iterator[Finding]:
    """Blocks and cancellations without their card, tallies and counts of projects that do not add up."""
    for model, card in ((Block, BlockCard), (Retirement, RetirementCard)):
        for pk in model.objects.filter(card=None).values_list("pk", flat=True):
            yield Finding(card._meta.db_table, str(pk), "is missing")
    for what, card, on in ((Row.BLOCK, BlockCard, "issued_on"), (Row.RETIREMENT, RetirementCard, "cancelled_on")):
        yield from _tallies(what, card, on)
    groups = Project.objects.values_list("registry", "country", Left("region_code", 2)).order_by()
    real = {(*group, rows) for *group, rows in groups.annotate(rows=Count("pk"))}
    kept = ProjectCount.objects.filter(rows__gt=0).values_list("registry", "country", "province", "rows")
    for row in sorted(real ^ set(kept)):
        yield Finding("offsets_projectcount", str(row), "is not the number of projects there")


def _tallies(what: Row, card: Any, on: str) -> Iterator[Finding]:
    """What the counter has counted, beside the same rows counted again from their projects and dates."""
    last = Mark.objects.filter(what=what).values_list("last", flat=True).first()
    counted = card.objects.filter(row__lte=last or 0)
    groups = counted.values_list("shelf", f"row__{on}__year").order_by()
    real = {(*group, rows, units) for *group, rows, units in groups.annotate(Count("pk"), Sum("row__quantity"))}
    kept = Tally.objects.filter(what=what, rows__gt=0).values_list("shelf", "year", "rows", "units")
    for row in sorted(real ^ set(kept)):
        yield Finding("offsets_tally", f"{what.value} {row}", "does not add up")
    block = "row__" if what is Row.BLOCK else "row__block__"
    same = Q(shelf__kind=F(f"{block}kind"), shelf__year_first=ExtractYear(f"{block}vintage_start"))
    country, region = (Coalesce(f"{block}project__{name}", Value("")) for name in ("country", "region_code"))
    placed = card.objects.annotate(country=country, province=Left(region, 2))
    same &= Q(shelf__country=F("country"), shelf__province=F("province"))
    for pk in placed.exclude(same).values_list("pk", flat=True):
        yield Finding(card._meta.db_table, str(pk), "stands on the wrong shelf")


def _published() -> Iterator[Finding]:
    """Published runs that name what is not there (they bear no foreign key), or whose count is not their numbers."""
    runs, table = PublishedRun.objects.order_by("pk"), "offsets_publishedrun"
    for name, model in (("line", SerialLine), ("file", RegistryFile), ("registry", Registry)):
        there = model.objects.filter(pk=OuterRef(f"{name}_id"))
        for pk in runs.exclude(Exists(there)).values_list("pk", flat=True):
            yield Finding(table, str(pk), f"names a {name} that is not there")
    length = F("numbers__endswith") - F("numbers__startswith")
    for pk in runs.exclude(quantity=length).values_list("pk", flat=True):
        yield Finding(table, str(pk), "says another quantity than it has numbers")


def _unsaid() -> Iterator[Finding]:
    """Projects whose crediting period, verifier or labels are not what their sources make of them."""
    said = Q(facts__has_any_keys=["crediting_start", "crediting_end", "verifier", "labels"])
    spoken = Project.objects.filter(pk__in=ProjectVersion.objects.filter(said).values("project"))
    shown = ~Q(verifier="") | ~Q(labels="") | Q(crediting_start__isnull=False) | Q(crediting_end__isnull=False)
    keys = list(Project.objects.filter(shown | Q(pk__in=spoken)).order_by("pk").values_list("pk", flat=True))
    for begin in range(0, len(keys), noting.TOGETHER):
        some = keys[begin : begin + noting.TOGETHER]
        told = noting.standing(some)
        for project in Project.objects.filter(pk__in=some).order_by("pk"):
            if noting.set_to(project, told.get(project.pk, NOTHING)):
                yield Finding("offsets_project", str(project.pk), "says otherwise than its sources")
