"""The law as frozen objects: the words a rule pack may use, and what a pack says in them (pure).

A pack is data (seeds/rulebooks); `reading.read` turns it into a `Rulebook` or refuses it. Texts come in pairs, `_zh`
and `_en`; `rule` and `rules` name the R-numbers of the domain rules the entry rests on.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from neutrality.periods import months_after
from neutrality.rulebook.rules.codes import (
    ABROAD,
    COUNTRY,
    FORM_OF,
    STAGES_OF,
    Basis,
    ClaimCode,
    ConfirmationCode,
    DeadlineCode,
    Duty,
    Eligibility,
    FactorCategory,
    FamilyCode,
    Force,
    Form,
    HolidayKind,
    Kind,
    Measured,
    Part,
    PlanItemCode,
    SourceCode,
    Stage,
    Start,
    StatementItemCode,
)

__all__ = [
    "ABROAD",
    "COUNTRY",
    "FORM_OF",
    "STAGES_OF",
    "Basis",
    "Citation",
    "ClaimCode",
    "ClaimWords",
    "ConfirmationCode",
    "Deadline",
    "DeadlineCode",
    "Duty",
    "Eligibility",
    "FactorCategory",
    "Family",
    "FamilyCode",
    "Force",
    "Form",
    "HolidayKind",
    "Item",
    "Kind",
    "Measured",
    "Part",
    "PartBasis",
    "PlanItemCode",
    "Rulebook",
    "SizeClass",
    "Source",
    "SourceCode",
    "Stage",
    "StageDuty",
    "Start",
    "StatementItemCode",
    "Threshold",
    "applies",
]


@dataclass(frozen=True)
class Threshold:
    """At least so many of one measure."""

    measured: Measured
    at_least: Decimal


@dataclass(frozen=True)
class SizeClass:
    """A class of activities by size; one threshold reached is enough."""

    code: str
    name_zh: str
    name_en: str
    kinds: tuple[Kind, ...]
    thresholds: tuple[Threshold, ...]
    rule: str


@dataclass(frozen=True)
class StageDuty:
    """A stage and whether it must be inside the boundary (R1.11)."""

    code: Stage
    duty: Duty
    name_zh: str
    name_en: str
    rule: str


@dataclass(frozen=True)
class Source:
    """A source of emissions to answer for: scope 1 to 3, the named method, the factor categories that fit."""

    code: SourceCode
    name_zh: str
    name_en: str
    scope: int
    required: bool
    factor_categories: tuple[FactorCategory, ...]
    method_zh: str
    method_en: str
    rule: str


@dataclass(frozen=True)
class Family:
    """A family of units, its place in the recommended order, and how it is treated."""

    code: FamilyCode
    order: int
    name_zh: str
    name_en: str
    eligibility: Eligibility
    needs_reason: bool
    note_zh: str
    note_en: str
    rule: str


@dataclass(frozen=True)
class Deadline:
    """A clock: so many months or days after its start."""

    code: DeadlineCode
    form: Form
    start: Start
    months: int
    days: int
    force: Force
    name_zh: str
    name_en: str
    rule: str

    def on(self, start: date) -> date:
        """Last day of the clock when it starts on `start` (R8.1: the starting day is not counted)."""
        return months_after(start, self.months) if self.months else date.fromordinal(start.toordinal() + self.days)


@dataclass(frozen=True)
class Item:
    """A confirmation mode, a plan item or a statement item, by its code."""

    code: str
    name_zh: str
    name_en: str
    rule: str


@dataclass(frozen=True)
class ClaimWords:
    """The allowed words for a state of a claim, and words that must not be used in it (R1.39)."""

    code: ClaimCode
    words_zh: str
    words_en: str
    forbidden_zh: tuple[str, ...]
    forbidden_en: tuple[str, ...]
    rule: str


@dataclass(frozen=True)
class PartBasis:
    """Where one part of the pack comes from, and what is not known about it."""

    part: Part
    basis: Basis
    note_zh: str
    note_en: str


@dataclass(frozen=True)
class Citation:
    """A document the pack rests on."""

    title_zh: str
    title_en: str
    number: str
    issued_on: date | None
    rules: tuple[str, ...]
    note_zh: str
    note_en: str


@dataclass(frozen=True)
class Rulebook:
    """One version of one rulebook, complete: every source, family, claim and item of the house has its entry."""

    code: str
    version: str
    effective_on: date
    jurisdiction: str
    name_zh: str
    name_en: str
    issuer_zh: str
    issuer_en: str
    about_zh: str
    about_en: str
    voluntary: bool
    forms: tuple[Form, ...]
    bases: tuple[PartBasis, ...]
    size_classes: tuple[SizeClass, ...]
    stages: tuple[StageDuty, ...]
    sources: tuple[Source, ...]
    unit_families: tuple[Family, ...]
    deadlines: tuple[Deadline, ...]
    confirmation_modes: tuple[Item, ...]
    plan_items: tuple[Item, ...]
    statement_items: tuple[Item, ...]
    claim_words: tuple[ClaimWords, ...]
    citations: tuple[Citation, ...]

    def source(self, code: str) -> Source:
        """The source with this code; KeyError for a code the house does not know."""
        found: Source = _named(self.sources, code)
        return found

    def family(self, code: str) -> Family:
        """The unit family with this code."""
        found: Family = _named(self.unit_families, code)
        return found

    def claim(self, code: str) -> ClaimWords:
        """The words of a claim."""
        found: ClaimWords = _named(self.claim_words, code)
        return found

    def basis(self, part: str) -> PartBasis:
        """Where a part comes from."""
        return {entry.part: entry for entry in self.bases}[Part(part)]

    def deadline(self, code: str, form: str) -> Deadline | None:
        """The clock for activities of this form, None where there is none (an operation has no forest clock)."""
        found = [entry for entry in self.deadlines if entry.code == code and entry.form == form]
        return found[0] if found else None

    def stages_of(self, form: str) -> tuple[StageDuty, ...]:
        """The stages of an activity of this form, in their order."""
        return tuple(entry for entry in self.stages if entry.code in STAGES_OF[Form(form)])

    def mandatory_stages(self, form: str) -> tuple[str, ...]:
        """Codes of the stages that must be inside the boundary (R1.11)."""
        return tuple(entry.code.value for entry in self.stages_of(form) if entry.duty is Duty.MANDATORY)

    def size_class(self, kind: str, measures: dict[str, Decimal | int | None]) -> SizeClass | None:
        """The first class whose kind fits and one of whose thresholds is reached; None where none is.

        `measures` maps `Measured` values to numbers; a missing measure reaches nothing.
        """
        for entry in self.size_classes:
            if kind in entry.kinds and any(_reached(threshold, measures) for threshold in entry.thresholds):
                return entry
        return None


def _named(entries: tuple[Any, ...], code: str) -> Any:
    return {entry.code: entry for entry in entries}[code]


def _reached(threshold: Threshold, measures: dict[str, Decimal | int | None]) -> bool:
    amount = measures.get(threshold.measured)
    return amount is not None and amount >= threshold.at_least


def applies(jurisdiction: str, region_code: str) -> bool:
    """Whether a rulebook of `jurisdiction` covers a place: "100000" the country, "510000" Sichuan, "510100" Chengdu."""
    if jurisdiction == COUNTRY:
        return region_code != ABROAD
    return region_code.startswith(jurisdiction.rstrip("0").ljust(2, "0"))
