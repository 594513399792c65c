"""A retirement: our operation beside pgbench doing the very same statements on the same server.

One client; eight clients on their own blocks; eight clients on one hot block; and whether the cost depends on the size
of the batch (10,000 to 10,000,000 units) or on how often it was split before: into pieces of five units, one for each
retirement, before and after a vacuum; and into single units, where a retirement is five transfers and five rows. All
in the same rounds, on databases that are equal at the start of a round. Peers are brought in by their ratio to the
textbook retirement of six round trips (lock, check, subtract, record, two entries), which is measured here too.

Ours keeps the plans of its statements on the server, pgbench sends each as plain text, as it always did here.

Every act of anybody waits for the trail's lock, from its last statement to the end of its commit. How long it is held
is measured too: the server notes when it was granted, the client when the commit has answered, a little late; with
eight clients on fewer cores much too late, so that figure is an upper bound.
"""

import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import connection

from accounts.models import User
from benchmarks.harness import ROUNDS, Peer, Report, administer, copy, drop, scratch, use
from benchmarks.replay import record, script, speeds
from neutrality.activities.models import Activity
from neutrality.activities.tests.factories import make_activity
from neutrality.ledger import operations as ledger
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
    pieces = {
        name: make_block(Activity.objects.first().organization, 10_000_000, serial=name)
        for name in ("SPLIT", "SHREDS", "RAW")
    }
    ledger.open_place(code="judicial:split", ending=True)
    split(pieces["SPLIT"], UNITS)
    split(pieces["SHREDS"], 1)
    with connection.cursor() as cursor:
        cursor.execute(TEXTBOOK_TABLES)
        cursor.execute("VACUUM ANALYZE")
    split(pieces["RAW"], UNITS)


def split(block: Block, piece: int) -> None:
    """Cancel single units so that the rest of the block begins with so many pieces of `piece` units."""
    step = piece + 1
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_transfer (key, position, asked, reason, event_on, recorded_at, source_id, target_id,"
            " span, quantity) SELECT %s || n, 0, '', 'judicial', current_date, now(), source.id, target.id,"
            " int8range(%s + %s * n - 1, %s + %s * n), 1 FROM generate_series(1, %s) n,"
            " ledger_place source, ledger_place target WHERE source.code = %s AND target.code = 'judicial:split'",
            [f"split:{block.pk}:", block.first, step, block.first, step, SPLITS, f"held:{block.owner.code}"],
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


Act = Callable[[int, str, int], Any]
"""(client, serial, rows) -> what one client found."""


def race(serials: list[str], rows: int, act: Act) -> list[Any]:
    """One process for each serial, started together; what each found. One alone works in this process."""
    if len(serials) == 1:
        work(0, serials[0], 10)()
        return [act(0, serials[0], rows)]
    connection.close()
    barrier, answers = fork.Barrier(len(serials)), fork.Queue()
    clients = [fork.Process(target=_client, args=(barrier, answers, *each, rows, act)) for each in enumerate(serials)]
    for client in clients:
        client.start()
    found = [answers.get(timeout=600) for _client in clients]
    for client in clients:
        client.join()
    return found


def _client(barrier: Any, answers: Any, client: int, serial: str, rows: int, act: Act) -> None:
    connection.close()
    work(client, serial, 10)()
    barrier.wait(60)
    answers.put(act(client, serial, rows))
    connection.close()


def timed(client: int, serial: str, rows: int) -> float:
    """Retirements per second of one client."""
    return speed(work(client, serial, rows), rows)


def holding(client: int, serial: str, rows: int) -> list[float]:
    """For each retirement, how many milliseconds the trail's lock was held."""
    held = []
    for _number in range(rows):
        work(client, serial, 1)()
        ended = time.time()
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM current_setting('bench.granted')::timestamptz)::float8")
            held.append(1000 * (ended - cursor.fetchone()[0]))
    return held


