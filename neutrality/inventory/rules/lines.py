"""A line of an inventory: its answers, and how the text of a form or a workbook becomes one (pure).

One reader serves page, workbook and loader: `read` takes texts and gives a Line and every fault at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from neutrality.inventory.rules import units
from neutrality.inventory.rules.library import Factor, GwpSet, own_factor
from neutrality.quantities import NotANumber, read_decimal

OTHER_SOURCE = "other"  # R1.42: the list is not closed; a material source it does not name goes here
TEXT_LIMIT = 300
MOST_LINES = 20_000


class Kind(StrEnum):
    """Before the activity an estimate, after it the actual figures (R1.12, R1.14)."""

    ESTIMATE = "estimate"
    ACTUAL = "actual"


class Treatment(StrEnum):
    """What is said about a source. Blank is no answer (R1.42)."""

    MEASURED = "measured"
    ESTIMATED = "estimated"
    NOT_OCCURRING = "not_occurring"
    INCLUDED_ELSEWHERE = "included_elsewhere"
    EXCLUDED = "excluded"


COUNTED = (Treatment.MEASURED, Treatment.ESTIMATED)
NEEDS_REASON = (Treatment.INCLUDED_ELSEWHERE, Treatment.EXCLUDED)


class Tier(StrEnum):
    """How the activity data came about (R2.38)."""

    MEASURED = "measured"
    CALCULATED = "calculated"
    PROXY = "proxy"
    DEFAULT = "default"


TIER_OF = {Treatment.MEASURED: Tier.MEASURED, Treatment.ESTIMATED: Tier.CALCULATED}


@dataclass(frozen=True)
class Fault:
    """Something wrong in a line: a code, the field it stands in, the position of the line, words to fill in."""

    code: str
    field: str = ""
    position: int | None = None
    params: tuple[tuple[str, Any], ...] = ()

    @property
    def words(self) -> dict[str, Any]:
        return dict(self.params)


@dataclass(frozen=True)
class Line:
    """One line. `quantity` None is missing, never zero. `key` stays with the line through later versions. What is used
    `uses` times in all, `reused_percent` of it (None: all), and a car `sharing` people are in: see portion.py."""

    key: str
    position: int
    source: str
    stage: str
    treatment: Treatment | None = None
    reason: str = ""
    description: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    factor: Factor | None = None
    tier: Tier = Tier.CALCULATED
    spread_percent: Decimal | None = None
    evidence: str = ""
    uses: int | None = None
    reused_percent: Decimal | None = None
    uses_basis: str = ""
    sharing: Decimal | None = None

    @property
    def counted(self) -> bool:
        return self.treatment in COUNTED


PORTION = ("uses", "reused_percent", "uses_basis", "sharing")
FIELDS = (
    "source",
    "stage",
    "treatment",
    "description",
    "quantity",
    "unit",
    "factor",
    "reason",
    "tier",
    "own_value",
    "own_unit",
    "own_source",
    "own_gwp",
    "evidence",
    *PORTION,
)


@dataclass(frozen=True)
class Vocabulary:
    """Which words are understood: what people write, folded, to the code of the house."""

    kind: Kind
    sources: Mapping[str, str]
    stages: Mapping[str, str]
    treatments: Mapping[str, str]
    tiers: Mapping[str, str]
    factors: Mapping[str, Factor]
    evidence: frozenset[str] = field(default_factory=frozenset)


def folded(text: str) -> str:
    """A word as it is looked up: no blanks around, one case."""
    return " ".join(text.split()).casefold()


class Reading:
    """The texts of one line on their way to a Line, collecting faults."""

    def __init__(self, raw: Mapping[str, str], position: int, words: Vocabulary):
        self.raw = {name: (raw.get(name) or "").strip() for name in FIELDS}
        self.position = position
        self.words = words
        self.faults: list[Fault] = []

    def fault(self, code: str, name: str, **params: Any) -> None:
        self.faults.append(Fault(code, name, self.position, tuple(params.items())))

    def choice(self, name: str, known: Mapping[str, str]) -> str:
        """The code of the word in `name`, "" when blank or unknown (a fault)."""
        text = self.raw[name]
        code = known.get(folded(text), "") if text else ""
        if text and not code:
            self.fault(f"{name}_unknown", name, written=text[:60])
        return code

    def number(self, name: str, places: int) -> Decimal | None:
        """The amount in `name`; None when blank. Never a zero that nobody wrote."""
        if not self.raw[name]:
            return None
        try:
            return read_decimal(self.raw[name], places=places)
        except NotANumber as wrong:
            self.fault(f"number_{wrong.code}", name, written=self.raw[name][:40])
            return None

    def unit(self, name: str) -> str:
        if not self.raw[name]:
            return ""
        try:
            return units.read_unit(self.raw[name])
        except units.UnknownUnit:
            self.fault("unit_unknown", name, written=self.raw[name][:40])
            return ""

    def text(self, name: str) -> str:
        if len(self.raw[name]) > TEXT_LIMIT or "\x00" in self.raw[name]:
            self.fault("text_too_long", name, limit=TEXT_LIMIT)
        return self.raw[name]


def is_blank(raw: Mapping[str, str]) -> bool:
    """Whether nobody answered anything: what the page proposes (source, stage, unit, factor) is no answer."""
    return not any(
        (raw.get(name) or "").strip()
        for name in ("treatment", "quantity", "reason", "description", "own_value", "own_source", "evidence", *PORTION)
    )


def read(raw: Mapping[str, str], *, key: str, position: int, words: Vocabulary) -> tuple[Line, list[Fault]]:
    """The line the texts of `raw` (by FIELDS) say, and everything that is wrong with them."""
    reading = Reading(raw, position, words)
    source = reading.choice("source", words.sources)
    if not reading.raw["source"]:
        reading.fault("source_missing", "source")
    stage = reading.choice("stage", words.stages)
    if not reading.raw["stage"]:
        reading.fault("stage_missing", "stage")
    quantity = reading.number("quantity", 6)
    treatment = _treatment(reading, quantity)
    tier = reading.choice("tier", words.tiers)
    uses = reading.number("uses", 0)
    line = Line(
        key=key,
        position=position,
        source=source,
        stage=stage,
        treatment=treatment,
        reason=reading.text("reason"),
        description=reading.text("description"),
        quantity=quantity,
        unit=reading.unit("unit"),
        factor=_factor(reading),
        tier=Tier(tier) if tier else TIER_OF.get(treatment, Tier.CALCULATED) if treatment else Tier.CALCULATED,
        evidence=_evidence(reading),
        uses=None if uses is None else int(uses),
        reused_percent=reading.number("reused_percent", 2),
        uses_basis=reading.text("uses_basis"),
        sharing=reading.number("sharing", 2),
    )
    return line, reading.faults


def _treatment(reading: Reading, quantity: Decimal | None) -> Treatment | None:
    code = reading.choice("treatment", reading.words.treatments)
    if code:
        return Treatment(code)
    if reading.raw["treatment"] or quantity is None:
        return None
    if reading.words.kind is Kind.ESTIMATE:
        return Treatment.ESTIMATED  # before the activity nothing can be measured
    reading.fault("treatment_missing", "treatment")
    return None


def _factor(reading: Reading) -> Factor | None:
    own = [name for name in ("own_value", "own_source") if reading.raw[name]]
    if own:
        return _own(reading)
    code = reading.raw["factor"]
    if not code:
        return None
    found = reading.words.factors.get(code.split()[0])
    if found is None:
        reading.fault("factor_unknown", "factor", written=code[:100])
    return found


def _own(reading: Reading) -> Factor | None:
    value, unit = reading.number("own_value", 9), reading.unit("own_unit")
    source = reading.text("own_source")
    if not reading.raw["own_value"]:
        reading.fault("own_value_missing", "own_value")
    if not source:
        reading.fault("own_source_missing", "own_source")
    if not reading.raw["own_unit"]:
        reading.fault("own_unit_missing", "own_unit")
    gwp = reading.raw["own_gwp"]
    if gwp and gwp not in {item.value for item in GwpSet}:
        reading.fault("own_gwp_unknown", "own_gwp", written=gwp[:20])
    if value is None or not unit or not source or reading.faults:
        return None
    return own_factor(value=value, unit=unit, source=source, gwp_set=GwpSet(gwp or GwpSet.UNKNOWN))


def _evidence(reading: Reading) -> str:
    digest = reading.raw["evidence"]
    if digest and digest not in reading.words.evidence:
        reading.fault("evidence_unknown", "evidence", written=digest[:16])
        return ""
    return digest


def is_plain_number(text: str, digits: int) -> Decimal | None:
    """The number in a cell when it has at most so many digits, so that a spreadsheet keeps it exactly; else None."""
    if not text or not text.replace(".", "", 1).isdigit() or not text.isascii():
        return None
    return Decimal(text) if len(text.replace(".", "").lstrip("0")) <= digits else None
