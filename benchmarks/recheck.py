"""The second look at blocks and cancellations: how long for so many blocks, beside asking each row by itself.

The limit is one plain pass: reading every lot, block and cancellation once, in order of their numbers. One by one is
measured on a sample and said as its rate, since a million blocks of it would take most of an hour.
"""

import statistics

from django.db import connection

from benchmarks.catalogue import catalogue
from benchmarks.harness import ROUNDS, Peer, Report, rate
from neutrality.ledger import queries as lots
from neutrality.ledger import rules as spans
from neutrality.offsets import recheck
from neutrality.offsets.models import Block

ROWS = 100_000
SAMPLE = 500
PASS = (
    "SELECT count(span) FROM (SELECT span FROM ledger_lot ORDER BY span) ordered",
    "SELECT count(house) FROM (SELECT house FROM offsets_block ORDER BY house) ordered",
    "SELECT count(span) FROM (SELECT span FROM offsets_retirement ORDER BY span) ordered",
)


def all_at_once() -> int:
    """What is wrong with blocks and with units that were used: the two passes that grow with the registry."""
    return len(recheck.answered(recheck.BLOCKS)) + len(recheck.answered(recheck.UNSPOKEN))


def one_by_one() -> int:
    """The same question about the blocks, asked of each."""
    wrong = 0
    for block in Block.objects.order_by("pk")[:SAMPLE]:
        held = lots.holdings(block.within).values()
        wrong += sum(spans.count(span) for found in held for span in found) != block.quantity
    return wrong


def one_pass() -> None:
    with connection.cursor() as cursor:
        for statement in PASS:
            cursor.execute(statement)


def run(rows: int) -> Report:
    ours, limit, single = [], [], []
    with catalogue(rows):
        wrong = all_at_once()
        for _round in range(ROUNDS):
            ours.append(rate(all_at_once, rows))
            limit.append(rate(one_pass, rows))
            single.append(rate(one_by_one, SAMPLE))
    before = statistics.median(single)
    return Report(
        bench="recheck",
        question=f"units of {rows:,} blocks and their cancellations looked through again",
        unit="blocks",
        rows=rows,
        ours=ours,
        limit=limit,
        limit_is="lots, blocks and cancellations read and sorted once",
        peers=[Peer("one block after the other", before, statistics.median(limit))],
        notes=[f"{wrong} rows are wrong; {rows / statistics.median(ours):,.1f} s for all of them"],
    )
