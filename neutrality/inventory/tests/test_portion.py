"""A car shared by n, material used n times: divided exactly, once, and never without ground."""

from dataclasses import replace
from decimal import Decimal as D
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neutrality.activities.tests.factories import make_activity
from neutrality.inventory import operations, queries, reading, recheck, rules, sheets
from neutrality.inventory.forms import texts_of
from neutrality.inventory.models import Result
from neutrality.inventory.rules import whatif
from neutrality.inventory.tests.factories import AT, load_library, make_draft, make_evidence, make_lines
from neutrality.inventory.tests.library import library, sources
from neutrality.inventory.tests.test_sheets import upload
from neutrality.quantities import line_kg

CAR, RAIL = "cpcd.car.gasoline_compact.km", "cpcd.travel.hsr.pkm"
STEEL = "gbt51366.material.steel_average.kg"
BASIS = "租赁合同 2026-03"


def made(code, source, **values):
    line = {"key": "a", "position": 1, "stage": "holding", "treatment": rules.Treatment.ESTIMATED} | values
    return rules.Line(source=source, factor=library()[code], **line)


def car(**values):
    return made(CAR, "staff_travel", **({"quantity": D(1200), "unit": "passenger_km", "sharing": D(4)} | values))


def stage(**values):
    return made(STEEL, "venue_construction", **({"quantity": D(900), "unit": "kg"} | values))


def sheet(*lines):
    return rules.calculate(lines, sources(), rules.GwpSet.AR5)


def codes(found):
    return {(one.code, one.field) for one in found}


def test_worked_examples():
    per_km, per_kg = library()[CAR].value, library()[STEEL].value
    assert sheet(car()).total_kg == line_kg(D(300), per_km)
    assert sheet(car(unit="万passenger_km", quantity=D("0.12"))).total_kg == line_kg(D(300), per_km)
    assert sheet(stage(uses=20, uses_basis=BASIS)).total_kg == line_kg(D(45), per_kg)
    assert sheet(stage(uses=20, reused_percent=D(60), uses_basis=BASIS)).total_kg == line_kg(D(387), per_kg)
    assert sheet(stage(uses=1)).total_kg == sheet(stage()).total_kg == line_kg(D(900), per_kg)


@given(
    quantity=st.decimals(0, 10**9, places=6),
    value=st.decimals(0, 10**4, places=9),
    uses=st.integers(1, 1000),
    percent=st.none() | st.decimals("0.01", 100, places=2),
)
def test_the_portion_is_exact_and_rounded_once(quantity, value, uses, percent):
    """Never less than one use of so many, never more than all of it; half up to four places."""
    part = rules.portion.of(stage(uses=uses, reused_percent=percent, uses_basis=BASIS))
    assert Fraction(1, uses) <= part <= 1
    steps = Fraction(line_kg(quantity, value, part)) * 10_000
    exact = Fraction(quantity) * Fraction(value) * part * 10_000
    assert steps - Fraction(1, 2) <= exact < steps + Fraction(1, 2)


def test_a_third_is_a_third_and_a_tie_goes_up():
    assert line_kg(D("0.00015"), D(1), Fraction(1, 3)) == D("0.0001")
    assert line_kg(D("0.0001499999"), D(1), Fraction(1, 3)) == D("0.0000")


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (car(unit="km"), ("sharing_not_here", "sharing")),
        (car(sharing=None), ("sharing_missing", "sharing")),
        (replace(car(), factor=library()[RAIL]), ("sharing_not_here", "sharing")),
        (car(sharing=D("0.5")), ("sharing_range", "sharing")),
        (car(sharing=D(61)), ("sharing_range", "sharing")),
        (car(uses=2, uses_basis=BASIS), ("uses_not_here", "uses")),
        (stage(uses=0, uses_basis=BASIS), ("uses_range", "uses")),
        (stage(uses=1001, uses_basis=BASIS), ("uses_range", "uses")),
        (stage(uses=2, reused_percent=D(101), uses_basis=BASIS), ("change_percent", "reused_percent")),
        (stage(sharing=D(2)), ("sharing_not_here", "sharing")),
        (stage(treatment=rules.Treatment.NOT_OCCURRING, quantity=None, uses=2), ("quantity_not_expected", "uses")),
    ],
)
def test_what_cannot_be_is_refused(line, fault):
    found = sheet(line)
    assert fault in codes(found.faults)
    assert found.results == ()


