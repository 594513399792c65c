"""A program of its own: writes the visible sheets of one workbook as text tables, within strict limits.

Run by tables.py in a child process, so that a hostile file can at worst end the child. It imports nothing of the
portal. Usage: sheet.py WORKBOOK FOLDER; one file of comma-separated values a sheet, in the workbook's order.
"""

import csv
import resource
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from python_calamine import CalamineWorkbook, SheetVisibleEnum

MEMORY = 2 * 1024**3
SECONDS = 110
MOST_SHEETS = 30
MOST_COLUMNS = 400


def text(value: object) -> str:
    """A cell as a person reads it: 300, 0.5306, 2026-05-18; a line break stays."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        number = Decimal(repr(value))
        whole = number == number.to_integral_value() if number.is_finite() else False
        return f"{number.quantize(Decimal(1)):f}" if whole and abs(number) < 10**15 else f"{number:f}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return "" if value is None else str(value)


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    workbook = CalamineWorkbook.from_path(sys.argv[1])
    folder = Path(sys.argv[2])
    for place, sheet in enumerate(workbook.sheets_metadata[:MOST_SHEETS]):
        if sheet.visible != SheetVisibleEnum.Visible:
            continue
        rows = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        with (folder / f"{place:03d}.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([text(cell) for cell in row[:MOST_COLUMNS]] for row in rows)


if __name__ == "__main__":
    main()
