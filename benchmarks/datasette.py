"""Datasette over the same rows: a SQLite file with the indexes and the full-text search its users would make.

`DATASETTE` names the program; it is no part of the requirements.
"""

import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from benchmarks.catalogue import VERSION

TABLES = {
    "project": (
        "SELECT p.id, p.code, r.code AS registry, p.identifier, p.name_zh, p.name_en, p.country, p.methodology, "
        "p.developer FROM offsets_project p JOIN offsets_registry r ON r.id = p.registry_id ORDER BY p.id",
        "id INTEGER PRIMARY KEY, code TEXT, registry TEXT, identifier TEXT, name_zh TEXT, name_en TEXT, country TEXT, "
        "methodology TEXT, developer TEXT",
    ),
    "block": (
        "SELECT b.id, b.code, replace(replace(b.pattern, '{first}', b.serial_first::text), '{last}', "
        "b.serial_last::text), k.code, b.project_id, coalesce(nullif(p.name_zh, ''), p.name_en), "
        "extract(year FROM b.vintage_end)::int, b.quantity, b.issued_on::text FROM offsets_block b "
        "JOIN offsets_unitkind k ON k.id = b.kind_id JOIN offsets_project p ON p.id = b.project_id ORDER BY b.id",
        "id INTEGER PRIMARY KEY, code TEXT, serial TEXT, kind TEXT, project_id INTEGER REFERENCES project(id), "
        "project_name TEXT, vintage INTEGER, quantity INTEGER, issued_on TEXT",
    ),
}
INDEXES = """
CREATE INDEX block_kind ON block(kind, id); CREATE INDEX block_vintage ON block(vintage, id);
CREATE INDEX block_project ON block(project_id, id); CREATE INDEX project_country ON project(country);
CREATE VIRTUAL TABLE project_fts USING fts5(name_zh, name_en, identifier, developer, content="project",
  content_rowid="id");
INSERT INTO project_fts(project_fts) VALUES('rebuild'); ANALYZE;
"""


def program() -> str | None:
    return os.environ.get("DATASETTE") or shutil.which("datasette")


def built(rows: int) -> Path:
    """The file with the rows of the database Django stands on; made once."""
    file = Path(tempfile.gettempdir()) / f"qingzhang_catalogue_{rows}_{VERSION}.db"
    if file.exists():
        return file
    part = file.with_suffix(".part")
    part.unlink(missing_ok=True)
    with sqlite3.connect(part) as lite, connection.chunked_cursor() as cursor:
        for name, (select, columns) in TABLES.items():
            lite.execute(f"CREATE TABLE {name} ({columns})")
            cursor.execute(select)
            marks = ", ".join("?" * (columns.count(",") + 1))
            lite.executemany(f"INSERT INTO {name} VALUES ({marks})", _every(cursor))
        lite.executescript(INDEXES)
    lite.close()
    part.rename(file)
    return file


def _wait(port: int) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def _every(cursor: Any) -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(5000):
        yield from rows


@contextmanager
def served(rows: int) -> Iterator[tuple[int, str]]:
    """Datasette as it comes, fifty rows to a page, on a port of its own."""
    file = built(rows)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [program() or "", "serve", "--immutable", str(file), "--host", "127.0.0.1", "--port", str(port)]
    command += ["--setting", "default_page_size", "50", "--setting", "suggest_facets", "off"]
    command += ["--setting", "sql_time_limit_ms", "20000", "--setting", "cache_size_kb", "64000"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    base = f"/{file.stem}"
    try:
        _wait(port)
        yield port, base
    finally:
        server.terminate()
        server.wait()