@pytest.mark.parametrize(
    ("line", "gap"),
    [
        (stage(uses=20), "uses_basis_missing"),
        (stage(reused_percent=D(60)), "uses_missing"),
        (stage(uses_basis=BASIS), "uses_missing"),
    ],
)
def test_without_ground_nothing_is_divided_and_nothing_is_nought(line, gap):
    found = sheet(line)
    assert gap in {each.code for each in found.gaps}
    assert (found.results, found.faults) == ((), ())


def test_measures_move_a_shared_car_to_rail_by_passenger_kilometres():
    account = whatif.Account((car(),), tuple(sources()), rules.GwpSet.AR5)
    change = whatif.Change(1, "a", whatif.Way.MOVE, percent=D(50), factor=library()[RAIL])
    assert whatif.faults(account, [change]) == ()
    stays, moved = account.sheet([change]).results
    assert (stays.amount, moved.amount) == (D(150), D(600))
    back = whatif.Account((replace(car(), sharing=None, factor=library()[RAIL]),), tuple(sources()), rules.GwpSet.AR5)
    wrong = whatif.faults(back, [whatif.Change(1, "a", whatif.Way.FACTOR, factor=library()[CAR])])
    assert codes(wrong) == {("sharing_missing", "factor")}


@pytest.fixture
def draft(cast):
    load_library()
    activity = make_activity(organization=cast.home, created_by=cast.organizer)
    digest = make_evidence(activity, activity.created_by)
    taken = {
        "staff_travel": car(key="11111111-1111-1111-1111-111111111111", position=90),
        "venue_construction": stage(
            key="22222222-2222-2222-2222-222222222222",
            position=91,
            uses=3,
            reused_percent=D("33.5"),
            uses_basis=BASIS,
        ),
    }
    rest = [line for line in make_lines(activity, evidence_digest=digest) if line.source not in taken]
    lines = [replace(line, stage=activity.stages[0]) for line in (*rest, *taken.values())]
    return make_draft(activity, "actual", lines=lines)


@pytest.mark.django_db
def test_page_workbook_frozen_row_dossier_and_recheck_agree(draft):
    total = queries.sheet(draft).total_kg
    rows = queries.lines(draft)
    again = reading.read_rows(draft, [texts_of(row) for row in rows])
    assert (again.faults, again.sheet.total_kg) == ((), total)
    imported = reading.read_rows(draft, sheets.read(upload(sheets.write(draft)), draft).raws)
    kept = {line.key: [getattr(line, name) for name in rules.PORTION] for line in imported.lines}
    assert kept == {row.key: [getattr(row.facts, name) for name in rules.PORTION] for row in rows}
    assert imported.sheet.total_kg == total
    done = operations.submit(inventory=draft, by=draft.created_by, at=AT)
    assert done.total_kg == queries.sheet(done).total_kg == total
    assert f'"total_kg":"{total}"' in done.seal.text
    assert '"format":"qingzhang-dossier-2"' in done.seal.text
    ratios = set(Result.objects.filter(line__inventory=done).values_list("ratio", flat=True))
    assert ratios == {"1", "1/4", str(rules.portion.used_again(3, D("33.5")))}
    assert list(recheck._results()) == []


@pytest.mark.django_db
def test_the_recheck_finds_another_portion(draft, monkeypatch):
    """The control: rows that counted less than their lines say."""
    operations.submit(inventory=draft, by=draft.created_by, at=AT)
    monkeypatch.setattr(rules.portion, "of", lambda line: Fraction(1))
    assert [found.text for found in recheck._results()] == ["counts another portion than its line says"] * 2


@pytest.mark.django_db
def test_the_grid_shows_the_cells_where_they_belong(draft, cast):
    page = cast.client("organizer").get(f"/activities/{draft.activity.code}/inventory/actual/edit/").text
    for name in ("uses", "reused_percent", "uses_basis"):
        assert page.count(f'data-cell="{name}"') == 2
    assert 'value="33.5"' in page
    assert f'value="{BASIS}"' in page
