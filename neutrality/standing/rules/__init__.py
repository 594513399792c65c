"""The rules of standing, one file per question: terms, policies, scoring, proposing, settling (pure).

A score judges nobody: it changes no right, no wording, no list (V37). It may open a case, which people decide (R4.28).
Every point names its reason and its evidence, and equal facts give equal bytes on any day and any machine (V36).
"""

from neutrality.standing.rules.policies import Criterion, Offence, Policy, PolicyFault, Weight, read_policy
from neutrality.standing.rules.proposing import Proposal, proposals
from neutrality.standing.rules.scoring import ActivityFact, Evidence, Facts, Line, Part, Reason, Score, counted, score
from neutrality.standing.rules.settling import DECISION_DAYS, Decision, Obstacle, obstacles
from neutrality.standing.rules.terms import TERMS, Class, List, Term, Violation, green_term, shown, term

__all__ = [
    "DECISION_DAYS",
    "TERMS",
    "ActivityFact",
    "Class",
    "Criterion",
    "Decision",
    "Evidence",
    "Facts",
    "Line",
    "List",
    "Obstacle",
    "Offence",
    "Part",
    "Policy",
    "PolicyFault",
    "Proposal",
    "Reason",
    "Score",
    "Term",
    "Violation",
    "Weight",
    "counted",
    "green_term",
    "obstacles",
    "proposals",
    "read_policy",
    "score",
    "shown",
    "term",
]
