"""Files of registries, opened row by row whatever they hold: marks, encodings, separators, a heading that starts
further down, quotes that never close. What cannot be read is one bad row; the rows behind it are still read."""

import csv
import io
import shutil
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from neutrality.offsets.rules import layouts
from neutrality.refusals import Refusal

CHUNK = 25_000
PIECE = 1 << 20
SAMPLE_LINES = 400
LONGEST_RECORD = 1 << 20
TOGETHER = 2000
MOST_LINES_A_RECORD = 500
SEPARATORS = (",", ";", "\t", "|")
MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
SECONDS = 120
csv.field_size_limit(LONGEST_RECORD)


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


@dataclass
class Chunk:
    """Some records of a file: the cells of each, its number (the heading is 1), its line; and what was unreadable."""

    cells: list[list[str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    at_lines: list[int] = field(default_factory=list)
    broken: list[tuple[int, int, str, str]] = field(default_factory=list)
    """Number, line, code and text of each record that could not be split into cells."""


@dataclass(frozen=True)
class Table:
    """An opened file: its layout, its columns in the layout's words, its records, and how far it is read."""

    layout: layouts.Layout
    names: list[str]
    chunks: Iterator[Chunk]
    size: int
    place: Any

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
                        chunks = _chunks(stream, separator, len(names), skip)
                        yield Table(layout, names, chunks, text.stat().st_size, place)
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
        lines = [line for line, _number in zip(stream, range(SAMPLE_LINES), strict=False)]
    rows = [cells for batch in _batches(iter(lines), separator, None) for _number, _line, cells, _text in batch]
    if not (hit := layouts.found([row or [] for row in rows])):
        return None
    place, layout = hit
    return place + 1, layout, layout.named(rows[place] or [])


Record = tuple[int, int, list[str] | None, str]
"""Number, line, cells (None when they cannot be told apart), text."""


def _chunks(stream: Any, separator: str, width: int, skip: int) -> Iterator[Chunk]:
    chunk, any_row = Chunk(), False
    for batch in _batches(stream, separator, width):
        if batch[0][0] > skip and _plain(batch, width):
            numbers, lines, cells, _texts = zip(*batch, strict=True)
            chunk.numbers += numbers
            chunk.at_lines += lines
            chunk.cells += cells
            any_row = True
        else:
            for record in batch:
                any_row |= record[0] > skip and _sorted(record, width, chunk)
        if len(chunk.cells) + len(chunk.broken) >= CHUNK:
            yield chunk
            chunk = Chunk()
    if not any_row:
        raise NoRows(field="file")
    yield chunk


def _plain(batch: list[Record], width: int) -> bool:
    """Whether every record of a batch is a whole row with something in it, as nearly all are."""
    damaged = any("\x00" in text or "\ufffd" in text for _number, _line, _cells, text in batch)
    return not damaged and all(cells and len(cells) == width and any(cells) for _number, _line, cells, _text in batch)


def _sorted(record: Record, width: int, chunk: Chunk) -> bool:
    """Put one record where it belongs; False for a blank one."""
    number, line, cells, text = record
    if cells is not None and not any(cells):
        return False
    code = _fault(cells, text, width)
    if cells is None or code:
        chunk.broken.append((number, line, code, text))
    else:
        chunk.cells.append(cells)
        chunk.numbers.append(number)
        chunk.at_lines.append(line)
    return True


def _fault(cells: list[str] | None, text: str, width: int) -> str:
    if cells is None:
        return "quotes"
    if "\x00" in text or "\ufffd" in text:
        return "damaged"
    if len(cells) > width and any(cells[width:]):
        return "cells"
    return "cut" if len(cells) < width and not text.endswith(("\n", "\r")) else ""


def _batches(stream: Iterator[str], separator: str, width: int | None) -> Iterator[list[Record]]:
    """Records with their numbers and lines. A quote that does not close costs the line it stands on, no more."""
    ahead: deque[tuple[int, str]] = deque()
    lines = enumerate(stream, 1)
    number, more = 0, True
    while more:
        texts: list[str] = []
        places: list[int] = []
        odd: tuple[int, str] | None = None
        while odd is None and len(texts) < TOGETHER:
            line, text = ahead.popleft() if ahead else next(lines, (0, ""))
            if not line:
                more = False
                break
            if text.count('"') % 2:
                odd = (line, text)
            else:
                texts.append(text)
                places.append(line)
        numbers = range(number + 1, number + 1 + len(texts))
        if texts:
            yield list(zip(numbers, places, _split_all(texts, separator), texts, strict=True))
        number += len(texts)
        if odd is not None:
            number += 1
            cells, text = _closed(odd[1], separator, width, ahead, lines)
            yield [(number, odd[0], cells, text)]


def _split_all(texts: list[str], separator: str) -> list[list[str] | None]:
    """The cells of records whose quotes are even; read together, and one by one where they run into each other."""
    try:
        rows: list[list[str] | None] = list(csv.reader(texts, delimiter=separator))
    except csv.Error:
        rows = []
    return rows if len(rows) == len(texts) else [_split(text, separator) for text in texts]


def _split(text: str, separator: str) -> list[str] | None:
    """The cells of one record; None where they cannot be told apart."""
    try:
        rows = list(csv.reader([text], delimiter=separator))
    except csv.Error:
        return None
    return rows[0] if rows else []


def _closed(
    text: str, separator: str, width: int | None, ahead: deque[tuple[int, str]], lines: Iterator[tuple[int, str]]
) -> tuple[list[str] | None, str]:
    """A record whose quotes are odd on its first line: the lines up to where they close, if that makes a whole row."""
    try:
        return next(csv.reader([text], delimiter=separator, strict=True)), text
    except csv.Error:
        pass
    taken: list[tuple[int, str]] = []
    whole = text
    while len(taken) < MOST_LINES_A_RECORD and len(whole) < LONGEST_RECORD:
        line, more = ahead.popleft() if ahead else next(lines, (0, ""))
        if not line:
            break
        taken.append((line, more))
        whole += more
        if more.count('"') % 2:
            cells = _split(whole, separator)
            if cells is not None and (width is None or len(cells) == width):
                return cells, whole
            break
    ahead.extendleft(reversed(taken))
    return None, text


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
