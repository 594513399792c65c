"""Large tables as columns: every way people save one, the same columns whoever reads them, hostile files at once."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from neutrality.inventory import columns, tables, trips
from neutrality.inventory.columns import _fast, _slow
from neutrality.inventory.tests.test_sheets import book, patched
from neutrality.inventory.unpacking import worksheet

HEAD = ["姓名", "出发城市", "交通方式", "人数", "间夜"]
ROWS = [["张三", "北京", "高铁", 1, 2], ["李四", "成都", "", 12, 0.5]]


@pytest.fixture
def read(tmp_path):
    def reader(data, name="list.xlsx"):
        path = tmp_path / "upload"
        path.write_bytes(data)
        sheet = columns.read(path, name, trips.layout())
        return sheet, {field: [each.values[code] for code in each.codes] for field, each in sheet.columns.items()}

    return reader


def refusal(read, data, name="list.xlsx"):
    with pytest.raises(tables.NotRead) as refused:
        read(data, name)
    return refused.value.code


# --- csv

TEXT = '城市,人数,手机\n北京,１２,138\n\n"上海\n浦东","1,448",139\n成都\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line", ["\n", "\r\n"])
def test_csv_as_people_save_it(read, encoding, delimiter, line):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=line).writerows(csv.reader(io.StringIO(TEXT, newline="")))
    sheet, found = read(out.getvalue().encode(encoding), "名单.csv")
    assert found["origin"] == ["北京", "", "上海\n浦东", "成都"]
    assert found["people"] == ["１２", "", "1,448", ""]
    assert (sheet.rows, sheet.first_row, sheet.dropped) == (4, 2, 1)


def test_headings_may_stand_below_a_title_and_mac_lines_are_lines(read):
    sheet, found = read("年会名单\r\r城市,人数\r北京,1\r".encode(), "list.csv")
    assert (sheet.first_row, found["origin"]) == (4, ["北京"])


CELLS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=8)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=8))
def test_both_readers_of_a_csv_read_the_same(rows):
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([("origin", "x", "people"), *rows])
    text, names = out.getvalue().encode(), ("origin", None, "people")
    fast, slow = _fast(text, 1, names, ","), _slow(text, 1, names, ",")
    assert slow[1] == len(rows)
    if fast is not None:
        assert fast[1] == slow[1]
        for name in ("origin", "people"):
            one, two = fast[0][name], slow[0][name]
            assert [one.values[code] for code in one.codes] == [two.values[code] for code in two.codes]


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.csv", "no_headings"),
        (b"a,b\n1,2\n", "a.csv", "no_headings"),
        ("城市\n".encode() + b"\xff\xfe\x81\x20", "a.csv", "encoding"),
        ("城市\n北京\x00\n".encode(), "a.csv", "wrong_content"),
        (f"城市,人数\n{'x' * 10_000_000},1\n".encode(), "a.csv", "cell_too_long"),
        (b"hello", "a.exe", "wrong_content"),
        (b"hello", "a.xlsx", "wrong_content"),
        (book(HEAD, *ROWS)[:3000], "a.xlsx", "wrong_content"),
        (book(["a"], ["b"]), "a.xlsx", "no_headings"),
        (book(HEAD), "a.xlsx", "no_rows"),
        (book(HEAD, *ROWS, hidden=True), "a.xlsx", "hidden"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence(read, data, name, code):
    assert refusal(read, data, name) == code
    assert code in tables.WHY


# --- workbooks


def written(rows, **options):
    """A workbook by another writer than openpyxl."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as workbook:
        page = workbook.add_worksheet()
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
    return out.getvalue()


@pytest.mark.parametrize("make", [lambda rows: book(*rows), written, lambda rows: written(rows, constant_memory=True)])
def test_a_workbook_whoever_wrote_it(read, make):
    sheet, found = read(make([["年会"], HEAD, *ROWS, [], ["王五", "x & <y>", "飞机", "１２", "1,448"]]))
    assert found["origin"] == ["北京", "成都", "", "x & <y>"]
    assert found["people"] == ["1", "12", "", "１２"]
    assert found["nights"] == ["2", "0.5", "", "1,448"]
    assert (sheet.first_row, sheet.rows, sheet.dropped) == (3, 4, 1)


def test_no_name_leaves_the_reader(read, monkeypatch):
    sent = []
    original = columns._sent

    def spy(out):
        sent.append(out.read())
        out.seek(0)
        return original(out)

    monkeypatch.setattr(columns, "_sent", spy)
    read(book(HEAD, *ROWS))
    assert b"\\u5317\\u4eac" in sent[0]
    assert not any(secret in sent[0] for secret in ("张三".encode(), b"\\u5f20\\u4e09"))