def note_when_granted() -> None:
    """From now on the server notes when the trail's lock was granted; in a database that is thrown away."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('trail_append'::regproc)")
        lock = "PERFORM pg_advisory_xact_lock"
        said, found, rest = cursor.fetchone()[0].partition(lock)
        line, end, rest = rest.partition(";")
        note = " PERFORM set_config('bench.granted', clock_timestamp()::text, false);"
        cursor.execute(said + found + line + end + note + rest)


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
        self.held: dict[str, list[float]] = {}
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
        for name, serials in RACES.items():
            self.keep(name, sum(race(serials, self.rows, timed)))
            self.keep(f"limit {name}", self.replayed(name))
        self.keep("textbook", self.replayed("textbook"))
        few = max(10, self.rows // 4)
        for name in BATCHES:
            work(0, name, 3)()
            self.keep(name, speed(work(0, name, few), few))
        note_when_granted()
        for name in ("one", "eight"):
            self.held.setdefault(name, []).extend(chain(*race(RACES[name], few, holding)))
        use(self.base)

    def replayed(self, race: str) -> float:
        return self.rows * sum(speeds(self.theirs, self.scripts[race]))

    def keep(self, name: str, rate: float) -> None:
        self.found.setdefault(name, []).append(rate)

    def median(self, name: str) -> float:
        return statistics.median(self.found[name])

    def held_ms(self, race: str) -> dict[str, float]:
        """How long the trail's lock was held for one act: median, 99th percentile, mean."""
        held = self.held[race]
        high = statistics.quantiles(held, n=100, method="inclusive")[98]
        return {"p50": statistics.median(held), "p99": high, "mean": statistics.fmean(held)}

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


BATCHES = [*(f"SIZE-{size}" for size in SIZES), "SPLIT", "RAW", "SHREDS"]
"""All but the last are retired from in one run of numbers an act; a shred is one unit."""


def report(field: Field) -> Report:
    sizes = {name: field.median(name) for name in BATCHES}
    flat = min(rate for name, rate in sizes.items() if name != "SHREDS") / sizes[BATCHES[0]]
    fresh = sizes[f"SIZE-{SIZES[-1]}"]
    more = {f"{race}_per_s": round(field.median(race), 1) for race in RACES}
    more |= {f"{race}_limit_per_s": round(field.median(f"limit {race}"), 1) for race in RACES}
    more |= {"of_limit_eight": field.share("eight"), "of_limit_hot": field.share("hot"), "flat": round(flat, 4)}
    more |= {"split": round(sizes["SPLIT"] / fresh, 4), "split_not_vacuumed": round(sizes["RAW"] / fresh, 4)}
    more |= {"shred_rows": round(UNITS * sizes["SHREDS"] / fresh, 4)}
    more |= {"textbook_per_s": round(field.median("textbook"), 1), "statements_each": round(field.statements, 1)}
    held = {race: field.held_ms(race) for race in field.held}
    more |= {f"trail_held_{race}_ms": {key: round(value, 3) for key, value in held[race].items()} for race in held}
    busy = field.median("limit eight") * held["one"]["mean"] / 1000
    more |= {"trail_of_limit_eight": round(busy, 4)}
    notes = [
        f"{race:<8}{field.median(race):>10,.1f} of {field.median(f'limit {race}'):>10,.1f}/s = {field.share(race):.3f}"
        for race in ("eight", "hot")
    ]
    notes += [f"{name:<16}{rate:>10,.1f}/s" for name, rate in sizes.items()]
    notes += [f"SHREDS: a retirement of {UNITS} single units is {UNITS} transfers and {UNITS} rows"]
    notes += [
        f"the trail's lock is held {ms['p50']:.2f} ms (median), {ms['p99']:.2f} ms (99 of 100): {race} at a time"
        for race, ms in held.items()
    ]
    notes += [f"held as one alone holds it, that is {busy:.0%} of the time, were eight clients as fast as their limit"]
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
