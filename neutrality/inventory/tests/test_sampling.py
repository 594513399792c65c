"""From a sample to the whole: a textbook example, the coverage of the interval, and what is refused."""

from decimal import Decimal as D

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neutrality.inventory.rules import sampling, survey, travel

KG = {"a": D(1)}


def parties(values, group=1):
    """(people, amount) as answers of one group."""
    return [sampling.Party(group, people, {"a": D(amount)} if amount else {}) for people, amount in values]


def test_the_ratio_estimate_worked_by_hand():
    """Ten parties of two, 1 to 10 kg, of 100 people: ratio 55/20, residuals y - 5.5, s² = 82.5/9, f = 0.2."""
    found = sampling.estimate(parties([(2, kg) for kg in range(1, 11)]), {1: 100}, KG)
    assert (found.kg, found.people, found.population) == (D("275.0000"), 20, 100)
    # deviation = 50 parties × √(0.8 × 9.1667 / 10) = 42.8174; t of 9 degrees 1.833 and 2.262, × 1.2; no skewness
    assert (found.low_kg.quantize(D("0.1")), found.high_kg.quantize(D("0.1"))) == (D("180.8"), D("369.2"))
    assert found.amounts == {"a": sampling.Amount(D("275.00"), D("42.3"))}


def test_a_census_leaves_nothing_to_chance():
    found = sampling.estimate(parties([(1, kg) for kg in range(12)]), {1: 12}, KG)
    assert found.low_kg == found.kg == found.high_kg == D("66.0000")
    assert found.amounts["a"].percent == 0


def test_groups_are_strata_and_add_up():
    athletes = parties([(1, 100)] * 6, 1)
    spectators = parties([(1, 1)] * 6, 2)
    found = sampling.estimate(athletes + spectators, {1: 100, 2: 10_000}, KG)
    assert found.kg == D(20_000)
    assert found.low_kg == found.high_kg  # within each group all say the same


def test_a_group_with_too_few_answers_is_estimated_with_another():
    found = sampling.estimate(parties([(1, 3)] * 20, 1) + parties([(1, 3)] * 2, 2), {1: 100, 2: 50}, KG)
    assert [stratum.groups for stratum in found.strata] == [(1, 2)]
    assert (len(found.pooled), found.kg) == (1, D(450))


@pytest.mark.parametrize(
    ("values", "populations", "code"),
    [
        ([(1, 5)] * 9, {1: 100}, "too_few"),
        ([(1, 5)] * 30, {1: None}, "population_missing"),
        ([(4, 5)] * 30, {1: 100}, "more_than_all"),
    ],
)
def test_what_is_not_estimated(values, populations, code):
    with pytest.raises(sampling.NoEstimate) as refused:
        sampling.estimate(parties(values), populations, KG)
    assert refused.value.code == code


def test_lines_taken_together_are_never_surer_than_their_total():
    """Whoever flies also sleeps there: apart, the errors of the lines would seem to cancel."""
    rows = [sampling.Party(1, 1, {"a": D(kg), "b": D(kg)}) for kg in range(1, 31)]
    found = sampling.estimate(rows, {1: 1000}, {"a": D(1), "b": D(1)})
    alone = sampling.estimate(parties([(1, kg) for kg in range(1, 31)]), {1: 1000}, KG)
    each = found.amounts["a"].percent
    assert found.amounts["b"].percent == each > alone.amounts["a"].percent
    together = (2 * (each / 2) ** 2).sqrt()
    assert abs(together - alone.amounts["a"].percent) < D("0.2")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 6), st.integers(0, 5000)), min_size=10, max_size=30), st.randoms())
def test_the_order_of_answers_does_not_matter(values, random):
    population = {1: sum(people for people, _ in values) + 50}
    first = sampling.estimate(parties(values), population, KG)
    random.shuffle(values)
    assert sampling.estimate(parties(values), population, KG) == first
    assert first.low_kg <= first.kg <= first.high_kg


def town(random, parties_there):
    """People as they come: parties of one to four, distances lognormal, beyond 800 km by air, nights away from home."""
    size = random.choice([1, 1, 1, 2, 2, 3, 4], parties_there)
    km = np.clip(np.exp(random.normal(5.3, 1.1, parties_there)), 5, 2500)
    car = random.random(parties_there) < 0.35
    per_km = np.where(km > 800, 0.0829 * size, np.where(car, 0.2176, 0.0245 * size))
    nights = np.where(km > 150, random.integers(0, 3, parties_there), 0)
    return size, np.round(2 * km * per_km + nights * 53.5 * np.ceil(size / 2), 1)


def covered(size, kg, answers, random):
    """Whether the interval of one drawn sample holds the true total."""
    drawn = random.choice(len(size), answers, replace=False)
    values = [(int(size[i]), str(kg[i])) for i in drawn]
    found = sampling.estimate(parties(values), {1: int(size.sum())}, KG)
    return found.low_kg <= D(str(round(kg.sum(), 1))) <= found.high_kg


def hits():
    """How many of 1,000 surveys of towns nobody has seen have an interval that holds the true total."""
    random = np.random.default_rng(2021)
    found = 0
    for number in range(1000):
        if number % 10 == 0:
            size, kg = town(random, (400, 1500)[number % 20 // 10])
        found += covered(size, kg, (30, 45, 60, 90)[number % 4], random)
    return found


def test_nine_intervals_in_ten_hold_the_true_total():
    assert 880 <= hits() <= 920


def test_student_alone_would_miss_too_often(monkeypatch):
    """Negative control: without the transformation and the widening the same surveys fall short of 88 %."""
    monkeypatch.setattr(sampling, "SKEW_UNSEEN", D(0))
    monkeypatch.setattr(sampling, "_wider", lambda answers: D(1))
    assert hits() < 880


def test_what_an_answer_comes_to():
    """Two adults in one car, 100 km as the crow flies, two nights in one room, back by train."""
    given = survey.Answer(
        group=1, people=2, origin="绵阳", domestic=True, km=D(100), stated=False, there=travel.Mode.CAR,
        back=travel.Mode.TRAIN, sharing=2, room_nights=D(2), meals=D(4),
    )  # fmt: skip
    assert survey.amounts(given, domestic=True) == {
        "cpcd.car.gasoline_compact.km": D(150),
        "cpcd.travel.rail_average.pkm": D(240),
        travel.LODGING: D(2),
        travel.MEAL: D(4),
    }


def test_no_group_of_fewer_than_five_can_be_told_apart():
    assert survey.shown(["a"] * 9 + ["b"] * 5 + ["c"] * 5 + ["d"] * 3) == ([("a", 9), ("b", 5)], 8)
    assert survey.shown(["a"] * 9 + ["b"] * 5) == ([("a", 9), ("b", 5)], 0)
    assert survey.shown(["a"] * 4) == ([], 4)
