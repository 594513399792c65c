"""The cost curve as it is drawn: each measure as wide as the tonnes it spares, beginning where the cheaper ones end."""

import re
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from neutrality.activities import rules
from portal.templatetags import charts

HALF = Decimal("0.005")
"""A place and a width are rounded to hundredths, each by itself."""
BAR = re.compile(r'<rect class="bar-plan" x="([\d.]+)" width="([\d.]+)"')
measures = st.lists(st.tuples(st.integers(1, 10**7), st.integers(0, 10**6)), min_size=1, max_size=12)


class Titled:
    title = "LED"


def curve(pairs):
    """(kilograms spared, yuan) of each measure as pairs of measure and step."""
    effects = [(n, rules.Effect("planned", Decimal(kg), None, Decimal(cost))) for n, (kg, cost) in enumerate(pairs)]
    return [(Titled, step) for step in rules.cost_curve(effects)]


def drawn(context):
    """Where each bar begins and how wide it is, as the page has it."""
    text = render_to_string("components/chart_curve.html", context)
    return [(Decimal(x), Decimal(width)) for x, width in BAR.findall(text)]


def told_wrong(steps, bars):
    """What a drawing of these steps says wrongly: a width, a beginning, where all of it ends."""
    found, kg = [], sum(step.spared_kg for _measure, step in steps)
    before = Decimal(0)
    for (_measure, step), (x, width) in zip(steps, bars, strict=True):
        found += ["width"] * (abs(width - step.spared_kg * 100 / kg) > HALF)
        found += ["beginning"] * (abs(x - before * 100 / kg) > HALF)
        before += step.spared_kg
    x, width = bars[-1]
    return found + ["end"] * (abs(x + width - 100) > 2 * HALF)


@given(measures)
def test_a_measure_is_as_wide_as_what_it_spares(pairs):
    steps = curve(pairs)
    assert told_wrong(steps, drawn(charts.cost_curve(steps, Decimal(50)))) == []


def equal(steps, bars):
    share = Decimal(100) / len(bars)
    return [(place * share, share) for place in range(len(bars))]


def by_cost(steps, bars):
    yuan = sum(step.cost_per_t for _measure, step in steps)
    return [(x, step.cost_per_t * 100 / yuan) for (_measure, step), (x, _width) in zip(steps, bars, strict=True)]


def together(steps, bars):
    return [(x, x + width) for x, width in bars]


def all_from_nought(steps, bars):
    return [(Decimal(0), width) for _x, width in bars]


@pytest.mark.parametrize("planted", [equal, by_cost, together, all_from_nought])
def test_a_curve_drawn_wrongly_is_found(planted):
    """Control: widths that are all equal, follow the cost or add up, and bars that all begin at the left."""
    steps = curve([(1000, 40), (3000, 240), (6000, 900)])
    bars = drawn(charts.cost_curve(steps))
    assert told_wrong(steps, bars) == []
    assert told_wrong(steps, planted(steps, bars))


def test_the_width_of_a_known_curve():
    """1 t, 3 t and 6 t of ten: a tenth, three tenths, six tenths, one after the other."""
    bars = drawn(charts.cost_curve(curve([(6000, 900), (1000, 40), (3000, 240)])))
    assert bars == [(0, 10), (10, 30), (40, 60)]
