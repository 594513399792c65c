"""A certificate from the rows of the database to the bytes of the PDF, beside a bare compilation of its template."""

import json
import time
from datetime import timedelta
from typing import Any

import typst
from django.db import connection

from benchmarks.harness import ROUNDS, Peer, Report, scratch
from neutrality.disclosure import access, certifying
from neutrality.disclosure.tests.factories import ON, make_settled, publish
from neutrality.offsets.tests.factories import make_block, make_retirement
from neutrality.printing import characters, qr, typesetting
from neutrality.printing.typesetting import Frame

ROWS = 100
RUNS = 12  # serial ranges on the paper


def times(work: Any, count: int) -> list[float]:
    """Milliseconds of each call; `work` is told its number, so that no two are the same."""
    found = []
    for number in range(count):
        begun = time.perf_counter()
        work(number)
        found.append((time.perf_counter() - begun) * 1000)
    return found


def of(sorted_ms: list[float], percent: int) -> float:
    return round(sorted_ms[min(len(sorted_ms) - 1, len(sorted_ms) * percent // 100)], 2)


def run(rows: int) -> Report:
    ours: list[float] = []
    limit: list[float] = []
    taken: list[float] = []
    bare: list[float] = []
    with scratch("certificate"):
        number = _statement()

        def make(step: int) -> bytes:
            """Every day is another certificate: nothing kept can answer."""
            frame = Frame("zh", ON + timedelta(days=step % 300), f"https://portal{step}.example.cn/check/")
            return certifying.statement(access.statement(number), frame).pdf()

        told = json.loads(
            typesetting._printable(certifying.statement(access.statement(number), Frame("zh", ON, "https://x/")))
        )
        fonts = typst.Fonts(False, False, [str(characters.FONTS)])
        compiler = typst.Compiler(str(typesetting.TEMPLATE), root=str(typesetting.TEMPLATE.parent), font_paths=fonts)

        def compile_alone(step: int) -> bytes:
            """The same texts but for one number, which keeps typst from remembering the page."""
            data = json.dumps(told | {"number": f"S-{step:08d}"}, ensure_ascii=False)
            return compiler.compile(
                format="pdf", sys_inputs={"data": data}, pdf_standards="a-2b", timestamp=0, pdf_tags=False
            )

        size = len(make(0)) + 0 * len(compile_alone(0))
        for each in range(ROUNDS):
            typesetting._pdf.cache_clear()
            qr.svg.cache_clear()
            taken += (now := times(lambda step, each=each: make(1 + step + each * rows), rows))
            ours.append(rows * 1000 / sum(now))
            bare += (then := times(lambda step, each=each: compile_alone(1 + step + each * rows), rows))
            limit.append(rows * 1000 / sum(then))
        connection.close()
    taken.sort()
    bare.sort()
    figures = {
        "ms_p50": of(taken, 50),
        "ms_p99": of(taken, 99),
        "limit_ms_p50": of(bare, 50),
        "limit_ms_p99": of(bare, 99),
    }
    return Report(
        bench="certificate",
        question=f"{rows:,} certificates of a statement with {RUNS} serial ranges ({size:,} bytes), one by one",
        unit="certificates",
        rows=rows,
        ours=ours,
        limit=limit,
        limit_is="typst alone: the same template, constant texts but for one number",
        # One page with a table of ten rows, all three measured in one run (typst 5 to 12 ms, taken as 8.5).
        peers=[Peer("reportlab 5.1.0", 200, 117.6), Peer("WeasyPrint 70.0", 19.6, 117.6)],
        notes=[f"each: p50 {figures['ms_p50']} ms, p99 {figures['ms_p99']} ms (asked for: under 20 ms)"],
        more={**figures, "bytes": size},
    )


def _statement() -> str:
    """A settled account of so many runs."""
    activity = make_settled(units=0)
    block = make_block(activity.organization, 200)
    for _run in range(RUNS):
        make_retirement(activity, 9, block=block)
    return publish(activity).number