def test_dates_formulas_merged_cells_and_odd_numbers(read):
    workbook = openpyxl.Workbook()
    page = workbook.active
    for row in [HEAD, ["", "北京", "高铁", date(2026, 5, 18), 1.1], ["", "成都", "", 5, 1e-7], ["", "", "", "", True]]:
        page.append(row)
    page["D5"], page["E5"] = "=1+1", datetime(2026, 5, 18, 12, 30, tzinfo=UTC).replace(tzinfo=None)
    page.merge_cells("B3:B4")
    page.merge_cells("D3:D4")
    out = io.BytesIO()
    workbook.save(out)
    _, found = read(out.getvalue())
    assert found["people"] == ["2026-05-18", "5", "\u2191", "="]
    assert found["nights"] == ["1.1", "0.0000001", "TRUE", "2026-05-18 12:30"]
    assert found["origin"] == ["北京", "成都", "成都", ""]
    assert found["mode"] == ["高铁", "", "", ""]


def test_dates_count_from_1904_where_the_workbook_says_so(read):
    _, found = read(written([HEAD, ["", "北京", "高铁", 1, 1]], date_1904=True))
    assert found["people"] == ["1"]
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True, "date_1904": True}) as workbook:
        page = workbook.add_worksheet()
        page.write_row(0, 0, HEAD)
        page.write(1, 1, "北京")
        page.write_datetime(1, 3, date(2026, 5, 18), workbook.add_format({"num_format": "yyyy年m月d日"}))
    assert read(data.getvalue())[1]["people"] == ["2026-05-18"]


def test_the_visible_sheet_is_read_and_others_are_not(read):
    workbook = openpyxl.load_workbook(io.BytesIO(book(HEAD, *ROWS)))
    hidden = workbook.create_sheet("old", 0)
    hidden.append(HEAD)
    hidden.append(["", "上海", "", 1, 1])
    hidden.sheet_state = "hidden"
    workbook.create_sheet("notes").append(["x"])
    out = io.BytesIO()
    workbook.save(out)
    assert read(out.getvalue())[1]["origin"] == ["北京", "成都"]


def test_what_is_laid_out_otherwise_is_read_by_calamine_alike(read):
    plain = book(HEAD, *ROWS)
    odd = patched(plain, lambda body: body.replace(b'<c r="', b'<c  r="').replace(b"<row ", b"<!-- odd --><row "))
    assert read(odd)[1] == read(plain)[1]


VALUES = st.one_of(
    st.text(st.characters(min_codepoint=32, max_codepoint=0x9FFF, blacklist_categories=("Cs", "Cc")), max_size=10),
    st.integers(-(10**9), 10**9),
    st.decimals(-1000, 1000, places=3).map(lambda value: value.__float__()),
    st.none(),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=12))
def test_our_reader_and_calamine_read_the_same(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("book") / "x.xlsx"
    path.write_bytes(written([["出发城市", "人数"], *rows, ["end", "1"]]))
    order = {"names": dict(trips.layout().names), "needed": ["origin"], "most_rows": 100, "look": 12}
    (one, first), (two, second) = worksheet.read(str(path), order), worksheet.by_calamine(str(path), order)

    def texts(answer, codes):
        return [
            [answer["columns"][name][code] for code in each]
            for name, each in zip(answer["columns"], codes, strict=True)
        ]

    assert texts(one, first) == texts(two, second)


# --- hostile workbooks


def bomb(megabytes):
    blanks = b" " * (megabytes * 1024 * 1024)
    return patched(book(HEAD, *ROWS), lambda body: body.replace(b"</worksheet>", blanks + b"</worksheet>"))


def entities():
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    return patched(book(HEAD, *ROWS), lambda body: laughs + body)


def wide():
    return written([[*HEAD, *(f"h{n}" for n in range(16_379))], ["", "北京", "", 1, 1]])


def blank_rows():
    rows = b"".join(b'<row r="%d"><c r="A%d"/></row>' % (n, n) for n in range(2, 1_048_577))
    return patched(book(HEAD), lambda body: body.replace(b"</sheetData>", rows + b"</sheetData>"))


def far():
    workbook = openpyxl.Workbook()
    workbook.active.append(HEAD)
    workbook.active["XFD1048576"] = "far"
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


HOSTILE = {
    "swells": (lambda: bomb(90), "inflated"),
    "entities": (entities, "damaged"),
    "wide": (wide, "too_many_columns"),
}
HOSTILE |= {"blank rows": (blank_rows, "no_rows"), "far corner": (far, "too_many_columns")}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_workbooks_are_refused(read, name):
    make, code = HOSTILE[name]
    assert refusal(read, make()) == code


def test_a_lying_directory_is_noticed(read):
    data = bytearray(bomb(60))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    at = bytes(data).rindex(part.filename.encode()) - 46 + 24
    data[at : at + 4] = (5000).to_bytes(4, "little")
    assert refusal(read, bytes(data)) in ("wrong_content", "unreadable", "damaged")
