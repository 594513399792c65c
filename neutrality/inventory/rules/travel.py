"""Who came from where, and by what: the words of a list of journeys, and what one row of it comes to (pure).

The rule for a row, in full. Distance: the great circle between city and venue, times the detour of the mode; kilometres
a person wrote are taken as they are, and are asked for within the city of the venue. Both directions count, each with
its own mode. A mode left blank is a fault, or, where the list asks for it, high-speed rail and beyond 800 km a plane.
What cannot be, or what our factors are not about, is asked once for each place and mode, never guessed: anything but a
plane over the sea, and rail outside China, for its factor is of Chinese trains. A
flight is domestic when both its ends are known to be. A blank number of people is one. A car shared by n counts 1/n for
each, rounded up to 0.1 m. Nothing else is rounded: a list adds up exactly. `row_amounts` is this rule in Decimal;
tally.py is the same for a million rows at once.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from neutrality.inventory.rules.lines import folded
from neutrality.inventory.rules.places import Place, great_circle_km
from neutrality.quantities import EXACT, NotANumber, read_decimal

FEW = 5  # a group smaller than this is not told apart
SMALL_STEP = Decimal(1000)  # its kilometres are rounded up to this, so that nobody's city can be told from them
INFERRED_AIR_KM = 800
MOST_PEOPLE = 1_000_000
MOST_KM = 50_000
MOST_STAY = 1_000_000
MOST_IN_LIST = 10**9
SHARE_PLACE = Decimal("0.0001")
MARKS = {"=": "number_formula", "\u2191": "number_merged"}  # what the reader of workbooks leaves in such cells


class Mode(StrEnum):
    """How one travels."""

    PLANE = "plane"
    HIGH_SPEED_RAIL = "high_speed_rail"
    TRAIN = "train"
    COACH = "coach"
    CAR = "car"
    ELECTRIC_CAR = "electric_car"
    METRO = "metro"
    BUS = "bus"
    TAXI = "taxi"
    OWN_LEGS = "own_legs"


class Cabin(StrEnum):
    """The class of a seat. Trains have one factor for all classes."""

    AVERAGE = "average"
    ECONOMY = "economy"
    PREMIUM = "premium_economy"
    BUSINESS = "business"
    FIRST = "first"
    RAIL = "rail"


@dataclass(frozen=True)
class Way:
    """What a mode is calculated with: factor code, whether per vehicle, and how much longer than the great circle."""

    factor: str
    per_vehicle: bool = False
    detour: Decimal = Decimal(1)


# DEFRA's factors for flights (2025) hold 8 % for detours already; CPCD does not say, so it is added there. Rail 1.2 is
# that of pledge4future; so is road 1.5, which it takes for buses and we for cars too, knowing no lower published one.
AIR, RAIL, ROAD = Decimal("1.08"), Decimal("1.2"), Decimal("1.5")
WAYS: dict[Mode, Way | None] = {
    Mode.PLANE: Way("cpcd.travel.air_domestic.pkm", detour=AIR),
    Mode.HIGH_SPEED_RAIL: Way("cpcd.travel.hsr.pkm", detour=RAIL),
    Mode.TRAIN: Way("cpcd.travel.rail_average.pkm", detour=RAIL),
    Mode.COACH: Way("cpcd.travel.coach_highway.pkm", detour=ROAD),
    Mode.CAR: Way("cpcd.car.gasoline_compact.km", per_vehicle=True, detour=ROAD),
    Mode.ELECTRIC_CAR: Way("cpcd.car.ev_mid.km", per_vehicle=True, detour=ROAD),
    Mode.METRO: Way("cpcd.metro.actual.pkm", detour=ROAD),
    Mode.BUS: Way("cpcd.bus.urban.pkm", detour=ROAD),
    Mode.TAXI: Way("cpcd.taxi.average.pkm", detour=ROAD),
    Mode.OWN_LEGS: None,
}
# Flights across a border, by class; without a class the average of all passengers.
ABROAD = {cabin: Way(f"defra2025.air.intl_non_uk.{cabin.value}.norf.pkm") for cabin in Cabin if cabin is not Cabin.RAIL}
LODGING, MEAL = "defra2025.hotel.china.room_night", "cpcd.catering.takeaway_pork_rib_set.meal"
RAILS = frozenset({Mode.HIGH_SPEED_RAIL, Mode.TRAIN})
OVER_SEA, RAIL_ABROAD = "way_over_sea", "way_rail_abroad"
TEXTS = ("origin", "mode", "back", "cabin")
NUMBERS = ("people", "km", "sharing", "nights", "meals")
FIELDS = ("origin", "mode", "back", "cabin", "people", "km", "sharing", "nights", "meals")
SERVICES = {
    re.compile(r"[gdc][0-9]{1,4}"): Mode.HIGH_SPEED_RAIL,
    re.compile(r"[ktz][0-9]{1,4}"): Mode.TRAIN,
    re.compile(r"(?=.?[a-z])[a-z0-9]{2}[0-9]{3,4}"): Mode.PLANE,
}


def factors() -> list[str]:
    """Codes of every factor a list can use."""
    ways = [way for way in (*WAYS.values(), *ABROAD.values()) if way is not None]
    return [*dict.fromkeys(way.factor for way in ways), LODGING, MEAL]


class Unread(ValueError):
    """A cell of a list that cannot be used; `code` says why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def read_number(name: str, text: str) -> Decimal | None:
    """The number in a cell, None when blank. Raises Unread with what is wrong."""
    if not text.strip():
        return None
    if text.strip() in MARKS:
        raise Unread(MARKS[text.strip()])
    try:
        number = read_decimal(text, places=2)
    except NotANumber as wrong:
        raise Unread(f"number_{wrong.code}") from wrong
    if name == "people" and (number != int(number) or not 1 <= number <= MOST_PEOPLE):
        raise Unread("people_not_whole")
    if name == "sharing" and not 1 <= number <= MOST_PEOPLE:
        raise Unread("sharing_below_one")
    if name == "km" and number > MOST_KM:
        raise Unread("km_too_far")
    if name in ("nights", "meals") and number > MOST_STAY:
        raise Unread("number_too_many_digits")
    return number


