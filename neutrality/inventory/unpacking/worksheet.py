"""A program of its own: reads one sheet of a workbook in one pass and writes the columns asked for to standard output.

Run by columns.py in a child process within strict limits. The sheet is inflated piece by piece and never held whole, so
a million rows need little more memory than their indexes. What is not laid out as every spreadsheet program does it is
read by calamine instead. Refused at once, before anything large is inflated: parts that swell beyond reason, entities,
sheets far too wide.

Input: JSON {"names", "needed", "most_rows", "look"}; the path of the file is the argument.
Output: one line of JSON {"sheet", "first_row", "rows", "headings", "formulas", "columns": {field: texts}}, then for
each column its indexes as 32-bit integers; or {"refused": code}.
"""

import json
import lzma
import re
import resource
import struct
import sys
import zipfile
import zlib
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import numpy as np
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from neutrality.inventory.unpacking.cells import MOST_COLUMNS
from neutrality.inventory.unpacking.package import (
    MOST_SHEETS,
    PIECE,
    Package,
    Refused,
    Strings,
    Unusual,
    date_styles,
    pieces,
    sheets,
)
from neutrality.inventory.unpacking.sheet import SMALL_INT, Sheet, merge, number_of, number_text, settled

MEMORY = 1536 * 1024 * 1024
SECONDS = 60
MERGE = re.compile(rb'<mergeCell ref="([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"')
EPOCH, EPOCH_1904 = datetime(1899, 12, 30, tzinfo=UTC), datetime(1904, 1, 1, tzinfo=UTC)


def heading(package: Package, part: str, strings: Strings, order: dict[str, Any]) -> tuple[int, list[str]] | None:
    """Row number and texts of the heading row among the first rows of a sheet."""
    cells: dict[int, dict[int, str]] = {}
    sheet = Sheet(range(1, MOST_COLUMNS + 1), strings, set(), EPOCH)
    sheet.take(beginning(package, part, 3 * order["look"]))
    for place, column in sheet.columns.items():
        texts = {code: text for text, code in column.others.items()}
        for numbers, codes in zip(column.rows, column.codes, strict=True):
            for number, code in zip(numbers.tolist(), codes.tolist(), strict=True):
                text = strings[-1 - code] if code < 0 else texts.get(code - SMALL_INT, str(code))
                cells.setdefault(number, {})[place] = text
    for number in sorted(cells)[: order["look"]]:
        texts_of = [cells[number].get(place, "") for place in range(1, max(cells[number]) + 1)]
        if set(order["needed"]) <= {order["names"].get(folded(text)) for text in texts_of}:
            return number, texts_of
    return None


def beginning(package: Package, part: str, most: int) -> bytes:
    """The first rows of a sheet."""
    first = b""
    for piece in pieces(package, part):
        first += piece
        rows = [found.start() for found in islice(re.finditer(rb"<row\b", first), most + 1)]
        if len(rows) > most or len(first) > 2 * PIECE:
            return first[: rows[-1]] if rows else first
    return first


def folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def chosen(package: Package, strings: Strings, order: dict[str, Any]) -> tuple[str, str, int, list[str]]:
    """The first visible sheet with our headings."""
    hidden = False
    for name, visible, part in sheets(package):
        if part not in package.archive.namelist():
            continue
        found = heading(package, part, strings, order)
        if found is not None and visible:
            return name, part, *found
        hidden |= found is not None
    raise Refused("hidden" if hidden else "no_headings")


def fields(texts: list[str], order: dict[str, Any]) -> list[str | None]:
    found: list[str | None] = []
    for text in texts:
        name = order["names"].get(folded(text))
        found.append(None if name in found else name)
    return found


