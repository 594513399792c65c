"""Every table of every registry: recognised by its own columns, read to the facts it states.

The rows are short excerpts of facts: registries' public tables as gathered by CarbonPlan OffsetsDB (April 2026), and
for the Berkeley database its published headings. Whole files are read when REGISTRY_SAMPLES names their folder.
"""

import csv
import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neutrality.offsets import tables
from neutrality.offsets.models.feeds import LAYOUT_NAMES, PUBLISHERS, AmountChoice, EventChoice
from neutrality.offsets.rules import Syntax, layouts, published
from neutrality.offsets.rules.cells import BadRow, decimal, heading
from neutrality.offsets.rules.columns import spelt
from neutrality.offsets.rules.countries import country
from neutrality.offsets.rules.freshness import Age, age

CONTEXT = published.Context(
    {"cdcer": "cdcer", "碳惠天府登记平台": "cdcer", "sm-ticket": "sm-ticket"},
    {"cdcer": (Syntax.RECORD,), "sm-ticket": (Syntax.TICKET,)},
)


def read(name, /, **cells):
    """The facts of one row; columns not named are blank."""
    layout = layouts.LAYOUTS[name]
    row = {heading(column): "" for column in layout.columns} | {heading(key): value for key, value in cells.items()}
    assert layouts.recognise(list(row)) is layout
    return layout.read(row, CONTEXT)


def one(name, cells):
    (fact,) = read(name, **cells)
    return fact


def test_the_verra_table_tells_used_from_standing():
    cells = {"ID": "1340", "Name": "Bale Mountains", "Quantity Issued": "425", "Issuance Date": "2026-04-03"}
    cells["Serial Number"] = "19385-941467007-941467431-VCS-VCU-1507-VER-ET-14-1340-01012020-31122020-0"
    standing = one("verra-transactions", cells)
    assert (standing.event, standing.on) == (published.Event.STANDING, date(2026, 4, 3))
    cells |= {"Retirement/Cancellation Date": "2026-04-10", "Retirement Beneficiary": "Somebody"}
    used = one("verra-transactions", cells)
    assert (used.event, used.on, used.beneficiary) == (published.Event.RETIRED, date(2026, 4, 10), "Somebody")
    assert one("verra-transactions", cells | {"Retirement Reason": "Cancelled by the project"}).event == "cancelled"


def test_gold_standard_cancels_without_a_day_but_never_retires_without_one():
    """Six rows of the real file are cancelled ("transferred to Zimbabwe Carbon Registry") and state no day."""
    cells = {"GSID": "11551", "Project Name": "TASC Clean Cooking", "Quantity": "334563", "Credit Status": "Canceled"}
    cells["Serial Number"] = "GS1-1-ZW-GS11551-16-2024-29957-1-334563"
    fact = one("gold-standard-retirements", cells)
    assert (fact.event, fact.on) == (published.Event.CANCELLED, None)
    with pytest.raises(BadRow, match="missing"):
        one("gold-standard-retirements", cells | {"Credit Status": "Retired"})
    assert one("gold-standard-issuances", cells | {"Issuance Date": "2026-01-16"}).event == "standing"


RUNS = [
    ("acr-retirements", "ACR-FR-1129-2025-2917-30932 to 35143", 4212, "ACR-1129-2917"),
    ("acr-cancellations", "ACR-US-1185-2025-3078-1 to 85847", 85847, "ACR-1185-3078"),
    ("car-retirements", "CAR-1-US-1335-31-983-KS-2025-9205-1 to 5000", 5000, "CAR-1335-9205"),
    ("car-cancellations", "CAR-ROC-US-2056-129-2283-WV-2025-8969-1 to 260294", 260294, "CAR-2056-8969"),
    ("art-retirements", "FCPF-CI-130-2023-20-1 to 46404", 46404, "FCPF-130-20"),
    ("art-cancellations", "ART-GY-102-2021-11-2759599 to 2760598", 1000, "ART-102-11"),
]


