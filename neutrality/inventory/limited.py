"""A program of its own: reads one workbook from standard input, writes its sheets as JSON, within strict limits.

Run by sheets.py in a child process: a hostile file can at worst end the child. It imports nothing of the portal.
Output: {"sheets": [{"name", "visible", "rows": [[text, ...], ...]}]}, or {"refused": code}.
"""

import io
import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

MEMORY = 768 * 1024 * 1024
SECONDS = 20
MOST_SHEETS = 30
MOST_COLUMNS = 60


def text(value: object) -> str:
    """A cell as a person reads it: 300, 0.5306, 2026-05-18."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        number = Decimal(repr(value))
        whole = number == number.to_integral_value() if number.is_finite() else False
        return f"{number.quantize(Decimal(1)):f}" if whole and abs(number) < 10**15 else f"{number:f}"
    if isinstance(value, datetime | date | time | timedelta):
        return str(value)
    return "" if value is None else str(value)


def rows_of(workbook: CalamineWorkbook, name: str, most_rows: int) -> list[list[str]]:
    """The rows of a sheet from the very first; empty rows at the end are dropped."""
    sheet = workbook.get_sheet_by_name(name)
    rows = [[text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    while rows and not any(rows[-1]):
        rows.pop()
    if len(rows) > most_rows:
        raise ValueError("too_many_rows")
    if any(any(row[MOST_COLUMNS:]) for row in rows):
        raise ValueError("too_many_columns")
    return [row[:MOST_COLUMNS] for row in rows]


def read(data: bytes, most_rows: int) -> dict[str, object]:
    """All sheets of a workbook."""
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    metadata = workbook.sheets_metadata[: MOST_SHEETS + 1]
    if len(metadata) > MOST_SHEETS:
        raise ValueError("too_many_sheets")
    return {
        "sheets": [
            {
                "name": sheet.name,
                "visible": sheet.visible == SheetVisibleEnum.Visible,
                "rows": rows_of(workbook, sheet.name, most_rows),
            }
            for sheet in metadata
        ]
    }


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        answer = read(sys.stdin.buffer.read(), int(sys.argv[1]))
    except ValueError as error:
        answer = {"refused": str(error)}
    except (CalamineError, MemoryError, OSError):
        answer = {"refused": "unreadable"}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
