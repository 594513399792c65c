"""Where units lie now and how they came there, in words a page can show."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import NumericRange
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import Organization
from neutrality.activities.models import Activity
from neutrality.ledger import queries as lots
from neutrality.ledger import rules as spans
from neutrality.ledger.models import Lot, Transfer
from neutrality.offsets import places, rules
from neutrality.offsets.models import (
    Block,
    Compensation,
    Handover,
    HandoverStep,
    Lock,
    Registry,
    Reservation,
    Retirement,
    Surrender,
    VoidedPart,
    VoidNotice,
)

MOST_MOVES = 300


@dataclass(frozen=True)
class Holding:
    """Units of one block an organization may use now."""

    block: Block
    units: int


@dataclass(frozen=True)
class Lying:
    """A run of a block and where it lies: held, retired, outside or void; `who` is the organization or activity."""

    state: str
    serial: str
    units: int
    who: Any = None


@dataclass(frozen=True)
class Moved:
    """One step in the life of a unit or a block."""

    number: int
    on: Any
    at: Any
    serial: str
    units: int
    reason: str
    source: Lying
    target: Lying


def used(block: Block, first: int, last: int, most: int = 20) -> list[Retirement]:
    """The cancellations in which these units of a block were used, in the order of their numbers."""
    found = Retirement.objects.filter(block=block, span__overlap=NumericRange(first, last + 1))
    return list(found.select_related("activity").order_by("span")[:most])


def voided(block: Block, first: int, last: int) -> list[VoidNotice]:
    """The confirmed notices that made some of these units of a block void, oldest first."""
    meets = VoidedPart.objects.filter(notice=OuterRef("pk"), span__overlap=NumericRange(first, last + 1))
    return list(VoidNotice.objects.filter(Exists(meets), block=block).order_by("id"))


def holdings(organization: Any) -> list[Holding]:
    """What an organization holds, newest block first. Two queries."""
    rows = Lot.objects.filter(place__code=places.held_code(organization)).values_list("span", flat=True)
    held = [(row.lower, row.upper - 1) for row in rows]
    if not held:
        return []
    low, high = min(first for first, _ in held), max(last for _, last in held)
    blocks = Block.objects.filter(house__overlap=NumericRange(low, high + 1))
    found = [
        Holding(block, sum(map(spans.count, spans.clipped(held, block.within))))
        for block in blocks.select_related("kind__registry", "project").order_by("-id")
    ]
    return [row for row in found if row.units]


def disposable(organization: Any, block: Block) -> int:
    """Units of one block an organization holds now."""
    return lots.balance(places.held(organization), block.within)


def lying(block: Block, within: tuple[int, int] | None = None) -> list[Lying]:
    """Every run of a block by where it lies, lowest number first. Three queries."""
    held = lots.holdings(within or block.within)
    names = _Names(held)
    rows = [(span, code) for code, found in held.items() for span in found]
    return [names.lying(code, block.serial_of(*span), spans.count(span)) for span, code in sorted(rows)]


def awaiting(organizations: Any) -> QuerySet[Handover]:
    """Open handovers in which one of these organizations has the next word, oldest first."""
    last = HandoverStep.objects.filter(handover=OuterRef("pk")).order_by("-pk").values("step")[:1]
    steps = rules.ordering.Step
    buyers_turn = Q(asked_side="giver") | Q(last__in=(steps.PRICED.value, steps.AGREED.value))
    ours = Q(buyers_turn, taker__in=organizations) | Q(~buyers_turn, giver__in=organizations)
    rows = Handover.objects.filter(state="asked").annotate(last=Coalesce(Subquery(last), Value(""))).filter(ours)
    return rows.select_related("block__kind", "giver", "taker").order_by("asked_at", "pk")


def under_way(organizations: Any, since: datetime) -> QuerySet[Handover]:
    """Changes of owner on either side of these organizations that are open or ended since, newest word first. Those in
    which they have the next word (`awaiting`) are among them."""
    ours = Q(giver__in=organizations) | Q(taker__in=organizations)
    rows = Handover.objects.filter(ours).filter(Q(state="asked") | Q(closed_at__gte=since))
    return rows.select_related("block__kind", "giver", "taker").order_by(F("closed_at").desc(nulls_first=True), "-pk")


def surrendered(row: Surrender) -> list[tuple[str, int]]:
    """The runs of a surrender that were not found void since: serial and units, lowest number first."""
    return _runs(row, places.surrendered_code(row))


def compensating(row: Compensation) -> list[tuple[str, int]]:
    """The runs of a case that were not found void since: serial and units, lowest number first."""
    return _runs(row, places.judicial_code(row))


def _runs(row: Any, code: str) -> list[tuple[str, int]]:
    return [(row.block.serial_of(*span), spans.count(span)) for span in lots.holdings(row.block.within).get(code, [])]


def story(block: Block, within: tuple[int, int] | None = None) -> list[Moved]:
    """Every move of a block's units (or of a run of them), oldest first. Three queries."""
    first, last = within or block.within
    rows = Transfer.objects.filter(span__overlap=NumericRange(first, last + 1)).select_related("source", "target")
    moves = list(rows.order_by("number")[:MOST_MOVES])
    names = _Names([code for move in moves for code in (move.source.code, move.target.code)])
    return [_moved(move, names, block, (first, last)) for move in moves]


def _moved(move: Transfer, names: "_Names", block: Block, within: tuple[int, int]) -> Moved:
    cut = (max(move.first, within[0]), min(move.last, within[1]))
    serial, units = block.serial_of(*cut), spans.count(cut)
    source, target = (names.lying(place.code, serial, units) for place in (move.source, move.target))
    return Moved(move.number, move.event_on, move.recorded_at, serial, units, move.reason, source, target)


class _Names:
    """Organizations, activities and registries behind the codes of places, fetched at once."""

    def __init__(self, codes: Any):
        pairs = [code.split(":", 1) for code in set(codes)]
        self.of = {
            "held": self._by(Organization, [code for kind, code in pairs if kind == "held"]),
            "retired": self._by(Activity, [code for kind, code in pairs if kind == "retired"]),
            "outside": self._by(Registry, [code for kind, code in pairs if kind == "outside"]),
            "pledged": self._of(Lock, [code for kind, code in pairs if kind == "pledged"]),
            "frozen": self._of(Lock, [code for kind, code in pairs if kind == "frozen"]),
            "reserved": self._of(Reservation, [code for kind, code in pairs if kind == "reserved"]),
            "surrendered": self._of(Surrender, [code for kind, code in pairs if kind == "surrendered"]),
        }

    @staticmethod
    def _by(model: Any, codes: list[str]) -> dict[str, Any]:
        return {row.code: row for row in model.objects.filter(code__in=codes)} if codes else {}

    @staticmethod
    def _of(model: Any, numbers: list[str]) -> dict[str, Any]:
        """Rows that have an owner, by their number."""
        rows = model.objects.filter(number__in=numbers).select_related("owner") if numbers else []
        return {row.number: row for row in rows}

    def lying(self, code: str, serial: str, units: int) -> Lying:
        state, name = code.split(":", 1)
        return Lying(state, serial, units, self.of.get(state, {}).get(name))
