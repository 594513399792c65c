"""Tables described as data: which column holds what. `read` of each description is pure and raises BadRow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from neutrality.offsets.rules.cells import BadRow, Row, at, day, decimal, first, heading, identifier, needed, whole
from neutrality.offsets.rules.countries import country
from neutrality.offsets.rules.details import Details, joined
from neutrality.offsets.rules.published import Amount, Context, CountRow, Event, Fact, ProjectRow, Remark, RunRow
from neutrality.offsets.rules.serials import NotASerial, Serial, Syntax, parse

WEEK, MONTH, QUARTER = 7, 31, 92
NO_DETAILS = Details()


def serial(row: Row, column: str, quantity: str, syntaxes: tuple[Syntax, ...]) -> Serial:
    """The run in one of the registry's spellings; its length must be the quantity beside it (R3.33)."""
    return spelt(needed(row, column), column, whole(needed(row, quantity), quantity), syntaxes)


def spelt(text: str, column: str, units: int, syntaxes: tuple[Syntax, ...]) -> Serial:
    """A serial number in one of these spellings, spanning `units`; BadRow names what is wrong with it."""
    problem = "shape"
    for syntax in syntaxes:
        try:
            return parse(syntax, text, units)
        except NotASerial as bad:
            problem = bad.code
            if bad.code == "quantity":
                break
    raise BadRow(f"serial_{problem}", column, text)


@dataclass(frozen=True)
class Projects:
    """A table of projects: which column holds what."""

    registry: str
    identifier: str
    name: str
    country: str
    place: tuple[str, ...] = ()
    sector: str = ""
    methodology: str = ""
    developer: str = ""
    status: str = ""
    details: Details = NO_DETAILS

    def read(self, row: Row, context: Context) -> tuple[Fact, ...]:
        found = country(at(row, self.country))
        told, flaws = self.details.read(row)
        places = [at(row, column) for column in (*self.place, self.country)]
        return (
            ProjectRow(
                self.registry,
                identifier(row, self.identifier),
                needed(row, self.name),
                found,
                ", ".join(dict.fromkeys(filter(None, places))),
                at(row, self.sector),
                at(row, self.methodology),
                at(row, self.developer),
                at(row, self.status),
                told,
            ),
            *flaws,
        )


@dataclass(frozen=True)
class Runs:
    """A table of numbered units. Where a column `ended` holds a day, the row is used up, else it is `event`."""

    registry: str
    syntaxes: tuple[Syntax, ...]
    identifier: str
    name: str
    serial: str
    quantity: str
    event: Event
    on: str
    ended: str = ""
    reason: str = ""
    """A column that says why, or the status: where it speaks of cancelling, the units were removed, not used."""
    beneficiary: str = ""
    notes: tuple[str, ...] = ()
    details: Details = NO_DETAILS
    """Of the units: their labels."""

    def read(self, row: Row, context: Context) -> tuple[Fact, ...]:
        ended = at(row, self.ended)
        column = self.ended if ended else self.on
        event = self.told(ended, at(row, self.reason))
        said = at(row, column)
        if not said and event is not Event.CANCELLED:
            raise BadRow("missing", column)
        return (
            RunRow(
                self.registry,
                identifier(row, self.identifier),
                needed(row, self.name),
                serial(row, self.serial, self.quantity, self.syntaxes),
                event,
                day(said, column) if said else None,
                at(row, self.beneficiary),
                first(row, self.notes),
                self.labelled(row),
            ),
        )

    def labelled(self, row: Row) -> str:
        """The labels of the units, as one text."""
        return joined(self.details.labels(row))

    def told(self, ended: str, reason: str) -> Event:
        """Retired means used; cancelled means removed for another reason (R3.34)."""
        used = Event.RETIRED if ended else self.event
        return Event.CANCELLED if used is Event.RETIRED and "cancel" in reason.casefold() else used


