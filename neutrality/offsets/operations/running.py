"""Runs of units: staged by COPY, judged by one statement, written by one more. A row is told by its numbers and its
side; what it says by a digest of its content."""

import csv
import io
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import polars as pl
from django.db import connection

from neutrality.offsets import frames
from neutrality.offsets.operations import describing
from neutrality.offsets.rules import LARGEST, published, sources
from neutrality.offsets.rules.details import parted

STAGE = """
CREATE TEMP TABLE stage (
  registry_id bigint, "row" int, at_line int, identifier text, name text, line text, first bigint, last bigint,
  serial text, side smallint, event text, event_on date, beneficiary text, note text, vintage_start date,
  vintage_end date, country text, labels text
) ON COMMIT DROP
"""
NAMES = 'registry_id, "row", ' + ", ".join(frames.COLUMNS[1:])
TEXTS = "identifier, name, line, serial, event, beneficiary, note, country, labels"
COPY = f"COPY stage ({NAMES}) FROM STDIN (FORMAT csv, FORCE_NOT_NULL ({TEXTS}))"

# The lines and projects the stage names, each once, with its number where it is known. They are small tables of their
# own so that the planner knows how many rows meet them: guessing from the stage, it asked an index for every row.
LINES = """
CREATE TEMP TABLE lines ON COMMIT DROP AS
SELECT asked.*, l.id FROM (SELECT DISTINCT registry_id, line FROM stage) AS asked
LEFT JOIN offsets_serialline l ON l.registry_id = asked.registry_id AND l.text = asked.line
"""
PROJECTS = """
CREATE TEMP TABLE projects ON COMMIT DROP AS
SELECT asked.*, p.id FROM (SELECT registry_id, identifier, min("row") AS "row" FROM stage GROUP BY 1, 2) AS asked
LEFT JOIN offsets_project p ON p.registry_id = asked.registry_id AND p.identifier = asked.identifier
"""
# Numbers of lines are spent for ever (a line's number folds its runs), so none is spent on a line that is known.
NEW_LINES = """
WITH made AS (
  INSERT INTO offsets_serialline (registry_id, text) SELECT registry_id, line FROM lines WHERE id IS NULL
  ORDER BY registry_id, line RETURNING id, registry_id, text)
UPDATE lines SET id = made.id FROM made WHERE made.registry_id = lines.registry_id AND made.text = lines.line
"""
NAMELESS = """
SELECT p.registry_id, p.identifier, s.name, s.country FROM projects p JOIN stage s ON s."row" = p."row"
WHERE p.id IS NULL ORDER BY p.registry_id, p.identifier
"""
NAMED = """
UPDATE projects SET id = p.id FROM offsets_project p
WHERE projects.id IS NULL AND p.registry_id = projects.registry_id AND p.identifier = projects.identifier
"""
# Each staged row with its numbers, its digest, and what is known of the same numbers on the same side.
JUDGED = f"""
CREATE TEMP TABLE judged ON COMMIT DROP AS
SELECT told.*, known.version AS known, known.content = told.content AS same
FROM (
  SELECT s."row", s.at_line, s.side, s.first, s.last, l.id AS line_id, p.id AS project_id,
    l.id * {LARGEST + 1} + s.first AS low, l.id * {LARGEST + 1} + s.last + 1 AS high,
    encode(sha256(convert_to(concat_ws(E'\\x1f', s.serial, s.event, coalesce(s.event_on::text, ''), s.beneficiary,
      s.note, s.identifier, nullif(s.labels, '')), 'UTF8')), 'hex') AS content
  FROM stage s
  JOIN lines l ON l.registry_id = s.registry_id AND l.line = s.line
  JOIN projects p ON p.registry_id = s.registry_id AND p.identifier = s.identifier
) AS told
LEFT JOIN offsets_publishedrun known ON known.side = told.side AND lower(known.numbers) = told.low
  AND upper(known.numbers) = told.high
"""  # noqa: S608 - a number of ours is all that is put in
# Of several versions the newest stands; few rows have more than one.
NEWEST = """
DELETE FROM judged USING judged later
WHERE later.known > 1 AND later."row" = judged."row" AND later.known > judged.known
"""
# Rows that meet another of the file: one walk in order, beside the farthest end so far. A row and the next one are
# named where the next begins before that end; few do, and their words are fetched afterwards.
MEETING = """
SELECT line_id, side, first, last, content, "row", at_line FROM judged WHERE "row" IN (
  SELECT unnest(ARRAY["row", next]) FROM (
    SELECT "row", lead("row") OVER walk AS next, lead(low) OVER walk < max(high) OVER walk AS met FROM judged
    WINDOW walk AS (PARTITION BY side ORDER BY low ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)) AS walked
  WHERE met)
ORDER BY "row"
"""
PUT = """
INSERT INTO offsets_publishedrun (registry_id, project_id, line_id, numbers, serial, quantity, side, event, event_on,
  vintage_start, vintage_end, beneficiary, note, labels, version, content, file_id, "row", at_line)
SELECT s.registry_id, j.project_id, j.line_id, int8range(j.low, j.high), s.serial, j.high - j.low, s.side, s.event,
  s.event_on, s.vintage_start, s.vintage_end, s.beneficiary, s.note, s.labels, coalesce(j.known, 0) + 1, j.content, %s,
  s."row", s.at_line
FROM stage s JOIN judged j ON j."row" = s."row" WHERE j.known IS NULL OR NOT j.same
ORDER BY j.low
"""
# What new and changed rows say of labels, once for each wording of a project, with the first row that has it.
LABELS = """
SELECT DISTINCT ON (j.project_id, s.labels) j.project_id, s.labels, s."row", s.at_line
FROM stage s JOIN judged j ON j."row" = s."row" WHERE s.labels <> '' AND (j.known IS NULL OR NOT j.same)
ORDER BY j.project_id, s.labels, s."row"
"""
COUNTS = "SELECT count(*) FILTER (WHERE known IS NULL), count(*) FILTER (WHERE NOT same) FROM judged"
# New runs that meet a known one of their side. Known runs lie apart, so the nearest on each hand is enough to ask.
NEAR = """
SELECT serial, "row", file_id, numbers FROM offsets_publishedrun r
WHERE r.side = j.side AND r.version = 1 AND lower(r.numbers) {} j.low ORDER BY lower(r.numbers) {} LIMIT 1
"""
CLASHING = f"""
SELECT j."row", j.at_line, s.serial, coalesce(below.serial, above.serial), coalesce(below."row", above."row"),
  left(f.digest, 12)
FROM judged j JOIN stage s ON s."row" = j."row"
LEFT JOIN LATERAL ({NEAR.format("<=", "DESC")}) AS below ON upper(below.numbers) > j.low
LEFT JOIN LATERAL ({NEAR.format(">", "ASC")}) AS above ON lower(above.numbers) < j.high
LEFT JOIN offsets_registryfile f ON f.id = coalesce(below.file_id, above.file_id)
WHERE j.known IS NULL AND j.side > 0 AND (below.serial IS NOT NULL OR above.serial IS NOT NULL)
ORDER BY j."row"
"""  # noqa: S608 - made of our own texts alone
ANY_KNOWN = "SELECT EXISTS (SELECT FROM offsets_publishedrun WHERE side > 0)"


