"""What the tables of the rooms below know about the claims of activities, in one statement for one or many.

A claim stands on twelve tables and is read at every page: asked for one by one they took longer than all the rest of a
page. Here only rows are read; what they mean is decided in `live` and in the rules.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from neutrality import statements

# Where units lie is what they are: of each cancellation only what still lies where its transfer put it counts.
# The inventory that stands is the newest one filed, unless it was sent back; an older one confirms nothing (V19).
KNOWN = """
SELECT a.id, i.id, i.total_kg, i.partial, i.digest, c.level, i.p90_kg,
       u.units, u.days, v.units, v.found, v.days,
       s.inventory_id, s.withdrawn_at, s.reason, r.opened_at, r.reason,
       g.digest, g.committed_at, g.number, e.opinions,
       EXISTS (SELECT FROM planting_planting WHERE activity_id = a.id)
  FROM {of} AS a (id)
  LEFT JOIN LATERAL (
       SELECT newest.*, drawn.p90_kg
         FROM (SELECT id, state, total_kg, partial, digest FROM inventory_inventory
                WHERE activity_id = a.id AND kind = 'actual' AND state <> 'draft'
                ORDER BY version DESC LIMIT 1) AS newest
         LEFT JOIN inventory_simulation AS drawn ON drawn.inventory_id = newest.id
        WHERE newest.state = 'submitted') AS i ON true
  LEFT JOIN LATERAL (
       SELECT level FROM inventory_coverchoice WHERE activity_id = a.id ORDER BY id DESC LIMIT 1) AS c ON true
  LEFT JOIN LATERAL (
       SELECT array_agg(lies.units) AS units, array_agg(lies.cancelled_on) AS days
         FROM (SELECT row.cancelled_on,
                      (SELECT coalesce(sum(least(upper(lot.span), upper(row.span))
                                         - greatest(lower(lot.span), lower(row.span))), 0)::bigint
                         FROM ledger_lot AS lot
                        WHERE lot.place_id = moved.target_id AND lot.span && row.span) AS units
                 FROM offsets_retirement AS row JOIN ledger_transfer AS moved ON moved.number = row.transfer_id
                WHERE row.activity_id = a.id) AS lies) AS u ON true
  LEFT JOIN LATERAL (
       SELECT array_agg(part.quantity) AS units, array_agg(part.found_on) AS found, array_agg(row.cancelled_on) AS days
         FROM offsets_voidedpart AS part JOIN offsets_retirement AS row ON row.id = part.retirement_id
        WHERE row.activity_id = a.id) AS v ON true
  LEFT JOIN LATERAL (
       SELECT said.inventory_id, back.withdrawn_at, back.reason
         FROM disclosure_statement AS said LEFT JOIN disclosure_withdrawal AS back ON back.statement_id = said.id
        WHERE said.activity_id = a.id
          AND NOT EXISTS (SELECT FROM disclosure_statement WHERE replaces_id = said.id) LIMIT 1) AS s ON true
  LEFT JOIN LATERAL (
       SELECT opened_at, reason FROM disclosure_review
        WHERE activity_id = a.id AND ended_at IS NULL ORDER BY opened_at, id LIMIT 1) AS r ON true
  LEFT JOIN evaluation_selfcommitment AS g ON g.inventory_id = i.id AND g.withdrawn_at IS NULL
  LEFT JOIN LATERAL (
       SELECT jsonb_agg(jsonb_build_array(judged.digest, judged.signed_at, judged.number, judged.opinion,
                                          judged.conclusion_zh, judged.conclusion_en, body.name_zh, body.name_en))::text
              AS opinions
         FROM evaluation_evaluation AS judged
         JOIN evaluation_assignment AS given ON given.id = judged.assignment_id
         JOIN accounts_organization AS body ON body.id = given.organization_id
        WHERE judged.inventory_id = i.id) AS e ON true
"""
OF_MANY = KNOWN.format(of="unnest(%s::bigint[])")
# For one the server keeps its plan; for many it plans each time, as it cannot know how many: that took longer than
# the reading itself.
OF_ONE = KNOWN.format(of="(SELECT %s::bigint)")


@dataclass(frozen=True)
class Opinion:
    """A signed opinion about the inventory that stands."""

    digest: str
    signed_at: datetime
    number: str
    opinion: str
    conclusion: tuple[str, str]
    body: tuple[str, str]


@dataclass(frozen=True)
class Known:
    """Rows of one activity. `inventory` is None where none stands, `statement` the inventory the newest statement is
    about; the lists of units run side by side."""

    activity: int
    inventory: int | None
    total_kg: Decimal | None
    partial: bool | None
    digest: str | None
    level: str | None
    p90_kg: int | None
    units: list[int] | None
    cancelled_on: list[date] | None
    void: list[int] | None
    found_on: list[date] | None
    void_cancelled_on: list[date] | None
    statement: int | None
    withdrawn_at: datetime | None
    withdrawn_because: str | None
    reviewed_at: datetime | None
    reviewed_because: str | None
    committed: str | None
    committed_at: datetime | None
    commitment: str | None
    opinions: tuple[Opinion, ...]
    planted: bool


def known(activities: Iterable[int]) -> dict[int, Known]:
    """By the activity's primary key, every key asked for; one statement, none where nothing is asked."""
    keys = list(activities)
    if not keys:
        return {}
    found = statements.rows(OF_ONE, keys) if len(keys) == 1 else statements.rows(OF_MANY, [keys])
    return {row[0]: read_row(row) for row in found}


def read_row(row: tuple[Any, ...]) -> Known:
    """One row of the statement above, or of another with its columns."""
    return Known(*row[:-2], _opinions(row[-2]), row[-1])


def _opinions(text: Any) -> tuple[Opinion, ...]:
    rows = json.loads(text) if text else []
    return tuple(
        Opinion(digest, datetime.fromisoformat(at), number, opinion, (zh, en), (body_zh, body_en))
        for digest, at, number, opinion, zh, en, body_zh, body_en in rows
    )