@pytest.mark.parametrize(("name", "serial", "units", "line"), RUNS)
def test_runs_of_the_american_registries(name, serial, units, line):
    runs = layouts.LAYOUTS[name].runs
    cells = {runs.identifier: "X1", runs.name: "A project", runs.serial: serial, runs.quantity: f"{units}"}
    fact = one(name, cells | {runs.on: "4/9/2026"})
    assert (fact.serial.quantity, fact.serial.line, fact.on) == (units, line, date(2026, 4, 9))
    assert fact.event == ("retired" if name.endswith("retirements") else "cancelled")


def test_amounts_without_numbers_stay_amounts():
    acr = {"Project ID": "ACR731", "Project Name": "CMB7-1", "Vintage": "2026", "Total Credits Issued": "74,344"}
    acr |= {"ReportingPeriodBegin": "2/1/2025", "ReportingPeriodEnd": "1/31/2026", "Project Site Country": "US"}
    acr |= {"Date Issued (GMT)": "3/24/2026 9:08:01 PM", "Credits Issued to Buffer Pool": "0"}
    issued, buffered = read("acr-issuances", **acr)
    assert (issued.tonnes, issued.on, issued.country, buffered.tonnes) == (74344, date(2026, 3, 24), "US", 0)
    iso = {"id": "iss_1", "project_id": "prj_1", "issued_at": "2026-04-14T16:50:41.621676Z"}
    iso |= {"credit_batch_size_total.credit_kgs": "2765370", "buffer_pool_credit_batch_size_total.credit_kgs": "55308"}
    assert [fact.tonnes for fact in read("isometric-issuances", **iso)] == [Decimal("2765.37"), Decimal("55.308")]
    car = {"Project ID": "CAR2264", "Vintage": "2026", "Date Issued": "03/19/2026", "Total Offset Credits Issued": ""}
    with pytest.raises(BadRow, match="missing"):
        read("car-issuances", **car)


def test_the_californian_sheet_states_reversals_and_empty_periods():
    row = {"CARB Project ID": "CAFR5012", "Reporting Period": "4", "Intentional Reversal": "-27150.0"}
    assert [(fact.amount, fact.tonnes, fact.mark) for fact in read("arb-issuances", **row)] == [
        ("reversed", 27150, "CAFR5012 4 intentional")
    ]
    assert read("arb-issuances", **{"CARB Project ID": "CALS5014", "Reporting Period": "6"}) == ()
    full = {"CARB Project ID": "CAOD1007", "CARB Issuance ID": "CAOD1007-A", "ARB Offset Credits Issued": "79565.0"}
    full |= {"Retired 4th Compliance Period (CA)": "79565.0", "Issuance Date": "2024-06-11"}
    assert [(fact.amount, fact.mark) for fact in read("arb-issuances", **full)] == [
        ("issued", "CAOD1007-A"),
        ("retired", "CAOD1007-A period 4"),
    ]


def test_ecoregistry_numbers_some_lines_from_nought():
    cells = {"project_name": "Agroporvanda", "project_id": "1", "serial": "CDC_1_1_1_321_14_1", "date": "2019-03-07"}
    fact = one("cercarbono-retirements", cells | {"from": "0", "to": "999", "quantity": "1000"})
    assert (fact.serial.first, fact.serial.last) == (0, 999)
    with pytest.raises(BadRow, match="serial_quantity"):
        one("cercarbono-retirements", cells | {"from": "0", "to": "999", "quantity": "999"})
    issued = {"serial": "CDC_1_1_1_321_14_1", "issued_quantity": "62740", "issuance_date": "2019-03-07T18:33:46.000Z"}
    fact = one("cercarbono-issuances", issued | {"is_buffer": "False"})
    assert (fact.identifier, fact.tonnes, fact.mark) == ("1", 62740, "CDC_1_1_1_321_14_1")


