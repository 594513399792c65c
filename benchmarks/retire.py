"""A retirement: our operation beside pgbench doing the very same statements on the same server.

One client; eight clients on their own blocks; eight clients on one hot block; and whether the cost depends on the size
of the batch (10,000 to 10,000,000 units) or on how often it was split before. All in the same rounds, on databases
that are equal at the start of a round. Peers are brought in by their ratio to the textbook retirement of six round
trips (lock, check, subtract, record, two entries), which is measured here too.
"""

import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import connection

from accounts.models import User
from benchmarks.harness import ROUNDS, Peer, Report, administer, copy, drop, scratch, use
from benchmarks.replay import record, script, speeds
from neutrality.activities.models import Activity
from neutrality.activities.tests.factories import make_activity
from neutrality.offsets import operations
from neutrality.offsets.models import Block
from neutrality.offsets.tests.factories import AT, make_block

ROWS = 200
CLIENTS = 8
UNITS = 5
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
SPLITS = 10_000
fork = multiprocessing.get_context("fork")

TEXTBOOK_TABLES = """
CREATE TABLE bare_holding (id int PRIMARY KEY, account int, next_serial bigint, free bigint CHECK (free >= 0));
CREATE TABLE bare_retirement (id bigserial PRIMARY KEY, holding int REFERENCES bare_holding, account int,
  quantity bigint, first bigint, last bigint, who text, at timestamptz, UNIQUE (holding, first));
CREATE TABLE bare_entry (id bigserial PRIMARY KEY, retirement bigint REFERENCES bare_retirement, account int,
  delta bigint);
CREATE INDEX ON bare_entry (retirement); CREATE INDEX ON bare_entry (account);
INSERT INTO bare_holding SELECT n, n + 1, 1, 10000000 FROM generate_series(1, 1000) n;
"""
TEXTBOOK = """BEGIN;
SELECT next_serial, free FROM bare_holding WHERE id = {holding} FOR UPDATE;
UPDATE bare_holding SET next_serial = next_serial + 5, free = free - 5 WHERE id = {holding};
INSERT INTO bare_retirement (holding, account, quantity, first, last, who, at)
  SELECT id, account, 5, next_serial - 5, next_serial - 1, 'somebody', now() FROM bare_holding WHERE id = {holding}
  RETURNING id \\gset
INSERT INTO bare_entry (retirement, account, delta) VALUES (:id, {holding}, -5), (:id, 1, 5);
COMMIT;
"""


def prepare(rows: int) -> None:
    """A committed activity and a block for each client, the blocks of all sizes, and one split ten thousand times."""
    for number in range(CLIENTS):
        activity = make_activity(state="committed")
        make_block(activity.organization, rows * UNITS * CLIENTS * 2, serial=f"CLIENT-{number}")
    for size in SIZES:
        make_block(Activity.objects.first().organization, size, serial=f"SIZE-{size}")
    split(make_block(Activity.objects.first().organization, 10_000_000, serial="SPLIT"))
    with connection.cursor() as cursor:
        cursor.execute(TEXTBOOK_TABLES)
        cursor.execute("VACUUM ANALYZE")


