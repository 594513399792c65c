"""Files of registries, opened row by row whatever they hold: marks, encodings, separators, a heading that starts
further down, quotes that never close. What cannot be read is one bad row; the rows behind it are still read."""

import io
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from django.utils.translation import gettext_lazy as _

from neutrality.offsets import records
from neutrality.offsets.rules import layouts
from neutrality.refusals import Refusal

PIECE = 1 << 20
SAMPLE_LINES = 400
SEPARATORS = (",", ";", "\t", "|")
MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
SECONDS = 120


class UnknownLayout(Refusal):
    code = "unknown_layout"
    message = _("The columns are of no registry file known here. Upload the file as the registry publishes it.")


class NotText(Refusal):
    code = "not_text"
    message = _("The file is not a readable table. Save it as CSV in UTF-8.")


class WebPage(Refusal):
    code = "web_page"
    message = _("This is a web page, not a table. Use the registry's own export and save it as CSV or XLSX.")


class NoRows(Refusal):
    code = "no_rows"
    message = _("The file is empty, or has a heading and nothing below it. Export it again.")


class BadSheet(Refusal):
    code = "bad_sheet"
    message = _("The workbook cannot be opened. Save its table as CSV and upload that.")


@dataclass(frozen=True)
class Chunk:
    """Some records of a file in its order: their cells in columns "0", "1" and on, the number of each (the heading is
    1), its line; and what was unreadable."""

    cells: pl.DataFrame
    numbers: records.Numbers
    at_lines: records.Numbers
    broken: list[tuple[int, int, str, str]] = field(default_factory=list)
    """Number, line, code and text of each record that could not be split into cells."""


