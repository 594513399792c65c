"""What may be said (claim) and what is printed (compose): facts in, codes and plain data out (pure)."""

from neutrality.disclosure.rules.claims import NEUTRAL, Balance, Claim, ClaimFacts, balance, claim
from neutrality.disclosure.rules.compose import (
    PLAN_FORMAT,
    STATEMENT_FORMAT,
    PlanFacts,
    StatementFacts,
    compose_plan,
    compose_statement,
)

__all__ = [
    "NEUTRAL",
    "PLAN_FORMAT",
    "STATEMENT_FORMAT",
    "Balance",
    "Claim",
    "ClaimFacts",
    "PlanFacts",
    "StatementFacts",
    "balance",
    "claim",
    "compose_plan",
    "compose_statement",
]
