"""What every benchmark shares: rounds, the report, the scratch database.

A figure alone says little on a shared machine, so the limit is measured in the same rounds as ours, one after the
other, and the median round counts. A peer that cannot run here is brought in by the ratio it had to the same kind of
limit when both were measured in one run; the report says so.
"""

import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg import sql

ROUNDS = 5


@dataclass(frozen=True)
class Peer:
    """A peer's rate and the rate of the limit measured in one run with it."""

    name: str
    rate: float
    limit_then: float

    def here(self, limit: float) -> float:
        return limit * self.rate / self.limit_then


@dataclass
class Report:
    """One answered question. Rates are units per second; more is better."""

    bench: str
    question: str
    unit: str
    rows: int
    ours: list[float]
    limit: list[float]
    limit_is: str
    peers: list[Peer]
    notes: list[str] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)
    beside: list[float] = field(default_factory=list)
    """What the peers were measured beside, in these rounds; the limit when empty."""

    def base(self) -> float:
        return statistics.median(self.beside or self.limit)

    def figures(self) -> dict[str, Any]:
        ours, limit = statistics.median(self.ours), statistics.median(self.limit)
        best = max(self.peers, key=lambda peer: peer.here(self.base()))
        return {
            "bench": self.bench,
            "rows": self.rows,
            "unit": self.unit,
            "rounds": len(self.ours),
            "ours_per_s": round(ours, 2),
            "limit_per_s": round(limit, 2),
            "of_limit": round(ours / limit, 4),
            "peer": best.name,
            "peer_per_s": round(best.here(self.base()), 2),
            "of_peer": round(ours / best.here(self.base()), 4),
            **self.more,
            "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "postgresql": server()},
        }

    def print(self) -> None:
        """A table for people, then one JSON object on the last line."""
        found = self.figures()
        print(f"{self.bench}: {self.question}")
        rows = [("ours", self.ours, ""), ("limit", self.limit, self.limit_is)]
        for name, rates, what in rows:
            spread = f"{min(rates):,.1f} to {max(rates):,.1f}"
            print(f"  {name:<8}{statistics.median(rates):>14,.1f} {self.unit}/s   ({spread})  {what}")
        for peer in self.peers:
            what = "what it was measured beside" if self.beside else "the limit"
            print(f"  {'peer':<8}{peer.here(self.base()):>14,.1f} {self.unit}/s   {peer.name}, by its ratio to {what}")
        print(f"  of the limit: {found['of_limit']:.3f}   of the best peer: {found['of_peer']:.2f}")
        for note in self.notes:
            print(f"  {note}")
        print(json.dumps(found, ensure_ascii=False))


def rate(work: Callable[[], Any], count: int) -> float:
    """How many of ``count`` per second ``work`` does."""
    begun = time.perf_counter()
    work()
    return count / (time.perf_counter() - begun)


def server() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return cursor.fetchone()[0].split()[0]


def administer(*statements: sql.Composable) -> None:
    """Statements that need another database to stand on than the one they change."""
    given = connection.get_connection_params()
    wanted = {name: given[name] for name in ("host", "port", "user", "password") if given.get(name)}
    with psycopg.connect(dbname="postgres", autocommit=True, **wanted) as other:
        for statement in statements:
            other.execute(statement)


def drop(name: str) -> sql.Composable:
    return sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))


def copy(source: str, target: str) -> None:
    """A database equal to another, row for row and sequence for sequence."""
    connection.close()
    make = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(target), sql.Identifier(source))
    administer(drop(target), make)


def use(name: str) -> None:
    """Point Django at another database of the same server."""
    connection.close()
    connection.settings_dict["NAME"] = name


@contextmanager
def scratch(name: str) -> Iterator[str]:
    """A database of the benchmark's own with all tables; gone afterwards, and the portal's is not touched."""
    before, mine = connection.settings_dict["NAME"], f"bench_{name}_{os.getpid()}"
    administer(drop(mine), sql.SQL("CREATE DATABASE {}").format(sql.Identifier(mine)))
    try:
        use(mine)
        call_command("migrate", verbosity=0, interactive=False)
        yield mine
    finally:
        use(before)
        administer(drop(mine))