def test_a_project_of_ecoregistry_is_read_out_of_its_lists():
    places = "[{'city': 'Planeta Rica', 'country': 'Colombia', 'region': 'Cordoba'}]"
    sector = "[{'id': 14, 'description': 'Land use (AFOLU)'}]"
    cells = {"id": "1", "code": "CDC-1", "name": "Agroporvanda", "locations": places, "sector": sector}
    fact = one("cercarbono-projects", cells)
    assert (fact.country, fact.place, fact.sector) == ("CO", "Planeta Rica, Cordoba, Colombia", "Land use (AFOLU)")


def test_the_berkeley_database_names_each_rows_registry():
    cells = {"Project ID": "VCS1340", "Project Name": "Bale", "Voluntary Registry": "VCS", "Country": "Ethiopia"}
    cells |= {"Total Credits \nIssued": "1,454,054", "Total Credits \nRetired": "425"}
    project, issued, retired = read("berkeley-projects", **cells)
    assert (project.registry, project.identifier, project.country) == ("verra", "1340", "ET")
    assert (issued.amount, issued.tonnes, retired.tonnes) == ("issued_so_far", 1454054, 425)
    with pytest.raises(BadRow, match="registry"):
        read("berkeley-projects", **cells | {"Voluntary Registry": "Elsewhere"})


def test_the_plain_table_speaks_both_languages():
    words = {"登记系统": "碳惠天府登记平台", "项目编号": "CD-1", "编号": "CDCER-1/1-500", "数量": "500", "事件": "注销"}
    names = [*words, "日期"]
    layout = layouts.recognise(names)
    row = dict(zip(layout.named(names), [*words.values(), "2026年6月1日"], strict=True))
    (fact,) = layout.read(row, CONTEXT)
    assert (fact.registry, fact.serial.quantity, fact.event, fact.on) == ("cdcer", 500, "retired", date(2026, 6, 1))
    ticket = {"Registry": "sm-ticket", "Project ID": "1", "Serial number": "SM-2021-0001", "Quantity": "1,205"}
    ticket |= {"Event": "issued", "Date": "2026-06-01"}
    assert one("plain-runs", ticket).serial.canonical == "SM-2021-0001/1-1205"
    for column, wrong in (("Registry", "nowhere"), ("Event", "sold"), ("Date", "soon"), ("Quantity", "12.5")):
        with pytest.raises(BadRow):
            one("plain-runs", ticket | {column: wrong})


def test_each_layout_has_its_words_and_each_code_its_choice():
    assert set(LAYOUT_NAMES) == set(layouts.LAYOUTS)
    assert set(AmountChoice.values) == set(published.Amount)
    assert set(EventChoice.values) == set(published.Event) == set(published.SIDES)


def test_countries_by_the_names_registries_use():
    names = ["China", "中国", "CN", "Viet Nam", "COTE D'IVOIRE", "Tanzania United Republic of", "IND", "International"]
    assert [country(name) for name in names] == ["CN", "CN", "CN", "VN", "CI", "TZ", "IN", ""]


@pytest.mark.parametrize(("text", "tonnes"), [("6.3", "6.3"), ("109,796", "109796"), ("1,234.5", "1234.5")])
def test_tonnes_with_a_point(text, tonnes):
    assert decimal(text, "") == Decimal(tonnes)


@pytest.mark.parametrize("text", ["", "1,5", "-3", "1e3", "1.2345", "n/a"])
def test_what_is_no_number_of_tonnes(text):
    with pytest.raises(BadRow):
        decimal(text, "")


AGES = [
    (None, None, None, Age.NEVER),
    (date(2026, 6, 1), date(2026, 5, 30), date(2026, 6, 1), Age.CURRENT),
    (date(2026, 5, 20), date(2026, 5, 19), date(2026, 5, 20), Age.STALE),
    (date(2026, 6, 1), date(2026, 4, 1), date(2026, 6, 1), Age.FROZEN),
    (date(2026, 6, 1), None, date(2026, 4, 1), Age.FROZEN),
    (date(2026, 6, 1), None, date(2026, 5, 2), Age.CURRENT),
]


