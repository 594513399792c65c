"""The columns asked for, collected while the pieces of a sheet go by."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np

from neutrality.inventory.unpacking.cells import MOST_COLUMNS, Piece
from neutrality.inventory.unpacking.package import Refused, Strings, plain_text, spoken

SMALL_INT = 1_000_000
MERGED, FORMULA = "\u2191", "="
TEXT_FIELDS = ("origin", "mode", "back", "cabin")


class Column:
    """The cells of a column as they come: shared strings and small numbers by themselves, all else by a dictionary."""

    def __init__(self) -> None:
        self.rows: list[Any] = []
        self.codes: list[Any] = []
        self.others: dict[str, int] = {}

    def add(self, rows: Any, codes: Any) -> None:
        if len(rows):
            self.rows.append(rows.astype(np.int32))
            self.codes.append(codes.astype(np.int64))

    def other(self, text: str) -> int:
        return self.others.setdefault(text, len(self.others))


class Sheet:
    """Collects cells by column. Codes: small numbers by their value, others from SMALL_INT on by the dictionary, shared
    strings below zero."""

    def __init__(self, wanted: Iterable[int], strings: Strings, dates: set[int], epoch: datetime):
        self.wanted = np.zeros(MOST_COLUMNS + 2, dtype=bool)
        self.columns = {place: Column() for place in wanted}
        self.wanted[list(self.columns)] = True
        self.strings, self.epoch, self.formulas = strings, epoch, 0
        self.dates = np.zeros(max(dates, default=0) + 1, dtype=bool)
        self.dates[list(dates)] = True

    def take(self, data: bytes) -> None:
        piece = Piece(data + bytes(16))
        piece.keep(self.wanted)
        if not len(piece.order):
            return
        piece.read()
        for place, column in self.columns.items():
            self._column(piece, np.flatnonzero(piece.column == place), column)

    def _column(self, piece: Piece, mine: Any, column: Column) -> None:
        length = piece.stop[mine] - piece.start[mine]
        kind = piece.kind[mine]
        shared = mine[(kind == ord("s")) & (length > 0)]
        index, end = piece._digits(piece.start[shared], 9)
        if (end != piece.stop[shared]).any() or (index >= len(self.strings)).any():
            raise Refused("damaged")
        column.add(piece.row[shared], -1 - index)
        dated = self.dates[np.minimum(piece.style[mine], len(self.dates) - 1)] & (piece.style[mine] < len(self.dates))
        number = mine[(kind == ord("n")) & (length > 0) & (length <= 6) & ~dated]
        value, end = piece._digits(piece.start[number], 6)
        small = end == piece.stop[number]
        column.add(piece.row[number][small], value[small])
        plain = np.zeros(len(piece.order), dtype=bool)
        plain[shared] = plain[number[small]] = True
        rest = mine[~plain[mine] & ((length > 0) | piece.formula[mine])]
        column.add(piece.row[rest], SMALL_INT + self._others(piece, rest, column))

    def _others(self, piece: Piece, cells: Any, column: Column) -> Any:
        """Cells told apart one by one: texts of their own, long numbers, dates, formulas without a result."""
        found = np.empty(len(cells), dtype=np.int64)
        for place, cell in enumerate(cells.tolist()):
            content = piece.data[int(piece.start[cell]) : int(piece.stop[cell])]
            found[place] = column.other(self._text(piece, cell, content))
        return found

    def _text(self, piece: Piece, cell: int, content: bytes) -> str:
        if not content:
            self.formulas += 1
            return FORMULA
        if piece.inline[cell]:
            return spoken(content)
        kind = chr(piece.kind[cell])
        if kind != "n":
            return {b"1": "TRUE", b"0": "FALSE"}.get(content, "TRUE") if kind == "b" else plain_text(content)
        style = int(piece.style[cell])
        dated = style < len(self.dates) and bool(self.dates[style])
        return number_text(content, dated=dated, epoch=self.epoch)


def number_text(content: bytes, *, dated: bool, epoch: datetime) -> str:
    """A number as a person reads it: what a spreadsheet keeps as 1.1000000000000001 is 1.1; a date is a date."""
    text = content.decode(errors="replace").strip()
    try:
        number = Decimal(repr(np.float64(text).item()))
        if dated and number.is_finite() and 0 <= number < 3_000_000:
            return str(epoch + timedelta(seconds=round(number * 86_400)))[:16].removesuffix(" 00:00")
        return f"{number.normalize():f}" if number.is_finite() and abs(number.adjusted()) < 40 else text
    except (ValueError, InvalidOperation, OverflowError):
        return text


def settled(column: Column, strings: Strings, row: int, last: int) -> tuple[list[str], Any]:
    """The texts of a column and for every row which one; the first text is the blank one."""
    rows = np.concatenate(column.rows) if column.rows else np.zeros(0, dtype=np.int32)
    codes = np.concatenate(column.codes) if column.codes else np.zeros(0, dtype=np.int64)
    below = rows > row
    rows, codes = rows[below], codes[below]
    offset = len(strings)
    used = np.flatnonzero(np.bincount(codes + offset, minlength=offset)) if len(codes) else np.zeros(0, dtype=np.int64)
    place_of = np.zeros(int(used.max(initial=0)) + 1, dtype=np.int32)
    place_of[used] = np.arange(1, len(used) + 1)
    texts = {code: text for text, code in column.others.items()}
    values = [""]
    for code in (used - offset).tolist():
        values.append(strings[-1 - code] if code < 0 else texts[code - SMALL_INT] if code >= SMALL_INT else str(code))
    indexes = np.zeros(last - row, dtype=np.int32)
    indexes[rows - row - 1] = place_of[codes + offset]
    return values, indexes


def merge(values: list[str], indexes: Any, ranges: list[Any], row: int, field: str) -> None:
    """Cells merged over rows: a text stands for all of them, a number is asked about."""
    for _, first, _, last in ranges:
        top, bottom = int(first) - row - 1, min(int(last) - row, len(indexes))
        if bottom - top < 2 or top < 0:
            continue
        if field in TEXT_FIELDS:
            indexes[top:bottom] = indexes[top]
        elif values[indexes[top]]:
            values.append(MERGED)
            indexes[top + 1 : bottom] = len(values) - 1


def number_of(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
