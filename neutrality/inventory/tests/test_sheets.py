"""Workbooks: what goes out comes back the same; hostile and odd files get a sentence, never a zero."""

import io
import random
import time
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from neutrality.activities.tests.factories import make_activity
from neutrality.inventory import operations, queries, sheets, tables
from neutrality.inventory.tests.factories import AT, load_library, make_draft, make_evidence, make_lines

pytestmark = pytest.mark.django_db
HEAD = ["source", "stage", "treatment", "description", "quantity", "unit", "factor", "reason"]
GRID = "mee.grid.cn_51.2023.kwh"
GOOD = ["electricity", "holding", "measured", "会场", "12000", "kWh", GRID, ""]


@pytest.fixture
def activity(cast):
    load_library()
    return make_activity(organization=cast.home, created_by=cast.organizer, name_zh="=HYPERLINK(1)")


@pytest.fixture
def draft(activity):
    lines = make_lines(activity, kg="1234567890.123456", evidence_digest=make_evidence(activity, activity.created_by))
    return make_draft(activity, "actual", lines=lines)


@pytest.fixture
def empty(activity):
    return make_draft(activity, "actual")


def book(*rows, sheet="清单", **states):
    """A workbook with these rows; states: hidden="…" for the sheet."""
    workbook = openpyxl.Workbook()
    page = workbook.active
    page.title = sheet
    for row in rows:
        page.append(row)
    if "hidden" in states:
        page.sheet_state = "hidden"
        workbook.create_sheet("shown")
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def upload(data, name="filled.xlsx"):
    return SimpleUploadedFile(name, data)


def post(cast, inventory, data, name="filled.xlsx", **more):
    address = reverse("inventory:upload", args=[inventory.activity.code, inventory.kind])
    return cast.client("organizer").post(address, {"workbook": upload(data, name), **more})


def errors(page):
    """Problems of the page by row of the file."""
    return [(problem.row, problem.code) for problem in page.context["problems"]]


def test_export_edit_nothing_import_is_no_change(cast, draft):
    before = [row.facts for row in queries.lines(draft)]
    for language in ("zh-hans", "en"):
        with translation.override(language):
            data = sheets.write(draft)
        page = post(cast, draft, data)
        assert page.status_code == 302, page.context["problems"]
        draft.refresh_from_db()
        assert [row.facts for row in queries.lines(draft)] == before
        assert draft.edition == 1


def test_nothing_in_our_workbook_is_a_formula(draft):
    book = openpyxl.load_workbook(io.BytesIO(sheets.write(draft)))
    kinds = {cell.data_type for page in book for row in page.iter_rows() for cell in row}
    assert "f" not in kinds
    assert book.worksheets[0]["A1"].value.startswith("=HYPERLINK")
    assert len(book.worksheets[0].data_validations.dataValidation) >= 5


def test_a_filled_workbook_is_taken_over(cast, empty):
    page = post(
        cast, empty, book(HEAD, GOOD, [], ["waste", "closing", "estimated", "", 0.9, "吨", "cpcd.waste.msw_average.kg"])
    )
    assert page.status_code == 302
    sheet = queries.sheet(empty)
    assert [str(result.kg) for result in sheet.results] == ["1876.8000", "360.0000"]
    assert [line.position for line in sheet.lines] == [1, 2]


def test_every_error_of_every_row_with_the_row_of_the_file(cast, empty):
    rows = [
        ["标题"],
        HEAD,
        GOOD,
        ["power", *GOOD[1:]],
        ["electricity", "later", "measured", "", "1.448,5", "kWh", GRID],
        [],
        ["electricity", "holding", "maybe", "", "about 1000", "furlong", "no.such"],
        ["electricity", "holding", "measured", "", "=1+1", "kWh", GRID],
        ["electricity", "holding", "measured", "", "1e400", "km", GRID],
        ["electricity", "holding", "", "", "5", "kWh", GRID],
        ["electricity", "holding", "measured", "x" * 400, "-5", "kWh", GRID],
    ]
    page = post(cast, empty, book(*rows))
    assert page.status_code == 422
    # row 8 holds a formula without a stored value: missing, hence a gap and no fault
    assert sorted(errors(page)) == [
        (4, "source_unknown"),
        (5, "number_decimal_comma"),
        (5, "stage_unknown"),
        (7, "factor_unknown"),
        (7, "number_rough"),
        (7, "treatment_unknown"),
        (7, "unit_unknown"),
        (9, "number_exponent"),
        (10, "treatment_missing"),
        (11, "number_negative"),
        (11, "text_too_long"),
    ]
    assert empty.lines.count() == 0


def test_blank_stays_missing(cast, empty):
    assert (
        post(cast, empty, book(HEAD, ["electricity", "holding", "measured", "", None, "kWh", GRID])).status_code == 302
    )
    sheet = queries.sheet(empty)
    assert sheet.results == ()
    assert "quantity_missing" in {gap.code for gap in sheet.gaps}


COMMA = "source,stage,treatment,quantity,unit,factor\n"
CHINESE = "排放源,阶段,核算方式,数量,单位,排放因子\n"
CSV = [
    (COMMA + '净购入电力,举办,实测,"12,000",度,{grid}\n', "gb18030"),
    (COMMA.replace(",", ";") + "electricity;holding;measured;12000;kWh;{grid}\r\n", "utf-8-sig"),
    (COMMA.replace(",", "\t") + "electricity\tholding\tmeasured\t１２０００\tkWh\t{grid}\n", "utf-8-sig"),
    (CHINESE + "electricity,举办,实测,12000.0,千瓦时,{grid}\n", "utf-8"),
]


