"""Large tables people upload, .csv or .xlsx, as columns: for each column the different texts and which row has which.

Only columns somebody asked for are ever taken out of the file; names and telephone numbers are dropped on arrival. A
CSV is read by polars, and where it is too crooked for that by Python's own reader; a workbook is opened in a child
process (unpacking/worksheet.py) that stops at every limit.
"""

import codecs
import csv
import io
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import polars as pl
from django.conf import settings
from numpy.typing import NDArray

from neutrality.inventory import tables
from neutrality.inventory.listreading import Column
from neutrality.inventory.tables import LOOK_FOR_HEADINGS, Layout, refused

LARGEST = 160 * 1024 * 1024
MOST_ROWS = 1_200_000
MOST_COLUMNS = 200
LONGEST_CELL = 32_767  # what a cell of a spreadsheet holds
HEAD_BYTES = 256 * 1024
PIECE = 1024 * 1024
TIMEOUT_SECONDS = 60
ENCODINGS = ("utf-8", "gb18030")
MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass(frozen=True)
class Sheet:
    """A table as columns by field. `first_row` is the row number of the first entry in the file; `headings` names the
    field of every column of the file, None for those nobody asked for; `dropped` counts those."""

    columns: dict[str, Column]
    rows: int
    first_row: int
    headings: tuple[str | None, ...]
    sheet: str = ""
    formulas: int = 0

    @property
    def dropped(self) -> int:
        return sum(name is None for name in self.headings)


def read(path: Path, name: str, layout: Layout) -> Sheet:
    """The table in a file called `name`. Raises NotRead with what to do."""
    size = path.stat().st_size
    if size == 0 or size > LARGEST:
        raise refused("no_headings" if size == 0 else "too_many_rows")
    with path.open("rb") as file:
        head = file.read(4)
    if Path(name).suffix.lower() == ".xlsx" or head.startswith(b"PK"):
        found = _workbook(path, layout)
    elif Path(name).suffix.lower() in (".csv", ".txt", ".tsv"):
        found = _csv(path.read_bytes(), layout)
    else:
        raise refused("wrong_content")
    if found.rows > layout.most_rows:
        raise refused("too_many_rows")
    return found


# --- csv


def _csv(data: bytes, layout: Layout) -> Sheet:
    text = _as_utf8(data)
    del data
    if b"\x00" in text:
        raise refused("wrong_content")
    if b"\n" not in text[:HEAD_BYTES]:
        text = text.replace(b"\r", b"\n")
    start = 3 if text.startswith(codecs.BOM_UTF8) else 0
    head, delimiter, lines = _head(text[start : start + HEAD_BYTES], layout)
    names = tables.headings(head, layout)
    columns, rows = _fast(text, lines, names, delimiter) or _slow(text, len(head), names, delimiter)
    return Sheet(columns, rows, len(head) + 1, names)


def _as_utf8(data: bytes) -> bytes:
    """The text as UTF-8, whatever of the usual it was saved in."""
    for mark, encoding in MARKS.items():
        if data.startswith(mark) and encoding != "utf-8":
            return _decoded(data, encoding).encode()
    if _decodes(data, ENCODINGS[0]):
        return data
    return _decoded(data, ENCODINGS[1]).encode()


