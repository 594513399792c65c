"""Choosing electricity factors, and the reader of what people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neutrality.inventory import rules
from neutrality.inventory.rules import Tier, Treatment
from neutrality.inventory.tests.library import library
from neutrality.inventory.tests.test_rules import sheet

# --- electricity (R1.43-R1.45)


@pytest.mark.parametrize(
    ("region", "year", "green", "code", "fallbacks"),
    [
        ("510100", 2023, False, "mee.grid.cn_51.2023.kwh", ()),
        ("420100", 2021, False, "mee.grid.cn_42.2021.kwh", ()),
        ("420100", 2026, False, "mee.grid.cn_42.2023.kwh", ("year",)),
        ("450100", 2019, False, "mee.grid.cn_45.2021.kwh", ("year",)),
        ("540100", 2023, False, "mee.grid.cn_grid_southwest.2023.kwh", ("region",)),
        ("100000", 2022, False, "mee.grid.cn.2022.average.kwh", ()),
        ("510100", 2023, True, "mee.grid.cn.2023.excl_market_nonfossil.kwh", ()),
    ],
)
def test_electricity_by_province_and_year(region, year, green, code, fallbacks):
    found = rules.choose(library().values(), region_code=region, year=year, green=green)
    assert found.factor is not None
    assert (found.factor.code, found.fallbacks) == (code, fallbacks)


@pytest.mark.parametrize("region", ["810000", "820000", "710000", "990000"])
def test_places_without_a_published_factor_get_none(region):
    assert rules.choose(library().values(), region_code=region, year=2023) == rules.Choice(None, ("not_covered",))


# --- nothing a person types breaks the reader, and nothing missing becomes zero

WORDS = rules.Vocabulary(
    kind=rules.Kind.ACTUAL,
    sources={"electricity": "electricity"},
    stages={"holding": "holding"},
    treatments={item.value: item.value for item in Treatment},
    tiers={item.value: item.value for item in Tier},
    factors=library(),
)
ODD = st.sampled_from(
    ["", "0", "１２", "1.448,5", "NaN", "1e400", "-1", "1_000", "九", "∞", "0x10", "1\x002", " ", "=1+1"]
)
CELL = st.one_of(ODD, st.text(max_size=40), st.decimals(allow_nan=True).map(str))


@given(
    st.fixed_dictionaries(
        dict.fromkeys(("quantity", "own_value"), CELL) | {"unit": st.sampled_from(["kWh", "度", "km", ""])}
    )
)
def test_whatever_is_typed_is_a_number_a_fault_or_missing(cells):
    raw = cells | {
        "source": "electricity",
        "stage": "holding",
        "treatment": "measured",
        "factor": "" if cells["own_value"].strip() else "mee.grid.cn_51.2023.kwh",
        "own_unit": "kWh",
        "own_source": "bill" if cells["own_value"].strip() else "",
    }
    found, faults = rules.read(raw, key="k", position=1, words=WORDS)
    if found.quantity is not None:
        assert raw["quantity"].strip()
        assert found.quantity >= 0
    if raw["quantity"].strip() and found.quantity is None:
        assert "quantity" in {fault.field for fault in faults}
    for result in sheet(found).results:
        assert found.quantity is not None
        assert result.kg >= 0
