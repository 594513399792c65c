"""Bad input (issue "inventory", 9): a message per cell that says what to do, nothing stored by halves, and whatever
arrives by form, sheet or file: missing stays missing."""

import base64
import io
import threading
from datetime import date, datetime, time
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from neutrality.activities.tests.factories import make_activity
from neutrality.inventory import forms, marking, queries, reading, rules, sheets
from neutrality.inventory.models import Line
from neutrality.inventory.tests.factories import load_library, make_draft
from neutrality.inventory.tests.test_sheets import GOOD, GRID, HEAD, book, errors, post, upload
from neutrality.quantities import NotANumber, read_decimal

pytestmark = pytest.mark.django_db


@pytest.fixture
def empty(cast):
    load_library()
    return make_draft(make_activity(organization=cast.home, created_by=cast.organizer), "actual")


def row(quantity):
    return ["electricity", "holding", "measured", "", quantity, "kWh", GRID]


# What stands in a quantity cell of a workbook, and what is said about it.
CELLS = [
    ("1_000", "number_not_a_number"),
    ("1.448,5", "number_decimal_comma"),
    ("about 1000", "number_rough"),
    ("约1000", "number_rough"),
    ("1000左右", "number_rough"),
    ("NaN", "number_not_a_number"),
    ("1e400", "number_exponent"),
    (-3, "number_negative"),
    (datetime(2026, 5, 18), "number_a_day"),  # noqa: DTZ001  a cell has no zone
    (date(2026, 5, 18), "number_a_day"),
    (time(12, 30), "number_a_day"),
    ("2026年5月18日", "number_a_day"),
    (True, "number_not_a_number"),
    ("12万", "number_not_a_number"),
    ("x" * 30_000, "number_not_a_number"),
    ("9" * 30_000, "number_too_many_digits"),
]
READ = [
    ("１２０００", "12000"),
    ("1,448.5", "1448.5"),
    (0.1, "0.1"),
    (" 7 ", "7"),
    (0, "0"),
    (1234567.25, "1234567.25"),
]


def test_every_bad_cell_has_its_own_sentence_and_nothing_is_stored(cast, empty):
    page = post(cast, empty, book(HEAD, *(row(cell) for cell, _code in CELLS), GOOD))
    assert page.status_code == 422
    assert errors(page) == [(place, code) for place, (_cell, code) in enumerate(CELLS, start=2)]
    assert len({str(problem) for problem in page.context["problems"]}) == len(CELLS)
    assert len(page.content) < 150_000  # what was typed is never told back at length
    assert empty.lines.count() == 0


def test_what_is_a_number_is_read_to_the_last_digit(cast, empty):
    assert post(cast, empty, book(HEAD, *(row(cell) for cell, _value in READ))).status_code == 302
    stored = Line.objects.filter(inventory=empty).order_by("position").values_list("quantity", flat=True)
    assert list(stored) == [Decimal(value) for _cell, value in READ]


def test_a_cell_of_ten_megabytes_is_a_sentence(cast, empty):
    page = post(
        cast, empty, book(HEAD, row("5"), ["electricity", "holding", "measured", "长" * 3_500_000, 5, "kWh", GRID])
    )
    assert (page.status_code, errors(page)) == (422, [(3, "text_too_long")])
    assert len(page.content) < 1_500_000
    assert empty.lines.count() == 0


# --- the person's own file comes back with every error on its cell


def comments(data):
    page = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    return {cell.coordinate: cell.comment.text for cells in page.iter_rows() for cell in cells if cell.comment}


def test_the_page_holds_the_persons_own_file_marked(cast, empty):
    data = book(["标题"], HEAD, GOOD, row("1.448,5"), ["power", *GOOD[1:]])
    page = post(cast, empty, data, "我的清单.xlsx")
    kind, _, packed = page.context["link"].partition(";base64,")
    assert kind == f"data:{marking.XLSX}"
    assert page.context["marked"].name.startswith("我的清单-")
    found = comments(base64.b64decode(packed))
    assert set(found) == {"E4", "A5"}
    assert "Row" not in found["E4"]  # the cell says where; the comment says what to do
    assert "download=" in page.text
    original = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    marked = openpyxl.load_workbook(io.BytesIO(base64.b64decode(packed))).worksheets[0]
    assert [[cell.value for cell in cells] for cells in marked] == [
        [cell.value for cell in cells] for cells in original
    ]