def _decodes(data: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(data), PIECE):
            decoder.decode(data[start : start + PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise refused("encoding") from error


def _head(text: bytes, layout: Layout) -> tuple[list[list[str]], str, int]:
    """The rows down to the headings, the sign between cells, and how many lines they take."""
    start = text.decode(errors="ignore")
    delimiter = max(",;\t", key="\n".join(start.splitlines()[:LOOK_FOR_HEADINGS]).count)
    reader = csv.reader(io.StringIO(start, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)
            if tables.is_heading(row, layout):
                return rows, delimiter, reader.line_num
            if len(rows) >= LOOK_FOR_HEADINGS:
                break
    except csv.Error as error:
        raise refused("unreadable") from error
    raise refused("no_headings")


def _fast(
    text: bytes, lines: int, names: tuple[str | None, ...], delimiter: str
) -> tuple[dict[str, Column], int] | None:
    """The columns by polars; None where the text is too crooked for it."""
    wanted = {place: name for place, name in enumerate(names) if name}
    schema = {str(place): pl.Categorical(pl.Categories.random()) for place in range(len(names))}
    try:
        frame = pl.read_csv(
            text,
            has_header=False,
            skip_lines=lines,
            separator=delimiter,
            schema=schema,
            columns=list(wanted),
            truncate_ragged_lines=True,
            raise_if_empty=False,
        )
    except (pl.exceptions.PolarsError, ValueError):
        return None
    found = {}
    for place, name in wanted.items():
        series = frame.drop_in_place(str(place))
        found[name] = coded(series)
    return found, max((len(column.codes) for column in found.values()), default=0)


def coded(series: pl.Series) -> Column:
    """A categorical column as indexes and texts."""
    codes = series.to_physical().fill_null(0).to_numpy()
    known = series.drop_nulls().unique()
    places, texts = known.to_physical().to_list(), known.cast(pl.String).to_list()
    values = [""] * (max(places, default=-1) + 2)
    for place, text in zip(places, texts, strict=True):
        values[place] = text
    indexes = codes.astype(np.int32)
    if series.null_count():
        indexes[series.is_null().to_numpy()] = len(values) - 1
    _bounded(values)
    return Column(indexes, values)


def _bounded(values: list[str]) -> None:
    if any(len(text) > LONGEST_CELL for text in values):
        raise refused("cell_too_long")


def _slow(text: bytes, above: int, names: tuple[str | None, ...], delimiter: str) -> tuple[dict[str, Column], int]:
    """The columns by Python's reader, row by row."""
    wanted = {place: name for place, name in enumerate(names) if name}
    known: dict[str, dict[str, int]] = {name: {"": 0} for name in wanted.values()}
    codes: dict[str, list[int]] = {name: [] for name in wanted.values()}
    lines = io.TextIOWrapper(io.BytesIO(text), encoding="utf-8-sig", newline="")
    try:
        for count, row in enumerate(csv.reader(lines, delimiter=delimiter)):
            if count >= MOST_ROWS:
                raise refused("too_many_rows")
            for place, name in wanted.items() if count >= above else ():
                cell = row[place] if place < len(row) else ""
                codes[name].append(known[name].setdefault(cell, len(known[name])))
    except csv.Error as error:
        raise refused("cell_too_long" if "limit" in str(error) else "unreadable") from error
    found = {name: Column(np.array(codes[name], dtype=np.int32), list(known[name])) for name in codes}
    for column in found.values():
        _bounded(column.values)
    return found, max((len(column.codes) for column in found.values()), default=0)


# --- workbooks


def _workbook(path: Path, layout: Layout) -> Sheet:
    """The sheet with our headings, read in a child process that sends back only the columns asked for."""
    order = {
        "names": dict(layout.names),
        "needed": sorted(layout.needed),
        "most_rows": layout.most_rows,
        "look": LOOK_FOR_HEADINGS,
    }
    with tempfile.TemporaryFile() as out:
        try:
            subprocess.run(  # noqa: S603
                [sys.executable, "-m", "neutrality.inventory.unpacking.worksheet", str(path)],
                input=json.dumps(order).encode(),
                cwd=settings.BASE_DIR,
                env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
                stdout=out,
                stderr=subprocess.DEVNULL,
                timeout=TIMEOUT_SECONDS,
                check=True,
            )
        except subprocess.SubprocessError as error:
            raise refused("unreadable") from error
        out.seek(0)
        return _sent(out)


def _sent(out: IO[bytes]) -> Sheet:
    answer: dict[str, Any] = json.loads(out.readline() or b'{"refused": "unreadable"}')
    if "refused" in answer:
        raise refused(answer["refused"])
    columns = {}
    for name, values in answer["columns"].items():
        codes: NDArray[np.int32] = np.frombuffer(out.read(4 * answer["rows"]), dtype=np.int32)
        _bounded(values)
        columns[name] = Column(codes, values)
    return Sheet(
        columns, answer["rows"], answer["first_row"], tuple(answer["headings"]), answer["sheet"], answer["formulas"]
    )
