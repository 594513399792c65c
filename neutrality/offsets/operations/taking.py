"""Take the rows of an opened table in, set by set: what is known is skipped, what changed becomes a new version, what
cannot stand is set aside with its reason. The caller holds the transaction and the registries' locks."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
from django.db import connection

from neutrality.ahead import ahead
from neutrality.offsets import frames
from neutrality.offsets.models import Registry
from neutrality.offsets.operations import counting, describing, noting, running
from neutrality.offsets.rules import cells, published
from neutrality.offsets.rules.cells import BadRow
from neutrality.offsets.tables import Chunk, Table

LONGEST_CELL, LONGEST_DETAIL, LONGEST_COLUMN = 500, 300, 80
Tell = Callable[[int, int], None]
"""Told rows and percent after each piece; may raise to stop."""


@dataclass(frozen=True)
class Bad:
    """A row set aside. `text` is its content by column, or as it stood in the file."""

    row: int
    at_line: int
    code: str
    column: str
    detail: str
    content: dict[str, str]
    whole: bool = True
    """False where only a cell was set aside."""


Apart = tuple[int, int, str, str, str]
"""Row, line, code, column and detail of a row whose cells must be fetched again."""


@dataclass
class Tally:
    """What became of the rows. A row is counted once: bad, else new, else changed, else the same as before."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    newest_on: date | None = None
    bad: list[Bad] = field(default_factory=list)
    cells: list[Bad] = field(default_factory=list)
    """Cells set aside in rows that were taken."""
    apart: list[Apart] = field(default_factory=list)
    """Rows that read well and cannot stand beside others."""

    @property
    def set_aside(self) -> int:
        return len(self.bad) + len(self.apart)

    @property
    def same(self) -> int:
        return self.rows - self.new - self.changed - self.set_aside

    def seen(self, days: Iterable[date | None]) -> None:
        self.newest_on = max((day for day in (*days, self.newest_on) if day is not None), default=None)


@dataclass(frozen=True)
class Taking:
    """What a reading knows: the file's number, the registries it may write to, what readers must know."""

    file_id: int
    registries: dict[str, Registry]
    context: published.Context
    today: date

    def registry(self, code: str, column: str) -> Registry:
        """The registry of a row; BadRow when its desk is another's."""
        if code not in self.registries:
            raise BadRow("desk", column, code)
        return self.registries[code]


def take(table: Table, taking: Taking, tell: Tell) -> Tally:
    """Read every row and write what is new. Memory holds one chunk; the rest lies in the database."""
    tally = Tally()
    others: list[tuple[int, int, published.Fact]] = []
    with running.stage() as stage:
        for chunk, clean, rest in ahead(_read(table, taking)):
            others += _chunk(table, taking, stage, chunk, clean, rest, tally)
            tell(tally.rows, table.percent)
    tally.apart = running.store(taking, tally)
    described = [each for each in others if isinstance(each[2], published.ProjectRow)]
    counted = [each for each in others if isinstance(each[2], published.CountRow)]
    rows, twice = describing.store(taking, table.layout, described)
    tally.apart += twice
    for row, new in counting.store(taking, counted).items():
        rows[row] = rows.get(row, False) or new
    if stage.labelled:
        noting.store(taking, table.layout, running.labels())
    for row in noting.store(taking, table.layout, noting.by_project(taking, others)):
        rows.setdefault(row, False)
    tally.new += sum(rows.values())
    tally.changed += len(rows) - sum(rows.values())
    return tally


def _read(table: Table, taking: Taking) -> Iterator[tuple[Chunk, pl.DataFrame, Iterable[int]]]:
    """Each chunk with its clean rows, read all at once, and the places of the rest."""
    for chunk in table.chunks():
        if table.layout.runs is None:
            yield chunk, pl.DataFrame(), range(len(chunk.cells))
        else:
            yield chunk, *frames.clean(table.layout.runs, table.names, chunk, taking.today)


