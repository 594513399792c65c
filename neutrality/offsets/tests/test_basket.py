"""The proposed basket equals brute force, and never offers what was not asked for."""

from decimal import Decimal
from itertools import product
from random import Random

import pytest

from neutrality.offsets.rules import Lot, Trait, propose


def lot(number, units, price, *traits, asks_reason=False):
    return Lot(number, units, Decimal(price), frozenset(traits), asks_reason)


def cheapest(lots, units, trait, share):
    """Every combination of whole units; the lowest cost that covers both, or None."""
    best = None
    for amounts in product(*(range(each.units + 1) for each in lots)):
        with_trait = sum(n for n, each in zip(amounts, lots, strict=True) if trait in each.traits)
        if sum(amounts) == units and with_trait >= share:
            cost = sum((n * each.price_cny for n, each in zip(amounts, lots, strict=True)), Decimal(0))
            best = cost if best is None else min(best, cost)
    return best


def test_small_baskets_equal_brute_force():
    dice, settled = Random(4), 0
    for _ in range(10_000):
        lots = [
            lot(str(n), dice.randint(1, 3), dice.randint(1, 9), *([Trait.FORESTRY] if dice.random() < 0.5 else []))
            for n in range(dice.randint(1, 4))
        ]
        units, percent = dice.randint(1, 7), dice.choice([0, 10, 34, 50, 100])
        share = -(-units * percent // 100)
        basket = propose(lots, units, Trait.FORESTRY, percent)
        best = cheapest(lots, units, Trait.FORESTRY, share)
        assert (basket.missing == 0) == (best is not None)
        if best is not None:
            settled += 1
            assert basket.cost_cny == best
    assert settled > 3000


def test_no_share_is_simply_the_cheapest():
    basket = propose([lot("a", 5, "30"), lot("b", 5, "20.50"), lot("c", 9, "40")], 8)
    assert [(pick.number, pick.units) for pick in basket.picks] == [("b", 5), ("a", 3)]
    assert basket.cost_cny == Decimal("192.50")


def test_equal_prices_prefer_what_needs_no_reason():
    basket = propose([lot("a", 5, "30", asks_reason=True), lot("b", 5, "30")], 5)
    assert [pick.number for pick in basket.picks] == ["b"]


@pytest.mark.parametrize(
    ("units", "percent", "missing", "share_missing"), [(10, 0, 4, 0), (6, 100, 4, 4), (1, 1, 0, 0)]
)
def test_what_cannot_be_covered_is_said(units, percent, missing, share_missing):
    lots = [lot("a", 4, "10"), lot("b", 2, "99", Trait.LOCAL)]
    basket = propose(lots, units, Trait.LOCAL, percent)
    assert (basket.missing, basket.share_missing) == (missing, share_missing)


def test_a_share_is_rounded_up():
    lots = [lot("a", 9, "10"), lot("b", 9, "99", Trait.LOCAL)]
    assert {pick.number: pick.units for pick in propose(lots, 3, Trait.LOCAL, 34).picks} == {"a": 1, "b": 2}
