"""The conformance kit: our engine agrees with all activities, and a hundred planted faults are each noticed."""

import copy
import io
import json
import subprocess
import sys
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import cache, partial

import pytest
from django.core.management import call_command

from neutrality.inventory import kit
from neutrality.inventory.tests.library import library, sources

RUNNER = kit.FOLDER / "run.py"
ALL = kit.activities()
FACTORS = sorted({(row["factor"], row["value"]) for activity in ALL for row in activity["lines"]})
UNITS = ("t", "g", "万kWh", "MWh", "GJ", "mu")
SPREAD = "rows that tell their percents"
CAR = {"factor": "defra2025.taxis.regular_taxi.km"}
SICHUAN = "mee.grid.cn_51.2023.kwh"
FLIGHTS = ("cpcd.travel.air_domestic.pkm", "defra2025.air.long_haul.economy.norf.pkm")


@cache
def runner():
    namespace = {"__name__": "run"}
    exec(compile(RUNNER.read_text("utf-8"), str(RUNNER), "exec"), namespace)
    return namespace


def broken(activities, answers=None):
    """Codes of the activities a tool gets wrong that calculates `activities` instead of the real ones."""
    answers = answers or {item["code"]: kit.answer(item, sources()) for item in activities}
    return set(runner()["compare"](ALL, answers))


def changed(change, *, when=lambda row: True):
    """The kit with every row for which `when` holds changed in place."""
    activities = copy.deepcopy(ALL)
    for activity in activities:
        for row in activity["lines"]:
            if when(row):
                change(row)
    return activities


def times(name, number):
    """A change: one amount of a row multiplied."""
    return lambda row: row.update({name: f"{Decimal(row[name]) * Decimal(number):f}"})


def with_lines(change):
    """The kit with the rows of every activity of several rows replaced."""
    activities = copy.deepcopy(ALL)
    for activity in activities:
        if len(activity["lines"]) > 1:
            activity["lines"] = change(activity["lines"])
    return activities


def posted(change):
    """Our honest answers, spoilt afterwards."""
    answers = {item["code"]: kit.answer(item, sources()) for item in ALL}
    for item in ALL:
        change(answers[item["code"]], item)
    return answers


def rounded(step, mode):
    """A tool that rounds every line to `step` kg in its own way, where no unit converts."""

    def change(answer, item):
        if any(row["unit"] != row["per"] or row["memo"] for row in item["lines"]):
            return
        products = (Decimal(row["quantity"]) * Decimal(row["value"]) for row in item["lines"])
        answer["total_kg"] = f"{sum(kg.quantize(Decimal(step), mode) for kg in products):f}"

    return change


def spoilt(change, **match):
    """A fault in the rows whose fields are as `match` says; a value may be a test of its own."""

    def hit(row):
        if match.get("memo") is SPREAD:
            return "low_percent" in row
        if "uses" in match:
            return "uses" in row
        return all(want(row[name]) if callable(want) else row[name] == want for name, want in match.items())

    return lambda: broken(changed(change, when=hit))


def set_to(**values):
    """A change: fields of a row replaced."""
    return lambda row: row.update(values)


def misread():
    """Faults in the rows: wrong factors, units, directions, grids, potentials, scopes."""
    for factor, value in FACTORS:
        for number in ("1.02", "0.5"):
            yield f"factor {factor} {value} × {number}", spoilt(times("value", number), factor=factor, value=value)
    for unit in UNITS:
        for number in ("10", "0.001", "1000"):
            yield f"unit {unit} × {number}", spoilt(times("quantity", number), unit=unit)
    yield "one way only", spoilt(times("quantity", "0.5"), unit="passenger_km")
    yield "both ways twice", spoilt(times("quantity", "2"), unit="passenger_km")
    yield "radiative forcing on every flight", spoilt(times("value", "1.7"), factor=FLIGHTS.__contains__)
    for code in ("cn_51.2021", "cn_51.2022", "cn.2023.average"):
        value = str(library()[f"mee.grid.{code}.kwh"].value)
        yield f"grid {code}", spoilt(set_to(value=value), factor=SICHUAN)
    for old, new in (("28", "25"), ("28", "27.9"), ("265", "298"), ("265", "273")):
        yield f"warming potential {old} as {new}", spoilt(set_to(value=new), value=old)
    for old, new in ((1, 3), (2, 3), (3, 1)):
        yield f"scope {old} as {new}", spoilt(set_to(scope=new), scope=old)
    yield "memo items summed", spoilt(set_to(memo=False))
    yield "thousands read as units", spoilt(times("quantity", "0.001"), quantity=lambda text: Decimal(text) >= 1000)
    yield "decimals dropped", spoilt(lambda row: row.update(quantity=row["quantity"].partition(".")[0]))


