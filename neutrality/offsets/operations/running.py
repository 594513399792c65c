"""Runs of units: staged by COPY, judged by one statement, written by one more. A row is told by its numbers and its
side; what it says by a digest of its content."""

import csv
import io
from bisect import bisect_left
from collections.abc import Iterable
from typing import Any

import polars as pl
from django.db import connection

from neutrality.offsets import frames
from neutrality.offsets.operations import describing
from neutrality.offsets.rules import LARGEST, published

STAGE = """
CREATE TEMP TABLE stage (
  registry_id bigint, "row" int, at_line int, identifier text, name text, line text, first bigint, last bigint,
  serial text, side smallint, event text, event_on date, beneficiary text, note text, vintage_start date,
  vintage_end date, country text
) ON COMMIT DROP
"""
NAMES = 'registry_id, "row", ' + ", ".join(frames.COLUMNS[1:])
TEXTS = "identifier, name, line, serial, event, beneficiary, note, country"
COPY = f"COPY stage ({NAMES}) FROM STDIN (FORMAT csv, FORCE_NOT_NULL ({TEXTS}))"

# Numbers of lines are spent for ever (a line's number folds its runs), so none is spent on a line that is known.
LINES = """
INSERT INTO offsets_serialline (registry_id, text)
SELECT registry_id, line FROM (SELECT DISTINCT registry_id, line FROM stage) AS asked
WHERE NOT EXISTS (SELECT FROM offsets_serialline l WHERE l.registry_id = asked.registry_id AND l.text = asked.line)
ORDER BY registry_id, line
"""
NAMELESS = """
SELECT DISTINCT ON (registry_id, identifier) registry_id, identifier, name, country FROM stage
WHERE NOT EXISTS (
  SELECT FROM offsets_project p WHERE p.registry_id = stage.registry_id AND p.identifier = stage.identifier)
ORDER BY registry_id, identifier, "row"
"""
# Each staged row with its numbers, its digest, and the version that stands for the same numbers on the same side.
JUDGED = f"""
CREATE TEMP TABLE judged ON COMMIT DROP AS
SELECT told.*, known.version AS known, known.content = told.content AS same
FROM (
  SELECT s.*, l.id AS line_id, p.id AS project_id,
    int8range(l.id * {LARGEST + 1} + s.first, l.id * {LARGEST + 1} + s.last + 1) AS numbers,
    encode(sha256(convert_to(concat_ws(E'\\x1f', s.serial, s.event, coalesce(s.event_on::text, ''), s.beneficiary,
      s.note, s.identifier), 'UTF8')), 'hex') AS content
  FROM stage s
  JOIN offsets_serialline l ON l.registry_id = s.registry_id AND l.text = s.line
  JOIN offsets_project p ON p.registry_id = s.registry_id AND p.identifier = s.identifier
) AS told
LEFT JOIN offsets_publishedrun known ON known.numbers = told.numbers AND known.side = told.side AND NOT EXISTS (
  SELECT FROM offsets_publishedrun later
  WHERE later.version > 1 AND later.numbers = known.numbers AND later.side = known.side
    AND later.version = known.version + 1)
"""  # noqa: S608 - a number of ours is all that is put in
REACH = """
SELECT line_id, side, first, last, content, "row", at_line,
  first <= max(last) OVER (PARTITION BY line_id, side ORDER BY first, last, "row"
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS meets
FROM judged
"""
MEETS = f"SELECT EXISTS (SELECT FROM ({REACH}) AS late WHERE meets)"  # noqa: S608
MEETING = f"""
SELECT one.line_id, one.side, one.first, one.last, one.content, one."row", one.at_line FROM judged one
WHERE EXISTS (
  SELECT FROM ({REACH}) AS late WHERE late.meets AND late.line_id = one.line_id AND late.side = one.side
    AND late.first <= one.last AND late.last >= one.first)
ORDER BY one."row"
"""  # noqa: S608 - made of our own texts alone
PUT = """
INSERT INTO offsets_publishedrun (registry_id, project_id, line_id, numbers, serial, quantity, side, event, event_on,
  vintage_start, vintage_end, beneficiary, note, version, content, file_id, "row", at_line)
SELECT registry_id, project_id, line_id, numbers, serial, last - first + 1, side, event, event_on, vintage_start,
  vintage_end, beneficiary, note, coalesce(known, 0) + 1, content, %s, "row", at_line
FROM judged WHERE known IS NULL OR NOT same ORDER BY line_id, first
ON CONFLICT DO NOTHING
"""
COUNTS = "SELECT count(*) FILTER (WHERE known IS NULL), count(*) FILTER (WHERE NOT same) FROM judged"
# Rows that met a run of an older file: the constraint let them fall; here they get their reason.
FALLEN = """
SELECT j."row", j.at_line, j.known, j.serial, met.serial, met."row", left(f.digest, 12) FROM judged j
LEFT JOIN LATERAL (
  SELECT * FROM offsets_publishedrun r
  WHERE r.version = 1 AND r.side = j.side AND r.side > 0 AND r.numbers && j.numbers AND r.file_id <> %(file)s
  ORDER BY r.id LIMIT 1) AS met ON true
LEFT JOIN offsets_registryfile f ON f.id = met.file_id
WHERE (j.known IS NULL OR NOT j.same)
  AND NOT EXISTS (SELECT FROM offsets_publishedrun r WHERE r.file_id = %(file)s AND r."row" = j."row")
ORDER BY j."row"
"""