@dataclass(frozen=True)
class Table:
    """An opened file: its layout, its columns in the layout's words, its records, and how far it is read."""

    layout: layouts.Layout
    names: list[str]
    stream: Any
    separator: str
    skip: int
    """How many records stand above the rows."""
    size: int
    place: Any

    def chunks(self) -> Iterator[Chunk]:
        """All rows. An opened table is read once."""
        return _chunks(self.stream, self.separator, len(self.names), self.skip)

    def rows_at(self, lines: Iterable[int]) -> Iterator[tuple[int, dict[str, str]]]:
        """The rows that begin on these lines, with their lines; no other is cut. An opened table is read once."""
        for line, cells in records.beginning(self.stream, self.separator, len(self.names), lines):
            yield line, dict(zip(self.names, cells or [], strict=False))

    @property
    def percent(self) -> int:
        return min(99, 100 * self.place.tell() // max(self.size, 1))


@contextmanager
def opened(path: Path, media_type: str) -> Iterator[Table]:
    """The table in a file. Raises a Refusal when there is none; any single row may be bad without that."""
    with tempfile.TemporaryDirectory() as folder:
        texts = [path] if media_type == "text/csv" else _sheets(path, Path(folder))
        for text in texts:
            encoding, errors = _encoding(text)
            for separator in SEPARATORS:
                if heading := _heading(text, encoding, errors, separator):
                    skip, layout, names = heading
                    with text.open("rb") as place, io.TextIOWrapper(place, encoding, errors, newline="") as stream:
                        yield Table(layout, names, stream, separator, skip, text.stat().st_size, place)
                        return
        raise UnknownLayout(field="file")


def _encoding(path: Path) -> tuple[str, str]:
    """How to decode the file: strictly where that works, else UTF-8 with the few damaged signs marked."""
    with path.open("rb") as stream:
        head = stream.read(512)
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not text:
        raise NoRows(field="file")
    if text.startswith(b"<"):
        raise WebPage(field="file")
    if head[:2] in MARKS:
        return _decoded(path, MARKS[head[:2]]) or _refused()
    if found := _decoded(path, "utf-8-sig"):
        return found
    # One broken byte must not turn a UTF-8 file into Chinese: it stays UTF-8 where nearly all signs are good.
    damaged, foreign, signs = _damage(path)
    if damaged * 10 < foreign:
        return "utf-8-sig", "replace"
    return _decoded(path, "gb18030") or (("utf-8-sig", "replace") if damaged * 100 < signs else _refused())


def _refused() -> tuple[str, str]:
    raise NotText(field="file")


def _decoded(path: Path, encoding: str) -> tuple[str, str] | None:
    try:
        with path.open(encoding=encoding, newline="") as stream:
            while stream.read(PIECE):
                pass
    except UnicodeError:
        return None
    return encoding, "strict"


def _damage(path: Path) -> tuple[int, int, int]:
    """Read as UTF-8: how many signs are damaged, how many beyond ASCII are good, how many there are. Damaged signs cost
    their rows; where more than one sign in a hundred is damaged, the file is no text."""
    damaged = foreign = signs = 0
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        while piece := stream.read(PIECE):
            bad = piece.count("\ufffd")
            damaged, signs = damaged + bad, signs + len(piece)
            foreign += len(piece) - len(piece.encode("ascii", "ignore")) - bad
    return damaged, foreign, signs


def _heading(path: Path, encoding: str, errors: str, separator: str) -> tuple[int, layouts.Layout, list[str]] | None:
    """How many records stand above the rows, the layout, and its columns as they stand in this file."""
    with path.open(encoding=encoding, errors=errors, newline="") as stream:
        lines = list(islice(stream, SAMPLE_LINES))
    rows = [cells or [] for _number, _line, cells, _text in records.head(lines, separator)]
    if not (hit := layouts.found(rows)):
        return None
    place, layout = hit
    return place + 1, layout, layout.named(rows[place])


def _chunks(stream: Any, separator: str, width: int, skip: int) -> Iterator[Chunk]:
    any_row = False
    for block in records.blocks(stream, separator, width):
        below = block.numbers > skip
        chunk = Chunk(block.cells.filter(below), block.numbers[below], block.at_lines[below])
        chunk = _with_odd(chunk, [record for record in block.odd if record[0] > skip], width)
        any_row |= len(chunk.numbers) + len(chunk.broken) > 0
        yield chunk
    if not any_row:
        raise NoRows(field="file")


def _with_odd(chunk: Chunk, odd: list[records.Record], width: int) -> Chunk:
    """A chunk with the records that had to be looked at alone; blank ones are left out."""
    found: list[tuple[int, int, list[str]]] = []
    for number, line, cells, text in odd:
        if cells is not None and not any(cells):
            continue
        code = _fault(cells, text, width)
        if cells is None or code:
            chunk.broken.append((number, line, code, text))
        else:
            found.append((number, line, (cells + [""] * width)[:width]))
    if not found:
        return chunk
    numbers, lines, rows = zip(*found, strict=True)
    more = pl.DataFrame(rows, schema=chunk.cells.schema, orient="row")
    numbers, lines = np.append(chunk.numbers, numbers), np.append(chunk.at_lines, lines)
    order = np.argsort(numbers)
    return Chunk(pl.concat([chunk.cells, more])[order], numbers[order], lines[order], chunk.broken)


def _fault(cells: list[str] | None, text: str, width: int) -> str:
    if cells is None:
        return "quotes"
    if "\x00" in text or "\ufffd" in text:
        return "damaged"
    if len(cells) > width and any(cells[width:]):
        return "cells"
    return "cut" if len(cells) < width and not text.endswith(("\n", "\r")) else ""


def _sheets(path: Path, folder: Path) -> list[Path]:
    """The visible sheets of a workbook as text, written by a program of its own with limits."""
    program = Path(__file__).with_name("sheet.py")
    done = subprocess.run(  # noqa: S603
        [sys.executable, str(program), str(path), str(folder)], capture_output=True, timeout=SECONDS, check=False
    )
    if done.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        raise BadSheet(field="file")
    return sorted(folder.glob("*.csv"))