@pytest.mark.parametrize(("text", "encoding"), CSV)
def test_csv_as_people_save_it(cast, empty, text, encoding):
    book = empty.activity.rulebook.rules
    data = text.format(grid=GRID).replace("净购入电力", book.source("electricity").name_zh).encode(encoding)
    page = post(cast, empty, data, "filled.csv")
    assert page.status_code == 302, [str(p) for p in page.context["problems"]]
    assert str(queries.sheet(empty).total_kg) == "1876.8000"


def test_a_copied_row_with_its_hidden_key_is_a_row_of_its_own(cast, draft):
    workbook = openpyxl.load_workbook(io.BytesIO(sheets.write(draft)))
    page = workbook.worksheets[0]
    page.append([cell.value for cell in page[4]])
    out = io.BytesIO()
    workbook.save(out)
    assert post(cast, draft, out.getvalue()).status_code == 302
    draft.refresh_from_db()
    assert draft.lines.count() == 17


def test_yesterdays_template_asks_before_it_replaces(cast, draft):
    data = sheets.write(draft)
    lines = [row.facts for row in queries.lines(draft)]
    operations.save_draft(inventory=draft, lines=lines[:2], edition=1, by=draft.created_by, at=AT)
    page = post(cast, draft, data)
    assert page.status_code == 422
    assert draft.lines.count() == 2
    assert post(cast, draft, data, replace="on").status_code == 302
    assert draft.lines.count() == 16


def test_a_workbook_of_another_activity_is_refused(cast, draft, activity):
    other = make_draft(make_activity(organization=cast.home, created_by=cast.organizer), "actual")
    assert errors(post(cast, other, sheets.write(draft))) == [(None, "another")]


# --- hostile files


def zipped(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def patched(data, change):
    """A workbook whose first sheet was changed as text."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            body = old.read(part)
            new.writestr(part.filename, change(body) if part.filename.endswith("sheet1.xml") else body)
    return out.getvalue()


def bomb(megabytes):
    """A real workbook whose sheet inflates to so many megabytes."""
    blanks = b" " * (megabytes * 1024 * 1024)
    return patched(book(HEAD, GOOD), lambda body: body.replace(b"</worksheet>", blanks + b"</worksheet>"))


def far_cell():
    workbook = openpyxl.Workbook()
    for cell, text in zip("ABCDEFGH", HEAD, strict=True):
        workbook.active[f"{cell}1"] = text
    workbook.active["XFD1048576"] = "far"
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


HOSTILE = {
    "a zip bomb": (lambda: bomb(90), "x.xlsx", {"wrong_content", "inflated"}),
    "a cell at the far corner": (far_cell, "x.xlsx", {"unreadable", "too_many_rows", "too_many_columns"}),
    "cut in half": (lambda: book(HEAD, GOOD)[:3000], "x.xlsx", {"wrong_content"}),
    "no workbook": (lambda: b"hello", "x.xlsx", {"wrong_content"}),
    "a zip of something else": (lambda: zipped(readme=b"x"), "x.xlsx", {"wrong_content", "unreadable"}),
    "a program": (lambda: b"MZ\x90", "x.exe", {"wrong_content"}),
    "no headings": (lambda: book(["a", "b"], ["1", "2"]), "x.xlsx", {"no_headings"}),
    "a hidden sheet": (lambda: book(HEAD, GOOD, hidden=True), "x.xlsx", {"hidden"}),
    "bytes that are no text": (
        lambda: b"source,quantity,unit\n\xff\xfe\x81\x20",
        "x.csv",
        {"wrong_content", "encoding"},
    ),
    "an empty file": (lambda: b"", "x.csv", None),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_get_a_sentence_quickly(cast, empty, name):
    make, filename, codes = HOSTILE[name]
    data, begun = make(), time.monotonic()
    page = post(cast, empty, data, filename)
    assert page.status_code == 422
    assert time.monotonic() - begun < 15
    assert empty.lines.count() == 0
    if codes is not None:
        assert {code for _, code in errors(page)} <= codes
        assert errors(page)


def test_a_million_blank_rows_are_no_rows(cast, empty):
    blank = b"".join(b'<row r="%d"><c r="A%d"/></row>' % (n, n) for n in range(3, 1_048_577))
    data = patched(book(HEAD, GOOD), lambda body: body.replace(b"</sheetData>", blank + b"</sheetData>"))
    begun = time.monotonic()
    page = post(cast, empty, data)
    assert (page.status_code, empty.lines.count()) == (302, 1)
    assert time.monotonic() - begun < 15


def test_too_many_rows_are_refused(cast, empty):
    data = "source,quantity,unit\n" + "electricity,1,kWh\n" * 20_001
    assert errors(post(cast, empty, data.encode(), "x.csv")) == [(None, "too_many_rows")]


def test_broken_bytes_get_a_refusal_or_rows_and_never_anything_else(empty):
    """Sixty workbooks with bytes changed at random, some in their parts: rows, or a sentence."""
    chance, good, seen = random.Random(11), book(HEAD, GOOD, GOOD), set()
    for turn in range(60):
        data = bytearray(good)
        if turn % 2:
            for _ in range(chance.randint(1, 30)):
                data[chance.randrange(len(data))] = chance.randrange(256)
        else:
            data = bytearray(patched(good, lambda body: mangled(chance, body)))
        try:
            seen.add(type(sheets.read(upload(bytes(data)), empty)).__name__)
        except tables.NotRead as refusal:
            seen.add(refusal.code)
    assert "Incoming" in seen
    assert len(seen) > 2


def mangled(chance, body):
    """XML with pieces doubled, dropped or overwritten."""
    for _ in range(chance.randint(1, 5)):
        a, b = sorted(chance.randrange(len(body)) for _ in range(2))
        body = chance.choice([body[:a] + body[b:], body[:b] + body[a:], body[:a] + b"\x00<&" + body[a:]])
    return body