def misshared():
    """Faults in the portions: a car counted for each of its people, reuse applied twice or to the wrong part."""
    yield "a shared car counted for each person", spoilt(lambda row: row.update(unit="km") or row.pop("sharing"), **CAR)
    yield "a shared car divided twice", spoilt(times("sharing", "1.4"), **CAR)
    yield "people in the car multiply", spoilt(times("quantity", "1.96"), **CAR)
    yield "uses left out", spoilt(lambda row: row.pop("uses") and row.pop("reused_percent", None), uses=True)
    yield "reuse applied twice", spoilt(twice, uses=True)
    yield "the first use not counted", spoilt(lambda row: row.update(uses=str(int(row["uses"]) + 1)), uses=True)
    yield "all of it used again", spoilt(set_to(reused_percent="100"), uses=True)
    yield "the parts swapped", spoilt(set_to(reused_percent="40"), uses=True)
    yield "what is not used again left out", spoilt(times("quantity", "0.6"), uses=True)


def twice(row):
    """The material is divided by its uses before it is written down, and again afterwards."""
    again = Decimal(row.get("reused_percent", "100")) / 100
    row["quantity"] = f"{Decimal(row['quantity']) * (1 - again + again / int(row['uses'])):f}"


def miscounted():
    """Faults in the sums: rows twice or lost, rounding, offsets, units of the answer."""
    yield "a row twice", lambda: broken(with_lines(lambda lines: [*lines, lines[0]]))
    yield "the last row lost", lambda: broken(with_lines(lambda lines: lines[:-1]))
    yield "the first row lost", lambda: broken(with_lines(lambda lines: lines[1:]))
    yield "memo items lost", lambda: broken(with_lines(lambda lines: [row for row in lines if not row["memo"]]))
    yield "offsets subtracted", lambda: broken(ALL, posted(total(lambda kg: kg - 5_000_000)))
    yield "answers in tonnes", lambda: broken(ALL, posted(total(lambda kg: kg / 1000)))
    yield "no answer", lambda: broken(ALL, {"nothing": {}})
    for step, mode in (
        ("0.0001", ROUND_DOWN),
        ("0.0001", ROUND_CEILING),
        ("0.01", ROUND_HALF_UP),
        ("1", ROUND_HALF_UP),
    ):
        yield f"rounding to {step} by {mode}", partial(rounding, step, mode)


def misjudged():
    """Faults in the intervals: sides swapped, parts left out, errors that should add taken as chance."""
    for name in ("quantity_percent", "low_percent", "high_percent"):
        yield f"{name} left out", spoilt(set_to(**{name: "0"}), memo=SPREAD)
        yield f"{name} halved", spoilt(times(name, "0.5"), memo=SPREAD)
    yield "a shared factor taken as two", lambda: broken(with_lines(apart))
    yield "below and above swapped", lambda: broken(ALL, posted(interval(lambda low, high: [high, low])))
    yield "half of the width", lambda: broken(ALL, posted(interval(lambda low, high: [low / 2, high / 2])))
    yield "one standard deviation", lambda: broken(ALL, posted(interval(lambda low, high: [low / 2, high])))
    yield "percents of a sum added up", lambda: broken(ALL, posted(interval(lambda low, high: [low * 2, high * 2])))
    yield "no interval", lambda: broken(ALL, posted(lambda answer, _item: answer.update(interval_percent=None)))


def apart(lines):
    """Every row with a factor of its own, whatever it is called."""
    return [{**row, "factor": f"{place} {row['factor']}"} for place, row in enumerate(lines)]


def interval(change):
    """A spoilt answer: its interval changed."""

    def spoil(answer, _item):
        if answer["interval_percent"]:
            low, high = map(Decimal, answer["interval_percent"])
            answer["interval_percent"] = [str(each) for each in change(low, high)]

    return spoil


def total(change):
    """A spoilt answer: its total changed."""
    return lambda answer, _item: answer.update(total_kg=f"{change(Decimal(answer['total_kg'])):f}")


def rounding(step, mode):
    return broken(ALL, posted(rounded(step, mode)))


FAULTS = dict([*misread(), *misshared(), *miscounted(), *misjudged()])


def test_without_a_fault_nothing_is_broken():
    """The control of every fault below."""
    assert broken(ALL) == broken(changed(lambda row: None)) == set()


def test_the_kit_is_what_it_says():
    assert len(ALL) == 42
    assert all(activity["source"] for activity in ALL)
    assert len(FAULTS) >= 100


def test_our_answers_agree_with_all(tmp_path):
    out = io.StringIO()
    call_command("conformance", answers=True, stdout=out)
    answers = tmp_path / "answers.json"
    answers.write_text(out.getvalue())
    done = subprocess.run(
        [sys.executable, "-I", str(RUNNER), str(answers)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "42 of 42 activities agree\n")
    answers.write_text(json.dumps({"s9": {"total_kg": "NaN"}}))
    assert (
        subprocess.run([sys.executable, "-I", str(RUNNER), str(answers)], capture_output=True, check=False).returncode
        == 1
    )


@pytest.mark.parametrize("name", FAULTS)
def test_every_planted_fault_breaks_at_least_one_activity(name):
    assert FAULTS[name]()
