"""The calculation against published examples (P1-P15, S1-S10, the Chengdu event, IPCC intervals)."""

from decimal import Decimal as D
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neutrality.inventory import rules
from neutrality.inventory.rules import Basis, Category, Factor, Gap, GwpSet, Line, Tier, Treatment
from neutrality.inventory.tests.library import library, sources
from neutrality.quantities import line_kg, total

CHENGDU = [
    ("stationary_fuel", "guideline.cn.fuel.natural_gas.m3", "300", "m3", "648.6567", 1),
    ("stationary_fuel", "guideline.cn.fuel.diesel.l", "200", "L", "528.3806", 1),
    ("refrigerant", "defra2025.fugitive.r410a.kg", "0.5", "kg", "962.0000", 1),
    ("electricity", "mee.grid.cn_51.2023.kwh", "12000", "kWh", "1876.8000", 2),
    ("participant_travel", "cpcd.travel.hsr.pkm", "108000", "passenger_km", "2203.2000", 3),
    ("participant_travel", "cpcd.travel.air_domestic.pkm", "360000", "passenger_km", "29844.0000", 3),
    ("local_transport", "cpcd.metro.actual.pkm", "20000", "passenger_km", "862.8000", 3),
    ("local_transport", "cpcd.taxi.average.pkm", "4000", "passenger_km", "400.4000", 3),
    ("lodging", "defra2025.hotel.china.room_night", "300", "room_night", "16050.0000", 3),
    ("catering", "cpcd.catering.takeaway_pork_rib_set.meal", "1500", "meal", "3042.9000", 3),
    ("catering", "cpcd.catering.bottled_water.unit", "2000", "unit", "180.0000", 3),
    ("venue_construction", "cpcd.board.plywood.m3", "12", "m3", "3744.9600", 3),
    ("freight", "gbt51366.freight.truck_diesel_18t.tkm", "13500", "tonne_km", "1741.5000", 3),
    ("goods", "cpcd.paper.offset.kg", "250", "kg", "518.1250", 3),
    ("water", "gbt51366.water.tap.m3", "150", "m3", "25.2000", 3),
    ("water", "cpcd.wastewater.average.m3", "120", "m3", "51.8400", 3),
    ("waste", "cpcd.waste.msw_average.kg", "900", "kg", "360.0000", 3),
    ("online", "derived.cn.digital.video_streaming.person_hour", "1800", "person_hour", "73.5408", 3),
]
FOOD_WASTE = "defra2025.waste.organic_food_and_drink_waste.landfill.kg"
ABSENT = ("mobile_fuel", "heat", "staff_travel")


def line(position=1, source="electricity", quantity="100", unit="kWh", factor="mee.grid.cn_51.2023.kwh", **over):
    values = {"key": str(position), "stage": "holding", "treatment": Treatment.MEASURED, "tier": Tier.MEASURED}
    found = library()[factor] if isinstance(factor, str) else factor
    amount = D(quantity) if quantity is not None else None
    return Line(position=position, source=source, quantity=amount, unit=unit, factor=found, **values | over)


def plain(value="1", unit="kg", **over):
    return Factor(code="x", series="x", category=None, value=D(value), unit=unit, scope=3, **over)


def sheet(*lines, gwp_set=GwpSet.AR5):
    return rules.calculate(lines, sources(), gwp_set)


def chengdu():
    lines = [
        line(number, source, quantity, unit, code)
        for number, (source, code, quantity, unit, _, _) in enumerate(CHENGDU)
    ]
    absent = [
        Line(key=source, position=100 + n, source=source, stage="holding", treatment=Treatment.NOT_OCCURRING)
        for n, source in enumerate(ABSENT)
    ]
    return sheet(*lines, *absent)


def test_what_is_remembered_of_units_is_short_and_bounded():
    """A cell of blanks around a unit would else stay in memory for good, every one of them."""
    assert rules.read_unit("  kWh ") == "kWh"
    with pytest.raises(rules.UnknownUnit):
        rules.read_unit(" " * 1000 + "kWh")
    assert rules.read_unit.cache_info().maxsize


def test_chengdu_line_by_line():
    found = chengdu()
    assert [(str(result.kg), result.scope) for result in found.results] == [(kg, scope) for *_, kg, scope in CHENGDU]


def test_chengdu_totals():
    found = chengdu()
    assert found.total_kg == D("63114.3031")
    assert found.by_scope == {1: D("2139.0373"), 2: D("1876.8000"), 3: D("59098.4658")}
    assert (found.gaps, found.faults, found.partial) == ((), (), False)


