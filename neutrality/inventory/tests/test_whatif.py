"""What measures would spare: the engine run again; order never matters, parts add up, an overlap counts once."""

from dataclasses import replace
from decimal import Decimal as D
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neutrality.inventory import rules
from neutrality.inventory.rules import whatif
from neutrality.inventory.rules.whatif import Account, Change, Way, changed, faults, outcome
from neutrality.inventory.tests.library import library, sources

PLANE, RAIL, COACH = "cpcd.travel.air_domestic.pkm", "cpcd.travel.hsr.pkm", "cpcd.travel.coach_highway.pkm"
GRID, BOTTLE = "mee.grid.cn_51.2023.kwh", "cpcd.catering.bottled_water.unit"


def factor(code):
    return library()[code]


def line(key, quantity, unit, code, source, position):
    values = {"treatment": rules.Treatment.ESTIMATED, "quantity": D(quantity), "unit": unit, "factor": factor(code)}
    return rules.Line(key, position, source, "holding", **values)


LINES = (
    line("plane", "360000", "passenger_km", PLANE, "participant_travel", 1),
    line("power", "12000", "kWh", GRID, "electricity", 2),
    line("water", "2000", "unit", BOTTLE, "catering", 3),
)


def account(lines=LINES):
    return Account(tuple(lines), tuple(sources()), rules.GwpSet.AR5)


def move(measure, percent, code=RAIL, ratio="1"):
    return Change(measure, "plane", Way.MOVE, percent=D(percent), factor=factor(code), ratio=D(ratio))


def share(measure, key, percent):
    return Change(measure, key, Way.SHARE, percent=D(percent))


def amount(measure, key, value):
    return Change(measure, key, Way.AMOUNT, amount=D(value))


def test_plane_to_high_speed_rail():
    """30 % of 360,000 passenger-km: 108,000 × (0.0829 − 0.0204) = 6,750 kg, and the rest of the inventory unmoved."""
    found = outcome(account(), [move(1, 30)])
    assert found.spared_kg == found.effects[1].counts_kg == found.effects[1].alone_kg == D("6750.0000")
    assert outcome(account(), [move(1, 30, ratio="1.2")]).spared_kg == D("8953.2000") - D("2643.8400")


CHANGES = st.lists(
    st.one_of(
        st.builds(share, st.integers(1, 5), st.sampled_from(["plane", "power", "water"]), st.integers(1, 100)),
        st.builds(amount, st.integers(1, 5), st.sampled_from(["plane", "power"]), st.integers(1, 12_000)),
        st.builds(move, st.integers(1, 5), st.integers(1, 100), st.sampled_from([RAIL, COACH])),
    ),
    max_size=8,
)


@settings(max_examples=150, deadline=None)
@given(made=CHANGES, standing=CHANGES, quantities=st.lists(st.decimals("0.000001", 10**9, places=6), max_size=20))
def test_touched_lines_alone_say_what_the_whole_engine_says(made, standing, quantities):
    """Before and after are those of the engine over every line, to the last place, whatever was touched."""
    others = [
        replace(LINES[1], key=f"k{place}", position=9 + place, quantity=each) for place, each in enumerate(quantities)
    ]
    whole = account([*LINES, *others])
    standing = [replace(change, measure=change.measure + 10) for change in standing]
    found = outcome(whole, made, standing)
    assert found.before_kg == whole.sheet(standing).total_kg
    assert found.after_kg == whole.sheet([*standing, *made]).total_kg


def test_the_comparison_would_notice_a_line_left_out(monkeypatch):
    """The control: with one touched line forgotten the totals part, and the sum of the parts no longer holds."""
    forget = whatif._touched

    def forgetful(account, changes, group):
        touched = forget(account, changes, group)
        return replace(touched, lines=touched.lines[1:]) if len(group) > 1 else touched

    monkeypatch.setattr(whatif, "_touched", forgetful)
    whole, made = account(), [share(1, "power", 50), share(2, "plane", 50)]
    with pytest.raises(AssertionError):
        outcome(whole, made)