@pytest.mark.parametrize(("read_on", "own_on", "moved_on", "expected"), AGES)
def test_the_age_of_a_feed(read_on, own_on, moved_on, expected):
    """F22: nobody looked is stale; looked at and standing still is frozen, though the answer was a good one."""
    facts = {"read_on": read_on, "own_on": own_on, "moved_on": moved_on, "today": date(2026, 6, 2)}
    assert age(**facts, every=7, moves=31) == expected


def samples():
    folder = os.environ.get("REGISTRY_SAMPLES")
    return sorted(Path(folder).glob("*/*.csv")) if folder else []


def test_whole_files_read_without_a_row_set_aside():
    for path in samples():
        with tables.opened(path, "text/csv") as table, path.open(encoding="utf-8-sig", newline="") as stream:
            rows = sum(1 for row in csv.reader(stream) if any(row)) - 1
            read_rows = 0
            for chunk in table.chunks():
                assert chunk.broken == [], path
                for cells in chunk.cells.rows():
                    table.layout.read(dict(zip(table.names, cells, strict=True)), CONTEXT)
                    read_rows += 1
        assert read_rows == rows, path


# ---- serial numbers, written and read back --------------------------------------------------------------------------

number = st.integers(1, 10**9)
length = st.integers(0, 10**6)
year = st.integers(1990, 2100)
letters = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2)


@st.composite
def serials(draw):
    """A serial in the canonical spelling of some registry, with its run."""
    syntax = draw(st.sampled_from(sorted(Syntax)))
    first, project, batch, land, made = draw(number), draw(number), draw(number), draw(letters), draw(year)
    last = first + draw(length)
    days = f"0101{made}-3112{made}"
    shapes = {
        Syntax.VERRA: f"{batch}-{first}-{last}-VCS-VCU-261-VER-{land}-14-{project}-{days}-0",
        Syntax.GOLD_STANDARD: f"GS1-1-{land}-GS{project}-16-{made}-{batch}-{first}-{last}",
        Syntax.ACR: f"ACR-{land}-{project}-{made}-{batch}-{first} to {last}",
        Syntax.CAR: f"CAR-1-{land}-{project}-31-983-KS-{made}-{batch}-{first} to {last}",
        Syntax.ART: f"ART-{land}-{project}-{made}-{batch}-{first} to {last}",
        Syntax.CERCARBONO: f"CDC_{project}_1_1_321_14_1 {first} to {last}",
        Syntax.CDM: f"{land}-5-{first}-2-2-0-{project} - {land}-5-{last}-2-2-0-{project}",
        Syntax.TICKET: f"SM-{made}-{batch}/{first}-{last}",
        Syntax.RECORD: f"REC {batch}/{first}-{last}",
    }
    return syntax, shapes[syntax], first, last


@given(serials())
def test_what_is_written_is_read_back_the_same(case):
    """Parse and write are each other's reverse for every registry; the canonical form is one (R3.30 to R3.35)."""
    from_text = spelt(case[1], "", case[3] - case[2] + 1, (case[0],))
    again = spelt(from_text.canonical, "", from_text.quantity, (case[0],))
    assert (from_text.first, from_text.last, from_text.canonical) == (case[2], case[3], case[1])
    assert again == from_text


@given(serials(), st.integers(-3, 3).filter(bool))
def test_a_count_beside_its_run_is_refused_by_any_other_number(case, off):
    """R3.33: the invariant, not the formula: no count but the run's own is taken."""
    units = case[3] - case[2] + 1 + off
    with pytest.raises(BadRow, match="serial_"):
        spelt(case[1], "", units, (case[0],))


def test_whoever_gathers_tables_of_several_registries_has_a_name():
    assert set(PUBLISHERS) == {layout.name for layout in layouts.TABLES if not layout.registry}