@pytest.mark.parametrize(
    ("name", "quantity", "unit", "code", "kg"),
    [
        ("S1 half a tonne of food waste", "0.5", "t", FOOD_WASTE, "350.1544"),
        ("S2 forty rooms, two nights", "80", "room_night", "defra2025.hotel.china.room_night", "4280.0000"),
        ("S3 water", "100", "m3", "defra2025.water.supply.m3", "19.1300"),
        ("S3 water treated", "90", "m3", "defra2025.wastewater.treatment.m3", "15.3792"),
        ("S4 gas, gross", "20000", "kWh", "defra2025.fuel.natural_gas.kwh_gcv", "3659.2000"),
        ("S5 long haul with forcing", "16400", "passenger_km", "defra2025.air.long_haul.economy.rf.pkm", "1919.4560"),
        ("S5 long haul without", "16400", "passenger_km", "defra2025.air.long_haul.economy.norf.pkm", "1135.8640"),
        ("S6 Sichuan", "1", "万kWh", "mee.grid.cn_51.2023.kwh", "1564.0000"),
        ("S6 the country", "10000", "kWh", "mee.grid.cn.2023.average.kwh", "5306.0000"),
        ("S6 what green power left", "10", "MWh", "mee.grid.cn.2023.excl_market_nonfossil.kwh", "6096.0000"),
        ("S7 half a kilogram of R410A", "500", "g", "defra2025.fugitive.r410a.kg", "962.0000"),
    ],
)  # fmt: skip
def test_published_factor_times_published_quantity(name, quantity, unit, code, kg):
    factor = library()[code]
    result = rules.calculate([line(1, "other", quantity, unit, factor)], [], GwpSet.AR5).results[0]
    assert str(result.kg) == kg


def test_s8_composting_is_gas_by_gas():
    """1 t of wet food: 4 kg CH4 and 0.24 kg N2O, AR5."""
    lines = [line(1, "waste", "4", "kg", plain("28")), line(2, "waste", "0.24", "kg", plain("265"))]
    assert sheet(*lines).total_kg == D("175.6000")


def test_s9_burning_plastic():
    factor = Fraction(1) * Fraction("0.75") * Fraction(44, 12)
    assert line_kg(D(100), D(factor.numerator) / D(factor.denominator)) == D("275.0000")


def test_s10_biogenic_carbon_stands_apart():
    burned = line(1, "stationary_fuel", "1", "t", "defra2025.bioenergy.wood_pellets.kg")
    memo = line(2, "stationary_fuel", "1", "t", "defra2025.biogenic.wood_pellets.kg")
    found = sheet(burned, memo)
    assert (found.total_kg, found.memo_kg) == (D("55.1939"), D("1677.1800"))
    assert found.by_scope[1] == D("55.1939")


P_CASES = [
    ("P1 R-404A", D("0.44") * 3170 + D("0.52") * 4800 + D("0.04") * 1300, D("3942.8")),
    ("P2 R-410A", D("0.5") * 677 + D("0.5") * 3170, D("1923.5")),
    ("P2 R-407C", D("0.23") * 677 + D("0.25") * 3170 + D("0.52") * 1300, D("1624.21")),
    ("P3 French upstream", D(61) * D("0.2419"), D("14.7559")),
    ("P5 steam", D("53.06") / D("0.80"), D("66.325")),
    ("P10 a traveller", 5 * D(64) + 1200 * D("0.06507") + 40 * D("0.283") + 15 * D("16.2") / 2, D("530.904")),
    ("P11 ICLR 2020", D(4980) * 20 * 8 / 1_000_000, D("0.7968")),
    ("P12 AAS 2020", D(1399) * 15 * 8 / 1_000_000, D("0.16788")),
    ("P12 NAMS 2020", D(635) * 20 * 8 / 1_000_000, D("0.1016")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "ours", "published"), P_CASES)
def test_published_arithmetic_comes_out_of_our_engine(name, ours, published):
    """The published amount in tonnes or kg, run through the calculation as one line of factor 1."""
    assert sheet(line(1, "other", str(ours.normalize()), "kg", plain())).total_kg == line_kg(published, D(1))


def test_p4_losses_p6_forcing_p7_basis_p13_distance_p15_gas():
    """Published with fewer digits than computed: equal after the source's own rounding or tolerance."""
    losses = (D(61) / (1 - D("0.08")) - 61) * D("0.2419")
    forcing = D("0.07466") * D("1.7") + D("0.00001") + D("0.00092")
    gross = D("0.2027") * D("45.745") / D("50.678")
    miles = D("2.5") / (D("0.000403") / D("1.60934"))
    gas = D("389.31") * D("0.0153") * D("0.99") * 44 / 12 / 10
    assert losses.quantize(D("0.0001")) == D("1.2831")
    assert abs(forcing - D("0.12786")) < D("0.00002")
    assert gross.quantize(D("0.00001")) == D("0.18297")
    assert miles.quantize(D("0.0001")) == D("9983.4988")
    assert gas.quantize(D("0.000001")) == library()["guideline.cn.fuel.natural_gas.m3"].value


