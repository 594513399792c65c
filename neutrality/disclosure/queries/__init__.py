"""Reads: the facts behind a claim as they are now, what a publication would contain, the register."""

from neutrality.disclosure.queries.gather import plan_facts, statement_facts
from neutrality.disclosure.queries.live import claim, claims, facts, live, newest_statement, newest_statements
from neutrality.disclosure.queries.past import then
from neutrality.disclosure.queries.register import Page, Row, Wanted, page, years

__all__ = [
    "Page",
    "Row",
    "Wanted",
    "claim",
    "claims",
    "facts",
    "live",
    "newest_statement",
    "newest_statements",
    "page",
    "plan_facts",
    "statement_facts",
    "then",
    "years",
]