def split(block: Block) -> None:
    """Cancel every second unit of the first so many, so that the rest of the block lies in as many pieces."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_place (code, ending) VALUES ('judicial:split', true);"
            "INSERT INTO ledger_transfer (key, position, asked, reason, event_on, recorded_at, source_id, target_id,"
            " span, quantity) SELECT 'split:' || n, 0, '', 'judicial', current_date, now(), source.id, target.id,"
            " int8range(%s + 2 * n, %s + 2 * n + 1), 1 FROM generate_series(1, %s) n,"
            " ledger_place source, ledger_place target WHERE source.code = %s AND target.code = 'judicial:split'",
            [block.first, block.first, SPLITS, f"held:{block.owner.code}"],
        )


def work(client: int, serial: str, rows: int) -> Callable[[], None]:
    """`rows` retirements of five units each out of one block, by one client for its own activity."""
    by = User.objects.order_by("pk").first()
    activity = Activity.objects.select_related("organization", "rulebook").order_by("pk")[client]
    blocks = Block.objects.select_related("kind__registry", "project", "owner")
    block = blocks.get(line__text=serial)
    keys = [uuid4().hex for _number in range(rows)]

    def go() -> None:
        for key in keys:
            facts = {"quantity": UNITS, "holder": block.owner, "reason": "nearby", "by": by, "at": AT}
            operations.retire(activity=activity, block=block, key=key, **facts)

    return go


def together(serials: list[str], rows: int) -> float:
    """One process for each serial, started together; the sum of their speeds. One alone works in this process."""
    if len(serials) == 1:
        work(0, serials[0], 10)()
        return speed(work(0, serials[0], rows), rows)
    connection.close()
    barrier, answers = fork.Barrier(len(serials)), fork.Queue()
    clients = [fork.Process(target=_client, args=(barrier, answers, *each, rows)) for each in enumerate(serials)]
    for client in clients:
        client.start()
    found = sum(answers.get(timeout=600) for _client in clients)
    for client in clients:
        client.join()
    return found


def _client(barrier: Any, answers: Any, client: int, serial: str, rows: int) -> None:
    connection.close()
    work(client, serial, 10)()
    go = work(client, serial, rows)
    barrier.wait(60)
    answers.put(speed(go, rows))
    connection.close()


def speed(go: Callable[[], None], count: int) -> float:
    begun = time.perf_counter()
    go()
    return count / (time.perf_counter() - begun)


class Field:
    """The two equal databases of a round, the recorded scripts, and the rates found so far."""

    def __init__(self, base: str, folder: Path, rows: int):
        self.base, self.folder, self.rows = base, folder, rows
        self.mine, self.theirs = f"{base}_ours", f"{base}_limit"
        self.found: dict[str, list[float]] = {}
        self.statements = 0.0
        self.scripts: dict[str, list[Path]] = {}

    def record(self) -> None:
        """What each client of each race says, on a database that is thrown away."""
        copy(self.base, self.mine)
        use(self.mine)
        for race, serials in RACES.items():
            self.scripts[race] = []
            for client, serial in enumerate(serials):
                said = record(work(client, serial, self.rows))
                self.statements = (len(said) - 4) / self.rows  # four reads come before the first retirement
                self.scripts[race].append(self.write(f"{race}{client}", script(said[4:])))
        said = [TEXTBOOK.format(holding=1 + number % 1000) for number in range(self.rows)]
        self.scripts["textbook"] = [self.write("textbook", "".join(said))]
        use(self.base)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / f"{name}.sql"
        path.write_text(text, encoding="utf-8")
        return path

    def round(self) -> None:
        """Everything once, ours and the limit in turn."""
        copy(self.base, self.mine)
        copy(self.base, self.theirs)
        use(self.mine)
        for race, serials in RACES.items():
            self.keep(race, together(serials, self.rows))
            self.keep(f"limit {race}", self.replayed(race))
        self.keep("textbook", self.replayed("textbook"))
        few = max(10, self.rows // 4)
        for name in [f"SIZE-{size}" for size in SIZES] + ["SPLIT"]:
            work(0, name, 3)()
            self.keep(name, speed(work(0, name, few), few))
        use(self.base)

    def replayed(self, race: str) -> float:
        return self.rows * sum(speeds(self.theirs, self.scripts[race]))

    def keep(self, name: str, rate: float) -> None:
        self.found.setdefault(name, []).append(rate)

    def median(self, name: str) -> float:
        return statistics.median(self.found[name])

    def share(self, race: str) -> float:
        return round(self.median(race) / self.median(f"limit {race}"), 4)


RACES = {
    "one": ["CLIENT-0"],
    "eight": [f"CLIENT-{number}" for number in range(CLIENTS)],
    "hot": ["SIZE-10000000"] * CLIENTS,
}


def run(rows: int) -> Report:
    with scratch("retire") as base, tempfile.TemporaryDirectory() as folder, ExitStack() as after:
        field = Field(base, Path(folder), rows)
        after.callback(lambda: administer(drop(field.mine), drop(field.theirs)))
        after.callback(partial(use, base))
        prepare(rows)
        field.record()
        for _round in range(ROUNDS):
            field.round()
        return report(field)


def report(field: Field) -> Report:
    sizes = {name: field.median(name) for name in [f"SIZE-{size}" for size in SIZES] + ["SPLIT"]}
    flat = min(sizes.values()) / sizes[f"SIZE-{SIZES[0]}"]
    more = {f"{race}_per_s": round(field.median(race), 1) for race in RACES}
    more |= {f"{race}_limit_per_s": round(field.median(f"limit {race}"), 1) for race in RACES}
    more |= {"of_limit_eight": field.share("eight"), "of_limit_hot": field.share("hot"), "flat": round(flat, 4)}
    more |= {"textbook_per_s": round(field.median("textbook"), 1), "statements_each": round(field.statements, 1)}
    notes = [
        f"{race:<8}{field.median(race):>10,.1f} of {field.median(f'limit {race}'):>10,.1f}/s = {field.share(race):.3f}"
        for race in ("eight", "hot")
    ]
    notes += [f"{name:<16}{rate:>10,.1f}/s" for name, rate in sizes.items()]
    return Report(
        bench="retire",
        question=f"{field.rows:,} retirements with checks, ledger, certificate row and trail, real commits",
        unit="retirements",
        rows=field.rows,
        ours=field.found["one"],
        limit=field.found["limit one"],
        limit_is=f"pgbench, the same {field.statements:.0f} statements each",
        # Each measured beside the same textbook retirement on one server.
        beside=field.found["textbook"],
        peers=[
            Peer("pgledger transfer", 1_740, 1_510),
            Peer("django-hordak transfer", 820, 1_510),
            Peer("UNDP registry retirement", 70, 1_510),
        ],
        notes=notes,
        more=more,
    )