def test_p8_and_p9_offsets_stay_outside_the_inventory():
    """UK reporting guidelines, annex H: scopes add to the gross total; what was bought is never subtracted (I5)."""
    tonnes = {
        "mobile_fuel": (3600, 1500, 12000),
        "electricity": (14500,),
        "goods": (30000, 2530, 6190, 690, 4500, 14000),
    }
    lines = []
    for source, amounts in tonnes.items():
        for amount in amounts:
            factor = Factor("x", "x", None, D(1), "kg", scope=1, grade=rules.Grade.OWN)
            lines.append(line(len(lines), source, str(amount), "t", factor, evidence="e"))
    found = sheet(*lines)
    assert found.by_scope == {1: D(17_100_000), 2: D(14_500_000), 3: D(57_910_000)}
    assert found.total_kg == D(89_510_000)
    assert D(91_390) - 15 == D(91_375)


def test_p14_a_kilowatt_hour_in_gigajoules():
    assert rules.ratio("kWh", "GJ") == Fraction("0.0036")


# --- units


@pytest.mark.parametrize(
    ("written", "wanted", "exact"),
    [
        ("t", "kg", 1000),
        ("公斤", "kg", 1),
        ("斤", "kg", Fraction(1, 2)),
        ("万度", "kWh", 10000),
        ("L", "m3", Fraction(1, 1000)),
        ("亩", "ha", Fraction(1, 15)),
        ("mile", "km", Fraction("1.609344")),
        ("兆瓦时", "GJ", Fraction("3.6")),
    ],
)
def test_units_convert_exactly(written, wanted, exact):
    assert rules.ratio(rules.read_unit(written), wanted) == exact


@pytest.mark.parametrize(("written", "wanted"), [("km", "kWh"), ("km", "passenger_km"), ("L", "kg"), ("meal", "unit")])
def test_units_that_measure_different_things_are_refused(written, wanted):
    with pytest.raises(rules.UnitsDiffer):
        rules.ratio(written, wanted)


def test_kilometres_under_a_factor_per_kilowatt_hour_are_a_fault_not_a_result():
    found = sheet(line(1, unit="km"))
    assert [(fault.code, fault.words) for fault in found.faults] == [("units_differ", {"unit": "km", "wanted": "kWh"})]
    assert found.results == ()


def test_every_unit_of_the_library_is_known():
    assert {factor.unit for factor in library().values()} <= set(rules.UNITS)


# --- gaps and faults


def codes(items):
    return [item.code for item in items]


def test_an_empty_inventory_answers_nothing():
    found = sheet()
    assert codes(found.gaps) == ["source_unanswered"] * len(sources())
    assert found.partial
    assert found.interval is None


@pytest.mark.parametrize("name", ["quantity", "unit", "factor"])
def test_missing_is_a_gap_and_never_zero(name):
    blank = line(1, **{name: None if name == "quantity" else ""}) if name != "factor" else line(1, factor=None)
    found = sheet(blank)
    assert Gap(f"{name}_missing", "electricity", 1) in found.gaps
    assert found.results == ()


def test_a_quantity_of_zero_is_an_answer():
    assert sheet(line(1, quantity="0")).results[0].kg == 0


@pytest.mark.parametrize("treatment", [Treatment.EXCLUDED, Treatment.INCLUDED_ELSEWHERE])
def test_leaving_out_needs_a_reason(treatment):
    without = line(1, quantity=None, treatment=treatment)
    given = line(1, quantity=None, treatment=treatment, reason="in the venue's own inventory")
    assert "reason_missing" in codes(sheet(without).gaps)
    assert "reason_missing" not in codes(sheet(given).gaps)


def test_an_excluded_source_makes_the_total_partial():
    answered = [
        Line(key=s.code, position=n, source=s.code.value, stage="holding", treatment=Treatment.NOT_OCCURRING)
        for n, s in enumerate(sources())
    ]
    assert not sheet(*answered).partial
    left_out = Line("x", 0, sources()[0].code.value, "holding", Treatment.EXCLUDED, "no access to the venue")
    assert sheet(left_out, *answered[1:]).excluded == (sources()[0].code.value,)


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("life_cycle_in_scope_2", line(1, factor="mee.footprint.cn.2024.average.kwh")),
        ("superseded", line(1, factor="mee.ets.cn.2022.average.kwh")),
        ("category_differs", line(1, source="lodging")),
        ("gwp_mixed", line(1, factor=plain(unit="kWh", gwp_set=GwpSet.AR6))),
        ("quantity_not_expected", line(1, treatment=Treatment.NOT_OCCURRING)),
    ],
)
def test_faults(code, given):
    assert codes(sheet(given).faults) == [code]


