"""Why a figure changed: the parts add up, whatever the edits were."""

import random
from dataclasses import replace
from decimal import Decimal as D

import pytest

from neutrality.inventory import rules
from neutrality.inventory.rules import Basis, Factor, GwpSet, Line, Part, Treatment
from neutrality.inventory.tests.library import sources

A = Factor("a.2022", "a", None, D("2"), "kg", 3)
A_NEXT = replace(A, code="a.2023", value=D("3"))
B = Factor("b", "b", None, D("5"), "kg", 3)
POWER = Factor("p", "p", None, D("0.5"), "kWh", 3)
MEMO = replace(B, code="m", series="m", basis=Basis.MEMO)
SOURCES = ("lodging", "catering", "waste", "goods")
STAGES = ("preparation", "holding", "closing")


def line(key, quantity="10", factor=A, source="waste", **over):
    values = {"stage": "holding", "treatment": Treatment.MEASURED, "unit": factor.unit}
    return Line(key=key, position=0, source=source, quantity=D(quantity), factor=factor, **values | over)


def sheet(*lines):
    placed = [replace(item, position=place) for place, item in enumerate(lines)]
    return rules.calculate(placed, sources(), GwpSet.AR5)


def parts(before, after, *, correction=False):
    found = rules.explain(sheet(*before), sheet(*after), correction=correction)
    assert sum(found.parts.values()) == found.difference_kg
    return {part.value: str(kg) for part, kg in found.parts.items() if kg}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([line("1")], [line("1", "12")], {"data": "4.0000"}),
        ([line("1")], [line("1", factor=A_NEXT)], {"factor": "10.0000"}),
        ([line("1")], [line("1", "12", factor=A_NEXT)], {"data": "5.0000", "factor": "11.0000"}),
        ([line("1")], [line("1", factor=B)], {"method": "30.0000"}),
        ([line("1")], [line("1", factor=POWER)], {"method": "-15.0000"}),
        ([line("1")], [line("1", "0.01", unit="t")], {}),
        ([line("1")], [], {"boundary": "-20.0000"}),
        ([line("1")], [line("1"), line("2", source="goods")], {"boundary": "20.0000"}),
        ([line("1")], [line("1"), line("2", factor=B)], {"data": "50.0000"}),
        ([line("1")], [line("other key", "11", description="renamed")], {"data": "2.0000"}),
        ([line("1")], [line("1", description="renamed")], {}),
        ([line("1")], [line("1", factor=MEMO)], {"boundary": "-20.0000"}),
        ([], [], {}),
    ],
)
def test_each_part(before, after, expected):
    assert parts(before, after) == expected


def test_between_versions_of_one_kind_news_is_a_correction():
    assert parts([line("1")], [line("1", "12")], correction=True) == {"correction": "4.0000"}


def test_a_moved_source_is_named_by_both_ends():
    found = rules.explain(sheet(line("1")), sheet(line("2", source="goods")), correction=False)
    assert [(step.part, step.source, str(step.kg)) for step in found.steps] == [
        (Part.BOUNDARY, "goods", "20.0000"),
        (Part.BOUNDARY, "waste", "-20.0000"),
    ]


def edit(chance, lines):
    """One random edit of a list of lines."""
    lines = list(lines)
    act = chance.choice(["add", "drop", "quantity", "factor", "rename", "shuffle", "treatment", "unit"])
    if act == "add" or not lines:
        factor = chance.choice([A, B, A_NEXT, POWER])
        key = str(chance.randrange(10**9))
        return [
            *lines,
            line(key, str(chance.randrange(10**6)), factor, chance.choice(SOURCES), stage=chance.choice(STAGES)),
        ]
    place = chance.randrange(len(lines))
    old = lines[place]
    if act == "drop":
        return lines[:place] + lines[place + 1 :]
    if act == "shuffle":
        chance.shuffle(lines)
        return lines
    quantity = D(chance.randrange(10**9)).scaleb(-chance.randrange(7))
    factor = chance.choice([A, A_NEXT, B, POWER])
    lines[place] = {
        "quantity": lambda: replace(old, quantity=quantity),
        "factor": lambda: replace(old, factor=factor, unit=factor.unit),
        "rename": lambda: replace(old, description=str(chance.random())),
        "treatment": lambda: replace(old, treatment=Treatment.ESTIMATED),
        "unit": lambda: replace(old, factor=A, unit=chance.choice(["kg", "t", "g", "jin"])),
    }[act]()
    return lines


def test_ten_thousand_chains_of_edits_add_up_and_mirror():
    chance = random.Random(6)
    for _ in range(10_000):
        before = []
        for _ in range(chance.randrange(5)):
            before = edit(chance, before)
        after = before
        for _ in range(chance.randrange(6)):
            after = edit(chance, after)
        first, second = sheet(*before), sheet(*after)
        there = rules.explain(first, second, correction=False)
        back = rules.explain(second, first, correction=False)
        assert sum(there.parts.values()) == second.total_kg - first.total_kg == sum(step.kg for step in there.steps)
        assert back.parts == {part: -kg for part, kg in there.parts.items()}


def test_the_way_of_edits_does_not_matter():
    """Whatever was done and undone on the way, only where it began and ended counts; the order of rows does not."""
    chance = random.Random(7)
    for _ in range(500):
        start = [
            line(str(n), str(chance.randrange(1000)), chance.choice([A, B]), chance.choice(SOURCES)) for n in range(4)
        ]
        end = edit(chance, edit(chance, start))
        direct = rules.explain(sheet(*start), sheet(*end), correction=False)
        chance.shuffle(start)
        chance.shuffle(end)
        again = rules.explain(sheet(*start), sheet(*end), correction=False)
        assert (direct.parts, direct.difference_kg) == (again.parts, again.difference_kg)


def test_identical_versions_give_zeros():
    chance = random.Random(8)
    for _ in range(500):
        lines = []
        for _ in range(6):
            lines = edit(chance, lines)
        found = rules.explain(sheet(*lines), sheet(*reversed(lines)), correction=True)
        assert (set(found.parts.values()), found.steps) == ({D("0.0000")}, ())
