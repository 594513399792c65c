"""Bands of known events: a figure outside one is a question to the organizer, never a refusal (pure; R5.15).

The bands are ours, drawn widely around what published accounts show: Wuhan Marathon 2023 55.7 kg a runner, a two-day
conference in Chengdu 126 kg, courses of TESA 2019 508 to 700 kg, EGU 2019 1,374 kg a participant.
"""

from dataclasses import dataclass
from decimal import Decimal

from neutrality.inventory.rules.calculation import Result, Sheet

PLACE = Decimal("0.1")


@dataclass(frozen=True)
class Band:
    """What is usual: from `low` to `high`; either may be open."""

    low: Decimal | None
    high: Decimal | None

    def holds(self, value: Decimal) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


BANDS = {
    "total_per_head": Band(Decimal(10), Decimal(2500)),  # kg per person on site
    "meal": Band(Decimal("0.2"), Decimal(10)),  # kg per meal
    "room_night": Band(Decimal(3), Decimal(200)),  # kg per room night
    "meals_per_day": Band(None, Decimal(5)),  # per person and day
    "nights_per_head": Band(None, Decimal(1)),  # rooms per person and night, two nights more than the event has days
    "travel_per_head": Band(None, Decimal(40_000)),  # km per person
    "power_per_day": Band(None, Decimal(150)),  # kWh per person and day
}
EXTRA_NIGHTS = 2
TRAVEL_UNITS = ("km", "passenger_km")


@dataclass(frozen=True)
class Crowd:
    """Who was there and for how long."""

    people: int
    days: int


@dataclass(frozen=True)
class Doubt:
    """A figure outside its band: code, the value found (one decimal place), and the band."""

    code: str
    value: Decimal
    band: Band
    position: int | None = None


def doubts(sheet: Sheet, crowd: Crowd | None) -> tuple[Doubt, ...]:
    """Everything about a sheet that is unusual. Without a crowd only what a line says of itself is looked at."""
    found = [doubt for result in sheet.results for doubt in _line(result)]
    if crowd is not None and crowd.people > 0:
        found += _crowd(sheet, crowd)
    return tuple(found)


def _ask(code: str, value: Decimal, position: int | None = None) -> list[Doubt]:
    if BANDS[code].holds(value):
        return []
    return [Doubt(code, value.quantize(PLACE) if value > 1 else value.quantize(PLACE / 100), BANDS[code], position)]


def _line(result: Result) -> list[Doubt]:
    code = result.factor.unit if result.factor.unit in ("meal", "room_night") else ""
    return _ask(code, result.factor.value, result.line.position) if code else []


def _crowd(sheet: Sheet, crowd: Crowd) -> list[Doubt]:
    people, person_days = Decimal(crowd.people), Decimal(crowd.people * max(1, crowd.days))
    nights = Decimal(crowd.people * (crowd.days + EXTRA_NIGHTS))
    travelled = _amount(sheet, TRAVEL_UNITS, "participant_travel")
    found = _ask("total_per_head", sheet.total_kg / people) if sheet.total_kg and not sheet.partial else []
    found += _ask("meals_per_day", _amount(sheet, ("meal",)) / person_days)
    found += _ask("nights_per_head", _amount(sheet, ("room_night",)) / nights)
    found += _ask("travel_per_head", travelled / people)
    return found + _ask("power_per_day", _amount(sheet, ("kWh",), "electricity") / person_days)


def _amount(sheet: Sheet, units: tuple[str, ...], source: str = "") -> Decimal:
    """How much of something the sheet counts, in the unit of its factors."""
    amounts = (r.amount for r in sheet.results if r.factor.unit in units and source in ("", r.line.source))
    return sum(amounts, Decimal(0))