@dataclass(frozen=True)
class Counted:
    """One column of amounts; `per` is what it counts in (1000 for kilograms), `tag` tells it from its neighbours.
    What was reversed is printed below zero."""

    amount: Amount
    column: str
    per: int = 1
    tag: str = ""

    def tonnes(self, row: Row) -> Decimal:
        said = at(row, self.column)
        return decimal(said.removeprefix("-") if self.amount is Amount.REVERSED else said, self.column) / self.per


@dataclass(frozen=True)
class Counts:
    """A table of amounts without serial numbers. First amount and day must be there, unless `gaps` are allowed."""

    registry: str
    identifier: str
    name: str
    marks: tuple[str, ...]
    amounts: tuple[Counted, ...]
    on: str = ""
    vintage: str = ""
    country: str = ""
    beneficiary: str = ""
    notes: tuple[str, ...] = ()
    gaps: bool = False
    details: Details = NO_DETAILS
    """Of the project, as it stood on the day of the row."""

    def read(self, row: Row, context: Context) -> tuple[Fact, ...]:
        mark = " ".join(needed(row, column) for column in self.marks)
        if not self.gaps:
            needed(row, self.on), needed(row, self.amounts[0].column)
        on = day(at(row, self.on), self.on) if at(row, self.on) else None
        counts = [self._count(row, counted, mark, on) for counted in self.amounts if at(row, counted.column)]
        return (*counts, *remarks(self.registry, identifier(row, self.identifier), self.details, row, on))

    def _count(self, row: Row, counted: Counted, mark: str, on: date | None) -> CountRow:
        return CountRow(
            self.registry,
            identifier(row, self.identifier),
            at(row, self.name),
            f"{mark} {counted.tag}".strip(),
            counted.amount,
            counted.tonnes(row),
            on,
            at(row, self.vintage).removesuffix(".0"),
            country(at(row, self.country)),
            at(row, self.beneficiary),
            first(row, self.notes),
        )


def remarks(registry: str, project: str, details: Details, row: Row, on: date | None) -> tuple[Fact, ...]:
    """What a row of issues tells of its project, if it tells anything; and its flaws."""
    told, flaws = details.read(row)
    return (*([Remark(registry, project, told, on)] if told else []), *flaws)


@dataclass(frozen=True)
class Layout:
    """One kind of table. `registry` is "" where each row names its own; `every` is how many days usually lie between
    two readings, `moves` within how many days its content is expected to change (a silent freeze otherwise)."""

    name: str
    registry: str
    columns: tuple[str, ...]
    read: Callable[[Row, Context], tuple[Fact, ...]]
    every: int = WEEK
    moves: int = MONTH
    own: bool = True
    """False for collections by others: they add what is missing and do not overrule the registry's own table."""
    describes: bool = False
    """Whether its rows describe projects, and do not merely name those of issues and units."""
    runs: Runs | None = None
    """The description of a table of plain runs, which clean rows may be read by all at once."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Other headings for the same columns, folded."""

    def named(self, headings: list[str]) -> list[str]:
        """The folded headings of a file in this layout's own words."""
        folded = [heading(each) for each in headings]
        return [heading(self.aliases.get(each, each)) for each in folded]


def of_runs(name: str, columns: tuple[str, ...], runs: Runs) -> Layout:
    needed_columns = (runs.identifier, runs.name, runs.serial, runs.quantity, runs.on, *columns)
    return Layout(name, runs.registry, needed_columns, runs.read, runs=runs)


def of_projects(name: str, columns: tuple[str, ...], projects: Projects) -> Layout:
    needed_columns = (projects.identifier, projects.name, *columns)
    return Layout(name, projects.registry, needed_columns, projects.read, moves=QUARTER, describes=True)


def of_counts(name: str, columns: tuple[str, ...], counts: Counts, moves: int = MONTH) -> Layout:
    marked = (*counts.marks, counts.identifier, counts.amounts[0].column, *columns)
    return Layout(name, counts.registry, tuple(dict.fromkeys(marked)), counts.read, moves=moves)
