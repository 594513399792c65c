"""Workbooks: an inventory out to fill in, and back in through the same lines as the page.

Row 1 says whose workbook it is, row 3 holds the headings, rows follow.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _

from neutrality.inventory import forms, marking, queries, reading, rules, tables, words
from neutrality.inventory.models import Inventory

MARK = "qingzhang-inventory-1"
COLUMNS = (*rules.FIELDS, "key")
NUMBERS = ("quantity", "own_value", "uses", "reused_percent", "sharing")
HEADING_ROW = 3
WIDTHS = {"source": 22, "description": 30, "factor": 38, "reason": 30, "own_source": 30, "key": 8}
EXACT_DIGITS = 15  # what a spreadsheet's number holds without loss


@dataclass(frozen=True)
class Incoming:
    """The rows of a file by field, the row number of the first, and the edition it was made from (None: not said);
    for remarks also the field of each column and the sheet."""

    raws: list[dict[str, str]]
    first_row: int
    edition: int | None
    columns: tuple[str | None, ...] = ()
    sheet: str = ""


# --- out


def write(inventory: Inventory) -> bytes:
    """The workbook of an inventory in the reader's language, with drop-downs and the results so far."""
    grid = forms.Grid(inventory, [forms.texts_of(line) for line in queries.lines(inventory)])
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold, wrong = book.add_format({"bold": True, "bottom": 1}), book.add_format({"font_color": "#666666"})
        sheet = book.add_worksheet(_("Inventory"))
        lists = _lists(book, grid)
        _head(sheet, inventory, bold, wrong)
        for offset, row in enumerate(grid.rows):
            _row(sheet, HEADING_ROW + offset, row)
        _drop_downs(sheet, lists, HEADING_ROW + len(grid.rows) + 200)
        _factors(book, grid, bold)
    return out.getvalue()


def _head(sheet: Any, inventory: Inventory, bold: Any, soft: Any) -> None:
    activity = inventory.activity
    mark = f"{MARK} {activity.code} {inventory.kind} {inventory.edition}"
    sheet.write_string(0, 0, f"{activity.name} · {words.KINDS[rules.Kind(inventory.kind)]}", bold)
    sheet.write_string(0, len(COLUMNS) - 1, mark, soft)
    said = _("One row per line. Leave blank what is unknown; blank is never zero. Errors name the row of this sheet.")
    sheet.write_string(1, 0, said, soft)
    for column, name in enumerate(COLUMNS):
        sheet.write_string(HEADING_ROW - 1, column, str(heading(name)), bold)
        sheet.set_column(column, column, WIDTHS.get(name, 15))
    sheet.write_string(HEADING_ROW - 1, len(COLUMNS), _("Result in kg CO₂e"), bold)
    sheet.set_column(len(COLUMNS) - 1, len(COLUMNS) - 1, 8, None, {"hidden": True})
    sheet.freeze_panes(HEADING_ROW, 1)


def heading(name: str) -> Any:
    """What a column is called."""
    return words.FIELDS.get(name, name)


def _row(sheet: Any, at: int, row: forms.Row) -> None:
    for column, name in enumerate(COLUMNS):
        text = _spoken(name, row.texts[name])
        number = rules.is_plain_number(text, EXACT_DIGITS) if name in NUMBERS else None
        if number is not None:
            sheet.write_number(at, column, number)
        elif text:
            sheet.write_string(at, column, text)
    if row.result is not None:
        sheet.write_number(at, len(COLUMNS), row.result.kg)


def _spoken(name: str, code: str) -> str:
    """A code as the word of the drop-down."""
    if not code:
        return ""
    if name == "stage":
        return str({stage.value: word for stage, word in words.STAGES.items()}.get(code, code))
    if name == "treatment":
        return str({item.value: word for item, word in words.TREATMENTS.items()}[code])
    if name == "tier":
        return str({item.value: word for item, word in words.TIERS.items()}[code])
    return code


