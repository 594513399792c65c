"""10,000 lines: from the saved draft to the frozen, sealed inventory."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any
from uuid import uuid4

from django.db import connection, transaction

from benchmarks.harness import ROUNDS, Peer, Report, rate, scratch
from neutrality.activities.tests.factories import make_activity
from neutrality.inventory import operations, rules
from neutrality.inventory.tests.factories import AT, OWN_SOURCE, make_draft, make_evidence, make_lines

ROWS = 10_000
QUANTUM = Decimal("0.0001")


def lines_of(activity: Any, count: int) -> list[rules.Line]:
    """Every source answered, and ``count`` measured lines of electricity with figures that do not repeat."""
    digest = make_evidence(activity, activity.created_by)
    first, *absent = make_lines(activity, kg="1", evidence_digest=digest)
    own = rules.own_factor(value=Decimal("0.5366"), unit="kWh", source=OWN_SOURCE)
    measured = [
        rules.Line(
            key=str(uuid4()),
            position=number,
            source=first.source,
            stage=first.stage,
            treatment=first.treatment,
            quantity=Decimal(number) / 8 + Decimal("0.001"),
            unit="kWh",
            factor=own,
            tier=first.tier,
            evidence=digest,
        )
        for number in range(1, count + 1)
    ]
    rest = [
        rules.Line(str(uuid4()), count + place, line.source, line.stage, line.treatment)
        for place, line in enumerate(absent, start=1)
    ]
    return [*measured, *rest]


def drafts(count: int) -> Iterator[tuple[Any, list[rules.Line]]]:
    """Fresh drafts with the lines saved, one per round; saving them is not measured."""
    while True:
        activity = make_activity()
        lines = lines_of(activity, count)
        yield make_draft(activity, lines=lines), lines


TABLE = "CREATE TEMPORARY TABLE bare (position int, quantity numeric, factor numeric, kg numeric) ON COMMIT DROP"


def bare(lines: list[rules.Line]) -> None:
    """The least that could be done: multiply, round once, add up, and COPY the figures into a table."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TABLE)
        total = Decimal(0)
        with cursor.copy("COPY bare FROM STDIN") as stream:
            for line in lines:
                if line.factor is None or line.quantity is None:
                    continue
                kg = (line.quantity * line.factor.value).quantize(QUANTUM, ROUND_HALF_UP)
                total += kg
                stream.write_row((line.position, line.quantity, line.factor.value, kg))


def submit(draft: Any) -> None:
    operations.submit(inventory=draft, by=draft.activity.created_by, at=AT)


def run(rows: int) -> Report:
    ours, limit = [], []
    with scratch("inventory"):
        for (draft, lines), _round in zip(drafts(rows), range(ROUNDS), strict=False):
            ours.append(rate(partial(submit, draft), rows))
            limit.append(rate(partial(bare, lines), rows))
        return Report(
            bench="inventory",
            question=f"{rows:,} lines: read, check, calculate, freeze, seal, one trail entry",
            unit="lines",
            rows=rows,
            ours=ours,
            limit=limit,
            limit_is="bare Decimal loop and COPY",
            # Measured beside a plain Python loop over the same trips in Decimal, which is most of our limit.
            peers=[Peer("co2calculator", 2_540, 389_000), Peer("carbonize", 70_900, 389_000)],
            notes=["Peers only calculate; ours also checks, keeps each figure with its factor, and seals the whole."],
        )