def test_the_what_if_is_the_engine_on_the_changed_lines():
    """No shortcut: whoever writes the changed inventory by hand gets the same total to the last place."""
    by_hand = [
        replace(LINES[0], quantity=D(252_000)),
        line("rail", "108000", "passenger_km", RAIL, "participant_travel", 4),
        replace(LINES[1], quantity=D(10_000)),
        replace(LINES[2], quantity=D(1000)),
    ]
    changes = [move(1, 30), amount(2, "power", 2000), share(3, "water", 50)]
    found = outcome(account(), changes)
    assert found.after_kg == rules.calculate(by_hand, sources(), rules.GwpSet.AR5).total_kg
    assert {number: effect.overlap_kg for number, effect in found.effects.items()} == {1: 0, 2: 0, 3: 0}


def test_an_overlap_counts_once_and_is_halved():
    """Fewer flights by half, and half of them by rail: alone 14,922 and 11,250 kg, together 20,547 kg."""
    found = outcome(account(), [share(1, "plane", 50), move(2, 50)])
    assert [found.effects[number].alone_kg for number in (1, 2)] == [D(14_922), D(11_250)]
    assert found.spared_kg == D(20_547)
    assert [found.effects[number].counts_kg for number in (1, 2)] == [D("12109.5"), D("8437.5")]


def test_two_factors_on_one_line_are_not_added_up():
    """Two measures that both change the grid of the same line: the better one counts, once."""
    clean = replace(factor(GRID), code="clean", value=D("0.05"))
    cleaner = replace(factor(GRID), code="cleaner", value=D("0.01"))
    one, two = (Change(n, "power", Way.FACTOR, factor=f) for n, f in ((1, clean), (2, cleaner)))
    assert outcome(account(), [one, two]).spared_kg == outcome(account(), [two]).spared_kg == D("1756.8000")


def test_the_whole_can_only_be_cut_once():
    for both in ([amount(1, "water", 2000), amount(2, "water", 1500)], [share(1, "water", 100), share(2, "water", 30)]):
        found = outcome(account(), both)
        assert found.spared_kg == D(180)
        assert sum(effect.counts_kg for effect in found.effects.values()) == D(180)


def test_measures_already_settled_keep_their_figures():
    """What a later measure adds on top is its own; the earlier figures and it make up the whole."""
    first, later = share(1, "plane", 50), move(2, 50)
    stands = outcome(account(), [first])
    added = outcome(account(), [later], settled=[first])
    assert added.before_kg == stands.after_kg
    assert stands.spared_kg + added.spared_kg == outcome(account(), [first, later]).spared_kg


percents = st.decimals("0.01", 100, places=2)
keys = st.sampled_from(["plane", "power", "water"])
simple = st.builds(share, st.integers(1, 4), keys, percents) | st.builds(
    amount, st.integers(1, 4), keys, st.decimals("0.000001", 2000, places=6)
)
moves = st.builds(move, st.integers(1, 4), percents, st.sampled_from([RAIL, COACH]), st.just("1"))
several = st.lists(simple | moves, min_size=1, max_size=7)


@settings(max_examples=40, deadline=None)
@given(several)
def test_parts_add_up_exactly_and_no_order_matters(changes):
    found = outcome(account(), changes)
    assert sum(effect.counts_kg for effect in found.effects.values()) == found.spared_kg
    assert found.after_kg == account().sheet(changes).total_kg
    assert outcome(account(reversed(LINES)), list(reversed(changes))) == found
    rest = [change.measure for change in changes]
    names = dict(zip(sorted(set(rest)), sorted(set(rest), reverse=True), strict=True))
    renamed = outcome(account(), [replace(change, measure=names[change.measure]) for change in changes])
    for number, effect in found.effects.items():
        assert renamed.effects[names[number]].alone_kg == effect.alone_kg
        assert abs(renamed.effects[names[number]].counts_kg - effect.counts_kg) <= D("0.0001")


