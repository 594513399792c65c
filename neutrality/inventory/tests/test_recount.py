"""Read under other potentials or editions: worked examples, one set in a column, the submitted figure never moves."""

from dataclasses import replace
from decimal import Decimal as D

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from neutrality.activities.tests.factories import make_activity
from neutrality.inventory import operations, queries, rules
from neutrality.inventory.models import Inventory, Result
from neutrality.inventory.rules import Factor, GwpSet, recount
from neutrality.inventory.tests.factories import load_library, make_draft, make_evidence, make_lines
from neutrality.inventory.tests.library import library, sources

POTENTIALS = {
    GwpSet.AR5: {"CO2": D(1), "CH4": D(28), "N2O": D(265), "R-410A": D("1923.5"), "HFC-32": D(677)},
    GwpSet.AR6: {"CO2": D(1), "CH4": D("27.9"), "N2O": D(273), "R-410A": D("2255.5"), "HFC-32": D(771)},
}
COMPOST = Factor("compost", "compost", None, D("0.1756"), "kg", 3, gwp_set=GwpSet.AR5)
COMPOST_GASES = {"CH4": D("0.004"), "N2O": D("0.00024")}


def line(key, quantity, factor, source="waste"):
    values = {"treatment": rules.Treatment.MEASURED, "quantity": D(quantity), "unit": factor.unit, "factor": factor}
    return rules.Line(key, len(key), source, "holding", evidence="e", **values)


def sheet(*lines):
    found = rules.calculate(lines, sources(), GwpSet.AR5)
    assert not found.faults
    return found


def test_composting_under_ar6():
    """One tonne of wet food waste (IPCC): 4 kg CH4 and 0.24 kg N2O are 175.6 kg under AR5, 177.12 under AR6."""
    column = recount.under(sheet(line("a", 1000, COMPOST)), GwpSet.AR6, {"compost": COMPOST_GASES}, POTENTIALS)
    assert column.total_kg == 4 * D("27.9") + D("0.24") * 273 == D("177.12")
    same = recount.under(sheet(line("a", 1000, COMPOST)), GwpSet.AR5, {"compost": COMPOST_GASES}, POTENTIALS)
    assert same.total_kg == D("175.6")


def test_a_refrigerant_is_its_own_gas_only_where_the_printed_value_says_so():
    """R-410A: 1924 under AR5 as DEFRA prints it; AR6 moves it by 2255.5 − 1923.5, the printed rounding stays."""
    r410a = library()["defra2025.fugitive.r410a.kg"]
    assert recount.revalued(r410a, GwpSet.AR6, recount.refrigerant(r410a, POTENTIALS), POTENTIALS) == D(2256)
    assert recount.refrigerant(replace(r410a, value=D(1900)), POTENTIALS) == {}
    assert recount.refrigerant(replace(r410a, category=rules.Category.WASTE), POTENTIALS) == {}
    r32 = replace(r410a, series="defra.fugitive.r32.kg", value=D(677))
    assert recount.refrigerant(r32, POTENTIALS) == {"HFC-32": 1}


def test_what_the_source_does_not_say_is_not_guessed_and_no_total_is_formed():
    silent = replace(COMPOST, code="silent", series="silent", gwp_set=GwpSet.UNKNOWN)
    co2 = replace(COMPOST, code="co2", series="co2", gwp_set=GwpSet.CO2)
    found = sheet(line("a", 1000, COMPOST), line("bb", 10, silent), line("ccc", 100, co2, "electricity"))
    column = recount.under(found, GwpSet.AR6, {"compost": COMPOST_GASES}, POTENTIALS)
    assert column.total_kg is None
    assert [cell.factor.code for cell in column.unread] == ["silent"]
    assert (column.of("waste"), column.of("electricity")) == (None, D("17.56"))
    assert (column.read_before_kg, column.read_kg) == (D("193.16"), D("194.68"))
    assert recount.under(found, GwpSet.AR6, {}, POTENTIALS).unread[0].factor.code == "compost"


