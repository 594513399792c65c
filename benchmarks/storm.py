"""A storm over the ledger: random acts of many processes on few units, while processes are killed, statements
cancelled, connections cut, and everything in doubt is sent again under the same key.

Afterwards a checker that reads nothing but transfers says where every single unit lies, and that must be what the
ledger says, what was acknowledged, and what `manage.py verify` finds sound. With `fixed=False` the acts that lock
several places take them in random order: the control, which must show deadlocks.
"""

import json
import multiprocessing
import os
import random
import signal
import socket
import sys
import tempfile
import time
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

import psycopg
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.test import override_settings

from accounts.models import Organization, User
from accounts.tests.factories import make_organization, make_user
from benchmarks.harness import scratch
from neutrality.activities.models import Activity
from neutrality.activities.tests.factories import make_activity
from neutrality.ledger import operations as ledger
from neutrality.ledger import queries as lots
from neutrality.ledger.models import Place, Transfer
from neutrality.offsets import operations, places
from neutrality.offsets.models import Block, Compensation, Lock, Retirement
from neutrality.offsets.models.shelves import Mark, Row
from neutrality.offsets.operations.locks import NotLocked
from neutrality.offsets.operations.voids import NotWaiting
from neutrality.offsets.tests.factories import AT, Upload, make_block, make_kind
from neutrality.refusals import Refusal
from neutrality.trail import operations as trail
from portal import verification

ROWS = 100_000
PROCESSES = 16
OWNERS, ACTIVITIES = 4, 4
MANY_OWNERS = 12  # for the long run: a basket of three still meets the others', and not everybody every time
TELL_S = 60
STATES = {
    None: "connection cut",
    "08006": "connection cut",
    "57P01": "connection ended by the server",
    "57014": "statement cancelled",
    "40P01": "deadlock",
}
FORESEEN = {*STATES.values(), "sent twice"}
TRIES = 50
BREATH_S = 0.5
fork = multiprocessing.get_context("fork")


@dataclass
class Outcome:
    """What happened, and whatever must not have."""

    operations: int
    processes: int
    seconds: float = 0
    accepted: Counter = field(default_factory=Counter)
    refused: Counter = field(default_factory=Counter)
    crashes: Counter = field(default_factory=Counter)
    retries: int = 0
    transfers: int = 0
    units: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def deadlocks(self) -> int:
        return self.crashes["deadlock"]

    def print(self) -> None:
        """A table for people, then one JSON object on the last line; what is wrong ends the command with 1."""
        print(f"storm: {self.operations:,} acts by {self.processes} processes in {self.seconds:,.0f} s")
        for name in ("accepted", "refused", "crashes"):
            print(f"  {name:<10}{dict(sorted(getattr(self, name).items()))}")
        print(f"  sent again {self.retries:,}; transfers {self.transfers:,} of {self.units:,} units")
        for text in self.wrong[:50]:
            print(f"  WRONG {text}")
        print(
            json.dumps(
                {"bench": "storm", **vars(self), "wrong": len(self.wrong), "deadlocks": self.deadlocks},
                ensure_ascii=False,
            )
        )
        if self.wrong:
            raise SystemExit(1)


def run(rows: int) -> Outcome:
    with scratch("storm"):
        return storm(rows, PROCESSES, owners=MANY_OWNERS)


