"""A list of journeys added up: the rule of rules/travel.py for every row at once, on whole numbers.

Texts are read once for each different one; what is left of a row are indexes and whole numbers (metres, hundredths,
ten-thousandths), so a million rows add up exactly as a million Decimals would: the sums here are those of
`travel.row_amounts` to the last digit. Nothing is a binary fraction.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product

import numpy as np
from numpy.typing import NDArray

from neutrality.inventory.listreading import (
    BLANK,
    CABINS,
    HUNDREDTHS,
    MODES,
    Column,
    Ints,
    Settling,
    Terms,
    Texts,
    Wrong,
)
from neutrality.inventory.rules import places, travel
from neutrality.inventory.rules.places import Place

SAFE = 2**62
DENSE = 2**22
PLANE, RAIL = MODES.index(travel.Mode.PLANE), MODES.index(travel.Mode.HIGH_SPEED_RAIL)


@dataclass
class Tally:
    """A list settled. Rows that say the same of a journey are one kind: `kind` has it for each row that says anything,
    `position` the place of that row in the list; origin to sharing and legs have one entry for each kind, and `times`
    how many rows are of it. `stays` are nights and meals; they, km and sharing are hundredths."""

    position: Ints
    kind: NDArray[np.int32]
    times: Ints
    origin: Ints
    people: Ints
    there: Ints
    back: Ints
    cabin: Ints
    km: Ints
    sharing: Ints
    places: list[Place]
    written: dict[str, Place]
    stays: dict[str, Texts]
    wrong: tuple[Wrong, ...]
    factors: list[str]
    sums: dict[str, travel.Sum] = field(default_factory=dict)
    legs: list[tuple[Ints, Ints]] = field(default_factory=list)
    unmotorised: int = 0

    @property
    def rows(self) -> int:
        return len(self.position)

    @property
    def heads(self) -> int:
        """How many people the list is about."""
        return int((self.people * self.times).sum())


def joint(columns: Sequence[Texts]) -> tuple[NDArray[np.int32], Ints, Ints]:
    """Rows that agree in all columns are one kind: for each row its kind, and of each kind how many rows it has and
    where its first one stands."""
    key, size = np.zeros(len(columns[0].codes), dtype=np.int64), 1
    for column in columns:
        known, same = np.unique(column.values, return_inverse=True)
        if len(known) == 1:
            continue
        if size * len(known) > DENSE and size > 1:
            key = np.unique(key, return_inverse=True)[1]
            size = int(key.max(initial=0)) + 1
        key = key * len(known) + same[column.codes]
        size *= len(known)
    if size > DENSE:
        _, kind, times = np.unique(key, return_inverse=True, return_counts=True)
    else:
        counts = np.bincount(key, minlength=size)
        present = np.flatnonzero(counts)
        place_of = np.zeros(size, dtype=np.int32)
        place_of[present] = np.arange(len(present))
        kind, times = place_of[key], counts[present]
    first = np.zeros(len(times), dtype=np.int64)
    first[kind[::-1]] = np.arange(len(kind) - 1, -1, -1)
    return kind.astype(np.int32), times.astype(np.int64), first


def settle(columns: Mapping[str, Column], rows: int, terms: Terms) -> Tally:
    """A whole list, with every fault and every question it leaves."""
    reading = Settling(columns, rows, terms)
    people, km, sharing, nights, meals = (reading.number(name) for name in travel.NUMBERS)
    there, back, cabin = reading.mode("mode"), reading.mode("back"), reading.cabin()
    if not terms.infer and (there.values == BLANK).any():
        missing = np.flatnonzero(there.rows == BLANK)
        if len(missing):
            reading.say("mode_missing", "mode", reading.position[missing] + 1)
    origin, settled, written = reading.origins((km.values != BLANK)[km.codes])
    reading.ask_who_is_here(origin, settled, km, (there, back))
    kind, times, first = joint([origin, there, back, cabin, people, km, sharing])
    of = {
        "origin": origin,
        "there": there,
        "back": back,
        "cabin": cabin,
        "people": people,
        "km": km,
        "sharing": sharing,
    }
    each = {name: texts.values[texts.codes[first]] for name, texts in of.items()}
    each["people"] = np.where(each["people"] == BLANK, HUNDREDTHS, each["people"]) // HUNDREDTHS
    each["back"] = np.where(each["back"] == BLANK, each["there"], each["back"])
    tally = Tally(
        position=reading.position,
        kind=kind,
        times=times,
        origin=each["origin"],
        people=each["people"],
        there=each["there"],
        back=each["back"],
        cabin=each["cabin"],
        km=each["km"],
        sharing=each["sharing"],
        places=settled,
        written=written,
        stays={travel.LODGING: nights, travel.MEAL: meals},
        wrong=(),
        factors=travel.factors(),
    )
    _guess(tally, terms)
    tally.there, tally.back = reading.ask_about_ways(kind, tally.origin, settled, (tally.there, tally.back))
    if not reading.wrong and tally.heads > travel.MOST_IN_LIST:
        reading.say("people_too_many", "people", reading.position[:1] + 1)
    tally.wrong = tuple(sorted(reading.wrong, key=lambda wrong: (-len(wrong.rows), wrong.rows[0])))
    if not tally.wrong and tally.rows:
        _calculate(tally, terms.venue)
        _add_up(tally)
    return tally


def _metres(tally: Tally, venue: Place) -> Ints:
    """How far each kind of row is from the venue: as written, else the great circle."""
    here = np.array([int(places.great_circle_km(place, venue) * 1000) for place in tally.places] or [0])
    return np.where(tally.km != BLANK, tally.km * 10, here[tally.origin])


def _guess(tally: Tally, terms: Terms) -> None:
    """Blank modes by the rule of the list, where it asks for that."""
    if terms.infer:
        guess = np.where(_metres(tally, terms.venue) > travel.INFERRED_AIR_KM * 1000, PLANE, RAIL)
        tally.there = np.where(tally.there == BLANK, guess, tally.there)
        tally.back = np.where(tally.back == BLANK, guess, tally.back)


def _calculate(tally: Tally, venue: Place) -> None:
    """Both directions of every kind of row."""
    cabin, sharing = tally.cabin, tally.sharing
    known, given = tally.origin != BLANK, tally.km != BLANK
    metres = _metres(tally, venue)
    domestic = np.array([venue.domestic and place.domestic for place in tally.places] or [False])[tally.origin] & known
    factor, detour, shared = _ways(tally.factors)
    for mode in (tally.there, tally.back):
        used = factor[mode, cabin, domestic.astype(np.int64)]
        longer = np.where(given, HUNDREDTHS, detour[mode, cabin, domestic.astype(np.int64)])
        amount = metres * longer * tally.people // 10  # metres × hundredths to ten-thousandths of a km
        heads = np.where(shared[mode] & (sharing != BLANK), sharing, HUNDREDTHS)
        amount = -(-amount * HUNDREDTHS // heads)  # a share is rounded up
        tally.legs.append((used, np.where(used == BLANK, 0, amount)))
        tally.unmotorised += int((tally.people * tally.times)[used == BLANK].sum())


def _ways(codes: Sequence[str]) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """For each mode, class, and whether domestic: the factor and the detour in hundredths; whether cars are shared."""
    factor = np.full((len(MODES), len(CABINS), 2), BLANK, dtype=np.int64)
    detour = np.full_like(factor, HUNDREDTHS)
    for m, c, d in product(range(len(MODES)), range(len(CABINS)), (0, 1)):
        way = travel.way_of(MODES[m], CABINS[c], domestic=bool(d))
        if way is not None:
            factor[m, c, d], detour[m, c, d] = codes.index(way.factor), int(way.detour * HUNDREDTHS)
    ways = [travel.WAYS[mode] for mode in MODES]
    return factor, detour, np.array([way is not None and way.per_vehicle for way in ways])


def _add_up(tally: Tally) -> None:
    """The sums by factor: exact, and how many people from how many places stand behind each."""
    origins, people, times = tally.origin, tally.people, tally.times
    for used, amount in tally.legs:
        for index in np.unique(used[used != BLANK]):
            mine = used == index
            _add(tally, tally.factors[index], amount[mine], people[mine], times[mine], origins[mine])
    for code, stays in tally.stays.items():
        kinds, times, amount = _stayed(tally, stays)
        if len(kinds):
            _add(tally, code, amount * HUNDREDTHS, people[kinds], times, origins[kinds])


def _stayed(tally: Tally, stays: Texts) -> tuple[Ints, Ints, Ints]:
    """Kinds of rows that stay, with how many rows stay how long: kinds, times, hundredths."""
    if not (stays.values > 0).any():
        return tally.times[:0], tally.times[:0], tally.times[:0]
    _, times, first = joint([Texts(np.arange(len(tally.times)), tally.kind), stays])
    amount = stays.values[stays.codes[first]]
    staying = amount > 0
    return tally.kind[first[staying]], times[staying], amount[staying]


def _add(tally: Tally, code: str, amount: Ints, people: Ints, times: Ints, origins: Ints) -> None:
    found = tally.sums.setdefault(code, travel.Sum())
    found.amount += Decimal(int((amount * times).sum())).scaleb(-4)
    found.people += int((people * times).sum())
    found.places = max(found.places, len(np.unique(origins[origins != BLANK])))


# --- what each row comes to


def row_kg(tally: Tally, values: Mapping[str, Decimal]) -> Ints:
    """What every row comes to in ten-thousandths of a kg: each part rounded half up, as a line is."""
    total = kind_kg(tally, values)[tally.kind]
    for code, stays in tally.stays.items():
        if (stays.values > 0).any():
            total += _times(np.maximum(stays.values, 0) * HUNDREDTHS, values[code])[stays.codes]
    return total


def kind_kg(tally: Tally, values: Mapping[str, Decimal]) -> Ints:
    """What both directions of each kind of row come to, in ten-thousandths of a kg."""
    total = np.zeros(len(tally.times), dtype=np.int64)
    for used, amount in tally.legs:
        for index in np.unique(used[used != BLANK]):
            mine = np.flatnonzero(used == index)
            total[mine] += _times(amount[mine], values[tally.factors[index]])
    return total


def _times(amounts: Ints, value: Decimal) -> Ints:
    """Amounts × a factor, half up. Products beyond 62 bits are multiplied as Python's numbers, one by one."""
    _, digits, exponent = value.as_tuple()
    whole, scale = int("".join(map(str, digits))), 10 ** -int(exponent)
    small = amounts <= SAFE // max(1, 2 * whole)
    found = np.zeros_like(amounts)
    found[small] = (amounts[small] * whole * 2 + scale) // (2 * scale)
    for at in np.flatnonzero(~small):
        found[at] = (int(amounts[at]) * whole * 2 + scale) // (2 * scale)
    return found


