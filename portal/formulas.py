"""The sums of the house with one worked example each, computed here by the very functions that compute everywhere."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from neutrality import periods, quantities
from neutrality.inventory.rules import GWP_DEFAULT, OTHER_SOURCE, Cover, CoverLevel, Line, Treatment, own_factor, whatif
from portal.templatetags.house import day, number, percent, tonnes, units

POWER_KWH, GRID_KG = Decimal("10000"), Decimal("0.1564")  # TV7
EXACT_KG = Decimal("103150")  # TV5
COVERED = 103
P90 = Cover(CoverLevel.P90, EXACT_KG, 118_420)
LEAP_DAY = date(2028, 2, 29)  # TV6b
NOTICE_FROM, NOTICE_DAYS = date(2026, 7, 17), 20  # TV4


@dataclass(frozen=True)
class Formula:
    """One sum: what it is, how it goes, how it is rounded, where the rule stands, and an example."""

    name: str
    how: str
    rounding: str
    rule: str
    example: str


def amounts() -> list[Formula]:
    """From a line of the inventory to the share that is covered."""
    line = quantities.line_kg(POWER_KWH, GRID_KG)
    total = quantities.total([line, EXACT_KG - line])
    owed = quantities.obligation(EXACT_KG)
    return [
        Formula(
            _("A line"),
            _("quantity × factor"),
            _("half up to four places of a kilogram, once"),
            "R1.40",
            f"{number(POWER_KWH)} kWh × {number(GRID_KG)} kg/kWh = {number(line)} kg",
        ),
        Formula(
            _("A total"),
            _("the sum of its lines"),
            _("none: the sum is exact"),
            "R1.15",
            f"{number(line)} + {number(EXACT_KG - line)} = {number(total)} kg",
        ),
        Formula(
            _("Tonnes on a page"),
            _("kilograms ÷ 1,000"),
            _("half up to three places, for reading only"),
            "R1.36",
            f"{number(EXACT_KG)} kg → {tonnes(EXACT_KG)} t CO₂e",
        ),
        Formula(
            _("What is owed"),
            _("the total in whole tonnes"),
            _("always up, because units are whole"),
            "R1.29",
            f"{tonnes(EXACT_KG)} t CO₂e → {units(owed)} t",
        ),
        Formula(
            _("What is owed for the 90th percentile"),
            _("the simulated 90th percentile in whole tonnes, where the organizer chose it"),
            _("always up, and never less than the total asks for"),
            "R2.38",
            f"{tonnes(P90.p90_kg or 0)} t CO₂e → {units(P90.owed())} t",
        ),
        Formula(
            _("Share covered"),
            _("cancelled ÷ total"),
            _("always down; a hundred percent only when all that is owed is cancelled"),
            "R1.39",
            f"{units(COVERED)} t ÷ {tonnes(EXACT_KG)} t CO₂e → {percent(quantities.share(COVERED, EXACT_KG))}",
        ),
        _measures(),
    ]


def _measures() -> Formula:
    """Half of the power cut by each of two measures: together three quarters, each counting half of that."""
    factor = own_factor(value=GRID_KG, unit="kWh", source="TV7")
    answers = {"treatment": Treatment.MEASURED, "quantity": POWER_KWH, "unit": "kWh", "factor": factor}
    line = Line("power", 1, OTHER_SOURCE, "holding", description="power", evidence="-", **answers)
    halves = [whatif.Change(number, "power", whatif.Way.SHARE, percent=Decimal(50)) for number in (1, 2)]
    found = whatif.outcome(whatif.Account((line,), (), GWP_DEFAULT), halves)
    alone, counts = found.effects[1].alone_kg, found.effects[1].counts_kg
    return Formula(
        _("What a measure spares"),
        _("the estimate, less the estimate calculated again with its changes; what they share is divided by Shapley"),
        _("parts down to four places of a kilogram, so that they add up exactly"),
        "R1.7",
        f"{number(alone)} + {number(alone)} → {number(counts)} + {number(counts)} = {number(found.spared_kg)} kg",
    )


def clocks(calendar: periods.Calendar) -> list[Formula]:
    """How days are counted. The working-day example needs the official calendar of its year."""
    found = [
        Formula(
            _("A period of years"),
            _("the same day of a later year; the starting day is not counted"),
            _("the month's last day where that day is missing"),
            "R8.1",
            f"{day(LEAP_DAY)} → {day(periods.years_after(LEAP_DAY, 1))}",
        )
    ]
    try:
        ends = periods.working_days_inclusive(NOTICE_FROM, NOTICE_DAYS, calendar)
    except periods.CalendarMissing:
        return found
    example = _("%(days)s working days from %(first)s → %(last)s")
    words: dict[str, Any] = {"days": NOTICE_DAYS, "first": day(NOTICE_FROM), "last": day(ends)}
    return [
        *found,
        Formula(
            _("Working days"),
            _("days of work in the official calendar, made-up days included"),
            _("whole days"),
            "R8.2",
            example % words,
        ),
    ]
