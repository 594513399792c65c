"""What eight measures spare of the largest inventory: read, run, divided among them."""

import statistics
import time
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

from benchmarks.harness import ROUNDS, Peer, Report, rate, scratch
from benchmarks.inventory import QUANTUM, drafts
from neutrality.inventory import queries, rules
from neutrality.inventory.rules import whatif

ROWS = 19_900  # an inventory holds 20,000, and every source is answered
MEASURES = 8
COMBINATIONS = 2**MEASURES
SHARED_LINES = 60  # that every measure changes some of, so that all eight meet


def changes(lines: list[rules.Line]) -> list[whatif.Change]:
    """Eight measures of forty changes each, all of them meeting on the same lines: 256 combinations to play out."""
    keys = [line.key for line in lines if line.quantity is not None][:SHARED_LINES]
    return [
        whatif.Change(measure, keys[(measure + 7 * place) % SHARED_LINES], whatif.Way.SHARE, percent=Decimal(place + 1))
        for measure in range(1, MEASURES + 1)
        for place in range(whatif.MOST_CHANGES)
    ]


def ours(draft: Any, made: list[whatif.Change]) -> whatif.Outcome:
    """As the page does it: from the rows of the draft to what each measure spares."""
    return whatif.outcome(queries.account_of(draft), made)


def bare(lines: list[rules.Line]) -> Decimal:
    """The least that could be done: multiply and add up every line before, and again after."""
    total = Decimal(0)
    for _time in range(2):
        for line in lines:
            if line.factor is not None and line.quantity is not None:
                total += (line.quantity * line.factor.value).quantize(QUANTUM, ROUND_HALF_UP)
    return total


def run(rows: int) -> Report:
    mine, limit, whole = [], [], []
    with scratch("whatif"):
        draft, lines = next(drafts(rows))
        made = changes(lines)
        account = queries.account_of(draft)
        for _round in range(ROUNDS):
            mine.append(rate(partial(ours, draft, made), rows))
            limit.append(rate(partial(bare, lines), rows))
            whole.append(rate(account.sheet, rows) / COMBINATIONS)
        begun = time.perf_counter()
        found = ours(draft, made)
        took = time.perf_counter() - begun
        after = account.sheet(made).total_kg
    if found.after_kg != after:
        raise RuntimeError("what the measures leave is not what the whole engine says")
    return Report(
        bench="whatif",
        question=f"{rows:,} lines, {MEASURES} measures of {whatif.MOST_CHANGES} changes that all meet",
        unit="lines",
        rows=rows,
        ours=mine,
        limit=limit,
        limit_is="two bare Decimal loops over the lines",
        peers=[Peer("the whole engine for every combination", statistics.median(whole), statistics.median(limit))],
        notes=["The peer is one run of the engine over all lines, times the 256 combinations."],
        more={"seconds": round(took, 2), "equal_to_whole_engine": True},
    )
