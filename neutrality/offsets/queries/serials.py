"""Type the number of one tonne, see its whole life."""

from dataclasses import dataclass
from datetime import date

from django.db.backends.postgresql.psycopg_any import NumericRange
from django.db.models import Q

from neutrality.offsets import rules
from neutrality.offsets.models import Block, PublishedRun, Retirement, SerialLine

MOST = 20
COUNTED = (rules.Syntax.TICKET, rules.Syntax.RECORD)


@dataclass(frozen=True)
class Hit:
    """A block in which the asked numbers lie, and the run of house numbers both share."""

    block: Block
    first: int
    last: int

    @property
    def serial(self) -> str:
        return self.block.serial_of(self.first, self.last)

    @property
    def units(self) -> int:
        return self.last - self.first + 1


def found_by(text: str) -> list[Hit]:
    """Blocks a text names: a serial number of any registry, a bare VCU number, a code of a block or a cancellation."""
    tidy = rules.tidy(text)[:200]
    if not tidy:
        return []
    hits = [hit for serial in _serials(tidy) for hit in _on_line(serial)]
    hits += [Hit(block, *block.within) for block in _blocks().filter(code=tidy)]
    for row in Retirement.objects.filter(number=tidy).select_related("block__kind__registry", "block__project"):
        hits.append(Hit(row.block, row.first, row.last))
    for row in _by_certificate(tidy):
        hits.append(Hit(row.block, row.first, row.last))
    return list(dict.fromkeys(hits))[:MOST]


def _serials(tidy: str) -> list[rules.Serial]:
    found = rules.probe(tidy)
    if tidy.isascii() and tidy.isdigit() and 1 <= int(tidy[:18]) <= rules.LARGEST:
        found.append(rules.Serial(rules.Syntax.VERRA, "VCU", int(tidy), int(tidy), ""))
    return found or [rules.Serial(syntax, tidy, 1, rules.LARGEST, "") for syntax in COUNTED]


def _on_line(serial: rules.Serial) -> list[Hit]:
    hits = []
    for line in _lines(serial):
        run = NumericRange(*rules.folded(line.pk, serial.first, serial.last))
        for block in _blocks().filter(numbers__overlap=run).order_by("numbers")[:MOST]:
            shift = block.first - block.serial_first
            first, last = max(serial.first, block.serial_first), min(serial.last, block.serial_last)
            hits.append(Hit(block, first + shift, last + shift))
    return hits


def _lines(serial: rules.Serial):
    return SerialLine.objects.filter(text=serial.line, registry__kinds__syntax=serial.syntax).distinct()


def _by_certificate(tidy: str) -> list[Retirement]:
    rows = Retirement.objects.exclude(certificate_number="").filter(certificate_number=tidy)
    rows = rows.select_related("block__kind__registry", "block__project")
    return list(rows[:MOST])


def _blocks():
    return Block.objects.select_related("kind__registry", "project")


def published(numbers: NumericRange) -> list[PublishedRun]:
    """What the registry's own tables say of these numbers: the newest version of each row, in order. A row that showed
    units as not yet used is left out once a later file splits it or shows them used."""
    meets = {"version": 1, "numbers__overlap": numbers}
    sides = Q(**meets, side=0) | Q(**meets, side=1) | Q(**meets, side=2)  # each has an index of its own
    runs = list(PublishedRun.objects.filter(sides).values_list("numbers", flat=True)[:MOST])
    rows = PublishedRun.objects.filter(numbers__in=runs).select_related("project", "file__evidence", "registry")
    newest = {(row.numbers.lower, row.numbers.upper, row.side): row for row in rows.order_by("version")}
    standing = [row for row in newest.values() if not _overtaken(row, list(newest.values()))]
    return sorted(standing, key=lambda row: (row.numbers.lower, row.side, row.event_on or date.min))


def _overtaken(row: PublishedRun, others: list[PublishedRun]) -> bool:
    return row.side == 0 and any(
        other.file_id > row.file_id
        and other.side != 1
        and other.numbers.lower < row.numbers.upper
        and row.numbers.lower < other.numbers.upper
        for other in others
    )


def published_by(text: str) -> list[PublishedRun]:
    """The same for what somebody typed into the search."""
    found: dict[int, PublishedRun] = {}  # a text may read as more than one way of writing serials
    for serial in _serials(rules.tidy(text)[:200]):
        for line in _lines(serial):
            rows = published(NumericRange(*rules.folded(line.pk, serial.first, serial.last)))
            found |= {row.pk: row for row in rows}
    return list(found.values())[:MOST]
