"""Certificates from the rows of the database to the bytes of the PDF, beside a bare compilation of their template."""

import json
import time
from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.utils.translation import override

from benchmarks.harness import ROUNDS, Peer, Report, scratch
from neutrality.disclosure import access as statements
from neutrality.disclosure import certifying
from neutrality.disclosure.tests.factories import ON, make_settled, publish
from neutrality.offsets import access as offsets
from neutrality.offsets import certifying as cancelling
from neutrality.offsets.tests.factories import make_block, make_retirement
from neutrality.printing import qr, typesetting
from neutrality.printing.typesetting import Certificate, Frame

ROWS = 100
RUNS = 12  # serial ranges on the paper of the statement
# One page with a table of ten rows, all three measured in one run (typst 5 to 12 ms, taken as 8.5).
PEERS = [Peer("reportlab 5.1.0", 200, 117.6), Peer("WeasyPrint 70.0", 19.6, 117.6)]
Work = Callable[[int], bytes]


def run(rows: int) -> Report:
    taken: dict[str, list[float]] = {"statement": [], "cancellation": []}
    bare: dict[str, list[float]] = {name: [] for name in taken}
    size = 0
    with scratch("certificate"), override("zh-hans"):
        made = dict(zip(taken, _made(), strict=True))
        alone = {name: _alone(make) for name, make in made.items()}
        for name in taken:
            size = max(size, len(_pdf(made[name])(0)), len(alone[name](0)))
        for each in range(ROUNDS):
            for name in taken:
                typesetting._pdf.cache_clear()
                qr.svg.cache_clear()
                taken[name] += _times(_pdf(made[name]), each, rows)
                bare[name] += _times(alone[name], each, rows)
        connection.close()
    return _report(rows, size, taken, bare)


def _times(work: Work, each: int, rows: int) -> list[float]:
    """Milliseconds of each call; `work` is told its number, so that no two are the same."""
    found = []
    for step in range(rows):
        begun = time.perf_counter()
        work(1 + each * rows + step)
        found.append((time.perf_counter() - begun) * 1000)
    return found


def _made() -> tuple[Callable[[Frame], Certificate], Callable[[Frame], Certificate]]:
    """The certificate of a settled account with so many runs, and of the last cancellation in it."""
    activity = make_settled(units=0)
    block = make_block(activity.organization, 200)
    for _run in range(RUNS):
        row = make_retirement(activity, 9, block=block)
    number = publish(activity).number
    return (
        lambda frame: certifying.statement(statements.statement(number), frame),
        lambda frame: cancelling.cancellation(offsets.retirement(row.number), frame),
    )


def _pdf(make: Callable[[Frame], Certificate]) -> Work:
    """From rows to bytes. Every step is of another day and address: nothing kept can answer."""
    return lambda step: make(Frame("zh", ON + timedelta(days=step % 300), f"https://portal{step}.example.cn/")).pdf()


def _alone(make: Callable[[Frame], Certificate]) -> Work:
    """Typst alone: the same texts but for one number, which keeps it from remembering the page."""
    told = json.loads(typesetting._printable(make(Frame("zh", ON, "https://x/"))))
    typeset = typesetting._pdf.__wrapped__
    return lambda step: typeset(json.dumps(told | {"number": f"S-{step:08d}"}, ensure_ascii=False))


def _report(rows: int, size: int, taken: dict[str, list[float]], bare: dict[str, list[float]]) -> Report:
    figures = {
        f"{name}_{what}ms_p{percent}": _of(sorted(found[name]), percent)
        for name in taken
        for what, found in (("", taken), ("limit_", bare))
        for percent in (50, 99)
    }
    said = [
        f"{name}: p50 {figures[f'{name}_ms_p50']} ms, p99 {figures[f'{name}_ms_p99']} ms (asked for: under 20 ms); "
        f"typst alone {figures[f'{name}_limit_ms_p50']} and {figures[f'{name}_limit_ms_p99']} ms"
        for name in taken
    ]
    return Report(
        bench="certificate",
        question=f"{rows:,} certificates of a statement with {RUNS} serial ranges (at most {size:,} bytes), one by one",
        unit="certificates",
        rows=rows,
        ours=_rates(taken["statement"], rows),
        limit=_rates(bare["statement"], rows),
        limit_is="typst alone: the same template, constant texts but for one number",
        peers=PEERS,
        notes=said,
        more={**figures, "bytes": size},
    )


def _rates(found: list[float], rows: int) -> list[float]:
    return [rows * 1000 / sum(found[start : start + rows]) for start in range(0, len(found), rows)]


def _of(found: list[float], percent: int) -> float:
    return round(found[min(len(found) - 1, len(found) * percent // 100)], 2)