@given(st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from(["AR5", "CO2", "unknown"])), max_size=6))
def test_under_its_own_set_everything_that_says_its_set_stays(rows):
    """No set is mixed into a column: every cell that has a figure comes from the wanted set, or from CO2 alone."""
    lines = [
        line("k" * place, quantity, replace(COMPOST, code=f"{place}", series=f"{place}", gwp_set=GwpSet(gwp)))
        for place, (quantity, gwp) in enumerate(rows, start=1)
    ]
    found = sheet(*lines)
    gases = {factor.factor.code: COMPOST_GASES for factor in lines}
    own, other = (recount.under(found, each, gases, POTENTIALS) for each in (GwpSet.AR5, GwpSet.AR6))
    assert all(cell.kg == cell.result.kg for cell in own.cells if cell.kg is not None)
    for cell in (*own.cells, *other.cells):
        assert (cell.kg is None) == (cell.result.factor.gwp_set is GwpSet.UNKNOWN)
        assert not (cell.moved and cell.result.factor.gwp_set is GwpSet.CO2)


def test_another_edition_is_taken_only_from_the_same_set():
    old, new, mixed = (
        replace(COMPOST, code=code, year=year, value=D(value), gwp_set=gwp)
        for code, year, value, gwp in (
            ("c1", 2021, "0.2", GwpSet.AR5),
            ("c2", 2023, "0.1", GwpSet.AR5),
            ("c3", 2024, "0.3", GwpSet.AR6),
        )
    )
    found, versions = sheet(line("a", 1000, old)), {"compost": (old, new, mixed)}
    assert recount.edition(found, versions, GwpSet.AR5).total_kg == 100
    assert recount.edition(found, versions, GwpSet.AR5, 2022).total_kg == 200
    assert recount.edition(found, versions, GwpSet.AR5, 2019).total_kg == 200
    assert recount.edition(found, {}, GwpSet.AR5).total_kg == 200


@pytest.mark.django_db
def test_the_page_moves_nothing(cast):
    load_library()
    activity = make_activity(organization=cast.home, created_by=cast.organizer, state="committed")
    lines = make_lines(activity, kg="1000", evidence_digest=make_evidence(activity, cast.organizer))
    gas = queries.factors(["defra2025.fugitive.r410a.kg", "mee.grid.cn_51.2021.kwh"])
    r410a, grid = gas.values() if next(iter(gas)).startswith("defra") else reversed(gas.values())
    told = {"refrigerant": (r410a, "2", "kg"), "electricity": (grid, "10000", "kWh")}
    for place, each in enumerate(lines):
        if each.source in told:
            factor, quantity, unit = told[each.source]
            values = {"treatment": rules.Treatment.ESTIMATED, "quantity": D(quantity), "unit": unit, "factor": factor}
            lines[place] = replace(each, evidence="", **values)
    draft = make_draft(activity, "estimate", lines=lines)
    client, url = cast.client("anonymous"), reverse("inventory:compare", args=(activity.code, "estimate"))
    assert client.get(url).context["columns"] == []
    done = operations.submit(inventory=draft, by=cast.organizer, at=draft.created_at)
    before = list(Result.objects.order_by("pk").values_list("kg", flat=True)), done.total_kg, done.digest
    page = client.get(url)
    submitted, ar5, ar6, newest = page.context["columns"]
    assert submitted["total_kg"] == ar5["total_kg"] == done.total_kg
    assert ar6["total_kg"] - done.total_kg == 2 * (D("2255.5") - D("1923.5"))
    assert newest["total_kg"] != done.total_kg
    assert "3.848" in page.text
    for bad in ("?until=1e9", "?until=abc", "?until=99999", "?until=-1"):
        assert client.get(url + bad).context["columns"][3]["total_kg"] == newest["total_kg"]
    assert client.get(f"{url}?until=2021").context["columns"][3]["total_kg"] == done.total_kg
    sealed = client.get(reverse("inventory:sealed_compare", args=(done.digest,)))
    assert [column["total_kg"] for column in sealed.context["columns"]] == [
        column["total_kg"] for column in page.context["columns"]
    ]
    done = Inventory.objects.get(pk=done.pk)
    assert (list(Result.objects.order_by("pk").values_list("kg", flat=True)), done.total_kg, done.digest) == before