def read_mode(text: str, known: Mapping[str, Mode]) -> Mode | None:
    """The mode a person wrote, also by the number of a train or flight; None when blank. Raises Unread."""
    word = folded(text)
    if not word:
        return None
    if word in known:
        return known[word]
    for form, mode in SERVICES.items():
        if form.fullmatch(word.replace(" ", "")):
            return mode
    raise Unread("mode_unknown")


def read_cabin(text: str, known: Mapping[str, Cabin]) -> Cabin:
    """The class of a seat; the average when blank. Raises Unread."""
    word = folded(text)
    if not word:
        return Cabin.AVERAGE
    if word not in known:
        raise Unread("cabin_unknown")
    return known[word]


@dataclass(frozen=True)
class Trip:
    """One readable row. `there` and `back` None are to be inferred; `place` None goes with kilometres only."""

    place: Place | None
    people: int = 1
    km: Decimal | None = None
    there: Mode | None = None
    back: Mode | None = None
    cabin: Cabin = Cabin.AVERAGE
    sharing: Decimal | None = None
    nights: Decimal | None = None
    meals: Decimal | None = None


def inferred(mode: Mode | None, km: Decimal) -> Mode:
    """The mode, or what a blank one stands for where the list asks for that."""
    if mode is not None:
        return mode
    return Mode.PLANE if km > INFERRED_AIR_KM else Mode.HIGH_SPEED_RAIL


def doubt(place: Place, venue: Place, mode: Mode) -> str:
    """The question a way from `place` by `mode` leaves open, "" where it leaves none."""
    if mode is Mode.PLANE:
        return ""
    if place.land and venue.land and place.land != venue.land:
        return OVER_SEA
    if mode in RAILS and not (place.on_our_rails and venue.on_our_rails):
        return RAIL_ABROAD
    return ""


def offered(question: str, mode: Mode) -> tuple[Mode, ...]:
    """What may be answered; as written only where it can be."""
    return (Mode.PLANE,) if question == OVER_SEA else (mode, Mode.PLANE, Mode.COACH, Mode.CAR)


def way_of(mode: Mode, cabin: Cabin, *, domestic: bool) -> Way | None:
    """What a direction is calculated with; None for the own legs."""
    if mode is Mode.PLANE and not domestic:
        return ABROAD[Cabin.AVERAGE if cabin is Cabin.RAIL else cabin]
    return WAYS[mode]


def row_amounts(trip: Trip, venue: Place) -> dict[str, Decimal]:
    """What one row comes to, by factor code, in the unit of the factor. Exact."""
    found: dict[str, Decimal] = {}
    straight = trip.km if trip.km is not None else great_circle_km(_known(trip.place), venue)
    domestic = venue.domestic and trip.place is not None and trip.place.domestic
    for mode in (trip.there, trip.back or trip.there):
        way = way_of(inferred(mode, straight), trip.cabin, domestic=domestic)
        if way is None:
            continue
        km = straight if trip.km is not None else EXACT.multiply(straight, way.detour)
        amount = EXACT.multiply(km, Decimal(trip.people))
        if way.per_vehicle and trip.sharing is not None:
            amount = EXACT.divide(amount, trip.sharing).quantize(SHARE_PLACE, ROUND_CEILING, context=EXACT)
        found[way.factor] = found.get(way.factor, Decimal(0)) + amount
    for factor, stay in ((LODGING, trip.nights), (MEAL, trip.meals)):
        if stay:
            found[factor] = stay
    return found


def _known(place: Place | None) -> Place:
    if place is None:
        raise ValueError("a row without a distance and without a place")
    return place


@dataclass
class Sum:
    """What one factor adds up to: amount in its unit, people, and how many places they came from."""

    amount: Decimal = Decimal(0)
    people: int = 0
    places: int = 0


def shown_amount(found: Sum, *, per_km: bool) -> Decimal:
    """The amount a line shows: that of a small group in whole thousands of kilometres, upwards."""
    if not per_km or found.people >= FEW or not found.amount:
        return found.amount
    steps = EXACT.divide(found.amount, SMALL_STEP).to_integral_value(ROUND_CEILING, context=EXACT)
    return steps * SMALL_STEP


@dataclass(frozen=True)
class Group:
    """Those who came from one place; `place` "" gathers the small ones."""

    place: str
    people: int
    kg: Decimal = field(default=Decimal(0))


def gathered(groups: list[Group]) -> list[Group]:
    """Groups fit to be shown, largest first: whoever is fewer than five goes into a rest, and the rest itself takes in
    the next smallest until it has five, for it could be told from the total. Fewer than five in all: nothing."""
    ordered = sorted(groups, key=lambda group: (-group.people, group.place))
    shown = [group for group in ordered if group.people >= FEW]
    rest = [group for group in ordered if group.people < FEW]
    while rest and shown and sum(group.people for group in rest) < FEW:
        rest.append(shown.pop())
    people = sum(group.people for group in rest)
    if not rest:
        return shown
    if people < FEW:
        return []
    return [*shown, Group("", people, sum((group.kg for group in rest), Decimal(0)))]
