"""What is wrong, written into the person's own file: on the right cells, beside what was there, gone when mended."""

import csv
import io

import openpyxl
import pytest
from openpyxl.comments import Comment

from neutrality.inventory import marking, tables
from neutrality.inventory.marking import Remark
from neutrality.inventory.tests.test_sheets import book
from neutrality.refusals import Problem

ROWS = [["标题"], ["城市", "人数"], ["北京", 1], ["吉林", "about 3"]]


def opened(marked):
    return openpyxl.load_workbook(io.BytesIO(marked.data)).worksheets[0]


def changed(data, change):
    workbook = openpyxl.load_workbook(io.BytesIO(data))
    change(workbook.worksheets[0])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def test_remarks_know_the_column_of_their_field():
    problems = [Problem("x", "wrong", "people", 4), Problem("y", "whole row", None, 3), Problem("z", "the file")]
    assert marking.remarks(problems, ["origin", None, "people"]) == [Remark(4, 3, "wrong"), Remark(3, 0, "whole row")]


def test_comments_stand_on_their_cells_and_the_rest_is_as_it_was():
    data = changed(book(*ROWS), lambda page: page.__setitem__("C3", "=B3*2"))
    page = opened(marking.marked(data, "list.xlsx", [Remark(4, 1, "a province"), Remark(4, 2, "no number")]))
    assert (page["A4"].comment.text, page["B4"].comment.text) == ("a province", "no number")
    assert page["A3"].comment is None
    assert [page["C3"].value, page["B4"].value, page["A1"].value] == ["=B3*2", "about 3", "标题"]


def test_a_mended_cell_loses_our_remark_and_keeps_that_of_others():
    def theirs(page):
        page["A3"].comment = Comment("ask the hotel", "李想")

    once = marking.marked(changed(book(*ROWS), theirs), "list.xlsx", [Remark(3, 1, "first"), Remark(4, 2, "second")])
    assert opened(once)["A3"].comment.text == "ask the hotel\nfirst"
    twice = opened(marking.marked(once.data, once.name, [Remark(4, 1, "third")]))
    assert twice["B4"].comment is None
    assert twice["A4"].comment.text == "third"


def test_merged_cells_carry_the_remark_on_their_first_cell():
    data = changed(book(*ROWS), lambda page: page.merge_cells("A3:A4"))
    assert opened(marking.marked(data, "list.xlsx", [Remark(4, 1, "which?")]))["A3"].comment.text == "which?"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_csv_gets_one_more_column_and_only_one(encoding):
    data = "名单\n城市;人数\n北京;1\n吉林;x;y\n".encode(encoding)
    once = marking.marked(data, "list.csv", [Remark(4, 2, "no number")], heading_row=2)
    rows = list(csv.reader(io.StringIO(once.data.decode("utf-8-sig")), delimiter=";"))
    assert rows[1][:2] == ["城市", "人数"]
    assert rows[3] == ["吉林", "x", "y", "no number"]
    assert [row[3] for row in rows] == ["", "需修改之处", "", "no number"]
    twice = marking.marked(once.data, once.name, [Remark(3, 1, "which?")], heading_row=2)
    again = list(csv.reader(io.StringIO(twice.data.decode("utf-8-sig")), delimiter=";"))
    assert [row[3:] for row in again] == [[""], ["需修改之处"], ["which?"], [""]]


def test_what_is_no_workbook_is_refused():
    with pytest.raises(tables.NotRead):
        marking.marked(b"hello", "list.xlsx", [Remark(1, 1, "x")])
