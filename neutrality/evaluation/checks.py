"""Automatic checks of a submitted inventory (pure): facts in, findings out. A finding is a question to people.

No check confirms, blocks or scores anything. `VERSION` changes whenever a table here changes; the sweeper then
looks again at every current inventory.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

VERSION = 1


class Severity(StrEnum):
    NOTE = "note"
    QUESTION = "question"
    WARNING = "warning"


class Code(StrEnum):
    SOURCE_MISSING = "source_missing"
    MUCH_EXCLUDED = "much_excluded"
    NO_PEOPLE = "no_people"
    HEAD_LOW = "head_low"
    HEAD_HIGH = "head_high"
    SOURCE_LOW = "source_low"
    SOURCE_HIGH = "source_high"
    ZERO_LINE = "zero_line"
    NO_EVIDENCE = "no_evidence"
    EVIDENCE_REUSED = "evidence_reused"
    FAR_FROM_ESTIMATE = "far_from_estimate"
    OWN_FACTOR = "own_factor"
    NO_MEASURES = "no_measures"
    MEASURES_OPEN = "measures_open"
    UNITS_OVERDUE = "units_overdue"


SEVERITY = {
    Code.SOURCE_MISSING: Severity.WARNING,
    Code.MUCH_EXCLUDED: Severity.QUESTION,
    Code.NO_PEOPLE: Severity.NOTE,
    Code.HEAD_LOW: Severity.QUESTION,
    Code.HEAD_HIGH: Severity.QUESTION,
    Code.SOURCE_LOW: Severity.QUESTION,
    Code.SOURCE_HIGH: Severity.QUESTION,
    Code.ZERO_LINE: Severity.QUESTION,
    Code.NO_EVIDENCE: Severity.QUESTION,
    Code.EVIDENCE_REUSED: Severity.QUESTION,
    Code.FAR_FROM_ESTIMATE: Severity.NOTE,
    Code.OWN_FACTOR: Severity.NOTE,
    Code.NO_MEASURES: Severity.WARNING,
    Code.MEASURES_OPEN: Severity.QUESTION,
    Code.UNITS_OVERDUE: Severity.WARNING,
}
if set(SEVERITY) != set(Code):
    raise RuntimeError("every check needs a severity")
ORDER = (Severity.WARNING, Severity.QUESTION, Severity.NOTE)


@dataclass(frozen=True)
class Band:
    """Plausible kg per person and day, and the published cases it was drawn around."""

    low: Decimal
    high: Decimal
    drawn_from: str


HEAD_BAND = Band(
    Decimal("2"),
    Decimal("3000"),
    "Xiamen Marathon 2022: 43.6; Wuhan Marathon 2023: 55.7; TESA courses 2019: 359; EGU 2019: about 1,400 kg a person",
)
"""Per person over the whole event, not per day. Wide on purpose: 281 g a runner falls outside, real events inside."""

SOURCE_BANDS = {
    "catering": Band(Decimal("0.05"), Decimal("20"), "meals of 0.3 to 7 kg in the product library, three a day"),
    "lodging": Band(Decimal("0.5"), Decimal("150"), "room-nights of 5 to 150 kg in DEFRA's hotel table"),
    "local_transport": Band(Decimal("0.01"), Decimal("60"), "from a metro ride to 300 km of taxi a day"),
    "water": Band(Decimal("0"), Decimal("2"), "0.17 kg a cubic metre of tap water"),
    "waste": Band(Decimal("0"), Decimal("10"), "0.4 kg CO2e a kilogram of mixed waste"),
}
ESTIMATE_PERCENT = 30
HEAVY_LINE_PERCENT = 20
EXCLUDED_LIMIT = 3
OPEN_TREATMENTS = frozenset({"excluded", "included_elsewhere"})
COUNTED = frozenset({"measured", "estimated"})


@dataclass(frozen=True)
class LineFact:
    position: int
    source: str
    treatment: str
    kg: Decimal | None
    evidence: str = ""
    own_factor: bool = False


@dataclass(frozen=True)
class Facts:
    """What the checks look at. `people` is None when nobody counted them; `on` is the day of checking."""

    on: date
    is_event: bool
    days: int
    people: int | None
    total_kg: Decimal
    estimate_kg: Decimal | None
    required: frozenset[str]
    lines: tuple[LineFact, ...]
    measures: int
    measures_reported: int
    units_deadline: date | None
    units: int
    obligation: int


@dataclass(frozen=True)
class Found:
    """One finding: its code and the values its sentence needs, as text so that they can be stored."""

    code: Code
    params: dict[str, str] = field(default_factory=dict)
    line: int | None = None

    @property
    def severity(self) -> Severity:
        return SEVERITY[self.code]


def judge(facts: Facts) -> tuple[Found, ...]:
    """All findings, gravest first; equal facts give equal findings in equal order."""
    found = [
        *completeness(facts),
        *plausibility(facts),
        *lines(facts),
        *reduction(facts),
        *deadline(facts),
    ]
    return tuple(sorted(found, key=lambda f: (ORDER.index(f.severity), f.code, f.line or 0, sorted(f.params.items()))))


def completeness(facts: Facts) -> list[Found]:
    answered = {line.source for line in facts.lines}
    found = [Found(Code.SOURCE_MISSING, {"source": source}) for source in sorted(facts.required - answered)]
    excluded = sorted({line.source for line in facts.lines if line.treatment in OPEN_TREATMENTS})
    if len(excluded) > EXCLUDED_LIMIT:
        found.append(Found(Code.MUCH_EXCLUDED, {"number": str(len(excluded))}))
    return found


def plausibility(facts: Facts) -> list[Found]:
    """Kilograms per head against what known events reported; without a head count nothing is compared."""
    if not facts.is_event:
        return []
    if not facts.people:
        return [Found(Code.NO_PEOPLE)]
    found = outside(HEAD_BAND, facts.total_kg / facts.people, Code.HEAD_LOW, Code.HEAD_HIGH, {})
    for source in sorted(SOURCE_BANDS):
        kgs = [line.kg for line in facts.lines if line.source == source and line.kg is not None]
        if kgs:
            value = sum(kgs, Decimal(0)) / (facts.people * max(facts.days, 1))
            found += outside(SOURCE_BANDS[source], value, Code.SOURCE_LOW, Code.SOURCE_HIGH, {"source": source})
    return found


def outside(band: Band, value: Decimal, low: Code, high: Code, params: dict[str, str]) -> list[Found]:
    if band.low <= value <= band.high:
        return []
    words = {"value": plain(value), "low": plain(band.low), "high": plain(band.high), "drawn_from": band.drawn_from}
    return [Found(low if value < band.low else high, params | words)]


def lines(facts: Facts) -> list[Found]:
    found = []
    seen: dict[str, int] = {}
    for line in facts.lines:
        if line.treatment not in COUNTED:
            continue
        if line.kg is not None and line.kg == 0:
            found.append(Found(Code.ZERO_LINE, {"source": line.source}, line.position))
        if line.own_factor:
            found.append(Found(Code.OWN_FACTOR, {"source": line.source}, line.position))
        heavy = line.kg is not None and line.kg * 100 > facts.total_kg * HEAVY_LINE_PERCENT
        if heavy and not line.evidence:
            params = {"source": line.source, "percent": share(line.kg, facts.total_kg)}
            found.append(Found(Code.NO_EVIDENCE, params, line.position))
        if line.evidence and line.evidence in seen:
            params = {"source": line.source, "other": str(seen[line.evidence])}
            found.append(Found(Code.EVIDENCE_REUSED, params, line.position))
        elif line.evidence:
            seen[line.evidence] = line.position
    return found


def reduction(facts: Facts) -> list[Found]:
    """Reduction before offset (R1.7), and the estimate beside the actual figure (R1.15)."""
    found = []
    if facts.measures == 0:
        found.append(Found(Code.NO_MEASURES))
    elif facts.measures_reported < facts.measures:
        number = facts.measures - facts.measures_reported
        found.append(Found(Code.MEASURES_OPEN, {"number": str(number), "of": str(facts.measures)}))
    if facts.estimate_kg:
        change = (facts.total_kg - facts.estimate_kg) * 100 / facts.estimate_kg
        if abs(change) > ESTIMATE_PERCENT:
            found.append(Found(Code.FAR_FROM_ESTIMATE, {"percent": plain(change)}))
    return found


def deadline(facts: Facts) -> list[Found]:
    late = facts.units_deadline is not None and facts.on > facts.units_deadline and facts.units < facts.obligation
    if not late:
        return []
    return [Found(Code.UNITS_OVERDUE, {"day": str(facts.units_deadline), "short": str(facts.obligation - facts.units)})]


def share(part: Decimal, whole: Decimal) -> str:
    return plain(part * 100 / whole) if whole else "0"


def plain(value: Decimal) -> str:
    """A figure for a sentence: three significant places or whole, never an exponent."""
    places = Decimal("1") if abs(value) >= 100 else Decimal("0.1") if abs(value) >= 1 else Decimal("0.001")
    return format(value.quantize(places).normalize() if value else Decimal(0), "f")