class Stage:
    """One COPY that stays open while the file is read, so that the database takes rows in beside us."""

    def __init__(self, copy: Any):
        self.copy = copy
        self.labelled = False
        """Whether any row carries labels."""

    def frame(self, frame: pl.DataFrame, registry_id: int) -> None:
        """Rows of the fast lane."""
        self.labelled = self.labelled or bool((frame["labels"] != "").any())
        told = frame.select(pl.lit(registry_id).alias("registry_id"), *frames.COLUMNS)
        self.copy.write(told.write_csv(include_header=False))

    def rows(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Rows read one by one; their labels stand last."""
        rows = list(rows)
        self.labelled = self.labelled or any(row[-1] for row in rows)
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        self.copy.write(text.getvalue())


@contextmanager
def stage() -> Iterator[Stage]:
    """A fresh stage; memory for sorting a large file is this transaction's only."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute("DROP TABLE IF EXISTS pg_temp.stage, pg_temp.lines, pg_temp.projects, pg_temp.judged")
        cursor.execute(STAGE)
        with cursor.copy(COPY) as copy:
            yield Stage(copy)


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
        fact.labels,
    )


def labels() -> dict[int, list[sources.Note]]:
    """What the rows that were just written tell of their projects' labels, by project."""
    found: dict[int, list[sources.Note]] = {}
    with connection.cursor() as cursor:
        cursor.execute(LABELS)
        for project, text, row, at_line in cursor.fetchall():
            told = published.Told(labels=parted(text))
            found.setdefault(project, []).append(sources.Note(row, at_line, told))
    return found


def store(taking: Any, tally: Any) -> list[tuple[int, int, str, str, str]]:
    """Write what is new of the stage. Returns row, line, code, column and detail of those that cannot stand."""
    with connection.cursor() as cursor:
        cursor.execute('ANALYZE stage (registry_id, identifier, line, "row")')
        _numbered(cursor)
        cursor.execute(JUDGED)
        cursor.execute('ANALYZE judged (low, side, known, same, "row")')
        cursor.execute(NEWEST)
        refused = _apart(cursor) + _clashing(cursor)
        cursor.execute(COUNTS)
        new, changed = cursor.fetchone()
        if new + changed:
            cursor.execute(PUT, [taking.file_id])
    tally.new += new
    tally.changed += changed
    return refused


def _numbered(cursor: Any) -> None:
    """Every line and project the stage names gets its number; what nobody has named before is made."""
    cursor.execute(LINES)
    cursor.execute(NEW_LINES)
    cursor.execute(PROJECTS)
    cursor.execute(NAMELESS)
    if nameless := cursor.fetchall():
        describing.name(nameless)
        cursor.execute(NAMED)
    cursor.execute("ANALYZE lines, projects")


def _apart(cursor: Any) -> list[tuple[int, int, str, str, str]]:
    """Rows of one file that meet each other: the first in the file stands, equal ones are one, the rest cannot."""
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
    if gone:
        cursor.execute('DELETE FROM judged WHERE "row" = ANY(%s)', [gone])
    return refused


def _clashing(cursor: Any) -> list[tuple[int, int, str, str, str]]:
    """Rows that read well, stand alone in their file, and meet a run of an older one."""
    cursor.execute(ANY_KNOWN)
    if not cursor.fetchone()[0]:
        return []
    cursor.execute(CLASHING)
    met = cursor.fetchall()
    if met:
        cursor.execute('DELETE FROM judged WHERE "row" = ANY(%s)', [[row for row, *_rest in met]])
    return [
        (row, at_line, "overlap_known", "", f"{serial} ∩ {other} ({other_row}, {digest})")
        for row, at_line, serial, other, other_row, digest in met
    ]
