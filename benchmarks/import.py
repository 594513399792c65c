"""A registry's table of blocks taken in: every check on, beside bare COPY of the finished rows into an equal table.

Ours begins with the file as the registry publishes it and ends with the last commit: digest, layout, serial syntax,
count against range, days, overlaps inside the file and with what is known, projects and lines made, versions, rows set
aside one by one, trail entry. The limit copies the very rows ours wrote, ready-made, into a table with the same
indexes, constraints and foreign keys. Then the file comes again: the same bytes, and the same rows in other bytes.
"""

import io
import os
import random
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings

from accounts.tests.factories import make_user
from benchmarks.harness import Peer, Report, rate, scratch
from neutrality.offsets import operations, seeding
from neutrality.offsets.models import BadRow, PublishedRun, RegistryFile
from neutrality.offsets.tests.factories import VERRA_HEAD

ROWS = 1_000_000
AT = datetime(2026, 6, 10, 2, tzinfo=UTC)
FIRST_DAY = date(2015, 1, 1)
BAD_EVERY = 1000
ROWS_A_PROJECT = 10
PEER_ROWS = 5000
TABLES = ("offsets_publishedrun", "offsets_project", "offsets_serialline", "offsets_badrow", "offsets_registryfile")
WRITTEN = (*TABLES, "offsets_publishedcount", "offsets_projectversion", "evidence_file", "trail_entry")


class Upload(io.FileIO):
    """A file on disk as a form delivers it."""

    def __init__(self, path: Path):
        super().__init__(str(path), "rb")
        self.size, self.path = path.stat().st_size, path

    def temporary_file_path(self) -> str:
        return str(self.path)


def lines(rows: int) -> Iterator[str]:
    """Verra's table in the order of no serial: half retired, one row in a thousand wrong in one of three ways."""
    dice = random.Random(20260610)
    order = list(range(rows))
    dice.shuffle(order)
    for place, number in enumerate(order):
        project = number // ROWS_A_PROJECT + 1
        first, units = number * 10_000 + 1, dice.randint(1, 9999)
        declared = units
        if place % BAD_EVERY == BAD_EVERY - 1:
            wrong = place // BAD_EVERY % 3
            declared += wrong == 0
            first -= 20_000 * (wrong == 1 and number > 1)
        year = 2010 + number % 14
        serial = f"{number + 1}-{first}-{first + units - 1}-VCS-VCU-261-VER-KE-3-{project}-0101{year}-3112{year}-0"
        on = FIRST_DAY + timedelta(days=dice.randint(0, 4000))
        used = f"{on},Company {number % 5000} Ltd,,For the year {year}" if number % 2 else ",,,"
        yield f'{on},{year}-01-01,{year}-12-31,{project},Cookstoves {project},Kenya,"{declared:,}",{serial},{used}\n'


def written(path: Path, rows: int) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(VERRA_HEAD + "\n")
        file.writelines(lines(rows))
    return path


def described(path: Path, rows: int) -> Path:
    """Verra's table of the projects, which is a file of its own and read before."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("ID,Name,Proponent,Project Type,Methodology,Status,Country/Area\n")
        for number in range(1, rows // ROWS_A_PROJECT + 2):
            file.write(f"{number},Cookstoves {number},Company {number % 500} Ltd,Energy,AMS-II.G.,Registered,Kenya\n")
    return path


def read(path: Path, by: Any) -> RegistryFile:
    with Upload(path) as upload:
        return operations.read_file(upload=upload, owner_code="0" * 18, by=by, at=AT)


def run_sql(statement: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


# The scratch database is the benchmark's own: here the tables may be emptied between rounds.
MAY_BE_EMPTIED = """
DO $$ DECLARE kept regclass; BEGIN
  FOR kept IN SELECT tgrelid::regclass FROM pg_trigger WHERE tgname = 'never_emptied' AND tgenabled <> 'D' LOOP
    EXECUTE format('ALTER TABLE %s DISABLE TRIGGER never_emptied', kept);
  END LOOP;
