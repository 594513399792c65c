"""Where units lie and how they came there. Spans are (first, last), both inclusive."""

from collections.abc import Sequence

from django.db import connection
from django.db.backends.postgresql.psycopg_any import NumericRange
from django.db.models import QuerySet

from neutrality.ledger import rules
from neutrality.ledger.models import Lot, Place, Transfer

# Whatever else lies in the place or in the batch, only lots that touch the run are read (migration 0003_post).
SPANS = "SELECT lot.span FROM ledger_place, ledger_overlapping(ledger_place.id, %s) lot WHERE ledger_place.code = %s"
EVERYTHING = (1, 2**62)


def _overlapping(lots: QuerySet, within: rules.Span) -> QuerySet:
    return lots.filter(span__overlap=NumericRange(within[0], within[1] + 1))


def spans(place: Place, within: rules.Span | None = None) -> list[rules.Span]:
    """What lies in `place`, lowest first, adjacent spans as one; only the part inside `within` when given."""
    first, last = within or EVERYTHING
    with connection.cursor() as cursor:
        cursor.execute(SPANS, [NumericRange(first, last + 1), place.code])
        held = [(lot.lower, lot.upper - 1) for (lot,) in cursor.fetchall()]
    return rules.merged(rules.clipped(held, within) if within is not None else held)


def balance(place: Place, within: rules.Span | None = None) -> int:
    """How many units lie in `place` (inside `within`)."""
    return sum(map(rules.count, spans(place, within)))


BALANCES = """
SELECT sum(upper(lot.span * asked.run) - lower(lot.span * asked.run))::bigint
FROM unnest(%s::text[], %s::int8range[]) WITH ORDINALITY asked (code, run, place)
LEFT JOIN ledger_place ON ledger_place.code = asked.code
LEFT JOIN LATERAL ledger_overlapping(ledger_place.id, asked.run) lot ON true
GROUP BY asked.place ORDER BY asked.place
"""


def balances(asked: Sequence[tuple[str, rules.Span]]) -> list[int]:
    """How many units of each run lie in the place of each code, in the order asked; one query, none for nothing."""
    if not asked:
        return []
    with connection.cursor() as cursor:
        runs = [NumericRange(first, last + 1) for _code, (first, last) in asked]
        cursor.execute(BALANCES, [[code for code, _run in asked], runs])
        return [0 if units is None else units for (units,) in cursor.fetchall()]


def holdings(within: rules.Span) -> dict[str, list[rules.Span]]:
    """Everything that lies inside `within`, by the code of its place."""
    found: dict[str, list[rules.Span]] = {}
    for lot in _overlapping(Lot.objects.select_related("place"), within):
        found.setdefault(lot.place.code, []).append((lot.span.lower, lot.span.upper - 1))
    return {code: rules.merged(rules.clipped(held, within)) for code, held in sorted(found.items())}


def whereabouts(number: int) -> Place | None:
    """Where the unit of that number lies; None when no such unit was issued."""
    lot = Lot.objects.filter(span__contains=number).select_related("place").first()
    return lot.place if lot else None


def history(number: int) -> list[Transfer]:
    """Every transfer of the unit of that number, oldest first."""
    moves = Transfer.objects.filter(span__contains=number).select_related("source", "target", "by")
    return list(moves.order_by("number"))
