"""A second look at the ledger: every transfer replayed from nothing, compared with where the lots say units lie."""

from collections.abc import Iterator

from neutrality.findings import Finding
from neutrality.ledger import rules
from neutrality.ledger.models import Lot, Place, Transfer

BATCH = 5000


def findings() -> Iterator[Finding]:
    """Impossible transfers, units that left an end, lots that are not what the transfers say."""
    places = {place.pk: place for place in Place.objects.all()}
    held, impossible = rules.replay(_moves(places))
    for number in impossible:
        yield Finding("ledger_transfer", str(number), "moves units that were not there")
    yield from _revivals(places)
    yield from _lots(places, held)


def _moves(places: dict[int, Place]) -> Iterator[rules.Move]:
    columns = ("number", "source", "target", "span")
    for number, source, target, span in Transfer.objects.order_by("number").values_list(*columns).iterator(BATCH):
        yield rules.Move(number, places[source].code, places[target].code, (span.lower, span.upper - 1))


def _revivals(places: dict[int, Place]) -> Iterator[Finding]:
    ends = [pk for pk, place in places.items() if place.ending]
    for row in Transfer.objects.filter(source__in=ends).select_related("reverses"):
        lawful = places[row.target_id].code == rules.VOID and row.reverses and row.reverses.target_id == row.source_id
        if not lawful:
            yield Finding("ledger_transfer", str(row.number), f"takes units back from {places[row.source_id].code}")


def _lots(places: dict[int, Place], held: dict[str, list[rules.Span]]) -> Iterator[Finding]:
    """Compare place by place; a difference names the lots, or what is missing."""
    lots: dict[str, list[tuple[int, rules.Span]]] = {}
    for pk, place, span in Lot.objects.values_list("pk", "place", "span").iterator(BATCH):
        lots.setdefault(places[place].code, []).append((pk, (span.lower, span.upper - 1)))
    for code in sorted(lots.keys() | held.keys()):
        told = held.get(code, [])
        for pk, span in lots.get(code, []):
            if sum(map(rules.count, rules.clipped(told, span))) != rules.count(span):
                yield Finding("ledger_lot", str(pk), f"{span[0]}-{span[1]} in {code}, which no transfer put there")
        there = rules.merged(span for _, span in lots.get(code, []))
        for span in told:
            if sum(map(rules.count, rules.clipped(there, span))) != rules.count(span):
                yield Finding("ledger_lot", code, f"lacks units of {span[0]}-{span[1]} that transfers put there")
