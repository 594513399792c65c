"""Reads of the offsets room: what stands behind a claim, what is held and offered, what anyone may browse."""

from neutrality.offsets.facts import block_verdict as verdict
from neutrality.offsets.queries.baskets import Proposal, basket
from neutrality.offsets.queries.browsing import (
    Filters,
    Page,
    blocks,
    cancellations,
    compensated,
    offers,
    projects,
    totals,
)
from neutrality.offsets.queries.claims import (
    Cancelled,
    cancelled,
    cancelled_units,
    checked,
    checked_units,
    claims_on,
    owed,
    pending_units,
    remaining,
    touched,
    void_units,
)
from neutrality.offsets.queries.feeds import Feed, feed_of, feeds, in_the_queue, latest_files, waiting, why_bad
from neutrality.offsets.queries.holdings import Holding, disposable, holdings, lying, story
from neutrality.offsets.queries.many import Units, units_of
from neutrality.offsets.queries.serials import Hit, found_by, published, published_by

__all__ = [
    "Cancelled",
    "Feed",
    "Filters",
    "Hit",
    "Holding",
    "Page",
    "Proposal",
    "Units",
    "basket",
    "blocks",
    "cancellations",
    "cancelled",
    "cancelled_units",
    "checked",
    "checked_units",
    "claims_on",
    "compensated",
    "disposable",
    "feed_of",
    "feeds",
    "found_by",
    "holdings",
    "in_the_queue",
    "latest_files",
    "lying",
    "offers",
    "owed",
    "pending_units",
    "projects",
    "published",
    "published_by",
    "remaining",
    "story",
    "totals",
    "touched",
    "units_of",
    "verdict",
    "void_units",
    "waiting",
    "why_bad",
]
