"""What is wrong, written into the file a person sent: comments on the cells of a workbook, one more column in a CSV.

Whoever reads tables may use it: `marked` takes the bytes as they came and remarks by row and column, and gives a file
to download. The cells themselves, formulas included, stay as they were.
"""

import csv
import io
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from neutrality.inventory import tables
from neutrality.refusals import Problem

AUTHOR = "青账 Qingzhang"
MOST_REMARKS = 5_000
TIMEOUT_SECONDS = 90
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True)
class Remark:
    """What is wrong in a cell. Row and column count from 1, as a spreadsheet shows them; column 0 is the whole row."""

    row: int
    column: int
    text: str


@dataclass(frozen=True)
class Marked:
    """A file to give back."""

    name: str
    media_type: str
    data: bytes


def remarks(problems: Iterable[Problem], columns: Sequence[str | None]) -> list[Remark]:
    """Problems by row and field as remarks; `columns` names the field of each column of the file."""
    places = {name: place for place, name in enumerate(columns, start=1) if name}
    return [
        Remark(problem.row, places.get(problem.field or "", 0), str(problem.message))
        for problem in problems
        if problem.row is not None
    ][:MOST_REMARKS]


def marked(data: bytes, name: str, remarks: Sequence[Remark], *, sheet: str = "", heading_row: int = 1) -> Marked:
    """The file again with the remarks in it. Raises tables.NotRead where it cannot be opened."""
    stem = Path(name).stem[:80] or "list"
    if Path(name).suffix.lower() == ".csv":
        return Marked(f"{stem}-{_('checked')}.csv", CSV, _with_column(data, remarks, heading_row))
    return Marked(f"{stem}-{_('checked')}.xlsx", XLSX, _with_comments(data, remarks, sheet))


def listed(remarks: Sequence[Remark], name: str) -> Marked:
    """What is wrong as a list of its own, for files too large to be written again."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([str(_("Row")), str(_("What to mend"))])
    writer.writerows([remark.row, remark.text] for remark in sorted(remarks, key=lambda remark: remark.row))
    return Marked(f"{Path(name).stem[:80] or 'list'}-{_('checked')}.csv", CSV, out.getvalue().encode("utf-8-sig"))


def disposition(name: str) -> str:
    """The header that names a download, whatever signs are in its name."""
    return content_disposition_header(True, name) or "attachment"


def _with_comments(data: bytes, remarks: Sequence[Remark], sheet: str) -> bytes:
    said = [[remark.row, max(1, remark.column), remark.text] for remark in remarks]
    order = json.dumps({"author": AUTHOR, "sheet": sheet, "remarks": said}).encode() + b"\n"
    program = Path(__file__).with_name("commenting.py")
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, str(program)],
            input=order + data,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=True,
        )
    except subprocess.SubprocessError as error:
        raise tables.refused("unreadable") from error
    return done.stdout


def _with_column(data: bytes, remarks: Sequence[Remark], heading_row: int) -> bytes:
    """The rows as they came and what is wrong in a column after the last, as UTF-8 every spreadsheet opens. A column
    of ours from the last time is written anew."""
    said = defaultdict(list)
    for remark in remarks:
        said[remark.row].append(remark.text)
    rows, delimiter = tables.csv_rows(data)
    head, title = rows[heading_row - 1], str(_("What to mend"))
    column = head.index(title) if title in head else max(len(row) for row in rows)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    for number, row in enumerate(rows, start=1):
        text = title if number == heading_row else " ".join(said.get(number, ()))
        writer.writerow([*row[:column], *[""] * (column - len(row)), text])
    return out.getvalue().encode("utf-8-sig")
