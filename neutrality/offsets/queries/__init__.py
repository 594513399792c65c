"""Reads of the offsets room: what stands behind a claim, what is held and offered, what anyone may browse."""

from neutrality.offsets.facts import block_verdict as verdict
from neutrality.offsets.queries.baskets import Proposal, basket
from neutrality.offsets.queries.browsing import (
    ROWS,
    Page,
    beneficiaries,
    blocks,
    cancellations,
    compensated,
    counted_at,
    counts,
    every,
    of_beneficiary,
    of_project,
    offers,
    projects,
    totals,
)
from neutrality.offsets.queries.catalogue import HOME
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
from neutrality.offsets.queries.facets import Facets
from neutrality.offsets.queries.feeds import Feed, feed_of, feeds, in_the_queue, latest_files, waiting, why_bad
from neutrality.offsets.queries.holdings import (
    Holding,
    awaiting,
    disposable,
    holdings,
    lying,
    story,
    surrendered,
)
from neutrality.offsets.queries.lines import BlockLine, CancellationLine, ProjectLine
from neutrality.offsets.queries.many import Units, units_of
from neutrality.offsets.queries.reserved import (
    first_move_since,
    last_move,
    pledged_to,
    reservations,
    reserved_for,
    reserved_units,
)
from neutrality.offsets.queries.serials import Hit, found_by, published, published_by
from neutrality.offsets.queries.twins import Likeness, doubtful, likenesses
from neutrality.offsets.queries.twins import decided as twins_decided
from neutrality.offsets.queries.twins import waiting as twins_waiting
from neutrality.offsets.rules.browsing import Cursor, Filters

__all__ = [
    "HOME",
    "ROWS",
    "BlockLine",
    "CancellationLine",
    "Cancelled",
    "Cursor",
    "Facets",
    "Feed",
    "Filters",
    "Hit",
    "Holding",
    "Likeness",
    "Page",
    "ProjectLine",
    "Proposal",
    "Units",
    "awaiting",
    "basket",
    "beneficiaries",
    "blocks",
    "cancellations",
    "cancelled",
    "cancelled_units",
    "checked",
    "checked_units",
    "claims_on",
    "compensated",
    "counted_at",
    "counts",
    "disposable",
    "doubtful",
    "every",
    "feed_of",
    "feeds",
    "first_move_since",
    "found_by",
    "holdings",
    "in_the_queue",
    "last_move",
    "latest_files",
    "likenesses",
    "lying",
    "of_beneficiary",
    "of_project",
    "offers",
    "owed",
    "pending_units",
    "pledged_to",
    "projects",
    "published",
    "published_by",
    "remaining",
    "reservations",
    "reserved_for",
    "reserved_units",
    "story",
    "surrendered",
    "totals",
    "touched",
    "twins_decided",
    "twins_waiting",
    "units_of",
    "verdict",
    "void_units",
    "waiting",
    "why_bad",
]