def test_green_power_at_zero_takes_the_residual_factor_for_the_rest():
    green = rules.own_factor(value=D(0), unit="kWh", source="green certificate")
    bought = line(1, factor=green, evidence="ab" * 32)
    average, residual = line(2), line(3, factor="mee.grid.cn.2023.excl_market_nonfossil.kwh")
    assert codes(sheet(bought, average).faults) == ["residual_needed"]
    found = sheet(bought, residual)
    assert (found.faults, found.total_kg) == ((), D("60.9600"))


def test_life_cycle_factors_serve_scope_3():
    found = sheet(line(1, source="other", factor="mee.footprint.cn.2024.average.kwh", description="cloud servers"))
    assert (found.faults, found.results[0].scope) == ((), 3)


def test_a_source_cannot_be_counted_and_absent():
    absent = line(2, quantity=None, treatment=Treatment.NOT_OCCURRING)
    assert codes(sheet(line(1), absent).faults) == ["contradiction"]


def test_an_own_factor_needs_evidence():
    own = rules.own_factor(value=D(2), unit="kWh", source="supplier's certificate 2026")
    assert "evidence_missing" in codes(sheet(line(1, factor=own)).gaps)
    assert "evidence_missing" not in codes(sheet(line(1, factor=own, evidence="ab" * 32)).gaps)


def test_well_to_tank_of_own_fuel_is_scope_3():
    upstream = Factor("w", "w", Category.STATIONARY_COMBUSTION, D("0.03021"), "kWh", scope=3)
    result = sheet(line(1, "stationary_fuel", "20000", "kWh", upstream)).results[0]
    assert (result.scope, result.kg) == (3, D("604.2000"))  # S4: DEFRA's "Company A", well to tank


# --- uncertainty (8d)


def test_product_of_five_and_ten_percent():
    given = line(1, factor=plain(unit="kWh", low_percent=D(10), high_percent=D(10)), spread_percent=D(5))
    spread = rules.line_spread(given)
    assert spread.low.quantize(D("0.0001")) == D("11.1803")
    assert not spread.ours


def test_sum_of_two_independent_lines():
    a = Factor("a", "a", None, D(1), "kg", 3, low_percent=D(10), high_percent=D(10))
    b = Factor("b", "b", None, D(1), "kg", 3, low_percent=D(50), high_percent=D(50))
    lines = [(line(1, factor=a, spread_percent=D(0)), D(1000)), (line(2, factor=b, spread_percent=D(0)), D(400))]
    found = rules.interval(lines)
    assert found is not None
    assert abs((found.high_kg - 1400) / 14 - D("15.9719")) < D("0.0001")
    assert found.high_percent == D("16.0")


def test_the_same_factor_in_two_lines_does_not_cancel():
    shared = Factor("a", "a", None, D(1), "kg", 3, low_percent=D(10), high_percent=D(10))
    lines = [(line(n, factor=shared, spread_percent=D(0)), D(500)) for n in (1, 2)]
    found = rules.interval(lines)
    assert found is not None
    assert found.high_percent == D("10.0")  # independent lines would show 7.1


# --- properties


amounts = st.decimals(min_value=0, max_value=10**6, places=6)
values = st.decimals(min_value=0, max_value=10**3, places=9)


@given(
    st.lists(st.tuples(amounts, values, st.sampled_from(["lodging", "catering", "waste"])), max_size=12), st.randoms()
)
def test_totals_add_up_and_order_does_not_matter(rows, random):
    lines = [line(n, source, str(q), "kg", plain(str(v))) for n, (q, v, source) in enumerate(rows)]
    found = sheet(*lines)
    random.shuffle(lines)
    again = sheet(*lines)
    assert found == again
    assert found.total_kg == total(result.kg for result in found.results)
    assert found.total_kg == sum(found.by_scope.values()) == sum(found.by_source.values()) + 0
    assert sum(found.by_stage.values()) == found.total_kg


@given(amounts, values)
def test_a_result_is_within_half_a_tenth_of_a_gram(quantity, value):
    kg = sheet(line(1, "waste", str(quantity), "kg", plain(str(value)))).results[0].kg
    assert abs(Fraction(kg) - Fraction(quantity) * Fraction(value)) <= Fraction(1, 20000)


@given(amounts, st.sampled_from([("t", "kg"), ("L", "m3"), ("mu", "m2"), ("kWh", "GJ"), ("万kg", "t")]))
def test_converting_there_and_back_loses_nothing(quantity, pair):
    there = rules.convert(quantity, *pair)
    assert abs(rules.convert(there, pair[1], pair[0]) - quantity) < D(10) ** -60


def test_every_category_has_an_uncertainty_of_ours():
    for category in Category:
        for grade in rules.Grade:
            factor = Factor("x", "x", category, D(1), "kg", 3, grade=grade, basis=Basis.PLAIN)
            assert rules.line_spread(line(1, factor=factor)).ours