def storm(
    count: int,
    processes: int,
    *,
    seed: int = 1,
    fixed: bool = True,
    faults: float = 2.0,
    pause: float = 0,
    owners: int = OWNERS,
) -> Outcome:
    """`count` acts in the database Django is connected to. `faults`: how many of a thousand acts meet each fault;
    `pause`: seconds between the moves of one basket; `owners`: how many, each with one block. Without faults nearly
    all acts are baskets."""
    outcome = Outcome(count, processes)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as after:
        after.enter_context(override_settings(EVIDENCE_ROOT=Path(folder) / "evidence"))
        world = World.made(max(500, count // owners * OWNERS), seed, fixed, faults / 1000, pause, owners)
        keep(world, count // processes, processes, Path(folder), outcome)
        outcome.seconds = round(time.monotonic() - begun, 1)
        said = list(answers(Path(folder)))
        outcome.wrong += check(said, count // processes * processes, outcome)
    for each in said:
        outcome.retries += each["tries"] - 1
        outcome.crashes.update(each["faults"])
        (outcome.refused if each["refused"] else outcome.accepted)[each["refused"] or each["act"]] += 1
    return outcome


# ---- the world and its acts -----------------------------------------------------------------------------------------


@dataclass
class World:
    """Few owners, blocks and activities, so that everybody wants the same units."""

    owners: list[Any]
    activities: list[Any]
    blocks: list[Any]
    persons: list[Any]
    kind: Any
    seed: int
    fixed: bool
    fault: float
    pause: float

    @classmethod
    def made(cls, quantity: int, seed: int, fixed: bool, fault: float, pause: float, many: int) -> "World":
        for _number in range(many):
            make_activity(state="committed", organization=make_organization("organizer"))
        for what in Row:
            Mark.objects.get_or_create(what=what)  # a migration makes them; a test may have flushed them
        owners = list(Organization.objects.order_by("pk"))[:many]
        blocks = [make_block(owner, quantity, serial=f"STORM-{seed}-{number}") for number, owner in enumerate(owners)]
        for each in range(2):
            make_user(email=f"storm{seed}{each}@example.org")
        persons = list(User.objects.order_by("-pk")[:2])
        activities = list(Activity.objects.select_related("organization", "rulebook").order_by("pk")[:ACTIVITIES])
        rows = Block.objects.select_related("kind__registry", "project", "owner")
        found = list(rows.filter(pk__in=[block.pk for block in blocks]).order_by("pk"))
        return cls(owners, activities, found, persons, make_kind(), seed, fixed, fault, pause)

    def act(self, name: str, dice: random.Random, key: str) -> Any:
        """Do one act; every choice comes from `dice`, so the same key always asks for the same."""
        by, second = self.persons
        common = {"by": by, "at": AT}
        block, owner, other = dice.choice(self.blocks), *dice.sample(self.owners, 2)
        if other != block.owner and dice.random() < 0.7:  # where most of the block lies
            owner = block.owner
        units, activity = dice.randint(1, 12), dice.choice(self.activities)
        if name == "retire":
            facts = {"activity": activity, "block": block, "quantity": units, "holder": owner, "reason": "storm"}
            return sum(row.quantity for row in operations.retire(key=key, **facts, **common))
        if name == "hand over":
            facts = {"block": block, "giver": owner, "taker": other, "side": "giver", "quantity": units * 8}
            asked = operations.ask(key=key, **facts, **common)
            return operations.accept(handover=asked, by=second, at=AT).quantity
        if name == "lock":
            facts = {"block": block, "owner": owner, "holder": other, "quantity": units, "basis": "storm"}
            return operations.lock(kind=dice.choice(["pledged", "frozen"]), key=key, **facts, **common).quantity
        if name == "release":
            row = Lock.objects.filter(released_at__isnull=True).order_by("pk").first()
            return row and operations.release(lock=row, note="storm", **common).quantity
        if name == "compensate":
            facts = {"case_number": key, "case_kind": "civil", "authority": "storm", "party": "张某", "method": "storm"}
            facts |= {"block": block, "owner": owner, "lost_t": Decimal(units), "decided_on": date(2026, 6, 1)}
            return operations.compensate(key=key, **facts, **common).quantity
        if name == "issue":
            facts = {"kind": self.kind, "project": None, "serial": f"NEW-{key}", "quantity": units, "owner": owner}
            facts |= {"vintage_start": date(2024, 1, 1), "vintage_end": date(2024, 12, 31)}
            return operations.issue_block(issued_on=date(2025, 3, 1), key=key, **facts, **common).quantity
        if name == "void":
            return self.void(block, dice, key)
        return self.basket(dice, key, activity)

    def void(self, block: Any, dice: random.Random, key: str) -> int:
        """A short run is found false, and a second person confirms: it lies in many places, all of which are locked."""
        by, second = self.persons
        first = dice.randint(1, block.quantity - 5)
        facts = {"serial_first": first, "serial_last": first + 4, "reason": "invalid", "explanation": "storm"}
        facts |= {"owner_code": block.owner.code, "found_on": date(2026, 6, 1), "upload": Upload(key)}
        found = operations.propose_void(block=block, key=key, by=by, at=AT, **facts)
        return operations.confirm_void(notice=found, by=second, at=AT).quantity

    def basket(self, dice: random.Random, key: str, activity: Any) -> int:
        """Units of three owners end in one transaction, with one trail entry: all or none."""
        sources = [(places.held(block.owner), block.within) for block in dice.sample(self.blocks, 3)]
        target = ledger.open_place(code=f"judicial:{activity.code}", ending=True)
        if self.fixed:
            sources.sort(key=lambda each: each[0].pk)
        facts = {"reason": "judicial", "event_on": AT.date(), "by": self.persons[0], "at": AT, "target": target}
        with transaction.atomic():
            moved = 0
            for source, within in sources:
                where = {"within": within, "quantity": 2, "source": source}
                rows = ledger.post_quantity(key=f"{key}:{source.pk}", **where, **facts)
                moved += sum(row.quantity for row in rows)
                time.sleep(self.pause)
            if not rows[0].again:
                trail.record(verb="storm.basket", subject=key, by=None, at=AT)
        return moved


ACTS = ["retire"] * 8 + ["hand over"] * 3 + ["lock"] * 2 + ["release", "compensate", "issue", "void"] + ["basket"] * 2
MANY_LOCKS = ["basket"]


# ---- one process ----------------------------------------------------------------------------------------------------


def work(world: World, worker: int, first: int, count: int, begun: Any, tries: Any, path: Path) -> None:
    """Acts `first` to `count`. `begun` and `tries` outlive this process: whoever follows it sends the act again."""
    connection.close()
    with path.open("a", encoding="utf-8") as out:
        for number in range(first, count):
            if begun[worker] != number:
                begun[worker], tries[worker] = number, 0
            key = f"storm-{world.seed}-{worker}-{number}"
            print(json.dumps(one(world, key, worker, tries)), file=out, flush=True)
    begun[worker] = count
    connection.close()


def one(world: World, key: str, worker: int, tries: Any) -> dict[str, Any]:
    """Send one act until its outcome is known. Some are sent once more although it is known."""
    faults: list[str] = []
    dice = random.Random(key)
    act = dice.choice(ACTS if world.fault else MANY_LOCKS * 8 + ["retire"])
    twice = dice.random() < 0.03
    while tries[worker] < TRIES:
        tries[worker] += 1
        fault = Fault(random.Random(f"{key}-{tries[worker]}"), world.fault)
        try:
            with connection.execute_wrapper(fault) if world.fault else nullcontext():
                units = world.act(act, random.Random(key), key)
                fault.after()
            if twice and act == "retire":
                again = world.act(act, random.Random(key), key)
                faults += ["sent twice"] + ["another answer"] * (again != units)
            return {"key": key, "act": act, "units": units, "refused": "", "tries": tries[worker], "faults": faults}
        except (NotWaiting, NotLocked) as done:  # what an earlier sending, or somebody else, has already done
            refused: Refusal = done
        except Refusal as said:
            refused = said
        except (DatabaseError, InterfaceError) as error:
            faults.append(kind_of(error))
            connection.close()
            continue
        return {"key": key, "act": act, "units": 0, "refused": refused.code, "tries": tries[worker], "faults": faults}
    return {"key": key, "act": act, "units": 0, "refused": "gave up", "tries": tries[worker], "faults": faults}


def kind_of(error: Exception) -> str:
    state = getattr(error.__cause__, "sqlstate", None)
    return STATES.get(state) or f"{state} {error}"[:200]


class Fault:
    """What happens to one sending, at one of its statements: nothing, mostly."""

    def __init__(self, dice: random.Random, chance: float):
        lot = dice.random() / chance if chance else 9
        self.kind = (
            "kill" if lot < 1 else "cut" if lot < 2 else "cancel" if lot < 4 else "kill after" if lot < 5 else ""
        )
        self.left = dice.randint(1, 6)

    def __call__(self, execute: Callable, statement: str, params: Any, many: bool, context: Any) -> Any:
        self.left -= 1
        if self.left == 0:
            self.strike(context["connection"])
        return execute(statement, params, many, context)

    def strike(self, at: Any) -> None:
        if self.kind == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.kind == "cut":
            with socket.socket(fileno=os.dup(at.connection.pgconn.socket)) as line:
                line.shutdown(socket.SHUT_RDWR)
        if self.kind == "cancel" and at.in_atomic_block:  # the statement, or a later one of the same transaction
            with suppress(psycopg.Error):  # the server may have ended the connection already
                at.connection.execute("SET LOCAL statement_timeout = 1")

    def after(self) -> None:
        """The act is committed, and nobody was told."""
        if self.kind == "kill after":
            os.kill(os.getpid(), signal.SIGKILL)


# ---- the keeper -----------------------------------------------------------------------------------------------------


def keep(world: World, count: int, processes: int, folder: Path, outcome: Outcome) -> None:
    """Start the processes, start those again that were killed, and end a connection at random now and then."""
    connection.close()
    begun, tries = fork.Array("l", [-1] * processes), fork.Array("l", processes)
    running: dict[int, Any] = {}

    def start(worker: int) -> None:
        first = max(0, begun[worker])
        path = folder / f"{worker}.jsonl"
        running[worker] = fork.Process(target=work, args=(world, worker, first, count, begun, tries, path))
        running[worker].start()

    for worker in range(processes):
        start(worker)
    struck = told = started = time.monotonic()
    while running:
        wait([process.sentinel for process in running.values()], timeout=BREATH_S)
        for worker, process in list(running.items()):
            if process.exitcode is None:
                continue
            del running[worker]
            if process.exitcode == -signal.SIGKILL:
                outcome.crashes["process killed"] += 1
                start(worker)
            elif process.exitcode:
                outcome.wrong.append(f"process {worker} ended with {process.exitcode}")
        if time.monotonic() > told + TELL_S:
            told = time.monotonic()
            done = sum(max(0, number) for number in begun)
            print(f"storm: {done:,} acts after {told - started:,.0f} s", file=sys.stderr, flush=True)
        if world.fault and time.monotonic() > struck + BREATH_S:
            struck = time.monotonic()
            outcome.crashes["backend terminated"] += terminate()


def terminate() -> int:
    """End one connection of the storm, whatever it is doing, perhaps its commit."""
    given = connection.get_connection_params()
    wanted = {name: given[name] for name in ("dbname", "host", "port", "user", "password") if given.get(name)}
    with psycopg.connect(autocommit=True, **wanted) as line:
        found = line.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND state <> 'idle' AND backend_type = 'client backend'"
            " ORDER BY random() LIMIT 1"
        ).fetchall()
    return len(found)


def answers(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("*.jsonl")):
        yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


# ---- the checker ----------------------------------------------------------------------------------------------------


def check(said: list[dict[str, Any]], count: int, outcome: Outcome) -> Iterator[str]:
    """Everything that does not agree."""
    if len({each["key"] for each in said}) != count:
        yield f"{count} acts were asked for, {len(said)} answered"
    yield from (f"{each['key']}: no outcome after {TRIES} sendings" for each in said if each["refused"] == "gave up")
    for each in said:
        yield from (f"{each['key']}: {fault}" for fault in each["faults"] if fault not in FORESEEN)
    where, impossible = whereabouts(outcome)
    yield from impossible
    yield from disagreements(where)
    yield from broken_promises(said)
    for room, found in verification.findings().items():
        yield from (f"{room}: {finding}" for finding in found)


def whereabouts(outcome: Outcome) -> tuple[array, list[str]]:
    """Unit by unit from the transfers alone, no spans and no lots: the place of every number (0: never issued)."""
    names = {place.pk: place for place in Place.objects.all()}
    mint = next(pk for pk, place in names.items() if place.code == "issued:")
    rows = list(Transfer.objects.order_by("number").values_list("number", "source", "target", "span", "quantity"))
    where = array("l", [0]) * (1 + max(span.upper for *_others, span, _quantity in rows))
    ended, impossible = bytearray(len(where)), []
    for number, source, target, span, quantity in rows:
        units = slice(span.lower, span.upper)
        lies = 0 if source == mint else source
        if where[units] != array("l", [lies]) * quantity:
            impossible.append(f"transfer {number} moves units that were elsewhere")
        if names[target].ending and names[target].code != "void:":
            if any(ended[units]):
                impossible.append(f"transfer {number} is the second winner of a unit")
            ended[units] = b"\x01" * quantity
        where[units] = array("l", [target]) * quantity
    outcome.transfers, outcome.units = len(rows), len(where) - where.count(0)
    return where, impossible


def disagreements(where: array) -> Iterator[str]:
    """Places whose units are not those the ledger says."""
    told = Counter(where)
    for place in Place.objects.exclude(code="issued:"):
        spans = lots.spans(place)
        if any(where[first : last + 1] != array("l", [place.pk]) * (last + 1 - first) for first, last in spans):
            yield f"the ledger says units lie in {place.code} that transfers brought elsewhere"
        if told[place.pk] != sum(last + 1 - first for first, last in spans):
            yield f"{place.code} holds {told[place.pk]} units by its transfers, and another number by its lots"


def broken_promises(said: list[dict[str, Any]]) -> Iterator[str]:
    """What was accepted is there, once and whole; what was refused is not there."""
    kept: dict[str, Counter] = {"retire": Counter(), "compensate": Counter(), "lock": Counter(), "issue": Counter()}
    for act, units in Retirement.objects.values_list("act", "quantity"):
        kept["retire"][act] += units
    for model, act in ((Compensation, "compensate"), (Lock, "lock"), (Block, "issue")):
        kept[act].update(dict(model.objects.values_list("key", "quantity")))
    for each in said:
        if each["act"] in kept and kept[each["act"]][each["key"]] != each["units"]:
            yield f"{each['key']}: {each['units']} units acknowledged, {kept[each['act']][each['key']]} there"