END $$
"""


def emptied() -> None:
    run_sql(MAY_BE_EMPTIED)
    run_sql(f"TRUNCATE {', '.join(TABLES)}, offsets_reading CASCADE")


def counts() -> dict[str, Any]:
    """Rows of every table an import writes, and how far its numbers were spent."""
    found = {table: run_sql(f"SELECT count(*) FROM {table}")[0][0] for table in WRITTEN}
    spent = "SELECT sequencename, last_value FROM pg_sequences WHERE sequencename LIKE 'offsets\\_%' ORDER BY 1"
    return found | {name: value for name, value in run_sql(spent) if name != "offsets_reading_id_seq"}


COLUMNS = (
    "registry_id, project_id, line_id, numbers, serial, quantity, side, event, event_on, vintage_start, vintage_end, "
    'beneficiary, note, labels, version, content, file_id, "row", at_line'
)


def equal_table() -> None:
    """A table with all that the true one has: defaults, checks, indexes, exclusions, foreign keys."""
    run_sql("CREATE TABLE bare (LIKE offsets_publishedrun INCLUDING ALL)")
    keys = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' AND conrelid = '{}'::regclass"
    for (definition,) in run_sql(keys.format("offsets_publishedrun")):
        run_sql(f"ALTER TABLE bare ADD {definition}")


def dumped(path: Path) -> None:
    """The rows ours wrote, in the order of the file."""
    query = f'COPY (SELECT {COLUMNS} FROM offsets_publishedrun ORDER BY "row") TO STDOUT'
    with path.open("wb") as file, connection.cursor() as cursor, cursor.copy(query) as copy:
        for piece in copy:
            file.write(piece)


def bare(path: Path) -> None:
    query = f"COPY bare ({COLUMNS}) FROM STDIN"
    with transaction.atomic(), path.open("rb") as file, connection.cursor() as cursor, cursor.copy(query) as copy:
        while piece := file.read(1 << 20):
            copy.write(piece)


def timed(work: Any) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def again(path: Path, by: Any) -> dict[str, Any]:
    """The same bytes, then the same rows in other bytes. Raises when any row of either was written. Between two files
    of a registry lie days, in which the server counts its tables by itself; here it is told to."""
    run_sql("ANALYZE offsets_publishedrun, offsets_project, offsets_serialline")
    before = counts()
    same_bytes = timed(lambda: read(path, by))
    if counts() != before:
        raise RuntimeError(f"the same bytes wrote something: {before} {counts()}")
    with path.open("a", encoding="utf-8") as file:
        file.write("\n")
    same_rows = timed(lambda: read(path, by))
    after = counts()
    file = RegistryFile.objects.order_by("-pk").first()
    if file is None or file.new or file.changed:
        raise RuntimeError("the same rows were taken for news")
    noted = ("offsets_registryfile", "offsets_registryfile_id_seq", "evidence_file", "trail_entry", "offsets_badrow")
    kept = [name for name in after if name not in (*noted, "offsets_badrow_id_seq")]
    if any(after[name] != before[name] for name in kept):
        raise RuntimeError(f"the same rows wrote something: {before} {after}")
    return {"same_bytes_s": round(same_bytes, 2), "same_rows_s": round(same_rows, 2)}


def peer(folder: Path) -> tuple[float, float, str] | None:
    """django-import-export into an equal table, with the interpreter named in PEER_PYTHON: rows a second of finished
    rows in bulk, and of the file as published with the checks it can make; its version."""
    program = os.environ.get("PEER_PYTHON")
    if not program:
        return None
    finished, published = folder / "finished.csv", folder / "published.csv"
    with finished.open("wb") as file, connection.cursor() as cursor:
        first = f'SELECT {COLUMNS} FROM offsets_publishedrun ORDER BY "row" LIMIT {PEER_ROWS}'
        query = f"COPY ({first}) TO STDOUT (FORMAT csv, HEADER)"
        with cursor.copy(query) as copy:
            for piece in copy:
                file.write(piece)
    with (folder / "verra.csv").open(encoding="utf-8") as whole:
        published.write_text("".join(islice(whole, PEER_ROWS + 1)), encoding="utf-8")
    given = connection.get_connection_params()
    named = {f"PG{key.upper()}": str(given[name]) for key, name in PEER_NAMES.items() if given.get(name)}
    script = Path(settings.BASE_DIR) / "benchmarks" / "peer_import.py"
    call = [program, str(script), str(finished), str(published)]
    done = subprocess.run(call, env=os.environ | named, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the peer did not run: {done.stderr[-800:]}")
    bulk, checked, version = done.stdout.split()
    return float(bulk), float(checked), version


PEER_NAMES = {"host": "host", "port": "port", "user": "user", "password": "password", "database": "dbname"}


def run(rows: int) -> Report:
    ours, limit, more = [], [], {}
    peers = []
    with scratch("import"), tempfile.TemporaryDirectory() as name, override_settings(EVIDENCE_ROOT=Path(name) / "kept"):
        folder = Path(name)
        seeding.seed(AT)
        by = make_user()
        path = written(folder / "verra.csv", rows)
        for _round in range(1 if rows > 200_000 else 3):
            emptied()
            read(described(folder / "projects.csv", rows), by)
            ours.append(rate(lambda: read(path, by), rows))
            dumped(folder / "rows")
            equal_table()
            stored = PublishedRun.objects.count()
            limit.append(rate(lambda: bare(folder / "rows"), stored))
            if not peers and (live := peer(folder)):
                peers = [
                    Peer(f"django-import-export {live[2]}, finished rows in bulk, no checks, live", live[0], limit[-1]),
                    Peer(f"django-import-export {live[2]}, the published file, checked, live", live[1], limit[-1]),
                ]
            run_sql("DROP TABLE bare")
        more = {"megabytes": path.stat().st_size // 10**6, "set_aside": BadRow.objects.count()}
        more |= {"first_s": round(rows / ours[-1], 2), **again(path, by)}
        more["again_of_first"] = round(more["same_rows_s"] / more["first_s"], 3)
        if len(peers) > 1:
            more["of_peer_checked"] = round(statistics.median(ours) / peers[1].here(statistics.median(limit)), 2)
        more["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return Report(
        bench="import",
        question=f"{rows:,} rows of Verra's table: read, checked, versioned, stored, traced to file and line",
        unit="rows",
        rows=rows,
        ours=ours,
        limit=limit,
        limit_is="bare COPY of the finished rows into an equal table",
        # Where no interpreter has the package: its ratio to COPY into a table with four indexes, both in one run.
        peers=peers or [Peer("django-import-export 4.4.3, bulk", 1_640, 206_000)],
        notes=[
            f"again, the same bytes: {more['same_bytes_s']} s, nothing written at all",
            f"again, the same rows in other bytes: {more['same_rows_s']} s, {more['again_of_first']:.2f} of the first",
        ],
        more=more,
    )