def read(path: str, order: dict[str, Any]) -> tuple[dict[str, Any], list[Any]]:
    """The answer and the indexes of each column."""
    package = Package(path)
    strings = Strings(package.part("xl/sharedStrings.xml"))
    name, part, row, texts = chosen(package, strings, order)
    names = fields(texts, order)
    wanted = {place: field for place, field in enumerate(names, start=1) if field}
    book = package.part("xl/workbook.xml")
    old = re.search(rb'date1904="(1|true)"', book) is not None
    sheet = Sheet(wanted, strings, date_styles(package), EPOCH_1904 if old else EPOCH)
    tail = b""
    for piece in pieces(package, part):
        sheet.take(piece)
        tail = piece
    last = max((int(rows.max()) for column in sheet.columns.values() for rows in column.rows), default=row)
    if last - row > order["most_rows"]:
        raise Refused("too_many_rows")
    if last == row:
        raise Refused("no_rows")
    answer = {"sheet": name, "first_row": row + 1, "rows": last - row, "headings": names, "formulas": sheet.formulas}
    columns, codes = {}, []
    merged = MERGE.findall(tail)
    for place, field in wanted.items():
        values, indexes = settled(sheet.columns[place], strings, row, last)
        mine = [each for each in merged if number_of(each[0]) <= place <= number_of(each[2])]
        merge(values, indexes, mine, row, field)
        columns[field] = values
        codes.append(indexes)
    return answer | {"columns": columns}, codes


def by_calamine(path: str, order: dict[str, Any]) -> tuple[dict[str, Any], list[Any]]:
    """The same, by the library that knows every layout and takes more memory."""
    try:
        workbook = CalamineWorkbook.from_path(path)
        hidden = False
        for metadata in workbook.sheets_metadata[:MOST_SHEETS]:
            rows = workbook.get_sheet_by_name(metadata.name).to_python(skip_empty_area=False)
            texts = [[calamine_text(cell) for cell in row] for row in rows[: order["look"]]]
            found = next((n for n, row in enumerate(texts) if set(order["needed"]) <= set(fields(row, order))), None)
            if found is None:
                continue
            if metadata.visible == SheetVisibleEnum.Visible:
                return gathered(metadata.name, rows, found, fields(texts[found], order), order)
            hidden = True
    except CalamineError as error:
        raise Refused("unreadable") from error
    raise Refused("hidden" if hidden else "no_headings")


def gathered(
    name: str, rows: list[Any], at: int, names: list[str | None], order: dict[str, Any]
) -> tuple[dict[str, Any], list[Any]]:
    body = rows[at + 1 :]
    while body and not any(body[-1]):
        body.pop()
    if not body or len(body) > order["most_rows"]:
        raise Refused("too_many_rows" if body else "no_rows")
    columns, codes = {}, []
    for place, field in enumerate(names):
        if field:
            known: dict[str, int] = {"": 0}
            cells = (calamine_text(row[place]) if place < len(row) else "" for row in body)
            codes.append(np.array([known.setdefault(text, len(known)) for text in cells], dtype=np.int32))
            columns[field] = list(known)
    answer = {"sheet": name, "first_row": at + 2, "rows": len(body), "headings": names, "formulas": 0}
    return answer | {"columns": columns}, codes


def calamine_text(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int) or type(value) is type(np.float64(0).item()):
        return number_text(repr(value).encode(), dated=False, epoch=EPOCH)
    return str(value)


def opened(path: str, order: dict[str, Any]) -> tuple[dict[str, Any], list[Any]]:
    """What is told of a file, and the indexes of its columns; a refusal where it cannot be read."""
    try:
        try:
            return read(path, order)
        except Unusual:
            return by_calamine(path, order)
    except Refused as refused:
        return {"refused": str(refused)}, []
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError):
        return {"refused": "wrong_content"}, []
    except (MemoryError, ValueError, LookupError, OverflowError, lzma.LZMAError, struct.error):
        return {"refused": "unreadable"}, []


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    answer, codes = opened(sys.argv[1], json.load(sys.stdin))
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    for indexes in codes:
        sys.stdout.buffer.write(indexes.astype(np.int32).tobytes())


if __name__ == "__main__":
    main()
