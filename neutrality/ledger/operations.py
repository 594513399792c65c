"""The verbs of the ledger. They are inner verbs: the operation that calls them writes the trail entry.

A span is (first, last), both inclusive. The same key with the same content returns what it returned before; the same
key with other content is refused. Whoever posts several times in one transaction posts in one fixed order of places.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.backends.postgresql.psycopg_any import NumericRange
from django.utils.translation import gettext_lazy as _

from neutrality.ledger import queries, rules
from neutrality.ledger.models import Place, Transfer
from neutrality.refusals import Refusal
from neutrality.trail.rules import canonical, digest


class NotHeld(Refusal):
    code = "not_held"
    message = _("These units are no longer there. Reload the page and choose again.")


class Ended(Refusal):
    code = "ended"
    message = _("These units were already used and cannot move again.")


class KeyReused(Refusal):
    code = "key_reused"
    message = _("This form was already sent with other content. Open it again and repeat the change.")


REFUSALS = {"QZ001": NotHeld, "QZ002": Ended}


def open_place(*, code: str, ending: bool = False) -> Place:
    """The place of that code, made on first use. Whether it ends a unit's use never changes."""
    place, _made = Place.objects.get_or_create(code=code, defaults={"ending": ending})
    if place.ending != ending:
        raise ValueError(f"{code} exists and is {'' if place.ending else 'not '}ending")
    return place


@transaction.atomic
def issue(*, quantity: int, place: Place, key: str, reason: str, event_on: date, by: Any, at: datetime) -> Transfer:
    """Bring `quantity` new units into `place`, under fresh numbers of the house in one piece."""
    if quantity < 1:
        raise rules.BadSpan("at least one unit is issued")
    asked = _asked("issue", quantity, place, reason, event_on)
    mint = open_place(code=rules.MINT)

    def spans() -> list[rules.Span]:
        return [_new_numbers(mint, quantity)]

    return _once(key, asked, spans, source=mint, target=place, reason=reason, event_on=event_on, by=by, at=at)[0]


@transaction.atomic
def post(
    *, key: str, span: rules.Span, source: Place, target: Place, reason: str, event_on: date, by: Any, at: datetime
) -> Transfer:
    """Move exactly the numbers of `span`; NotHeld unless all of them lie in `source`."""
    asked = _asked("post", rules.checked(span), source, target, reason, event_on)
    where = {"source": source, "target": target}
    return _once(key, asked, lambda: [span], **where, reason=reason, event_on=event_on, by=by, at=at)[0]


@transaction.atomic
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

    def spans() -> list[rules.Span]:
        _lock(source)
        lowest = rules.taken(queries.spans(source, within), quantity)
        if lowest is None:
            raise NotHeld
        return lowest

    where = {"source": source, "target": target}
    return _once(key, asked, spans, **where, reason=reason, event_on=event_on, by=by, at=at)


@transaction.atomic
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
    where = {"source": transfer.target, "target": open_place(code=rules.VOID, ending=True), "reverses": transfer}
    return _once(key, asked, lambda: [moved], **where, reason=reason, event_on=event_on, by=by, at=at)[0]


def _asked(*content: Any) -> str:
    return digest(canonical([part.code if isinstance(part, Place) else part for part in content]))


def _lock(place: Place) -> None:
    Place.objects.select_for_update(no_key=True).get(pk=place.pk)


def _new_numbers(mint: Place, quantity: int) -> rules.Span:
    """The next `quantity` numbers of the house; the lock makes two steps on the sequence one."""
    _lock(mint)
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('ledger_unit_number', nextval('ledger_unit_number') + %s)", [quantity - 1])
        last = cursor.fetchone()[0]
    return (last - quantity + 1, last)


def _once(key: str, asked: str, spans: Callable[[], list[rules.Span]], **common: Any) -> list[Transfer]:
    """Insert one transfer per span, unless the key did its work before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [key])
    earlier = list(Transfer.objects.filter(key=key).select_related("source", "target").order_by("position"))
    if earlier:
        if earlier[0].asked != asked:
            raise KeyReused
        return earlier
    common["recorded_at"] = common.pop("at")
    return [_insert(key, position, asked, span, common) for position, span in enumerate(spans())]


def _insert(key: str, position: int, asked: str, span: rules.Span, common: dict[str, Any]) -> Transfer:
    numbers = NumericRange(span[0], span[1] + 1)
    try:
        return Transfer.objects.create(
            key=key, position=position, asked=asked, span=numbers, quantity=rules.count(span), **common
        )
    except DatabaseError as error:
        refusal = REFUSALS.get(getattr(error.__cause__, "sqlstate", ""))
        if refusal is None:
            raise
        raise refusal from error
