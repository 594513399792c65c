"""The dated public method: weights, green criteria, the negative list (pure)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from neutrality.standing.rules.terms import Class, Violation


class Criterion(StrEnum):
    """What is scored (R4.36): each the share of an organization's ended activities that met it."""

    REDUCTION = "reduction"
    INVENTORY = "inventory"
    UNITS = "units"
    STATEMENT = "statement"
    TIMELY = "timely"
    CONFIRMED = "confirmed"


@dataclass(frozen=True)
class Weight:
    criterion: Criterion
    points: int
    rule: str
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class Offence:
    """A row of the negative list: what it is, what must prove it, the classes it may carry; none: refer (R4.24)."""

    type: Violation
    name_zh: str
    name_en: str
    evidence_zh: str
    evidence_en: str
    classes: tuple[Class, ...]
    basis_zh: str
    basis_en: str


@dataclass(frozen=True)
class Policy:
    """A dated public method: weights, green criteria, the negative list, the consequences."""

    code: str
    version: int
    effective_on: date
    months: int
    weights: tuple[Weight, ...]
    green_minimum: Decimal
    green_activities: int
    green_months: int
    inventory_days: int
    statement_days: int
    offences: tuple[Offence, ...]
    source_zh: str = ""
    source_en: str = ""
    consequences: tuple[str, ...] = ()

    def offence(self, violation: Violation) -> Offence:
        return next(offence for offence in self.offences if offence.type is violation)


class PolicyFault(ValueError):
    """The text of a policy cannot be read or contradicts itself."""


def read_policy(content: dict[str, Any]) -> Policy:
    """A policy from its published text; weights sum to 100 and every criterion and type stands exactly once."""
    try:
        policy = Policy(
            code=content["code"],
            version=int(content["version"]),
            effective_on=date.fromisoformat(content["effective_on"]),
            months=int(content["months"]),
            weights=tuple(Weight(**{**row, "criterion": Criterion(row["criterion"])}) for row in content["weights"]),
            green_minimum=Decimal(content["green"]["minimum"]),
            green_activities=int(content["green"]["activities"]),
            green_months=int(content["green"]["months"]),
            inventory_days=int(content["inventory_days"]),
            statement_days=int(content["statement_days"]),
            offences=tuple(read_offence(row) for row in content["offences"]),
            source_zh=content["source_zh"],
            source_en=content["source_en"],
            consequences=tuple(content["consequences"]),
        )
    except (KeyError, TypeError, ValueError, ArithmeticError) as fault:
        raise PolicyFault(f"{type(fault).__name__}: {fault}") from fault
    if sorted(w.criterion for w in policy.weights) != sorted(Criterion):
        raise PolicyFault("every criterion stands once")
    if sum(w.points for w in policy.weights) != 100 or any(w.points <= 0 for w in policy.weights):
        raise PolicyFault("the points are positive and sum to 100")
    if sorted(o.type for o in policy.offences) != sorted(Violation):
        raise PolicyFault("every type of violation stands once")
    return policy


def read_offence(row: dict[str, Any]) -> Offence:
    return Offence(
        **{**row, "type": Violation(row["type"]), "classes": tuple(Class(grade) for grade in row["classes"])}
    )
