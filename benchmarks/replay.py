"""What our code says to the database, said again by pgbench: the same statements without Python.

The statements are recorded from a first run on a database of its own. Only two values are made variables, because the
database gives them: the number and the span of the transfer (`\\gset` reads them from the answer). So several clients
may replay at once, each its own script, and every lock, trigger and constraint is met again.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from django.db import connection

from portal.launch.postgres import package

POSTED = re.compile(r"^SELECT \* FROM ledger_post\(")
RETIRED = re.compile(r"""(VALUES \('[^']+', )\d+(, \d+, \d+, \d+, )'\[\d+,\d+\)'""")
SPEED = re.compile(r"tps = ([\d.]+) \(without initial connection time\)")


def record(go: Callable[[], None]) -> list[str]:
    """The statements `go` sends, with their values, transactions included."""
    connection.force_debug_cursor = True
    connection.queries_log.clear()
    connection.queries_log = type(connection.queries_log)(maxlen=None)
    try:
        go()
        return [query["sql"].replace("\n", " ").rstrip("; ") for query in connection.queries_log]
    finally:
        connection.force_debug_cursor = False
        connection.queries_log.clear()


def script(statements: list[str]) -> str:
    """The statements as a script of pgbench."""
    lines = []
    for statement in statements:
        if POSTED.match(statement):
            lines.append(f"{statement} \\gset")
        else:
            lines.append(RETIRED.sub(r"\1:number\2':span'", statement) + ";")
    return "\n".join(lines) + "\n"


def speeds(database: str, scripts: list[Path]) -> list[float]:
    """Run each script once, all at the same time, one client each; how often per second each would have run."""
    running = [
        subprocess.Popen(
            command(database, path), env=environ(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for path in scripts
    ]
    return [_speed(*process.communicate()) for process in running]


def _speed(said: str, complained: str) -> float:
    found = SPEED.search(said)
    if not found or "failed transactions: 0 " not in said:
        raise RuntimeError(f"pgbench could not replay the statements: {complained[-500:]}{said[-500:]}")
    return float(found[1])


def command(database: str, path: Path) -> list[str]:
    given = connection.get_connection_params()
    program = shutil.which("pgbench") or str(package() / "pginstall18" / "bin" / "pgbench")
    words = [program, "--no-vacuum", "--client=1", "--transactions=1", f"--file={path}"]
    words += [f"--{name}={given[key]}" for name, key in (("host", "host"), ("port", "port")) if given.get(key)]
    words += [f"--username={given['user']}"] if given.get("user") else []
    return [*words, database]


def environ() -> dict[str, str]:
    return os.environ | {"PGPASSWORD": connection.get_connection_params().get("password") or ""}
