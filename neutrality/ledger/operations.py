"""The verbs of the ledger. They are inner verbs: the operation that calls them writes the trail entry.

A span is (first, last), both inclusive. The same key with the same content returns what it returned before; the same
key with other content is refused. A place need not be stored yet: it is opened when units first move there. Whoever
posts several times in one transaction opens the places first and posts in one fixed order of the places units leave.
The work itself is done by the database in one round trip: `ledger_post`, migration 0003_post.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection, models, transaction
from django.db.backends.postgresql.psycopg_any import NumericRange
from django.utils.translation import gettext_lazy as _

from neutrality import statements
from neutrality.ledger import rules
from neutrality.ledger.models import Place, Transfer
from neutrality.refusals import Refusal
from neutrality.trail.rules import canonical, digest

P, R = ParamSpec("P"), TypeVar("R")
Keyed = TypeVar("Keyed", bound=models.Model)


class NotHeld(Refusal):
    code = "not_held"
    message = _("These units are no longer there. Reload the page and choose again.")


class Ended(Refusal):
    code = "ended"
    message = _("These units were already used and cannot move again.")


class KeyReused(Refusal):
    code = "key_reused"
    message = _("This form was already sent with other content. Open it again and repeat the change.")


_together: ContextVar[bool] = ContextVar("together", default=False)


def act(verb: Callable[P, R]) -> Callable[P, R]:
    """Decorates a verb that moves units: it is a transaction of its own, or an error.

    Its trail entry takes the trail's lock until the commit. A second act behind it would wait for a place while
    everybody waits for the trail, and two of these for each other."""

    @wraps(verb)
    def alone(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic(durable=not _together.get()):
            return verb(*args, **kwargs)

    return alone


@contextmanager
def together() -> Iterator[None]:
    """Many acts in one transaction, all of them or none: as long as it lasts nobody else moves a unit."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE ledger_place IN EXCLUSIVE MODE")
        before = _together.set(True)
        try:
            yield
        finally:
            _together.reset(before)


def alone(name: str) -> None:
    """Whoever says the same name waits here until this transaction has ended."""
    statements.rows("SELECT pg_advisory_xact_lock(hashtextextended(%s, 2))", [name])


def once(rows: type[Keyed], key: str, **said: Any) -> Keyed | None:
    """The row an earlier sending of the same form wrote, if any. Two sendings at the same moment wait for each other
    here, so the later one finds the row of the first. Raises KeyReused where that row says anything other than `said`:
    somebody went back, changed the form and sent it again."""
    alone(key)
    found = rows._default_manager.filter(key=key).first()
    for name, value in said.items():
        column, kept = (f"{name}_id", value.pk) if isinstance(value, models.Model) else (name, value)
        if found is not None and getattr(found, column) != kept:
            raise KeyReused
    return found


REFUSALS = {"not_held": NotHeld, "ended": Ended, "key_reused": KeyReused}


def open_place(*, code: str, ending: bool = False) -> Place:
    """The place of that code, made on first use. Whether it ends a unit's use never changes."""
    place, _made = Place.objects.get_or_create(code=code, defaults={"ending": ending})
    if place.ending != ending:
        raise ValueError(f"{code} exists and is {'' if place.ending else 'not '}ending")
    return place


def issue(*, quantity: int, place: Place, key: str, reason: str, event_on: date, by: Any, at: datetime) -> Transfer:
    """Bring `quantity` new units into `place`, under fresh numbers of the house in one piece."""
    if quantity < 1:
        raise rules.BadSpan("at least one unit is issued")
    asked = _asked("issue", quantity, place, reason, event_on)
    where = {"source": Place(code=rules.MINT), "target": place, "quantity": quantity}
    return _post(key, asked, reason=reason, event_on=event_on, by=by, at=at, **where)[0]


def post(
    *, key: str, span: rules.Span, source: Place, target: Place, reason: str, event_on: date, by: Any, at: datetime
) -> Transfer:
    """Move exactly the numbers of `span`; NotHeld unless all of them lie in `source`."""
    asked = _asked("post", rules.checked(span), source, target, reason, event_on)
    where = {"source": source, "target": target, "within": span}
    return _post(key, asked, reason=reason, event_on=event_on, by=by, at=at, **where)[0]


def post_quantity(
    *,
    key: str,
    within: rules.Span,
    quantity: int,
    source: Place,
    target: Place,
    reason: str,
    event_on: date,
    by: Any,
    at: datetime,
) -> list[Transfer]:
    """Move the lowest `quantity` numbers of `source` inside `within`; NotHeld when fewer lie there."""
    if quantity < 1:
        raise rules.BadSpan("at least one unit is moved")
    asked = _asked("post_quantity", rules.checked(within), quantity, source, target, reason, event_on)
    where = {"source": source, "target": target, "within": within, "quantity": quantity}
    return _post(key, asked, reason=reason, event_on=event_on, by=by, at=at, **where)


def reverse(
    *,
    key: str,
    transfer: Transfer,
    reason: str,
    event_on: date,
    by: Any,
    at: datetime,
    span: rules.Span | None = None,
) -> Transfer:
    """Declare units false: what `transfer` brought to an ending place (or `span` of it) goes to `void:`, for ever."""
    moved = span or (transfer.first, transfer.last)
    asked = _asked("reverse", transfer.number, rules.checked(moved), reason, event_on)
    where = {"source": transfer.target, "target": Place(code=rules.VOID, ending=True), "within": moved}
    return _post(key, asked, reason=reason, event_on=event_on, by=by, at=at, reverses=transfer, **where)[0]


def _asked(*content: Any) -> str:
    return digest(canonical([part.code if isinstance(part, Place) else part for part in content]))


POST = "SELECT * FROM ledger_post(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"


def _post(
    key: str,
    asked: str,
    *,
    source: Place,
    target: Place,
    reason: str,
    event_on: date,
    by: Any,
    at: datetime,
    within: rules.Span | None = None,
    quantity: int | None = None,
    reverses: Transfer | None = None,
) -> list[Transfer]:
    """One transfer per run the database chose, or the refusal it answered with."""
    numbers = NumericRange(within[0], within[1] + 1) if within else None
    places = (source.code, source.ending, target.code, target.ending)
    said = (reason, event_on, at, by.pk if by else None, reverses.number if reverses else None)
    rows = statements.rows(POST, (key, asked, *places, numbers, quantity, *said))
    outcome = rows[0][0]
    if outcome in REFUSALS:
        raise REFUSALS[outcome]
    if outcome == "again":
        return _earlier(key)
    source, target = _stored(source, rows[0][3]), _stored(target, rows[0][4])
    ends = (source.pk, target.pk)
    moves = []
    for place, (_moved, number, span, _source, _target) in enumerate(rows):
        columns = (key, place, asked, reason, event_on, at, said[3], *ends, span, span.upper - span.lower, said[4])
        move = _stored(Transfer(number, *columns), number)
        move.source, move.target = source, target
        moves.append(move)
    return moves


def _earlier(key: str) -> list[Transfer]:
    rows = list(Transfer.objects.filter(key=key).select_related("source", "target").order_by("position"))
    for row in rows:
        row.again = True
    return rows


def _stored(row: Any, pk: int) -> Any:
    """`row` as if read from the table: the database wrote it under `pk`."""
    row.pk = pk
    row._state.adding, row._state.db = False, connection.alias
    return row
