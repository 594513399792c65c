"""What a row of a registry's table says (R3.34, R3.36): a project, a run of numbered units, tonnes without numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from neutrality.offsets.rules.serials import Serial, Syntax


class Event(StrEnum):
    """STANDING: shown as not yet used, which a later table may split; ISSUED: a fact that stays."""

    STANDING = "standing"
    ISSUED = "issued"
    RETIRED = "retired"
    CANCELLED = "cancelled"


SIDES = {Event.STANDING: 0, Event.ISSUED: 1, Event.RETIRED: 2, Event.CANCELLED: 2}
"""Runs of one side never overlap on a line. What stands may be split anew, so that holds for it only within a file."""


class Amount(StrEnum):
    """What an amount without serial numbers counts. SO_FAR: a total over the project's life, never to be added up."""

    ISSUED = "issued"
    BUFFERED = "buffered"
    RETIRED = "retired"
    CANCELLED = "cancelled"
    REVERSED = "reversed"
    ISSUED_SO_FAR = "issued_so_far"
    RETIRED_SO_FAR = "retired_so_far"


@dataclass(frozen=True)
class Context:
    """What a reader must know beyond the row: the registries by any of their names, and how each writes serials."""

    registries: Mapping[str, str] = field(default_factory=dict)
    syntaxes: Mapping[str, tuple[Syntax, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """What a row tells of a project besides (R3.36). An end of the crediting period that is not known is None."""

    crediting_start: date | None = None
    crediting_end: date | None = None
    verifier: str = ""
    labels: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != NOTHING

    @property
    def windowed(self) -> bool:
        return self.crediting_start is not None or self.crediting_end is not None


NOTHING = Told()


@dataclass(frozen=True)
class ProjectRow:
    registry: str
    identifier: str
    name: str
    country: str = ""
    place: str = ""
    sector: str = ""
    methodology: str = ""
    developer: str = ""
    status: str = ""
    told: Told = NOTHING


@dataclass(frozen=True)
class RunRow:
    """A run of numbered units and what became of it on that day; a cancellation may be published without its day."""

    registry: str
    identifier: str
    project_name: str
    serial: Serial
    event: Event
    on: date | None
    beneficiary: str = ""
    note: str = ""
    labels: str = ""


@dataclass(frozen=True)
class CountRow:
    """Tonnes a registry states without serial numbers; `mark` tells the row from the others of its table."""

    registry: str
    identifier: str
    project_name: str
    mark: str
    amount: Amount
    tonnes: Decimal
    on: date | None = None
    vintage: str = ""
    country: str = ""
    beneficiary: str = ""
    note: str = ""


@dataclass(frozen=True)
class Remark:
    """What a row of issues tells of its project besides; `on` is the day of the issue."""

    registry: str
    identifier: str
    told: Told
    on: date | None = None


@dataclass(frozen=True)
class Flaw:
    """A cell that cannot be taken, in a row that stands without it."""

    code: str
    column: str
    detail: str


Fact = ProjectRow | RunRow | CountRow | Remark | Flaw
