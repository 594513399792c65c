"""The rule of a list said the slow way: one row after the other, in Decimal. A million at once must agree with it."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from neutrality.inventory import trips
from neutrality.inventory.listreading import Terms, way_key
from neutrality.inventory.rules import travel
from neutrality.inventory.rules.places import Place, great_circle_km


def trip(raw: Mapping[str, str], terms: Terms) -> travel.Trip:
    """A row without faults as the rule takes it."""
    number = {name: travel.read_number(name, raw.get(name, "")) for name in travel.NUMBERS}
    found = terms.gazetteer.find(raw.get("origin", ""))
    place = found[0] if len(found) == 1 else None
    there = travel.read_mode(raw.get("mode", ""), terms.modes)
    back = travel.read_mode(raw.get("back", ""), terms.modes)
    km = number["km"] if number["km"] is not None else great_circle_km(place, terms.venue)
    there = travel.inferred(there, km)
    return travel.Trip(
        place=place,
        people=int(number["people"] or 1),
        km=number["km"],
        there=answered(place, there, terms),
        back=answered(place, back or there, terms),
        cabin=travel.read_cabin(raw.get("cabin", ""), terms.cabins),
        sharing=number["sharing"],
        nights=number["nights"],
        meals=number["meals"],
    )


def answered(place: Place | None, mode: travel.Mode, terms: Terms) -> travel.Mode:
    """The mode, or what was answered about it."""
    return travel.Mode(terms.answers.get(way_key(place.code, mode.value), mode)) if place is not None else mode


def sums(rows: Iterable[Mapping[str, str]], terms: Terms) -> dict[str, Decimal]:
    """What a list adds up to, by factor."""
    total: dict[str, Decimal] = {}
    for raw in rows:
        if any(text.strip() for text in raw.values()):
            for factor, amount in travel.row_amounts(trip(raw, terms), terms.venue).items():
                total[factor] = total.get(factor, Decimal(0)) + amount
    return total


def terms(venue: str = "成都", *, infer: bool = False, answers: Mapping[str, str] | None = None) -> Terms:
    return trips.terms(trips.gazetteer().find(venue)[0], infer=infer, answers=answers or {})
