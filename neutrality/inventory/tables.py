"""Tables people upload: .xlsx or .csv to rows of text by field, whatever the file tries.

Sizes are counted before anything is opened; the opening of a workbook happens in a limited child process (limited.py).
"""

import csv
import io
import json
import lzma
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from neutrality.evidence.rules import BadFile, media_type
from neutrality.inventory import rules
from neutrality.refusals import Refusal

LARGEST = 10 * 1024 * 1024
MOST_INFLATED = 64 * 1024 * 1024
CHUNK = 1024 * 1024
TIMEOUT_SECONDS = 30
LOOK_FOR_HEADINGS = 12
# What opening a package raises whose directory, sizes or streams were made up; a fuzzer found the later ones.
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, NotImplementedError, RuntimeError, EOFError),
    *(OSError, ValueError, LookupError, OverflowError),
)

WHY = {
    "wrong_content": _("This is no workbook we can read, or the file is damaged. Save it again as .xlsx."),
    "inflated": _("The workbook is far larger inside than it looks. Copy the rows into a fresh template."),
    "unreadable": _("The workbook cannot be read. Copy the rows into a fresh template and save as .xlsx."),
    "too_many_rows": _("The sheet has more rows than can be read at once. Add up rows of the same kind first."),
    "too_many_columns": _("The sheet has text far to the right of the table. Remove it."),
    "too_many_sheets": _("The workbook has more than 30 sheets. Copy the rows into a fresh template."),
    "no_headings": _("No sheet has the headings of the template. Download a fresh one and paste the rows."),
    "hidden": _("The sheet with the rows is hidden. Show it, check it, and upload the file again."),
    "encoding": _("The text is neither UTF-8 nor GB18030. Save the file as CSV UTF-8, or as .xlsx."),
    "cell_too_long": _("A cell holds more text than any spreadsheet can. Shorten it."),
    "damaged": _("The workbook is damaged or was made to do harm. Copy the rows into a fresh template."),
    "no_rows": _("Below the headings the sheet is empty."),
    "another": _("This workbook was made for another activity or another kind of inventory."),
}


class NotRead(Refusal):
    code = "not_read"


def refused(code: str) -> NotRead:
    """The refusal of a file, in words."""
    return NotRead(code, WHY.get(code, WHY["unreadable"]))


@dataclass(frozen=True)
class Layout:
    """Which headings are understood (folded words to fields), which must be there, and how many rows are taken."""

    names: Mapping[str, str]
    needed: frozenset[str]
    most_rows: int


@dataclass(frozen=True)
class Table:
    """Rows by field, the row number of the first in the file, and what stands above the headings; for remarks in the
    file also the field of each column, and the sheet."""

    raws: list[dict[str, str]]
    first_row: int
    above: list[list[str]]
    columns: tuple[str | None, ...] = ()
    sheet: str = ""


def read(upload: Any, layout: Layout) -> Table:
    """The table in an uploaded file. Raises NotRead with what to do."""
    data = upload.read(LARGEST + 1)
    try:
        kind = media_type(upload.name, data)
    except BadFile as bad:
        raise refused("wrong_content") from bad
    if len(data) > LARGEST:
        raise refused("too_many_rows")
    if kind == "text/csv":
        return _table(csv_rows(data)[0], layout)
    if _inflated(data) > MOST_INFLATED:
        raise refused("inflated")
    return _sheet(_opened(data, layout.most_rows + LOOK_FOR_HEADINGS), layout)


def _inflated(data: bytes) -> int:
    """How large the parts really are, counted by inflating them piece by piece and keeping nothing."""
    size = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for part in archive.infolist():
                with archive.open(part) as stream:
                    while piece := stream.read(CHUNK):
                        size += len(piece)
                        if size > MOST_INFLATED:
                            return size
    except DAMAGED as error:
        raise refused("wrong_content") from error
    return size


def _opened(data: bytes, most_rows: int) -> list[dict[str, Any]]:
    program = Path(__file__).with_name("limited.py")
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, str(program), str(most_rows)],
            input=data,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=True,
        )
        answer = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise refused("unreadable") from error
    if "refused" in answer:
        raise refused(answer["refused"])
    sheets: list[dict[str, Any]] = answer["sheets"]
    return sheets


def csv_rows(data: bytes) -> tuple[list[list[str]], str]:
    """The rows of a CSV as people save it, and the sign between its cells."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise refused("encoding")
    head = "\n".join(text.splitlines()[:LOOK_FOR_HEADINGS])
    delimiter = max(",;\t", key=head.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)), delimiter
    except csv.Error as error:
        raise refused("unreadable") from error


def _sheet(sheets: list[dict[str, Any]], layout: Layout) -> Table:
    """The one sheet with our headings; a hidden one is not read in secret."""
    found = [sheet for sheet in sheets if _headings(sheet["rows"], layout) is not None]
    if not found:
        raise refused("no_headings")
    visible = [sheet for sheet in found if sheet["visible"]]
    if not visible:
        raise refused("hidden")
    return replace(_table(visible[0]["rows"], layout), sheet=visible[0]["name"])


def is_heading(row: list[str], layout: Layout) -> bool:
    """Whether a row names every column that must be there."""
    return layout.needed <= {layout.names.get(rules.folded(cell)) for cell in row}


def headings(rows: list[list[str]], layout: Layout) -> tuple[str | None, ...]:
    """The fields the last of these rows names, None for columns nobody asked for; a second column of one name is one
    of those."""
    found: list[str | None] = []
    for cell in rows[-1]:
        name = layout.names.get(rules.folded(cell))
        found.append(None if name in found else name)
    return tuple(found)


def _headings(rows: list[list[str]], layout: Layout) -> int | None:
    """The place of the heading row among the first rows."""
    return next((place for place, row in enumerate(rows[:LOOK_FOR_HEADINGS]) if is_heading(row, layout)), None)


def _table(rows: list[list[str]], layout: Layout) -> Table:
    place = _headings(rows, layout)
    if place is None:
        raise refused("no_headings")
    columns = headings(rows[: place + 1], layout)
    raws = [
        {name: cell for name, cell in zip(columns, row, strict=False) if name is not None} for row in rows[place + 1 :]
    ]
    if len(raws) > layout.most_rows:
        raise refused("too_many_rows")
    return Table(raws, place + 2, rows[:place], columns)