def _lists(book: Any, grid: forms.Grid) -> dict[str, str]:
    """A sheet with the words of every drop-down; returns the range of each column."""
    sheet = book.add_worksheet(_("Lists"))
    columns = {
        "source": grid.codes(),
        "stage": [str(name) for _code, name in grid.stages],
        "treatment": [str(word) for word in words.TREATMENTS.values()],
        "unit": [words.unit(unit) for unit in rules.UNITS],
        "tier": [str(word) for word in words.TIERS.values()],
        "own_unit": [words.unit(unit) for unit in rules.UNITS],
    }
    ranges = {}
    for column, (name, values) in enumerate(columns.items()):
        sheet.write_string(0, column * 2, str(heading(name)))
        for offset, value in enumerate(values, start=1):
            sheet.write_string(offset, column * 2, value)
            if name == "source":
                sheet.write_string(offset, column * 2 + 1, str(words.source(value, grid.inventory.rulebook.rules)))
        letter = chr(ord("A") + column * 2)
        ranges[name] = f"='{_('Lists')}'!${letter}$2:${letter}${len(values) + 1}"
    return ranges


def _drop_downs(sheet: Any, ranges: dict[str, str], last: int) -> None:
    for column, name in enumerate(COLUMNS):
        if name in ranges:
            choice = {"validate": "list", "source": ranges[name], "error_type": "warning"}
            sheet.data_validation(HEADING_ROW, column, last, column, choice)


def _factors(book: Any, grid: forms.Grid, bold: Any) -> None:
    """A sheet with the codes to choose factors from."""
    sheet = book.add_worksheet(_("Factor codes"))
    for column, name in enumerate((_("Source"), _("Code"), _("Emission factor"), "kg CO₂e", _("Unit"))):
        sheet.write_string(0, column, str(name), bold)
    at = 1
    for source, versions in grid.factors:
        for version in versions:
            for column, text in enumerate((source, version.code, str(version))):
                sheet.write_string(at, column, text)
            sheet.write_number(at, 3, version.value)
            sheet.write_string(at, 4, words.unit(version.factor.unit))
            at += 1
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 2, 45)


# --- in


def read(upload: Any, inventory: Inventory) -> Incoming:
    """The rows of an uploaded workbook or CSV. Raises NotRead with what to do."""
    layout = tables.Layout(_names(), frozenset({"source", "quantity", "unit"}), rules.MOST_LINES)
    table = tables.read(upload, layout)
    edition = _edition(table.above, inventory)
    return Incoming(table.raws, table.first_row, edition, table.columns, table.sheet)


def marked(upload: Any, incoming: Incoming, faults: Iterable[rules.Fault]) -> marking.Marked:
    """The person's own file with every fault on its cell; on the first cell of its row where the file lacks the column.
    Raises NotRead where it cannot be opened again."""
    places = {name: place for place, name in enumerate(incoming.columns, start=1) if name}
    remarks = []
    for fault in faults:
        row, place = (fault.position or 1) + incoming.first_row - 1, places.get(fault.field)
        said = str(words.fault(fault))
        remarks.append(marking.Remark(row, place or 1, said if place else words.labelled(heading(fault.field), said)))
    upload.seek(0)
    options = {"sheet": incoming.sheet, "heading_row": incoming.first_row - 1}
    return marking.marked(upload.read(), upload.name, remarks[: marking.MOST_REMARKS], **options)


def _names() -> dict[str, str]:
    """Every heading in both languages, folded, with its field."""
    names = {name: name for name in COLUMNS}
    for language in reading.LANGUAGES:
        with translation.override(language):
            names |= {rules.folded(str(heading(name))): name for name in COLUMNS}
    return names


def _edition(rows: list[list[str]], inventory: Inventory) -> int | None:
    """The edition in the mark above the headings; a mark of another inventory is refused."""
    marks = [cell.split() for row in rows for cell in row if cell.startswith(MARK)]
    if not marks:
        return None
    mine = [MARK, inventory.activity.code, inventory.kind]
    if marks[0][:3] != mine or not marks[0][-1].isdigit():
        raise tables.refused("another")
    return int(marks[0][-1])
