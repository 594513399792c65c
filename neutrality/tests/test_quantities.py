"""Quantities against exact fractions, and what people and attackers type."""

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neutrality import quantities as q

quantity = st.decimals(min_value=0, max_value=10**8, places=6)
factor = st.decimals(min_value=0, max_value=10**6, places=9)
kilograms = st.decimals(min_value=0, max_value=10**12, places=4)


def half_up(value: Fraction, places: int) -> Fraction:
    return Fraction(floor(value * 10**places + Fraction(1, 2)), 10**places)


@given(quantity, factor)
def test_a_line_is_the_product_rounded_half_up_once(quantity, factor):
    assert Fraction(q.line_kg(quantity, factor)) == half_up(Fraction(quantity) * Fraction(factor), 4)


@given(st.lists(kilograms, max_size=30))
def test_a_total_is_the_exact_sum(lines):
    assert Fraction(q.total(lines)) == sum(map(Fraction, lines), Fraction(0))


@given(kilograms)
def test_tonnes_are_exact_and_shown_to_three_places(kg):
    assert Fraction(q.tonnes(kg)) == Fraction(kg) / 1000
    assert Fraction(q.shown_t(kg)) == half_up(Fraction(kg) / 1000, 3)


@given(kilograms)
def test_the_obligation_covers_and_is_the_least_that_does(kg):
    owed = q.obligation(kg)
    assert owed == ceil(Fraction(kg) / 1000)


@given(kilograms, st.integers(0, 10**10))
def test_a_share_is_the_floor_and_full_only_when_met(kg, units):
    shown = q.share(units, kg)
    assert (shown == 100) == (units >= q.obligation(kg))
    if shown < 100:
        assert shown == floor(Fraction(units * 100 * 1000) / Fraction(kg))


def test_tv5():
    actual = Decimal("103150")
    assert q.obligation(actual) == 104
    assert q.share(103, actual) == 99
    assert q.share(104, actual) == 100


def test_tv7_lines():
    kwh = Decimal(10_000)
    assert q.tonnes(q.line_kg(kwh, Decimal("0.1564"))) == Decimal("1.564")
    assert q.tonnes(q.line_kg(kwh, Decimal("0.5306"))) == Decimal("5.306")
    assert q.tonnes(q.line_kg(kwh, Decimal("0.6096"))) == Decimal("6.096")


def test_nothing_emitted_owes_nothing():
    assert (q.obligation(Decimal(0)), q.share(0, Decimal(0))) == (0, 100)


@pytest.mark.parametrize("wrong", [0.1, True, "1", None])
def test_only_exact_amounts(wrong):
    for call in (q.tonnes, q.shown_t, q.obligation, q.score, lambda x: q.line_kg(x, Decimal(1))):
        with pytest.raises(TypeError):
            call(wrong)


@pytest.mark.parametrize("wrong", [Decimal("nan"), Decimal("inf"), Decimal("sNaN")])
def test_only_finite_amounts(wrong):
    with pytest.raises(q.OutOfRange):
        q.tonnes(wrong)


def test_out_of_range():
    for quantity, factor in ((Decimal(-1), Decimal(1)), (Decimal(1), Decimal(-1)), (Decimal(10**12), Decimal(10**5))):
        with pytest.raises(q.OutOfRange):
            q.line_kg(quantity, factor)
    for wrong in (Decimal(-1), Decimal(10**16)):
        with pytest.raises(q.OutOfRange):
            q.obligation(wrong)
    with pytest.raises(q.OutOfRange):
        q.share(-1, Decimal(1))


def test_scores_and_points():
    assert q.score(Decimal("87.125")) == Decimal("87.13")
    assert q.floor(Decimal("87.999")) == 87


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1448.5", "1448.5"),
        ("1,448.5", "1448.5"),
        ("１，４４８．５", "1448.5"),
        (" \u3000 12 \u00a0", "12"),
        (".5", "0.5"),
        ("+7", "7"),
        ("0", "0"),
        ("-0", "0"),
        ("007", "7"),
        ("1.5000000000", "1.5"),
        ("999999999999.999999", "999999999999.999999"),
        ("1,000,000", "1000000"),
    ],
)
def test_read(typed, meant):
    read = q.read_decimal(typed)
    assert read == Decimal(meant)
    assert not read.is_signed()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "blank"),
        (" \u3000\t", "blank"),
        ("1.448,5", "decimal_comma"),
        ("1,5", "decimal_comma"),
        ("1448,50", "decimal_comma"),
        ("1_000", "not_a_number"),
        ("2026-05-18 00:00:00", "a_day"),
        ("2026年5月18日", "a_day"),
        ("12:30:00", "a_day"),
        ("about 1000", "rough"),
        ("约1000", "rough"),
        ("1000左右", "rough"),
        ("x" * 200, "not_a_number"),
        ("nan", "not_a_number"),
        ("Infinity", "not_a_number"),
        ("1e400", "exponent"),
        ("1E-7", "exponent"),
        ("0x10", "not_a_number"),
        ("10²", "not_a_number"),
        ("½", "not_a_number"),
        ("①", "not_a_number"),
        ("٣", "not_a_number"),
        ("一百", "not_a_number"),
        ("1 448", "not_a_number"),
        ("12万", "not_a_number"),
        ("1.2.3", "not_a_number"),
        ("1,44,8", "not_a_number"),
        ("--1", "not_a_number"),
        ("-", "not_a_number"),
        ("+", "not_a_number"),
        ("1.", "not_a_number"),
        ("=1+1", "not_a_number"),
        ("1\u202e2", "not_a_number"),
        ("1\n2", "not_a_number"),
        ("1\x00", "not_a_number"),
        ("-3", "negative"),
        ("\u22123", "negative"),
        ("1000000000000", "too_many_digits"),
        ("9" * 100_000, "too_many_digits"),
        ("1.1234567", "too_many_places"),
    ],
)
def test_refused(typed, code):
    with pytest.raises(q.NotANumber) as refused:
        q.read_decimal(typed)
    assert refused.value.code == code
    assert code in q.NotANumber.CODES


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_and_fits_the_column(text):
    try:
        read = q.read_decimal(text)
    except q.NotANumber as problem:
        read, code = None, problem.code
    assert code in q.NotANumber.CODES if read is None else (0 <= read < 10**12 and read == round(read, 6))


@given(st.decimals(min_value=0, max_value=10**11, places=6))
def test_what_is_printed_is_read_back(amount):
    assert q.read_decimal(f"{amount:f}") == amount
    assert q.read_decimal(f"{amount:,f}") == amount


def test_signed_amounts_where_asked_for():
    assert q.read_decimal("-3.5", signed=True) == Decimal("-3.5")
