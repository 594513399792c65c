"""Pure rules of the offsets room: serial numbers, eligibility, proof, counting. No database, no clock."""

from neutrality.offsets.rules import browsing, layouts, ordering, sources, twins
from neutrality.offsets.rules.basket import Basket, Lot, Pick, Trait, propose
from neutrality.offsets.rules.counting import REPLACEMENT_DAYS, Cancellation, Voiding, counted
from neutrality.offsets.rules.eligibility import (
    Answer,
    Purpose,
    Recognition,
    UnitFacts,
    Verdict,
    family_of,
    judge,
    purposes_for,
)
from neutrality.offsets.rules.proofs import DocumentKind, ProofFacts, gaps, names_match
from neutrality.offsets.rules.serials import (
    LARGEST,
    NotASerial,
    Serial,
    Syntax,
    folded,
    parse,
    probe,
    tidy,
    vintage,
    written,
)

__all__ = [
    "LARGEST",
    "REPLACEMENT_DAYS",
    "Answer",
    "Basket",
    "Cancellation",
    "DocumentKind",
    "Lot",
    "NotASerial",
    "Pick",
    "ProofFacts",
    "Purpose",
    "Recognition",
    "Serial",
    "Syntax",
    "Trait",
    "UnitFacts",
    "Verdict",
    "Voiding",
    "browsing",
    "counted",
    "family_of",
    "folded",
    "gaps",
    "judge",
    "layouts",
    "names_match",
    "ordering",
    "parse",
    "probe",
    "propose",
    "purposes_for",
    "sources",
    "tidy",
    "twins",
    "vintage",
    "written",
]
