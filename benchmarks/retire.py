"""A retirement: our operation beside pgbench doing the very same statements on the same server.

The statements are recorded from a first run and replayed by pgbench in one session on a database that equals ours
before that run, so every number, lock and constraint is met again, without Python.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from django.db import connection

from accounts.models import User
from benchmarks.harness import ROUNDS, Peer, Report, administer, copy, drop, rate, scratch, use
from neutrality.activities.models import Activity
from neutrality.activities.tests.factories import make_activity
from neutrality.offsets import operations
from neutrality.offsets.models import Block
from neutrality.offsets.tests.factories import AT, make_block
from portal.launch.postgres import package

ROWS = 200
BLOCKS = 20


def prepare(rows: int) -> None:
    """Committed activities, and blocks with units enough for every retirement."""
    for _number in range(BLOCKS):
        activity = make_activity(state="committed")
        make_block(activity.organization, rows * 10)


def work(rows: int) -> Callable[[], None]:
    """``rows`` retirements of five units each, spread over the activities."""
    by = User.objects.order_by("pk").first()
    activities = list(Activity.objects.select_related("organization", "rulebook").order_by("pk"))
    blocks = list(Block.objects.select_related("kind__registry", "project").order_by("pk"))
    keys = [uuid4().hex for _number in range(rows)]

    def go() -> None:
        for number, key in enumerate(keys):
            place = number % BLOCKS
            operations.retire(
                activity=activities[place], block=blocks[place], quantity=5, key=key, reason="nearby", by=by, at=AT
            )

    return go


def record(go: Callable[[], None]) -> list[str]:
    """The statements ``go`` sends, with their values, transactions included."""
    statements: list[str] = []
    connection.force_debug_cursor = True
    connection.queries_log.clear()
    connection.queries_log = type(connection.queries_log)(maxlen=None)
    try:
        go()
        statements = [query["sql"] for query in connection.queries_log]
    finally:
        connection.force_debug_cursor = False
        connection.queries_log.clear()
    return [statement.replace("\n", " ").rstrip(";") + ";" for statement in statements]


def pgbench(script: Path, database: str) -> None:
    """Replay a script once over one connection."""
    given = connection.get_connection_params()
    beside = package() / "pginstall18" / "bin" / "pgbench"
    program = shutil.which("pgbench") or str(beside)
    command = [program, "--no-vacuum", "--client=1", "--transactions=1", f"--file={script}"]
    command += [f"--{name}={given[key]}" for name, key in (("host", "host"), ("port", "port")) if given.get(key)]
    command += [f"--username={given['user']}"] if given.get("user") else []
    environ = os.environ | {"PGPASSWORD": given.get("password") or ""}
    done = subprocess.run([*command, database], env=environ, capture_output=True, text=True, check=False)
    if done.returncode or "failed transactions: 0 " not in done.stdout:
        raise RuntimeError(f"pgbench could not replay the statements: {done.stderr[-500:]}{done.stdout[-500:]}")


def run(rows: int) -> Report:
    ours, limit = [], []
    with scratch("retire") as base, tempfile.TemporaryDirectory() as folder:
        prepare(rows)
        mine, theirs = f"{base}_ours", f"{base}_limit"
        script = Path(folder) / "retire.sql"
        try:
            copy(base, mine)
            use(mine)
            statements = record(work(rows))
            script.write_text("\n".join(statements), encoding="utf-8")
            for _round in range(ROUNDS):
                use(base)
                copy(base, mine)
                copy(base, theirs)
                use(mine)
                go = work(rows)
                ours.append(rate(go, rows))
                limit.append(rate(lambda: pgbench(script, theirs), rows))
        finally:
            use(base)
            administer(drop(mine), drop(theirs))
        return Report(
            bench="retire",
            question=f"{rows:,} retirements with checks, ledger, certificate row and trail, one client, real commits",
            unit="retirements",
            rows=rows,
            ours=ours,
            limit=limit,
            limit_is=f"pgbench, the same {len(statements) / rows:.0f} statements each",
            # Each measured beside pgbench with a textbook retirement of six round trips on the same server.
            peers=[
                Peer("pgledger transfer", 1_740, 1_510),
                Peer("django-hordak transfer", 820, 1_510),
                Peer("UNDP registry retirement", 70, 1_510),
            ],
            more={"statements_each": round(len(statements) / rows, 1)},
        )
