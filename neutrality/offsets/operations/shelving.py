"""Count what stands on the shelves: only what was added since the last time, so that a count costs what is new."""

import hashlib
from datetime import datetime

from django.db import OperationalError, connection, transaction

from neutrality.offsets.models import Beneficiary, Mark, Row
from neutrality.search import named

CHUNK = 1000
TABLES = {Row.BLOCK: ("offsets_block", "offsets_blockcard", "issued_on")}
TABLES[Row.RETIREMENT] = ("offsets_retirement", "offsets_retirementcard", "cancelled_on")

# Whoever is inserting finishes first, so that no row with a smaller number comes to light after the mark has passed it.
LOCK = "SET LOCAL lock_timeout = '1s'; LOCK TABLE {table} IN SHARE MODE"
LAST = "SELECT coalesce(max(id), 0) FROM {table}"
COUNT = """
INSERT INTO offsets_tally (what, shelf_id, year, rows, units)
  SELECT %(what)s, card.shelf_id, extract(year FROM made.{on})::smallint, count(*), sum(made.quantity)
  FROM {table} made JOIN {card} card ON card.row_id = made.id
  WHERE made.id > %(after)s AND made.id <= %(last)s GROUP BY 2, 3
ON CONFLICT (what, shelf_id, year) DO UPDATE
  SET rows = offsets_tally.rows + excluded.rows, units = offsets_tally.units + excluded.units
"""
# A name's code follows from the name, so its address stays whatever is counted again.
NAMES = """
INSERT INTO offsets_beneficiary (code, name, cancellations, units, last_on)
  SELECT upper(left(encode(sha256(convert_to(beneficiary, 'UTF8')), 'hex'), 12)), beneficiary, count(*), sum(quantity),
         max(cancelled_on)
  FROM offsets_retirement WHERE id > %(after)s AND id <= %(last)s AND beneficiary <> '' GROUP BY beneficiary
ON CONFLICT (name) DO UPDATE
  SET cancellations = offsets_beneficiary.cancellations + excluded.cancellations,
      units = offsets_beneficiary.units + excluded.units,
      last_on = greatest(offsets_beneficiary.last_on, excluded.last_on)
"""


def beneficiary_code(name: str) -> str:
    """The permanent code of a beneficiary's name."""
    return hashlib.sha256(name.encode()).hexdigest()[:12].upper()


def count(*, at: datetime) -> int:
    """Bring tallies and beneficiaries up to date; returns how many rows were new. A second run changes nothing."""
    new = sum(_count(what, at) for what in TABLES)
    _find_names()
    return new


def last_row(table: str) -> int:
    """The last row nothing can still come before; 0 while somebody takes long to insert: then the next run counts."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(LOCK.format(table=table))
            cursor.execute(LAST.format(table=table))
            return cursor.fetchone()[0]
    except OperationalError:
        return 0


def _count(what: Row, at: datetime) -> int:
    table, card, on = TABLES[what]
    last = last_row(table)
    with transaction.atomic():
        Mark.objects.get_or_create(what=what)
        mark = Mark.objects.select_for_update().get(what=what)
        if last <= mark.last:
            return 0
        values = {"what": what.value, "after": mark.last, "last": last}
        with connection.cursor() as cursor:
            cursor.execute(COUNT.format(table=table, card=card, on=on), values)
            if what is Row.RETIREMENT:
                cursor.execute(NAMES, values)
        new, mark.last, mark.counted_at = last - mark.last, last, at
        mark.save(update_fields=["last", "counted_at"])
    return new


def _find_names() -> None:
    """Give new names their search tokens."""
    waiting = list(Beneficiary.objects.filter(search__isnull=True)[:CHUNK])
    while waiting:
        for row in waiting:
            row.search = named((row.name,))
        Beneficiary.objects.bulk_update(waiting, ["search"])
        waiting = list(Beneficiary.objects.filter(search__isnull=True)[:CHUNK])