def test_mended_in_the_marked_file_it_is_taken_over(cast, empty):
    page = post(cast, empty, book(HEAD, row("1.448,5")))
    workbook = openpyxl.load_workbook(io.BytesIO(base64.b64decode(page.context["link"].partition(",")[2])))
    workbook.worksheets[0]["E2"] = 1448.5
    out = io.BytesIO()
    workbook.save(out)
    assert post(cast, empty, out.getvalue()).status_code == 302
    assert str(empty.lines.get().quantity) == "1448.500000"


def test_check_only_gives_the_file_back_and_takes_nothing(cast, empty):
    answer = post(cast, empty, book(HEAD, row("NaN")), check="1")
    assert (answer.status_code, answer["Content-Type"]) == (200, marking.XLSX)
    assert "attachment" in answer["Content-Disposition"]
    assert set(comments(answer.content)) == {"E2"}
    fine = post(cast, empty, book(HEAD, GOOD), check="1")
    assert fine.status_code == 302
    assert fine["Location"].endswith("/upload/")
    assert empty.lines.count() == 0


def test_a_csv_comes_back_with_a_column_more(cast, empty):
    text = "source,stage,treatment,quantity,unit,factor\nelectricity,holding,measured,1_000,kWh," + GRID + "\n"
    answer = post(cast, empty, text.encode(), "filled.csv", check="1")
    rows = answer.content.decode("utf-8-sig").splitlines()
    assert rows[1].startswith("electricity,holding,measured,1_000,kWh,")
    assert rows[1].count(",") == rows[0].count(",") >= 6


def test_a_large_file_is_given_back_by_the_button_alone(cast, empty, monkeypatch):
    monkeypatch.setattr("neutrality.inventory.views.workbook.LARGEST_LINK", 100)
    page = post(cast, empty, book(HEAD, row("NaN")))
    assert (page.status_code, page.context["link"]) == (422, "")
    assert "data:" not in page.text


def test_a_missing_column_is_said_on_the_first_cell_of_the_row(cast, empty):
    answer = post(cast, empty, book(["source", "quantity", "unit"], ["electricity", 5, "kWh"]), check="1")
    assert set(comments(answer.content)) == {"A2"}


def test_our_own_workbook_comes_back_unharmed(cast, empty):
    """Export, mark, mend nothing but the fault, import: what the template held is still there."""
    workbook = openpyxl.load_workbook(io.BytesIO(sheets.write(empty)))
    workbook.worksheets[0]["E4"] = "1_000"
    out = io.BytesIO()
    workbook.save(out)
    marked = openpyxl.load_workbook(io.BytesIO(post(cast, empty, out.getvalue(), check="1").content))
    assert len(marked.worksheets) == 3
    assert len(marked.worksheets[0].data_validations.dataValidation) >= 5
    assert marked.worksheets[0].column_dimensions["S"].hidden


# --- two uploads at once


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("numbers", [(1, 2), (1, 1)], ids=["two workbooks", "the same workbook twice"])
def test_of_two_uploads_at_once_one_is_whole_and_the_other_is_told(cast, numbers):
    load_library()
    draft = make_draft(make_activity(organization=cast.home, created_by=cast.organizer), "actual")
    files = [book(HEAD, *[row(number)] * 30) for number in numbers]
    ready, answers, before = threading.Barrier(2), {}, draft.edition

    def send(which):
        try:
            ready.wait()
            answers[which] = post(cast, draft, files[which]).status_code
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(which,)) for which in (0, 1)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    quantities = list(Line.objects.filter(inventory=draft).values_list("quantity", flat=True))
    draft.refresh_from_db()
    assert len(quantities) == 30
    assert len(set(quantities)) == 1  # never rows of both
    saved = draft.edition - before
    assert saved in (1, 2)
    assert sorted(answers.values()) == [302] * saved + [422] * (2 - saved)  # whoever saved after the other knew of it


