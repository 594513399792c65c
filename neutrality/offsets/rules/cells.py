"""Cells of a registry's table as they are published: tags, entities, thousands marks, American dates."""

import html
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

Row = Mapping[str, str]
"""One row of a table: the folded heading (see `heading`) to the raw text."""

DAMAGED = re.compile("[\x00\ufffd]")
_TAG = re.compile(r"<[a-zA-Z/!][^>]{0,500}>")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f\u200b\u200e\u200f\ufeff]")


class BadRow(ValueError):
    """A row that cannot be taken; `code` and `column` say why, `detail` what stands there."""

    def __init__(self, code: str, column: str = "", detail: str = "") -> None:
        super().__init__(code)
        self.code, self.column, self.detail = code, column, detail


def heading(text: str) -> str:
    """A column name without the line breaks, marks and capitals registries put into it."""
    return re.sub(r"\s+", " ", text.replace("\ufeff", "")).strip().casefold()


def cell(text: str | None) -> str:
    """A cell as plain text: tags, entities and unseen signs gone, spaces single."""
    plain = html.unescape(_TAG.sub(" ", text or ""))
    return re.sub(r"\s+", " ", _UNSEEN.sub("", plain)).strip()


def whole(text: str, column: str) -> int:
    """A whole number with or without thousands separators: `56,373`, `1.448.500`, `546.0`; `12.5` never."""
    plain = cell(text).replace(" ", "")
    if re.fullmatch(r"[0-9]{1,15}(\.0{1,2})?", plain, re.ASCII):
        return int(plain.partition(".")[0])
    if re.fullmatch(r"[0-9]{1,3}([.,][0-9]{3}){1,4}", plain, re.ASCII):
        return int(re.sub(r"[.,]", "", plain))
    raise BadRow("number", column, plain)


def decimal(text: str, column: str) -> Decimal:
    """A number of tonnes with a point: `74344`, `109,796`, `6.3`; `1,5` never."""
    plain = cell(text).replace(" ", "")
    if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,3})?", plain, re.ASCII):
        return Decimal(plain)
    if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3}){1,4}(\.[0-9]{1,3})?", plain, re.ASCII):
        return Decimal(plain.replace(",", ""))
    raise BadRow("number", column, plain)


def day(text: str, column: str) -> date:
    """The day of a moment or a date: ISO, Chinese, or as American registries write it (month first)."""
    plain = cell(text)
    if match := re.match(r"([0-9]{4})(?:-|/|年)([0-9]{1,2})(?:-|/|月)([0-9]{1,2})(?![0-9])", plain, re.ASCII):
        year, month, number = (int(part) for part in match.groups())
    elif match := re.match(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?![0-9])", plain, re.ASCII):
        month, number, year = (int(part) for part in match.groups())
    else:
        raise BadRow("day", column, plain)
    try:
        return date(year, month, number)
    except ValueError:
        raise BadRow("day", column, plain) from None


_DAYS = re.compile(
    r"(?<![0-9])(?:[0-9]{4}[-/年][0-9]{1,2}[-/月][0-9]{1,2}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4})(?![0-9])", re.ASCII
)


def only_day(text: str, column: str) -> date:
    """The one day of a cell; a cell with several says which of them holds as little as one with none."""
    if len(_DAYS.findall(cell(text))) > 1:
        raise BadRow("several", column, cell(text))
    return day(text, column)


def two_days(text: str, column: str) -> tuple[date, date]:
    """First and last day of a period in one cell: `2021-01-01 – 2030-12-31`, `2021年1月1日至2030年12月31日`."""
    found = _DAYS.findall(cell(text))
    if len(found) != 2:
        raise BadRow("several" if len(found) > 2 else "day", column, cell(text))
    return day(found[0], column), day(found[1], column)


def needed(row: Row, column: str) -> str:
    """What stands in a column that must not be blank."""
    text = at(row, column)
    if not text:
        raise BadRow("missing", column)
    return text


def at(row: Row, column: str) -> str:
    """What stands in a column, or nothing; a layout names no column by ""."""
    return cell(row.get(heading(column))) if column else ""


def first(row: Row, columns: tuple[str, ...]) -> str:
    """The first of these columns that is filled."""
    return next((text for column in columns if (text := at(row, column))), "")


def identifier(row: Row, column: str) -> str:
    """A project's id; a spreadsheet's `10789.0` is 10789."""
    return re.sub(r"^([0-9]+)\.0$", r"\1", needed(row, column))
