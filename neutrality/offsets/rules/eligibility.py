"""Which unit may be used for which activity, with the rule for every yes and every no (R1.17 to R1.21, R3).

The order of families is a recommendation: a lower family asks for a reason and is not refused (R1.18). Refused is only
what cannot stand behind a claim at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from neutrality.rulebook.rules import Eligibility, Family


class Recognition(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Purpose(StrEnum):
    """What a unit was cancelled for: one purpose, fixed at cancellation (R3.5)."""

    EVENT = "event"
    ORGANISATION = "organisation"
    COMPLIANCE = "compliance"
    JUDICIAL = "judicial"
    COMPENSATION = "compensation"
    PUBLIC_BENEFIT = "public_benefit"


class Answer(StrEnum):
    YES = "yes"
    WITH_REASON = "with_reason"
    NO = "no"


@dataclass(frozen=True)
class UnitFacts:
    """What the rules need to know of one block."""

    kind: str
    family: str
    country: str = ""
    recognition: Recognition = Recognition.UNKNOWN
    legacy: bool = False
    temporary: bool = False
    named_by: Mapping[str, str] = field(default_factory=dict)
    """Rule packs that name this kind themselves: pack code -> rule id."""
    vintage_start: date | None = None
    vintage_end: date | None = None
    crediting_start: date | None = None
    """The project's crediting period as far as it is on record (R3.36)."""
    crediting_end: date | None = None

    @property
    def outside_window(self) -> bool:
        """Whether part of the vintage lies outside the crediting period. What is not known is no ground for it."""
        early = self.crediting_start and self.vintage_start and self.vintage_start < self.crediting_start
        late = self.crediting_end and self.vintage_end and self.vintage_end > self.crediting_end
        return bool(early or late)


@dataclass(frozen=True)
class Verdict:
    answer: Answer
    rule: str
    code: str
    """Which sentence explains it."""
    family: str
    order: int | None = None
    notes: tuple[str, ...] = ()
    """Further sentences a reader must see: legacy, carry_over, foreign, outside_window."""

    @property
    def refused(self) -> bool:
        return self.answer is Answer.NO

    @property
    def asks_reason(self) -> bool:
        return self.answer is Answer.WITH_REASON


class Case(StrEnum):
    """What changes the answer for units of one kind."""

    ANY = "any"
    IN_CHINA = "in_china"
    ABROAD = "abroad"
    EARLY = "early"
    OUTSIDE_WINDOW = "outside_window"


_CCER_FROM = date(2020, 9, 22)
_RECOGNISED_FAMILIES = {"local_credit", "forestry_ticket"}


def family_of(family: str, country: str) -> str:
    """A foreign mechanism's unit is preferred when its project lies in China (R1.17(4), R1.19)."""
    if family in ("foreign", "foreign_domestic"):
        return "foreign_domestic" if country == "CN" else "foreign"
    return family


def purposes_for(form: str) -> frozenset[Purpose]:
    """The purposes that may stand on a certificate for this form of activity (R3.5, R2.3)."""
    return frozenset({Purpose.EVENT} if form == "event" else {Purpose.EVENT, Purpose.ORGANISATION})


def judge(unit: UnitFacts, pack: str, families: Sequence[Family]) -> Verdict:
    """May a unit be cancelled for an activity under this pack? Always answers, with one rule id."""
    family = family_of(unit.family, unit.country)
    choice = next((one for one in families if one.code == family), None)
    order = choice.order if choice else None
    notes = _notes(unit, family)
    if unit.temporary:
        return Verdict(Answer.NO, "R3.30", "temporary", family, order, notes)
    if unit.kind == "ccer" and not unit.legacy and unit.vintage_start and unit.vintage_start <= _CCER_FROM:
        return Verdict(Answer.NO, "R3.15", "generated_too_early", family, order, notes)
    if unit.kind == "ccer" and unit.outside_window:
        return Verdict(Answer.NO, "R3.15", "outside_window", family, order, notes)
    if pack in unit.named_by:
        return _preferred(choice, unit.named_by[pack], "named", family, notes)
    if family in _RECOGNISED_FAMILIES and unit.recognition is Recognition.NO:
        return Verdict(Answer.NO, "R3.29b", "not_recognised", family, order, notes)
    if choice is None or choice.eligibility is Eligibility.OUTSIDE:
        return Verdict(Answer.WITH_REASON, choice.rule if choice else "R1.19", "outside_list", family, order, notes)
    if choice.eligibility is Eligibility.NEEDS_RECOGNITION and unit.recognition is not Recognition.YES:
        return Verdict(Answer.WITH_REASON, "R3.29b", "recognition_unknown", family, order, notes)
    return _preferred(choice, choice.rule, "listed", family, notes)


def cases(unit: UnitFacts) -> list[tuple[Case, UnitFacts]]:
    """A kind in every case the rules tell apart, so that a page shows all of them and not only the usual one."""
    if unit.temporary:
        return [(Case.ANY, unit)]
    if unit.family in ("foreign", "foreign_domestic"):
        return [(Case.IN_CHINA, replace(unit, country="CN")), (Case.ABROAD, replace(unit, country=""))]
    found = [(Case.ANY, unit)]
    if unit.kind == "ccer":
        late = replace(unit, vintage_end=_CCER_FROM + timedelta(days=2), crediting_end=_CCER_FROM + timedelta(days=1))
        found += [(Case.EARLY, replace(unit, vintage_start=_CCER_FROM)), (Case.OUTSIDE_WINDOW, late)]
    return found


def _preferred(choice: Family | None, rule: str, code: str, family: str, notes: tuple[str, ...]) -> Verdict:
    if choice is not None and choice.needs_reason:
        return Verdict(Answer.WITH_REASON, rule, "lower_family", family, choice.order, notes)
    return Verdict(Answer.YES, rule, code, family, choice.order if choice else None, notes)


def _notes(unit: UnitFacts, family: str) -> tuple[str, ...]:
    notes = []
    if unit.legacy:
        notes.append("legacy")
    if unit.kind == "cea":
        notes.append("carry_over")
    if family == "foreign":
        notes.append("foreign")
    if unit.outside_window and unit.kind != "ccer":
        notes.append("outside_window")  # periods are renewed, and tables show the newest: a question, no refusal
    return tuple(notes)
