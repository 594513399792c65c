"""A second look at the ledger: every transfer replayed from nothing, compared with where the lots say units lie."""

from collections.abc import Iterator

from neutrality.findings import Finding
from neutrality.ledger import rules
from neutrality.ledger.models import Lot, Place, Transfer

BATCH = 5000
ENDS = ("span__startswith", "span__endswith")


def findings() -> Iterator[Finding]:
    """Impossible transfers, units that left an end, lots that are not what the transfers say."""
    places = {place.pk: place for place in Place.objects.all()}
    held, impossible = rules.replay(_moves(places))
    for number in impossible:
        yield Finding("ledger_transfer", str(number), "moves units that were not there")
    yield from _revivals(places)
    yield from _lots(places, held)


def _moves(places: dict[int, Place]) -> Iterator[rules.Move]:
    codes = {pk: place.code for pk, place in places.items()}
    rows = Transfer.objects.order_by("number").values_list("number", "source", "target", *ENDS)
    for number, source, target, lower, upper in rows.iterator(BATCH):
        yield rules.Move(number, codes[source], codes[target], (lower, upper - 1))


def _revivals(places: dict[int, Place]) -> Iterator[Finding]:
    for row in Transfer.objects.filter(source__ending=True).select_related("reverses").iterator(BATCH):
        lawful = places[row.target_id].code == rules.VOID and row.reverses and row.reverses.target_id == row.source_id
        if not lawful:
            yield Finding("ledger_transfer", str(row.number), f"takes units back from {places[row.source_id].code}")


def _lots(places: dict[int, Place], held: dict[str, list[rules.Span]]) -> Iterator[Finding]:
    """Compare place by place; a difference names the lots, or what is missing."""
    lots: dict[str, list[tuple[int, rules.Span]]] = {}
    for pk, place, lower, upper in Lot.objects.order_by().values_list("pk", "place", *ENDS).iterator(BATCH):
        lots.setdefault(places[place].code, []).append((pk, (lower, upper - 1)))
    for code in sorted(lots.keys() | held.keys()):
        there, told = rules.merged(span for _, span in lots.get(code, [])), held.get(code, [])
        if there != told:
            yield from _differences(code, lots.get(code, []), set(there), set(told))


def _differences(
    code: str, lots: list[tuple[int, rules.Span]], there: set[rules.Span], told: set[rules.Span]
) -> Iterator[Finding]:
    """Only what both sides do not agree on is looked at closely: the rest may be a million spans."""
    strange, missing = sorted(there - told), sorted(told - there)
    for pk, span in lots:
        if rules.clipped(strange, span) and sum(map(rules.count, rules.clipped(missing, span))) != rules.count(span):
            yield Finding("ledger_lot", str(pk), f"{span[0]}-{span[1]} in {code}, which no transfer put there")
    for span in missing:
        if sum(map(rules.count, rules.clipped(strange, span))) != rules.count(span):
            yield Finding("ledger_lot", code, f"lacks units of {span[0]}-{span[1]} that transfers put there")
