"""The lists, the classes and the terms of an entry (pure)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from neutrality.periods import months_after


class List(StrEnum):
    GREEN = "green"
    BLACK = "black"


class Class(StrEnum):
    """How grave (R4.10)."""

    MINOR = "minor"
    GENERAL = "general"
    SERIOUS = "serious"


class Violation(StrEnum):
    """The behaviours of R4.23 as testable types."""

    V1 = "V1"
    V2 = "V2"
    V3 = "V3"
    V4 = "V4"
    V5 = "V5"
    V6 = "V6"
    V7 = "V7"
    V8 = "V8"
    V9 = "V9"
    V10 = "V10"
    V11 = "V11"


@dataclass(frozen=True)
class Term:
    """The life of a public entry: last day of the minimum, first day repair may be granted, last public day."""

    starts_on: date
    minimum_until: date | None
    repair_from: date
    last_on: date
    public: bool


TERMS = {Class.MINOR: (0, 3), Class.GENERAL: (3, 12), Class.SERIOUS: (12, 36)}
"""Months of minimum and maximum publicity by class (R4.10)."""
if set(TERMS) != set(Class):
    raise RuntimeError("every class needs its term")


def term(grade: Class, found_on: date, *, publish_minor: bool = False) -> Term:
    """The term of an entry whose document is dated `found_on` (R4.11; TV10, TV11, TV12).

    The starting day is not counted, the last day is included (R8.1a). A minor entry is not public unless somebody
    decided that it is necessary, and then for three months at most; it may be repaired at once.
    """
    least, most = TERMS[grade]
    minimum = months_after(found_on, least) if least else None
    repair = minimum + timedelta(days=1) if minimum else found_on
    public = grade is not Class.MINOR or publish_minor
    return Term(found_on, minimum, repair, months_after(found_on, most), public)


def green_term(decided_on: date, months: int) -> Term:
    """A green entry lasts `months` (one year suggested, R4.36) and may be given back any day."""
    return Term(decided_on, None, decided_on, months_after(decided_on, months), True)


def shown(term: Term, ended_on: date | None, on: date) -> bool:
    """Whether an entry is public on `on`: from its first to its last day, and never from the day it was ended (I9)."""
    return term.public and term.starts_on <= on <= term.last_on and (ended_on is None or on < ended_on)