@settings(max_examples=40, deadline=None)
@given(st.lists(simple, min_size=1, max_size=7))
def test_cuts_never_count_below_zero_nor_more_than_alone(changes):
    """Cuts of one quantity take from each other: none is negative, none counts more than it would by itself."""
    for effect in outcome(account(), changes).effects.values():
        assert 0 <= effect.counts_kg <= effect.alone_kg + D("0.0001")


@given(several)
@settings(max_examples=30, deadline=None)
def test_a_measure_without_effect_gets_nothing_and_takes_nothing(changes):
    """A change of a line whose factor stays what it is changes nothing for anybody."""
    idle = Change(9, "power", Way.FACTOR, factor=factor(GRID))
    with_idle = outcome(account(), [*changes, idle])
    assert with_idle.effects.pop(9) == whatif.Effect(D(0), D(0))
    assert with_idle == outcome(account(), changes)


def test_shapley_is_the_mean_over_all_orders():
    """Three measures on one line, played out by hand in all six orders."""
    changes = {1: share(1, "plane", 40), 2: move(2, 30), 3: move(3, 60, COACH)}
    found = outcome(account(), changes.values())
    taken = dict.fromkeys(changes, D(0))
    for order in permutations(changes):
        done = []
        for number in order:
            before = account().sheet(done).total_kg
            done.append(changes[number])
            taken[number] += before - account().sheet(done).total_kg
    for number, kg in taken.items():
        assert abs(found.effects[number].counts_kg - kg / 6) <= D("0.0001")


def test_what_is_wrong_with_a_change_is_named_with_its_place():
    wrong = [
        share(1, "nowhere", 10),
        share(1, "water", 0),
        share(1, "water", 101),
        amount(1, "water", 2001),
        Change(1, "plane", Way.MOVE, percent=D(10)),
        Change(1, "plane", Way.MOVE, percent=D(10), factor=factor(RAIL), ratio=D(0)),
        Change(1, "power", Way.FACTOR, factor=factor(RAIL)),
        Change(1, "power", Way.FACTOR, factor=replace(factor(GRID), basis=rules.Basis.LIFE_CYCLE)),
        Change(1, "power", Way.FACTOR, factor=replace(factor(GRID), gwp_set=rules.GwpSet.AR4)),
        share(1, "water", 10),
    ]
    found = {fault.position: fault.code for fault in reversed(faults(account(), wrong))}
    assert found == {
        1: "change_no_line",
        2: "change_percent",
        3: "change_percent",
        4: "change_amount",
        5: "factor_missing",
        6: "change_ratio",
        7: "category_differs",
        8: "life_cycle_in_scope_2",
        9: "gwp_mixed",
    }


def test_more_measures_on_one_line_than_can_be_played_out_are_refused():
    with pytest.raises(whatif.TooManyTogether):
        outcome(account(), [share(number, "plane", 5) for number in range(1, 11)])
    apart = [line(f"w{n}", "100", "unit", BOTTLE, "catering", n) for n in range(1, 31)]
    found = outcome(account(apart), [share(n, f"w{n}", 50) for n in range(1, 31)])
    assert found.spared_kg == D(135)


def test_a_run_that_is_not_the_sum_of_its_lines_is_not_believed(monkeypatch):
    """The control of the sum: a division that loses a tenth of a gram is noticed."""
    monkeypatch.setattr(whatif, "_rounded", lambda exact, whole: dict.fromkeys(exact, D("0.0001")))
    with pytest.raises(AssertionError, match="do not add up"):
        outcome(account(), [move(1, 30)])


def test_lines_without_a_quantity_stay_as_they_are():
    silent = rules.Line("gas", 9, "fuel", "holding", rules.Treatment.NOT_OCCURRING)
    assert changed([silent], [share(1, "gas", 10)]) == (silent,)
