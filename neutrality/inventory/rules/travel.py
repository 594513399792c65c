"""Who came from where: places as people write them, great-circle distances, modes, and the lines they add up to (pure).

A place is resolved once, never guessed: an unknown or doubtful one is asked back once for the whole list. Distances are
great circles between cities, in steps of 100 m; what is driven or railed is longer by a stated factor, flights are
taken as they are (their factors allow for detours). Both directions count. Only sums leave this module, no person.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cache

from neutrality.inventory.rules.lines import Fault, folded
from neutrality.quantities import EXACT, NotANumber, read_decimal

EARTH_KM = 6371
DOMESTIC = "China"
FEW = 5  # a group smaller than this is not told apart
INFERRED_AIR_KM = 800
MOST_PEOPLE = 1_000_000
ENDINGS = ("市", "自治州", "地区", "县", "区")


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


@dataclass(frozen=True)
class Way:
    """What a mode is calculated with: factor code, whether per vehicle, and how much longer than the great circle."""

    factor: str
    per_vehicle: bool = False
    detour: Decimal = Decimal(1)


RAIL, ROAD = Decimal("1.2"), Decimal("1.3")
WAYS: dict[Mode, Way | None] = {
    Mode.PLANE: Way("cpcd.travel.air_domestic.pkm"),
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
ABROAD = Way("defra2025.air.intl_non_uk.economy.norf.pkm")
LODGING, MEAL = "defra2025.hotel.china.room_night", "cpcd.catering.takeaway_pork_rib_set.meal"
FIELDS = ("origin", "mode", "back", "people", "km", "sharing", "nights", "meals")


@dataclass(frozen=True)
class Place:
    """A city. `airports` are codes that stand for it; `province` two digits for places in China."""

    name_zh: str
    name_en: str
    country: str
    province: str
    lat: Decimal
    lon: Decimal
    airports: tuple[str, ...] = ()

    @property
    def domestic(self) -> bool:
        return self.country == DOMESTIC


@cache
def great_circle_km(first: Place, second: Place) -> Decimal:
    """Distance over the ground in km, one decimal place (haversine, a sphere of 6,371 km)."""
    up, along = math.radians(second.lat - first.lat), math.radians(second.lon - first.lon)
    cosines = math.cos(math.radians(first.lat)) * math.cos(math.radians(second.lat))
    half = math.sin(up / 2) ** 2 + cosines * math.sin(along / 2) ** 2
    return Decimal(round(20 * EARTH_KM * math.asin(math.sqrt(half)))).scaleb(-1)


class Gazetteer:
    """Places by every name people use for them."""

    def __init__(self, places: Iterable[Place], provinces: Mapping[str, str]):
        """`provinces`: names of provinces, folded, to their two digits."""
        self.provinces = provinces
        self.names: dict[str, list[Place]] = {}
        for place in places:
            for name in (place.name_zh, place.name_en, place.name_en.replace("'", ""), *place.airports):
                known = self.names.setdefault(folded(name), [])
                if name and place not in known:
                    known.append(place)

    def find(self, text: str) -> tuple[Place, ...]:
        """What a person may mean: one is an answer, several are a question, none is unknown."""
        flat = folded(text)
        for name in (flat, *(flat.removesuffix(ending) for ending in ENDINGS if flat.endswith(ending))):
            if self.names.get(name):
                return tuple(self.names[name])
        for province, digits in self.provinces.items():
            rest = flat.removeprefix(province).strip(" ,，")
            if rest != flat and rest:
                return tuple(place for place in self.find(rest) if place.province == digits)
        return ()

    def is_province(self, text: str) -> bool:
        """Whether only a province was named: no city, no guess."""
        return folded(text) in self.provinces and not self.names.get(folded(text))


@dataclass
class Sum:
    """What one factor adds up to: amount in its unit, people, and how many places they came from."""

    amount: Decimal = Decimal(0)
    people: int = 0
    places: set[str] = field(default_factory=set)

    def add(self, amount: Decimal, people: int, place: str) -> None:
        self.amount += amount
        self.people += people
        self.places.add(place)


@dataclass(frozen=True)
class Journeys:
    """A list settled: sums by factor code, people, rows; faults by row of the list; people who walked or cycled."""

    sums: dict[str, Sum]
    people: int
    rows: int
    unmotorised: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Trip:
    """One readable row: how many people, from where or how far, there and back, and what they stayed for."""

    origin: str
    place: Place | None
    people: int
    km: Decimal | None
    there: Mode | None
    back: Mode | None
    sharing: Decimal | None
    nights: Decimal | None
    meals: Decimal | None


class Settling:
    """Reads a list of journeys row by row. A place is looked up once, rows that say the same are worked out once."""

    def __init__(self, gazetteer: Gazetteer, venue: Place, modes: Mapping[str, Mode], *, infer: bool):
        self.gazetteer, self.venue, self.modes, self.infer = gazetteer, venue, modes, infer
        self.sums: dict[str, Sum] = {}
        self.known: dict[str, Place | None] = {}
        self.asked: dict[str, tuple[str, int, int, tuple[Place, ...]]] = {}
        self.trips: dict[tuple[str, ...], Trip] = {}
        self.alike: Counter[tuple[str, ...]] = Counter()
        self.faults: list[Fault] = []
        self.unmotorised = 0

    def row(self, raw: Mapping[str, str], position: int) -> None:
        """One row of the list; blank rows are no journeys."""
        said = tuple((raw.get(name) or "").strip() for name in FIELDS)
        if said not in self.trips:
            trip = self._trip(dict(zip(FIELDS, said, strict=True)), position) if any(said) else None
            if trip is None:
                return
            self.trips[said] = trip
        self.alike[said] += 1

    def _trip(self, raw: Mapping[str, str], position: int) -> Trip | None:
        """The row read, or None with its faults named."""
        before = len(self.faults)
        numbers = {name: self._number(raw, name, position) for name in ("people", "km", "sharing", "nights", "meals")}
        people = self._people(numbers.pop("people"), position)
        place = self._place(raw["origin"], position) if numbers["km"] is None else None
        there = self._mode(raw, "mode", position)
        back = self._mode(raw, "back", position) or there
        if len(self.faults) > before or (numbers["km"] is None and place is None):
            return None
        return Trip(origin=raw["origin"], place=place, people=people, there=there, back=back, **numbers)

    def settled(self) -> Journeys:
        """What the list came to, with every doubtful place asked once."""
        for said, trip in self.trips.items():
            self._count(trip, self.alike[said])
        for text, (code, position, count, candidates) in self.asked.items():
            names = tuple(f"{place.name_zh or place.name_en}" for place in candidates)
            params = (("written", text[:40]), ("count", count), ("candidates", names))
            self.faults.append(Fault(code, "origin", position, params))
        faults = tuple(sorted(self.faults, key=lambda fault: fault.position or 0))
        people = sum(trip.people * self.alike[said] for said, trip in self.trips.items())
        return Journeys(self.sums, people, self.alike.total(), self.unmotorised, faults)

    def _fault(self, code: str, name: str, position: int, **params: object) -> None:
        self.faults.append(Fault(code, name, position, tuple(params.items())))

    def _number(self, raw: Mapping[str, str], name: str, position: int) -> Decimal | None:
        text = raw[name]
        if not text:
            return None
        try:
            return read_decimal(text, places=2)
        except NotANumber as wrong:
            self._fault(f"number_{wrong.code}", name, position, written=text[:40])
            return None

    def _people(self, number: Decimal | None, position: int) -> int:
        if number is None:
            return 1
        if number != int(number) or not 1 <= number <= MOST_PEOPLE:
            self._fault("people_not_whole", "people", position)
        return int(number)

    def _mode(self, raw: Mapping[str, str], name: str, position: int) -> Mode | None:
        text = raw[name]
        if not text:
            if name == "mode" and not self.infer:
                self._fault("mode_missing", name, position)
            return None
        mode = self.modes.get(folded(text))
        if mode is None:
            self._fault("mode_unknown", name, position, written=text[:40])
        return mode

    def _place(self, text: str, position: int) -> Place | None:
        if not text:
            self._fault("origin_missing", "origin", position)
            return None
        if text not in self.known:
            self.known[text] = self._looked_up(text, position)
        if text in self.asked:
            code, first, count, candidates = self.asked[text]
            self.asked[text] = (code, first, count + 1, candidates)
        return self.known[text]

    def _looked_up(self, text: str, position: int) -> Place | None:
        found = self.gazetteer.find(text)
        if len(found) == 1:
            return found[0]
        code = "place_ambiguous" if found else "place_province" if self.gazetteer.is_province(text) else "place_unknown"
        self.asked[text] = (code, position, 0, found)
        return None

    def _count(self, trip: Trip, times: int) -> None:
        """A trip made `times` times, in both directions, with what it stays for."""
        for mode in (trip.there, trip.back):
            self._leg(trip, mode, times)
        for amount, factor in ((trip.nights, LODGING), (trip.meals, MEAL)):
            if amount:
                self.sums.setdefault(factor, Sum()).add(amount * times, trip.people * times, trip.origin)

    def _leg(self, trip: Trip, mode: Mode | None, times: int) -> None:
        """One direction of a trip."""
        straight = trip.km if trip.km is not None else great_circle_km(self._certain(trip.place), self.venue)
        if mode is None:
            mode = Mode.PLANE if straight > INFERRED_AIR_KM else Mode.HIGH_SPEED_RAIL
        way = WAYS[mode]
        if way is None:
            self.unmotorised += trip.people * times
            return
        if mode is Mode.PLANE and not (self.venue.domestic and (trip.place is None or trip.place.domestic)):
            way = ABROAD
        km = straight if trip.km is not None else straight * way.detour
        heads = Decimal(trip.people)
        if way.per_vehicle:
            heads = EXACT.divide(heads, max(Decimal(1), trip.sharing or Decimal(1)))
        self.sums.setdefault(way.factor, Sum()).add(km * heads * times, trip.people * times, trip.origin)

    def _certain(self, place: Place | None) -> Place:
        if place is None:
            raise ValueError("a leg without a distance and without a place")
        return place


def settle(
    raws: Iterable[Mapping[str, str]], *, gazetteer: Gazetteer, venue: Place, modes: Mapping[str, Mode], infer: bool
) -> Journeys:
    """A whole list. `infer`: a blank mode is high-speed rail, beyond 800 km a plane; else it is a fault."""
    settling = Settling(gazetteer, venue, modes, infer=infer)
    for position, raw in enumerate(raws, start=1):
        settling.row(raw, position)
    return settling.settled()
