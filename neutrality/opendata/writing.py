"""Rows as CSV and as JSON lines, streamed. A cell can never become a formula in a spreadsheet."""

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from neutrality.opendata.datasets import Column, Kind

BOM = "\ufeff"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class _Echo:
    """csv writes into it and gets the text back."""

    def write(self, text: str) -> str:
        return text


def plain(value: Any) -> Any:
    """A cell as JSON: amounts as text without exponent, days and moments as ISO 8601, nothing as null."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value


def cell(column: Column, value: Any) -> str:
    """A cell as CSV. Text that a spreadsheet would run as a formula gets an apostrophe before it."""
    if value is None:
        return ""
    if column.kind is Kind.BOOLEAN:
        return "true" if value else "false"
    text = str(plain(value))
    return f"'{text}" if column.kind is Kind.TEXT and text.startswith(DANGEROUS) else text


def csv_lines(columns: tuple[Column, ...], rows: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    """With the mark that tells spreadsheets it is UTF-8, and a header of column names."""
    writer = csv.writer(_Echo())
    yield BOM + writer.writerow([column.name for column in columns])
    for row in rows:
        yield writer.writerow([cell(column, value) for column, value in zip(columns, row, strict=True)])


def json_lines(columns: tuple[Column, ...], rows: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    """One object a line."""
    for row in rows:
        yield json.dumps(as_object(columns, row), ensure_ascii=False) + "\n"


def as_object(columns: tuple[Column, ...], row: tuple[Any, ...]) -> dict[str, Any]:
    return {column.name: plain(value) for column, value in zip(columns, row, strict=True)}
