"""The claim of an activity as it was when a day ended, from the same rows `known` reads.

Nothing is kept for this: every row behind a claim says when it was written and when it ended, and units leave the place
of a cancellation for `void:` alone. So the past is what had been written by then and had not ended.
"""

from datetime import date, datetime, time, timedelta

from django.utils.timezone import make_aware

from neutrality import statements
from neutrality.activities.models import Activity
from neutrality.disclosure import rules
from neutrality.disclosure.queries.known import Known, read_row
from neutrality.disclosure.queries.live import facts_of
from neutrality.planting.queries import Sinks, sinks_of

THEN = """
SELECT a.id, i.id, i.total_kg, i.partial, i.digest, c.level, i.p90_kg,
       u.units, u.days, v.units, v.found, v.days,
       s.inventory_id, s.withdrawn_at, s.reason, r.opened_at, r.reason,
       g.digest, g.committed_at, g.number, e.opinions,
       EXISTS (SELECT FROM planting_planting WHERE activity_id = a.id)
  FROM (SELECT %(activity)s::bigint) AS a (id)
  LEFT JOIN LATERAL (
       SELECT newest.*, drawn.p90_kg
         FROM (SELECT id, returned_at, total_kg, partial, digest FROM inventory_inventory
                WHERE activity_id = a.id AND kind = 'actual' AND state <> 'draft' AND submitted_at < %(end)s
                ORDER BY version DESC LIMIT 1) AS newest
         LEFT JOIN inventory_simulation AS drawn ON drawn.inventory_id = newest.id
        WHERE newest.returned_at IS NULL OR newest.returned_at >= %(end)s) AS i ON true
  LEFT JOIN LATERAL (
       SELECT level FROM inventory_coverchoice WHERE activity_id = a.id AND chosen_at < %(end)s
        ORDER BY id DESC LIMIT 1) AS c ON true
  LEFT JOIN LATERAL (
       SELECT array_agg(row.quantity - coalesce(gone.units, 0)) AS units, array_agg(row.cancelled_on) AS days
         FROM offsets_retirement AS row
         LEFT JOIN LATERAL (
              SELECT sum(part.quantity)::bigint AS units FROM offsets_voidedpart AS part
                JOIN offsets_voidnotice AS told ON told.id = part.notice_id
               WHERE part.retirement_id = row.id AND told.decided_at < %(end)s) AS gone ON true
        WHERE row.activity_id = a.id AND row.retired_at < %(end)s) AS u ON true
  LEFT JOIN LATERAL (
       SELECT array_agg(part.quantity) AS units, array_agg(part.found_on) AS found, array_agg(row.cancelled_on) AS days
         FROM offsets_voidedpart AS part JOIN offsets_retirement AS row ON row.id = part.retirement_id
         JOIN offsets_voidnotice AS told ON told.id = part.notice_id
        WHERE row.activity_id = a.id AND told.decided_at < %(end)s) AS v ON true
  LEFT JOIN LATERAL (
       SELECT said.inventory_id, back.withdrawn_at, back.reason
         FROM disclosure_statement AS said
         LEFT JOIN disclosure_withdrawal AS back ON back.statement_id = said.id AND back.withdrawn_at < %(end)s
        WHERE said.activity_id = a.id AND said.published_at < %(end)s
          AND NOT EXISTS (SELECT FROM disclosure_statement AS newer
                           WHERE newer.replaces_id = said.id AND newer.published_at < %(end)s) LIMIT 1) AS s ON true
  LEFT JOIN LATERAL (
       SELECT opened_at, reason FROM disclosure_review
        WHERE activity_id = a.id AND opened_at < %(end)s AND (ended_at IS NULL OR ended_at >= %(end)s)
        ORDER BY opened_at, id LIMIT 1) AS r ON true
  LEFT JOIN LATERAL (
       SELECT digest, committed_at, number FROM evaluation_selfcommitment
        WHERE inventory_id = i.id AND committed_at < %(end)s AND (withdrawn_at IS NULL OR withdrawn_at >= %(end)s)
        ORDER BY id DESC LIMIT 1) AS g ON true
  LEFT JOIN LATERAL (
       SELECT jsonb_agg(jsonb_build_array(judged.digest, judged.signed_at, judged.number, judged.opinion,
                                          judged.conclusion_zh, judged.conclusion_en, body.name_zh, body.name_en))::text
              AS opinions
         FROM evaluation_evaluation AS judged
         JOIN evaluation_assignment AS given ON given.id = judged.assignment_id
         JOIN accounts_organization AS body ON body.id = given.organization_id
        WHERE judged.inventory_id = i.id AND judged.signed_at < %(end)s) AS e ON true
"""


def end_of(day: date) -> datetime:
    """The moment a day of the portal's own time is over."""
    return make_aware(datetime.combine(day + timedelta(days=1), time()))


def then(activity: Activity, on: date) -> rules.ClaimFacts:
    """The facts behind the claim of one activity as they were when the day `on` ended; the activity was over by then,
    so that its own days and promises stand. One query; two more where something was planted."""
    read = _read(activity.pk, end_of(on))
    return facts_of(activity, on, read, _sinks(activity, on, read))


def _read(activity: int, end: datetime) -> Known:
    (row,) = statements.rows(THEN, {"activity": activity, "end": end})
    return read_row(row)


def _sinks(activity: Activity, on: date, read: Known) -> Sinks:
    return sinks_of([activity], on).get(activity.pk, Sinks()) if read.planted else Sinks()