# --- missing never becomes zero: whatever the cells are

ODD = [
    "",
    " ",
    "0",
    "０",
    "-0",
    "1_000",
    "1.448,5",
    "NaN",
    "1e400",
    "about 1000",
    "九",
    "-",
    "—",
    "n/a",
    "无",
    "NULL",
    "None",
]
TEXTS = st.one_of(st.sampled_from(ODD), st.text(max_size=12))
VALUES = st.one_of(
    st.none(),
    st.sampled_from(ODD),
    st.integers(-5, 10**9),
    st.decimals(0, 10**6, places=3).map(str),
    st.booleans(),
    st.dates(date(1950, 1, 1), date(2050, 1, 1)),
)


def nought(text):
    """Whether a person wrote a zero."""
    try:
        return read_decimal(text) == 0
    except NotANumber:
        return False


def held(raw, line, faults):
    """The rule: blank is None; anything else is the number that was written, or a fault of that very cell."""
    for name in ("quantity",):
        text = (raw.get(name) or "").strip()
        if not text:
            assert line.quantity is None
        elif line.quantity is None:
            assert name in {fault.field for fault in faults}
        else:
            assert line.quantity == read_decimal(text)
            assert line.quantity != 0 or nought(text)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.fixed_dictionaries({"quantity": TEXTS, "unit": TEXTS, "reason": TEXTS}), min_size=1, max_size=4))
def test_the_form_keeps_what_is_missing(empty, cells):
    data = {"rows": str(len(cells))}
    base = {"source": "electricity", "stage": "holding", "treatment": "measured", "factor": GRID}
    for number, cell in enumerate(cells, start=1):
        data |= {f"r{number}-{name}": text for name, text in (base | cell).items()}
    grid = forms.Grid(empty, forms.sent(data))
    sent = [texts for texts in grid.texts if not rules.is_blank(texts)]
    for texts, line in zip(sent, grid.outcome.lines, strict=True):
        held(texts, line, [fault for fault in grid.outcome.faults if fault.position == line.position])
    assert all(result.line.quantity is not None for result in grid.outcome.sheet.results)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(VALUES, min_size=8, max_size=30))
def test_the_sheet_keeps_what_is_missing(empty, values):
    incoming = sheets.read(upload(book(HEAD, *(row(value) for value in values))), empty)
    outcome = reading.read_rows(empty, incoming.raws)
    assert len(outcome.lines) == len(incoming.raws) <= len(values)
    for value, raw, line in zip(values, incoming.raws, outcome.lines, strict=False):
        held(raw, line, [fault for fault in outcome.faults if fault.position == line.position])
        if value is None or (isinstance(value, str) and not value.strip()):
            assert line.quantity is None
        if line.quantity == 0:
            assert str(value).strip() in ("0", "０", "-0", "0.000")
    missing = {line.position for line in outcome.lines if line.quantity is None}
    assert missing.isdisjoint(result.line.position for result in outcome.sheet.results)


def test_a_reader_that_took_blank_for_nought_would_be_noticed(empty, monkeypatch):
    """Control."""
    monkeypatch.setattr(rules.lines.Reading, "number", lambda self, name, places: Decimal(self.raw[name] or 0))
    outcome = reading.read_rows(empty, [dict(zip(HEAD, row(""), strict=False))])
    with pytest.raises(AssertionError):
        held({"quantity": ""}, outcome.lines[0], outcome.faults)


def test_a_formula_that_failed_is_missing_and_not_nought(cast, empty):
    assert post(cast, empty, book(HEAD, row("#DIV/0!"), row("=1+1"))).status_code == 302
    sheet = queries.sheet(empty)
    assert [line.quantity for line in sheet.lines] == [None, None]
    assert sheet.results == ()
    assert "quantity_missing" in {gap.code for gap in sheet.gaps}
