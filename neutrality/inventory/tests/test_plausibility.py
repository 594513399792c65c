"""What is unusual is asked about, and never refused."""

from decimal import Decimal as D

import pytest

from neutrality.inventory import rules
from neutrality.inventory.rules import Crowd, GwpSet, Line, Treatment
from neutrality.inventory.tests.library import library, sources
from neutrality.inventory.tests.test_rules import chengdu


def sheet(quantity, factor, source="other"):
    answered = [
        Line(item.code, n, item.code.value, "holding", Treatment.NOT_OCCURRING)
        for n, item in enumerate(sources())
        if item.code != source
    ]
    line = Line(
        "x", 99, source, "holding", Treatment.MEASURED, "", "it", D(quantity), factor.unit, factor, evidence="e"
    )
    return rules.calculate([*answered, line], sources(), GwpSet.AR5)


def own(value, unit):
    return rules.own_factor(value=D(value), unit=unit, source="leaflet")


def codes(sheet, people=500, days=2):
    return [doubt.code for doubt in rules.doubts(sheet, Crowd(people, days))]


@pytest.mark.parametrize(
    ("code", "quantity", "factor", "source"),
    [
        ("meal", "500", own("127", "meal"), "catering"),  # 127 kg for a lunch
        ("total_per_head", "140.5", own("1", "kg"), "other"),  # 281 g a runner
        ("total_per_head", "5000000", own("1", "kg"), "other"),
        ("room_night", "500", own("1000", "room_night"), "lodging"),
        ("nights_per_head", "2001", library()["defra2025.hotel.china.room_night"], "lodging"),
        ("meals_per_day", "5001", library()["cpcd.catering.takeaway_pork_rib_set.meal"], "catering"),
        ("travel_per_head", "20000001", library()["cpcd.travel.hsr.pkm"], "participant_travel"),
        ("power_per_day", "150001", library()["mee.grid.cn_11.2023.kwh"], "electricity"),
    ],
)
def test_the_unusual_is_noticed(code, quantity, factor, source):
    assert code in codes(sheet(quantity, factor, source))


def test_known_events_raise_no_question():
    assert codes(chengdu()) == []
    assert codes(sheet("1448500", own("1", "kg")), people=26_000, days=1) == []  # Wuhan 2023
    assert codes(sheet("22302061", own("1", "kg")), people=16_227, days=6) == []  # EGU 2019


def test_without_a_crowd_only_lines_are_looked_at():
    assert rules.doubts(sheet("140.5", own("1", "kg")), None) == ()
    assert [d.code for d in rules.doubts(sheet("5", own("127", "meal"), "catering"), None)] == ["meal"]
    assert codes(sheet("140.5", own("1", "kg")), people=0) == []
