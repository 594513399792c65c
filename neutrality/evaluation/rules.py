"""Is the claim sound? Independence, opinions, the check-list of a self-commitment (pure).

Two ways to confirm, the organizer's choice (R1.31): it commits itself (R1.33), or an independent body
evaluates (R1.34). Either one holds for exactly one inventory: the digest it was given for.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Mode(StrEnum):
    NONE = "none"
    SELF = "self"
    INDEPENDENT = "independent"


class Opinion(StrEnum):
    """Four kinds of conclusion, after ISO 14064-3."""

    UNMODIFIED = "unmodified"
    MODIFIED = "modified"
    ADVERSE = "adverse"
    DISCLAIMER = "disclaimer"


POSITIVE = frozenset({Opinion.UNMODIFIED, Opinion.MODIFIED})


class Verdict(StrEnum):
    """What an evaluator found about one line of the inventory."""

    AGREED = "agreed"
    CLARIFY = "clarify"
    MISSTATED = "misstated"


class State(StrEnum):
    """The life of an assignment."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


TRANSITIONS = {
    (State.INVITED, "accept"): State.ACCEPTED,
    (State.INVITED, "decline"): State.DECLINED,
    (State.INVITED, "withdraw"): State.WITHDRAWN,
    (State.ACCEPTED, "withdraw"): State.WITHDRAWN,
    (State.ACCEPTED, "sign"): State.ACCEPTED,
}


class Statement(StrEnum):
    """What a self-committing organizer affirms, item by item (R1.33)."""

    BOUNDARY = "boundary"
    RECORDS = "records"
    FACTORS = "factors"
    REDUCTION = "reduction"
    ONE_USE = "one_use"
    KEPT = "kept"
    TRUTH = "truth"


class Declaration(StrEnum):
    """What an evaluator declares before it starts and again when it signs (R1.35)."""

    NOT_COMPILED = "not_compiled"
    NO_TIE = "no_tie"
    NO_UNITS = "no_units"
    NO_FUNDING = "no_funding"
    COMPETENT = "competent"


class Conflict(StrEnum):
    SAME_ORGANIZATION = "same_organization"
    NOT_EVALUATOR = "not_evaluator"
    NOT_VERIFIED = "not_verified"
    RESTRICTED = "restricted"
    SHARED_MEMBER = "shared_member"
    COMPILER = "compiler"
    UNITS = "units"


@dataclass(frozen=True)
class Relations:
    """Who is tied to whom, as of now: organization codes and opaque ids of people."""

    evaluator: str
    organizer: str
    is_evaluator: bool
    is_verified: bool
    is_restricted: bool
    evaluator_people: frozenset[str] = frozenset()
    organizer_people: frozenset[str] = frozenset()
    compilers: frozenset[str] = frozenset()
    unit_parties: frozenset[str] = frozenset()


def conflicts(relations: Relations) -> tuple[Conflict, ...]:
    """Every reason why this evaluator may not judge this activity (R1.35, I7); empty when none is known."""
    tests = (
        (Conflict.SAME_ORGANIZATION, relations.evaluator == relations.organizer),
        (Conflict.NOT_EVALUATOR, not relations.is_evaluator),
        (Conflict.NOT_VERIFIED, not relations.is_verified),
        (Conflict.RESTRICTED, relations.is_restricted),
        (Conflict.SHARED_MEMBER, bool(relations.evaluator_people & relations.organizer_people)),
        (Conflict.COMPILER, bool(relations.evaluator_people & relations.compilers)),
        (Conflict.UNITS, relations.evaluator in relations.unit_parties),
    )
    return tuple(code for code, found in tests if found)


MATERIALITY_PERCENT = 5
"""Misstatements above this share of the total, without sign, rule out a positive opinion (ISO 14064-3 practice)."""


class Objection(StrEnum):
    """Why an opinion may not be signed as it stands."""

    UNREAD_LINES = "unread_lines"
    OPEN_QUESTIONS = "open_questions"
    MISSTATEMENTS = "misstatements"
    MATERIAL = "material"


@dataclass(frozen=True)
class LineVerdict:
    position: int
    verdict: Verdict | None
    difference_kg: Decimal | None = None


def misstated_kg(verdicts: tuple[LineVerdict, ...]) -> Decimal:
    """Sum of the misstatements found, in kg, without sign: errors in two directions do not cancel."""
    return sum((abs(v.difference_kg) for v in verdicts if v.difference_kg is not None), Decimal(0))


def objections(opinion: Opinion, verdicts: tuple[LineVerdict, ...], total_kg: Decimal) -> tuple[Objection, ...]:
    """What stands against signing this opinion. A positive one needs every line to have been judged:
    bodies that signed unread were the forgeries of 2022."""
    if opinion not in POSITIVE:
        return ()
    given = {v.verdict for v in verdicts}
    tests = (
        (Objection.UNREAD_LINES, None in given or not verdicts),
        (Objection.OPEN_QUESTIONS, Verdict.CLARIFY in given),
        (Objection.MISSTATEMENTS, opinion is Opinion.UNMODIFIED and Verdict.MISSTATED in given),
        (Objection.MATERIAL, misstated_kg(verdicts) * 100 > total_kg * MATERIALITY_PERCENT),
    )
    return tuple(code for code, found in tests if found)


@dataclass(frozen=True)
class Confirmation:
    """How the current actual inventory is confirmed. `mode` is NONE unless the confirmation counts."""

    mode: Mode = Mode.NONE
    body: str = ""
    opinion: Opinion | None = None
    on: object = None
    number: str = ""
    conclusion: str = ""

    @property
    def positive(self) -> bool:
        return self.mode is not Mode.NONE


def confirmation(digest: str, commitment: "Given | None", evaluations: tuple["Given", ...]) -> Confirmation:
    """The newest opinion about `digest` decides; without one, an unwithdrawn self-commitment about `digest`.

    What was given for another digest confirms nothing. A negative opinion also silences a self-commitment. (A
    restriction on self-declaration, R4.5, stops new commitments; it takes nothing back that was given before.)
    """
    about = [given for given in evaluations if digest and given.digest == digest]
    if about:
        newest = max(about, key=lambda given: (given.at, given.number))
        mode = Mode.INDEPENDENT if newest.opinion in POSITIVE else Mode.NONE
        return Confirmation(mode, newest.body, newest.opinion, newest.on, newest.number, newest.conclusion)
    if commitment is None or not digest or commitment.digest != digest:
        return Confirmation()
    return Confirmation(Mode.SELF, commitment.body, None, commitment.on, commitment.number)


@dataclass(frozen=True)
class Given:
    """One confirmation as it was given: by whom, for which digest, when."""

    digest: str
    body: str
    at: object
    on: object
    number: str
    opinion: Opinion | None = None
    conclusion: str = ""
