"""A second look at standing: scores counted again from their facts, due process of entries (V32, V33, V36)."""

from collections.abc import Iterator

from neutrality.findings import Finding
from neutrality.oversight import queries as cases
from neutrality.oversight import rules as case_rules
from neutrality.oversight.rules import Act
from neutrality.standing import records, rules
from neutrality.standing.models import Listing, Score

BATCH = 500
LATER = frozenset({case_rules.Lack.CHANGED_SUBJECT, case_rules.Lack.OBJECTION, case_rules.Lack.EVIDENCE})
"""What may rightly change after an entry was written: a new name, an appeal, evidence taken back afterwards."""


def findings() -> Iterator[Finding]:
    for score in Score.objects.select_related("policy").order_by("pk").iterator(chunk_size=BATCH):
        yield from of_score(score)
    columns = ("case__subject", "decision", "organization")
    for listing in Listing.objects.select_related(*columns).order_by("pk").iterator(chunk_size=BATCH):
        yield from of_listing(listing)


def of_score(score: Score) -> Iterator[Finding]:
    """The same facts under the same policy give the same bytes."""
    counted = rules.score(records.read_facts(score.facts), score.policy.rules)
    result = records.score_record(counted)
    if result != score.result or (counted and counted.total) != score.total:
        yield Finding("standing_score", str(score.pk), "is not what its facts and policy give")
    elif records.digest(score.facts, result, str(score.policy)) != score.digest:
        yield Finding("standing_score", str(score.pk), "has another digest than its content")


def of_listing(listing: Listing) -> Iterator[Finding]:
    """The entry rests on the decision of its own case, bears its code number, and lasts as its class says."""
    if listing.decision.case_id != listing.case_id or listing.decision.act != Act.DECIDE:
        yield Finding("standing_listing", listing.number, "does not rest on a decision of its own case")
    if listing.subject_code != listing.case.subject_code or listing.organization_id != listing.case.subject_id:
        yield Finding("standing_listing", listing.number, "bears another code number than its case")
    if listing.list != rules.List.BLACK:
        return
    term = rules.term(rules.Class(listing.grade), listing.decided_on, publish_minor=listing.public)
    if (listing.repair_from, listing.last_on) != (term.repair_from, term.last_on):
        yield Finding("standing_listing", listing.number, "lasts another time than its class says")
    for lack in case_rules.lacks(cases.dossier(listing.case), listing.decided_on):
        if lack not in LATER:
            yield Finding("standing_listing", listing.number, f"was decided without due process: {lack}")
