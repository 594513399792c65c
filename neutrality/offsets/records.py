"""Lines of text cut into records. Plain lines are cut all together; any other one alone, by the standard reader, and a
test holds that both cut alike. A quote that does not close costs the line it stands on, no more."""

import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import compress
from typing import Any

import numpy as np
import polars as pl

TOGETHER = 4 << 20
"""Characters read at once."""
LONGEST = 1 << 20
MOST_LINES = 500
csv.field_size_limit(LONGEST)

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Record = tuple[int, int, list[str] | None, str]
"""Number (the first is 1), line, cells (None when they cannot be told apart), text."""


@dataclass(frozen=True)
class Block:
    """Some records: the cells of the plain ones in columns of text, with their numbers and lines; and all others."""

    cells: pl.DataFrame
    numbers: Numbers
    at_lines: Numbers
    odd: list[Record]


def blocks(stream: Any, separator: str, width: int) -> Iterator[Block]:
    """All records of a stream of text. Memory holds one block."""
    texts: list[str] = []
    number, line, more = 1, 1, True
    while more:
        read = stream.readlines(TOGETHER)
        texts, more = texts + read, bool(read)
        plain = _plain(texts, separator, width)
        starts, odd, taken = _odd(texts, plain, separator, width, last=not more)
        plain = (plain & starts)[:taken]
        numbers = number + np.cumsum(starts[:taken]) - 1
        cells = _cut(list(compress(texts, plain)), separator, width)
        if len(cells) != plain.sum():
            raise RuntimeError("the two readers cut lines differently")
        places = line + np.arange(taken)
        records = [(int(numbers[place]), line + place, *rest) for place, *rest in odd]
        yield Block(cells, numbers[plain], places[plain], records)
        number, line, texts = number + int(starts[:taken].sum()), line + taken, texts[taken:]


def beginning(stream: Any, separator: str, width: int, lines: Iterable[int]) -> Iterator[tuple[int, list[str] | None]]:
    """The records that begin on these lines of a stream, in its order, with their lines; no other line is cut."""
    asked = deque(sorted(set(lines)))
    texts: list[str] = []
    line, more = 1, True
    while asked and more:
        read = stream.readlines(TOGETHER)
        texts, more = texts + read, bool(read)
        while asked and asked[0] - line < len(texts):
            found = _record(texts, asked[0] - line, separator, width)
            if found is None and more:
                break
            yield asked.popleft(), found[0] if found else None
        past = min(asked[0] - line if asked else 0, len(texts))
        line, texts = line + past, texts[past:]


def head(texts: list[str], separator: str) -> list[Record]:
    """The records of some lines, of whatever width they are."""
    none = np.zeros(len(texts), dtype=bool)
    _starts, odd, _taken = _odd(texts, none, separator, None, last=True)
    return [(number, place + 1, *rest) for number, (place, *rest) in enumerate(odd, 1)]


def _plain(texts: list[str], separator: str, width: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which lines are a whole row each, with something in it, quoted by the book, and without damage."""
    lines = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    whole, filled = _patterns(separator, width)
    text = pl.col("text")
    told = text.str.contains(whole) & text.str.contains(filled) & (text.str.len_bytes() < LONGEST)
    return lines.select(told).to_series().to_numpy().astype(bool)


@cache
def _patterns(separator: str, width: int) -> tuple[str, str]:
    mark = rf"\x{ord(separator):02x}"
    cell = rf'(?:[^"{mark}\x00\x{{fffd}}]*|"(?:[^"\x00\x{{fffd}}]|"")*")'
    return rf"\A{cell}(?:{mark}{cell}){{{width - 1}}}[\r\n]*\z", rf'[^"{mark}\r\n]'


def _cut(texts: list[str], separator: str, width: int) -> pl.DataFrame:
    """The cells of plain lines, by column."""
    schema = {str(place): pl.String for place in range(width)}
    if not texts:
        return pl.DataFrame(schema=schema)
    joined = "".join(texts)
    if "\r" in joined:  # ends of lines only: the stream splits at each
        joined = joined.replace("\r\n", "\n").replace("\r", "\n")
    return pl.read_csv(
        io.BytesIO(joined.encode()),
        has_header=False,
        separator=separator,
        schema=schema,
        empty_string_is_null=False,
    )


Odd = tuple[int, list[str] | None, str]


def _odd(
    texts: list[str], plain: np.ndarray[Any, Any], separator: str, width: int | None, *, last: bool
) -> tuple[np.ndarray[Any, Any], list[Odd], int]:
    """The records of lines that are not plain, which lines begin a record, and how many lines are decided: a quote may
    close in lines that are yet to come."""
    starts = np.ones(len(texts), dtype=bool)
    odd: list[Odd] = []
    for place in map(int, np.flatnonzero(~plain)):
        if not starts[place]:
            continue
        found = _record(texts, place, separator, width)
        if found is None and not last:
            return starts, odd, place
        cells, text, more = found or (None, texts[place], 0)
        starts[place + 1 : place + 1 + more] = False
        odd.append((place, cells, text))
    return starts, odd, len(texts)


Whole = tuple[list[str] | None, str, int]
"""Cells (None when they cannot be told apart), text, how many more lines it has."""


def _record(texts: list[str], place: int, separator: str, width: int | None) -> Whole | None:
    """The record that begins on a line; None where the lines end before that is decided."""
    text = texts[place]
    return _closed(texts, place, separator, width) if text.count('"') % 2 else (_split(text, separator), text, 0)


def _split(text: str, separator: str) -> list[str] | None:
    """The cells of one record; None where they cannot be told apart."""
    try:
        rows = list(csv.reader([text], delimiter=separator))
    except csv.Error:
        return None
    return rows[0] if rows else []


def _closed(texts: list[str], place: int, separator: str, width: int | None) -> Whole | None:
    """A record whose quotes are odd on its first line: with the lines up to where they close, if that makes a whole
    row."""
    text = whole = texts[place]
    try:
        return next(csv.reader([text], delimiter=separator, strict=True)), text, 0
    except csv.Error:
        pass
    for more in range(1, MOST_LINES + 1):
        if len(whole) >= LONGEST:
            break
        if place + more == len(texts):
            return None
        whole += texts[place + more]
        if texts[place + more].count('"') % 2:
            cells = _split(whole, separator)
            if cells is not None and (width is None or len(cells) == width):
                return cells, whole, more
            break
    return None, text, 0