def prepare() -> None:
    """A fresh stage; memory for sorting a large file is this transaction's only."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute("DROP TABLE IF EXISTS pg_temp.stage, pg_temp.judged")
        cursor.execute(STAGE)


def stage_frame(frame: pl.DataFrame, registry_id: int) -> None:
    """Rows of the fast lane."""
    if len(frame):
        told = frame.select(pl.lit(registry_id).alias("registry_id"), *frames.COLUMNS)
        _copy(told.write_csv(include_header=False))


def stage_rows(rows: Iterable[tuple[Any, ...]]) -> None:
    """Rows read one by one."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    if text.tell():
        _copy(text.getvalue())


def _copy(text: str) -> None:
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        copy.write(text)


def staged(row: int, at_line: int, fact: published.RunRow) -> tuple[Any, ...]:
    """A run as the stage holds it; the registry's number stands before."""
    run = fact.serial
    return (
        row,
        at_line,
        fact.identifier,
        fact.project_name[: frames.LONGEST_NAME],
        run.line,
        run.first,
        run.last,
        run.canonical,
        published.SIDES[fact.event],
        fact.event.value,
        fact.on,
        fact.beneficiary[: frames.LONGEST_BENEFICIARY],
        fact.note[: frames.LONGEST_NOTE],
        run.vintage_start,
        run.vintage_end,
        run.country,
    )


def store(taking: Any, tally: Any) -> list[tuple[int, int, str, str, str]]:
    """Write what is new of the stage. Returns row, line, code, column and detail of those that cannot stand."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE stage")
        cursor.execute(LINES)
        cursor.execute(NAMELESS)
        describing.name(cursor.fetchall())
        cursor.execute(JUDGED)
        cursor.execute("ANALYZE judged")
        refused = _apart(cursor)
        cursor.execute(COUNTS)
        new, changed = cursor.fetchone()
        if not new + changed:
            return refused
        cursor.execute(PUT, [taking.file_id])
        if cursor.rowcount < new + changed:
            fallen = _fallen(cursor, taking.file_id)
            new -= sum(1 for _row, known in fallen if known is None)
            changed -= sum(1 for _row, known in fallen if known is not None)
            refused += [row for row, _known in fallen]
    tally.new += new
    tally.changed += changed
    return refused


def _apart(cursor: Any) -> list[tuple[int, int, str, str, str]]:
    """Rows of one file that meet each other: the first in the file stands, equal ones are one, the rest cannot."""
    cursor.execute(MEETS)
    if not cursor.fetchone()[0]:
        return []
    cursor.execute(MEETING)
    kept: dict[tuple[int, int], list[tuple[int, int, str, int]]] = {}
    gone, refused = [], []
    for line, side, first, last, content, row, at_line in cursor.fetchall():
        held = kept.setdefault((line, side), [])
        place = bisect_left(held, (first,))
        near = [each for each in held[max(place - 1, 0) : place + 1] if each[0] <= last and each[1] >= first]
        if not near:
            held.insert(place, (first, last, content, row))
            continue
        gone.append(row)
        other = near[0]
        if (first, last, content) != other[:3]:
            code = "twice" if (first, last) == other[:2] else "overlap"
            refused.append((row, at_line, code, "", f"{other[0]}–{other[1]} ({other[3]})"))
    cursor.execute('DELETE FROM judged WHERE "row" = ANY(%s)', [gone])
    return refused


def _fallen(cursor: Any, file_id: int) -> list[tuple[tuple[int, int, str, str, str], int | None]]:
    cursor.execute(FALLEN, {"file": file_id})
    return [
        ((row, at_line, "overlap_known", "", f"{serial} ∩ {met} ({met_row}, {digest})"), known)
        for row, at_line, known, serial, met, met_row, digest in cursor.fetchall()
    ]