def groups(tally: Tally, values: Mapping[str, Decimal]) -> list[travel.Group]:
    """Who came from where, fit to be shown: nobody's group is smaller than five."""
    size = len(tally.places) + 1
    weights: list[int] = [0] * size
    heads: list[int] = [0] * size
    parts = [(tally.origin, kind_kg(tally, values) * tally.times)]
    for code, stays in tally.stays.items():
        kinds, times, amount = _stayed(tally, stays)
        parts.append((tally.origin[kinds], _times(amount * HUNDREDTHS, values[code]) * times))
    for origins, kg in parts:
        for place, weight in _by_place(origins, kg):
            weights[place] += weight
    for place, count in _by_place(tally.origin, tally.people * tally.times):
        heads[place] += count
    names = [*(place.code for place in tally.places), ""]
    found = zip(names, heads, weights, strict=True)
    return travel.gathered([travel.Group(name, head, Decimal(kg).scaleb(-4)) for name, head, kg in found if head])


def _by_place(origins: Ints, amounts: Ints) -> Iterator[tuple[int, int]]:
    """Sums by place, exact."""
    if not len(origins):
        return
    order = np.argsort(origins, kind="stable")
    starts = np.flatnonzero(np.diff(origins[order], prepend=BLANK - 1))
    sums = np.add.reduceat(amounts[order], starts)
    yield from zip(origins[order[starts]].tolist(), sums.tolist(), strict=True)
