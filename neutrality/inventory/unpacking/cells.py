"""The cells in some megabytes of a sheet, found by numpy over the bytes: column, row, type, format, value."""

from typing import Any

import numpy as np

from neutrality.inventory.unpacking.package import GT, LT, SLASH, SPACE, Refused, Unusual

MOST_COLUMNS = 200
FAR_COLUMN = 1_000
LAST_ROW = 1_048_576
QUOTE, EQUALS = ord('"'), ord("=")


class Piece:
    """The cells of some whole rows, found in their bytes. `data` ends with zeros to look ahead into."""

    def __init__(self, data: bytes):
        self.data = data
        self.bytes = np.frombuffer(data, dtype=np.uint8)
        self.lt = np.flatnonzero(self.bytes == LT)
        self.gt = np.flatnonzero(self.bytes == GT)
        first, second = self.bytes[self.lt + 1], self.bytes[self.lt + 2]
        if (first == ord("!")).any():
            raise Refused("damaged") if b"<!DOCTYPE" in data or b"<!ENTITY" in data else Unusual
        cells = first == ord("c")
        if (cells & ((second == GT) | (second == SLASH))).any():
            raise Unusual
        self.order = np.flatnonzero(cells & (second == SPACE))
        self._place()

    def _is(self, at: Any, sign: int) -> Any:
        return self.bytes[at] == sign

    def _place(self) -> None:
        """Column, row and end of the tag of every cell."""
        at = self.lt[self.order]
        if not (self._is(at + 3, ord("r")) & self._is(at + 4, EQUALS) & self._is(at + 5, QUOTE)).all():
            raise Unusual
        letters = [self.bytes[at + 6 + k].astype(np.int64) - 64 for k in range(3)]
        two = (letters[1] > 0) & (letters[1] <= 26)
        three = two & (letters[2] > 0) & (letters[2] <= 26)
        column = np.where(two, letters[0] * 26 + letters[1], letters[0])
        self.column = np.where(three, column * 26 + letters[2], column)
        self.row, self.end = self._digits(at + 7 + two + three, 8)
        if not self._is(self.end, QUOTE).all() or (self.row > LAST_ROW).any():
            raise Refused("damaged")

    def _digits(self, at: Any, most: int) -> tuple[Any, Any]:
        """Whole numbers from their digits, and where they end."""
        value, going = np.zeros(len(at), dtype=np.int64), np.ones(len(at), dtype=bool)
        at = at.copy()
        for _ in range(most):
            digit = self.bytes[at].astype(np.int64) - 48
            going &= (digit >= 0) & (digit <= 9)
            if not going.any():
                break
            value = np.where(going, value * 10 + digit, value)
            at += going
        return value, at

    def keep(self, wanted: Any) -> None:
        """Only the cells of these columns; text far to the right is no table of ours."""
        if len(self.column) and self.column.max() > MOST_COLUMNS:
            closed = self._is(self.gt[np.searchsorted(self.gt, self.end)] - 1, SLASH)
            if self.column.max() > FAR_COLUMN or (~closed & (self.column > MOST_COLUMNS)).any():
                raise Refused("too_many_columns")
        mine = wanted[np.minimum(self.column, len(wanted) - 1)]
        self.order, self.column = self.order[mine], self.column[mine]
        self.row, self.end = self.row[mine], self.end[mine]

    def read(self) -> None:
        """Type, format and the bytes of the value of every cell kept. Cells without a value have length zero."""
        close = self.gt[np.searchsorted(self.gt, self.end)]
        self.kind = np.full(len(close), ord("n"), dtype=np.uint8)
        self.style = np.zeros(len(close), dtype=np.int64)
        self.empty = self._is(close - 1, SLASH)
        last = close - self.empty
        self._attributes(self.end + 1, last - self._is(last - 1, SPACE))
        following = np.minimum(self.order + 1, len(self.lt) - 1)
        self.formula = ~self.empty & self._is(self.lt[following] + 1, ord("f"))
        ended = self._is(self.gt[np.searchsorted(self.gt, self.lt[following])] - 1, SLASH)
        following = np.minimum(following + self.formula * (2 - ended), len(self.lt) - 2)
        start = self.lt[following]
        value = ~self.empty & self._is(start + 1, ord("v")) & self._is(start + 2, GT)
        inline = ~self.empty & self._is(start + 1, ord("i")) & self._is(start + 2, ord("s"))
        hollow = self._is(start + 1, ord("v")) & self._is(self.gt[np.searchsorted(self.gt, start)] - 1, SLASH)
        if not (self.empty | value | inline | hollow | self._is(start + 1, SLASH)).all():
            raise Unusual
        self.start = np.where(value, start + 3, start)
        self.stop = np.where(value, self.lt[following + 1], start)
        for at in np.flatnonzero(inline):
            self.stop[at] = self.data.find(b"</is>", int(start[at]))
        self.inline = inline
        if (self.stop < self.start).any():
            raise Refused("damaged")

    def _attributes(self, at: Any, close: Any) -> None:
        """`s` and `t` in either order; whatever else there may be is left to calamine."""
        at = at.copy()
        for _ in range(2):
            open_ = np.flatnonzero(at < close)
            if not len(open_):
                return
            where, name = at[open_], self.bytes[at[open_] + 1]
            shape = self._is(where, SPACE) & self._is(where + 2, EQUALS) & self._is(where + 3, QUOTE)
            if not (shape & ((name == ord("s")) | (name == ord("t")))).all():
                raise Unusual
            style = name == ord("s")
            number, end = self._digits(where[style] + 4, 6)
            self.style[open_[style]] = number
            at[open_[style]] = end + 1
            kinds = where[~style]
            self.kind[open_[~style]] = self._kinds(kinds)
            length = np.where(self._is(kinds + 5, QUOTE), 1, np.where(self._is(kinds + 7, QUOTE), 3, 9))
            at[open_[~style]] = kinds + 5 + length
        if (at != close).any():
            raise Unusual

    def _kinds(self, at: Any) -> Any:
        """The type of a cell as one letter: s shared, n number, b, e, d, and t for texts that stand in the cell."""
        first, one = self.bytes[at + 4], self._is(at + 5, QUOTE)
        texts = ~one & (self._is(at + 7, QUOTE) | self._is(at + 13, QUOTE))
        if not (one | texts).all():
            raise Unusual
        return np.where(one, first, ord("t"))