def _chunk(
    table: Table,
    taking: Taking,
    stage: running.Stage,
    chunk: Chunk,
    clean: pl.DataFrame,
    rest: Iterable[int],
    tally: Tally,
) -> list[tuple[int, int, published.Fact]]:
    """Stage the runs of a chunk, the clean ones together; returns the other facts."""
    tally.rows += len(chunk.cells) + len(chunk.broken)
    for row, at_line, code, text in chunk.broken:
        shown = text.replace("\x00", "\ufffd").strip()
        tally.bad.append(Bad(row, at_line, code, "", shown[:LONGEST_DETAIL], {"": shown[: 4 * LONGEST_CELL]}))
    if len(clean):
        stage.frame(clean, taking.registries[table.layout.registry].pk)
        tally.seen([clean["event_on"].max()])
    return _one_by_one(table, taking, stage, chunk, rest, tally)


def _one_by_one(
    table: Table, taking: Taking, stage: running.Stage, chunk: Chunk, places: Iterable[int], tally: Tally
) -> list[tuple[int, int, published.Fact]]:
    runs: list[tuple[Any, ...]] = []
    others: list[tuple[int, int, published.Fact]] = []
    for place in places:
        number, at_line = int(chunk.numbers[place]), int(chunk.at_lines[place])
        row = dict(zip(table.names, chunk.cells.row(place), strict=True))
        try:
            facts = table.layout.read(row, taking.context)
            for fact in facts:
                _check(fact, taking)
        except BadRow as bad:
            tally.bad.append(Bad(number, at_line, bad.code, bad.column, bad.detail, _content(row)))
            continue
        for fact in facts:
            if isinstance(fact, published.Flaw):
                shown = _content(row)
                tally.cells.append(Bad(number, at_line, fact.code, fact.column, fact.detail, shown, whole=False))
            elif isinstance(fact, published.RunRow):
                tally.seen([fact.on])
                runs.append((taking.registries[fact.registry].pk, *running.staged(number, at_line, fact)))
            else:
                tally.seen([fact.on] if isinstance(fact, published.CountRow) else [])
                others.append((number, at_line, fact))
    stage.rows(runs)
    return others


def _content(row: Mapping[str, str]) -> dict[str, str]:
    return {key: value[:LONGEST_CELL] for key, value in row.items() if value}


def _check(fact: published.Fact, taking: Taking) -> None:
    """What no layout can know by itself: whose desk it is, what day it is, what the columns hold."""
    if isinstance(fact, published.Flaw):
        return
    taking.registry(fact.registry, "")
    if len(fact.identifier) > frames.LONGEST_IDENTIFIER:
        raise BadRow("too_long", "", fact.identifier)
    if not isinstance(fact, published.ProjectRow) and fact.on is not None and fact.on > taking.today:
        raise BadRow("ahead", "", fact.on.isoformat())


def with_cells(table: Table, apart: list[Apart]) -> list[Bad]:
    """Rows set aside after reading, with their cells: the table is opened once more for them."""
    cells_of = {line: _content(row) for line, row in table.rows_at(line for _row, line, *_rest in apart)}
    return [Bad(*each, cells_of.get(each[1], {})) for each in apart]


def store_bad(file_id: int, bad: list[Bad]) -> None:
    """Write the rows set aside."""
    text = io.StringIO()
    writer = csv.writer(text)
    for each in sorted(bad, key=lambda one: one.row):
        content = json.dumps({key: _storable(value) for key, value in each.content.items()}, ensure_ascii=False)
        detail = _storable(each.detail[:LONGEST_DETAIL])
        where = (file_id, each.row, each.at_line, each.code, each.column[:LONGEST_COLUMN])
        writer.writerow((*where, detail, _storable(content), each.whole))
    names = 'file_id, "row", at_line, code, "column", detail, content, whole'
    options = 'FORMAT csv, FORCE_NOT_NULL ("column", detail)'
    with connection.cursor() as cursor, cursor.copy(f"COPY offsets_badrow ({names}) FROM STDIN ({options})") as copy:
        copy.write(text.getvalue())


def _storable(text: str) -> str:
    return cells.DAMAGED.sub("\ufffd", text)
