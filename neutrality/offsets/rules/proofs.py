"""What the proof of a cancellation made elsewhere must show before it can be accepted (R3.3, R3.38)."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from neutrality.offsets.rules.eligibility import Purpose


class DocumentKind(StrEnum):
    REGISTRY_CERTIFICATE = "registry_certificate"
    REGISTRY_RECORD = "registry_record"
    ATTESTATION = "attestation"
    HONOUR_CERTIFICATE = "honour_certificate"
    EXCHANGE_RECEIPT = "exchange_receipt"


@dataclass(frozen=True)
class ProofFacts:
    family: str
    registry_named: bool
    quantity: int
    cancelled_on: date | None
    project_named: bool
    vintage_named: bool
    serial: str
    certificate_number: str
    account_holder: str
    beneficiary: str
    stated_purpose: Purpose
    document_kind: DocumentKind
    final: bool
    has_document: bool


def gaps(facts: ProofFacts, *, allowed: frozenset[Purpose], names: Iterable[str], today: date) -> tuple[str, ...]:
    """Codes of everything the proof lacks, in the order of the form; empty means complete."""
    checks = (
        ("registry", facts.registry_named),
        ("quantity", facts.quantity >= 1),
        ("date", facts.cancelled_on is not None),
        ("date_ahead", facts.cancelled_on is None or facts.cancelled_on <= today),
        ("project", facts.project_named or facts.family == "allowance"),
        ("vintage", facts.vintage_named),
        ("number", bool(facts.serial or facts.certificate_number)),
        ("account_holder", bool(facts.account_holder)),
        ("purpose", facts.stated_purpose in allowed),
        ("beneficiary", names_match(facts.beneficiary, names)),
        ("not_final", facts.final),
        ("honour", facts.document_kind is not DocumentKind.HONOUR_CERTIFICATE),
        ("receipt", facts.document_kind is not DocumentKind.EXCHANGE_RECEIPT),
        ("document", facts.has_document),
    )
    return tuple(code for code, holds in checks if not holds)


def names_match(text: str, names: Iterable[str]) -> bool:
    """Does the certificate's text name the activity or its organizer? Spaces, case and punctuation do not matter."""
    plain = _plain(text)
    return any(len(_plain(name)) >= 2 and _plain(name) in plain for name in names)


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())
