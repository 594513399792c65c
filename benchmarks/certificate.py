"""Certificates from the rows of the database to the bytes of the PDF, beside a bare compilation of their template.

Every certificate is of another activity than the forty before it: typst remembers what it set ten compilations ago, and
a certificate that shared its texts with one of these would be set in half the time. What all certificates share (the
template, labels, kinds and registries) it does remember, as it does in a running portal.
"""

import json
import random
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
from neutrality.offsets.tests.factories import make_block, make_project, make_retirement
from neutrality.printing import qr, typesetting
from neutrality.printing.typesetting import Certificate, Frame

ROWS = 100
ACTIVITIES = 40
RUNS = 12  # serial ranges on the paper of the statement
WARM = 16  # of each kind before the clock runs: plans are prepared and kept by then
# One page with a table of ten rows, all three measured in one run (typst 5 to 12 ms, taken as 8.5).
PEERS = [Peer("reportlab 5.1.0", 200, 117.6), Peer("WeasyPrint 70.0", 19.6, 117.6)]
SIGNS = "成都绿色低碳博览会论坛马拉松音乐节体育运动赛事年度峰城市国际青年科技文化艺术交流周区川西南北东中"
Work = Callable[[int], bytes]
Make = Callable[[int], Certificate]
Taken = dict[str, list[tuple[float, float]]]


def run(rows: int) -> Report:
    taken: Taken = {"statement": [], "cancellation": []}
    bare: Taken = {name: [] for name in taken}
    size = 0
    with scratch("certificate"), override("zh-hans"):
        made = dict(zip(taken, _made(), strict=True))
        ours = {name: _pdf(make) for name, make in made.items()}
        alone = {name: _alone(make) for name, make in made.items()}
        for name in taken:
            size = max(size, *(len(work(step)) for work in (ours[name], alone[name]) for step in range(WARM)))
        for each in range(ROUNDS):
            for name in taken:
                typesetting._pdf.cache_clear()
                qr.svg.cache_clear()
                taken[name] += _times(ours[name], each, rows)
                bare[name] += _times(alone[name], each, rows)
        connection.close()
    return _report(rows, size, taken, bare)


def _times(work: Work, each: int, rows: int) -> list[tuple[float, float]]:
    """Milliseconds of each call, on the clock and of the processor (all threads of this process, not the database);
    `work` is told its number, so that no two are the same."""
    found = []
    for step in range(rows):
        begun, used = time.perf_counter(), time.process_time()
        work(WARM + each * rows + step)
        found.append(((time.perf_counter() - begun) * 1000, (time.process_time() - used) * 1000))
    return found


def _made() -> tuple[Make, Make]:
    """The certificates of settled accounts with so many runs, and of the last cancellation in each."""
    drawn = random.Random(1)
    numbers = []
    for _activity in range(ACTIVITIES):
        name, place, project = ("".join(drawn.sample(SIGNS, 12)) for _name in range(3))
        activity = make_settled(units=0, name_zh=f"{name}2026", place_name=place)
        block = make_block(activity.organization, 200, project=make_project(name_zh=f"{project}项目"))
        for _run in range(RUNS):
            row = make_retirement(activity, 9, block=block, by=activity.created_by)
        numbers.append((publish(activity).number, row.number))
    return (
        lambda step: certifying.statement(statements.statement(numbers[step % ACTIVITIES][0]), _frame(step)),
        lambda step: cancelling.cancellation(offsets.retirement(numbers[step % ACTIVITIES][1]), _frame(step)),
    )


def _frame(step: int) -> Frame:
    """Another day and address at every step: nothing that is kept can answer."""
    return Frame("zh", ON + timedelta(days=step % 300), f"https://portal{step}.example.cn/check/")


def _pdf(make: Make) -> Work:
    """From rows to bytes."""
    return lambda step: make(step).pdf()


def _alone(make: Make) -> Work:
    """Typst alone: the texts of the same certificates, gathered before, with another number at every step."""
    told = [json.loads(typesetting._printable(make(step))) for step in range(ACTIVITIES)]
    typeset = typesetting._pdf.__wrapped__
    return lambda step: typeset(json.dumps(told[step % ACTIVITIES] | {"number": f"S-{step:08d}"}, ensure_ascii=False))


def _report(rows: int, size: int, taken: Taken, bare: Taken) -> Report:
    figures = {
        f"{name}_{what}{unit}_p{percent}": _of(sorted(pair[place] for pair in found[name]), percent)
        for name in taken
        for what, found in (("", taken), ("limit_", bare))
        for place, unit in ((0, "ms"), (1, "cpu_ms"))
        for percent in (50, 95, 99)
    }
    said = [_said(name, figures) for name in taken]
    return Report(
        bench="certificate",
        question=f"{rows:,} certificates of {ACTIVITIES} statements with {RUNS} serial ranges each (at most {size:,} "
        "bytes), one by one, none kept",
        unit="certificates",
        rows=rows,
        ours=_rates(taken["statement"], rows),
        limit=_rates(bare["statement"], rows),
        limit_is="typst alone: the same template and texts but for one number",
        peers=PEERS,
        notes=said,
        more={**figures, "bytes": size},
    )


def _said(name: str, figures: dict[str, float]) -> str:
    """One line of a kind: ours, and typst alone, on the clock and of the processor."""

    def three(what: str) -> str:
        return " / ".join(f"{figures[f'{name}_{what}_p{percent}']:.1f}" for percent in (50, 95, 99))

    return (
        f"{name}, p50 / p95 / p99: {three('ms')} ms (asked for: under 20 ms), processor {three('cpu_ms')} ms; "
        f"typst alone {three('limit_ms')} ms, processor {three('limit_cpu_ms')} ms"
    )


def _rates(found: list[tuple[float, float]], rows: int) -> list[float]:
    return [rows * 1000 / sum(pair[0] for pair in found[start : start + rows]) for start in range(0, len(found), rows)]


def _of(found: list[float], percent: int) -> float:
    return round(found[min(len(found) - 1, len(found) * percent // 100)], 2)
