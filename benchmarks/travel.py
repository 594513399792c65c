"""A million journeys: from the uploaded file to the frozen inventory, beside a bare polars program on the same rows."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import xlsxwriter
from django.conf import settings
from django.db import connection
from python_calamine import CalamineWorkbook

from benchmarks.harness import Peer, Report, rate, scratch
from neutrality.activities.tests.factories import make_activity
from neutrality.inventory import columns, operations, queries, rules, settling, tables, tally, trips
from neutrality.inventory.models import Roster
from neutrality.inventory.operations import rosters
from neutrality.inventory.rules import travel
from neutrality.inventory.tests import plain_journeys
from neutrality.inventory.tests.factories import AT, load_library, make_draft

ROWS = 1_000_000
ROUNDS = 3
SEED = 20260901
SPELLINGS = 2_000
PLAIN_ROWS = 50_000  # rows that the plain Decimal rule is held against in every run
HEAD = ["姓名", "手机", "出发城市", "交通方式", "舱位", "人数", "间夜", "餐数"]
MODES = np.array(["高铁", "飞机", "自驾", "大巴", "火车"])
CABINS = np.array(["", "经济舱", "公务舱"])
XLSX_LIMIT = "calamine → polars → totals"


def spellings() -> list[str]:
    """2,000 spellings of places, each meaning one; none the city of the activity, where kilometres are asked for."""
    gazetteer = trips.gazetteer()
    here = gazetteer.find("成都")
    found: dict[str, None] = {}
    for place in gazetteer.places.values():
        found |= dict.fromkeys((gazetteer.spelling(place), *place.airports, *place.aliases))
    found |= dict.fromkeys(name for name, places in gazetteer.parts.items() if len(places) == 1)
    return [name for name in found if len(gazetteer.find(name)) == 1 and gazetteer.find(name) != here][:SPELLINGS]


def _abroad(name: str) -> bool:
    """Whether anything but a plane would be asked about."""
    (venue,), (place,) = trips.gazetteer().find("成都"), trips.gazetteer().find(name)
    return any(travel.doubt(place, venue, mode) for mode in travel.Mode)


def frame(rows: int) -> pl.DataFrame:
    """Seeded journeys, with the columns of persons that are to be dropped."""
    chance = np.random.default_rng(SEED)
    places = np.array(spellings())
    abroad = np.array([_abroad(name) for name in places])
    at, modes = chance.integers(0, len(places), rows), MODES[chance.integers(0, len(MODES), rows)]
    return pl.DataFrame(
        {
            "姓名": [f"P{number:07d}" for number in chance.integers(0, 10**7, rows)],
            "手机": chance.integers(13_000_000_000, 13_999_999_999, rows),
            "出发城市": places[at],
            "交通方式": np.where(abroad[at], "飞机", modes),
            "舱位": CABINS[chance.integers(0, len(CABINS), rows)],
            "人数": chance.integers(1, 6, rows),
            "间夜": chance.integers(0, 4, rows),
            "餐数": chance.integers(0, 9, rows),
        }
    )


class File:
    """An upload that reads from a path."""

    def __init__(self, path: Path):
        self.path, self.name, self.size = path, path.name, path.stat().st_size
        self.stream = path.open("rb")

    def read(self, most: int = -1) -> bytes:
        return self.stream.read(most)


def draft() -> Any:
    """A fresh draft in which every source but those of the list is answered."""
    activity = make_activity()
    made = make_draft(activity, "estimate")
    listed = {"participant_travel", *trips.SOURCES.values()}
    stage = "holding" if "holding" in activity.stages else activity.stages[0]
    sources = [source.code.value for source in activity.rulebook.rules.sources if source.code.value not in listed]
    lines = [
        rules.Line(f"{place:036d}", place, source, stage, rules.Treatment.NOT_OCCURRING)
        for place, source in enumerate(sources, start=1)
    ]
    return operations.save_draft(inventory=made, lines=lines, edition=0, by=activity.created_by, at=AT)


def ours(made: Any, path: Path) -> Roster:
    """Hand in, read, resolve, add up, keep what each row came to, save, freeze with uncertainty, seal."""
    by = made.activity.created_by
    upload, most = File(path), columns.LARGEST
    roster = rosters.hand_in(inventory=made, upload=upload, venue="成都", infer=False, by=by, at=AT, most=most)
    if not settling.settle(roster.pk, AT):
        raise RuntimeError("the list was not taken")
    operations.submit(inventory=queries.draft(made.activity, made.kind), by=by, at=AT)
    return roster


def known() -> tuple[pl.DataFrame, pl.DataFrame]:
    """What the bare program is given for nothing: where every spelling lies, and the factor of every mode."""
    gazetteer = trips.gazetteer()
    values = {code: factor.value for code, factor in queries.factors(travel.factors()).items()}
    names = spellings()
    found = [gazetteer.find(name)[0] for name in names]
    places = pl.DataFrame(
        {
            "出发城市": names,
            "lat": [place.lat.__float__() for place in found],
            "lon": [place.lon.__float__() for place in found],
            "home": [place.domestic for place in found],
        }
    )
    modes = trips.modes()
    rows = []
    for word in MODES.tolist():
        for home in (True, False):
            way = travel.way_of(modes[word], travel.Cabin.AVERAGE, domestic=home)
            rows.append((word, home, (values[way.factor] * way.detour).__float__()))
    return places, pl.DataFrame(rows, schema=["交通方式", "home", "factor"], orient="row")


def computed(rows: pl.DataFrame, places: pl.DataFrame, factors: pl.DataFrame) -> pl.DataFrame:
    """Joins and a great circle in binary numbers: a row number, kilometres and kilograms."""
    here = trips.gazetteer().find("成都")[0]
    lat, lon = np.radians(here.lat.__float__()), np.radians(here.lon.__float__())
    up, along = (pl.col("lat").radians() - lat) / 2, (pl.col("lon").radians() - lon) / 2
    half = up.sin() ** 2 + np.cos(lat) * pl.col("lat").radians().cos() * along.sin() ** 2
    return (
        rows.lazy()
        .with_row_index("row")
        .join(places.lazy(), on="出发城市", how="left")
        .join(factors.lazy(), on=["交通方式", "home"], how="left")
        .with_columns(km=12_742 * half.sqrt().arcsin())
        .select("row", "km", "交通方式", kg=pl.col("km") * 2 * pl.col("factor") * pl.col("人数"))
        .collect()
    )


def bare(path: Path, places: pl.DataFrame, factors: pl.DataFrame) -> None:
    """The least that could be done: read the CSV, join, compute, COPY the rows."""
    found = computed(pl.read_csv(path), places, factors)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bare_trip")
        cursor.execute("CREATE TABLE bare_trip (row int, km float8, mode text, kg float8)")
        with cursor.copy("COPY bare_trip FROM STDIN WITH (FORMAT csv)") as stream:
            stream.write(found.write_csv(include_header=False).encode())


def calamine(path: Path, places: pl.DataFrame, factors: pl.DataFrame) -> None:
    """A workbook by calamine, by way of fastexcel where that is installed, to totals."""
    try:
        rows = pl.read_excel(path, engine="calamine")
    except ModuleNotFoundError:
        head, *body = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        rows = pl.DataFrame(body, schema=head, orient="row")
    computed(rows, places, factors).group_by("交通方式").agg(pl.col("kg").sum())


def fastexcel(path: Path) -> tuple[float, str] | None:
    """Rows a second of fastexcel reading the same workbook into polars, with the interpreter named in PEER_FASTEXCEL;
    None where none is named."""
    program = os.environ.get("PEER_FASTEXCEL")
    if not program:
        return None
    script = Path(__file__).with_name("peer_xlsx.py")
    done = subprocess.run([program, str(script), str(path)], capture_output=True, text=True, check=True)
    seconds, rows, version = done.stdout.split()
    return int(rows) / float(seconds), version


def read_only(path: Path, rows: int) -> dict[str, Any]:
    """Reading a workbook and nothing else, rows a second: ours, python-calamine into polars, fastexcel into polars."""

    def plain() -> None:
        head, *body = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        pl.DataFrame(body, schema=head, orient="row")

    peer = fastexcel(path)
    return {
        "ours": round(rate(lambda: columns.read(path, path.name, trips.layout()), rows)),
        "python_calamine": round(rate(plain, rows)),
        "fastexcel": round(peer[0]) if peer else None,
        "fastexcel_version": peer[1] if peer else "",
    }


def reading_note(found: dict[str, Any]) -> str:
    if found["fastexcel"] is None:
        return "fastexcel was left out: PEER_FASTEXCEL names no interpreter that has it"
    return "reading XLSX, rows/s: ours {ours:,}, python-calamine {python_calamine:,}, fastexcel {fastexcel:,}".format(
        **found
    )


# --- the same to the last digit


def proven(rows: pl.DataFrame, roster: Roster) -> dict[str, Any]:
    """Whether the sums of the list are those of the plain Decimal rule. Distinct rows are worked out once and counted,
    which changes no sum; and so many first rows of it one by one."""
    terms = plain_journeys.terms()
    names = dict(zip(HEAD, (None, None, "origin", "mode", "cabin", "people", "nights", "meals"), strict=True))
    mine = rows.select(pl.col(old).cast(pl.String).alias(new) for old, new in names.items() if new)
    head = plain_journeys.sums(mine.head(PLAIN_ROWS).iter_rows(named=True), terms)
    codes = {name: np.unique(mine.head(PLAIN_ROWS)[name].to_numpy(), return_inverse=True) for name in mine.columns}
    listed = {name: tally.Column(at.astype(np.int32), texts.tolist()) for name, (texts, at) in codes.items()}
    first = tally.settle(listed, min(PLAIN_ROWS, mine.height), terms)
    if {code: each.amount for code, each in first.sums.items()} != head:
        raise RuntimeError("the sums of the first rows are not those of the plain rule")
    total: dict[str, Decimal] = {}
    for *key, stays, times in _kinds(mine).iter_rows():
        raw = dict(zip(("origin", "mode", "cabin", "people"), key, strict=True))
        for code, amount in travel.row_amounts(plain_journeys.trip(raw, terms), terms.venue).items():
            total[code] = total.get(code, Decimal(0)) + amount * times
        for code, stay in zip((travel.LODGING, travel.MEAL), stays.values(), strict=True):
            total[code] = total.get(code, Decimal(0)) + stay
    kept = {code: Decimal(amount) for code, (amount, _) in Roster.objects.get(pk=roster.pk).summary["sums"].items()}
    if kept != total:
        raise RuntimeError("the sums of the list are not those of the plain rule")
    return {"equal_to_decimal": True, "plain_rows": min(PLAIN_ROWS, mine.height)}


def _kinds(mine: pl.DataFrame) -> pl.DataFrame:
    """Distinct rows of origin, mode, class and people, with the sum of their stays and how many they are."""
    stays = pl.struct(pl.col("nights", "meals").cast(pl.Int64).sum()).alias("stays")
    return mine.group_by("origin", "mode", "cabin", "people").agg(stays, pl.len().alias("times"))


# --- memory and hostile files


def peak(work: str, *words: str) -> dict[str, float]:
    """Time and peak memory of the portal doing something, in a process of its own and its children."""
    program = f"from benchmarks import travel; travel.{work}(*{words!r})"
    code = f"import django; django.setup(); {program}"
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    said = dict(part.split("=") for part in done.stdout.split()[-3:])
    return {name: round(float(value), 2) for name, value in said.items()} | {
        "whole_s": round(time.perf_counter() - begun, 2)
    }


def _megabytes() -> float:
    """Peak memory of this process alone: what getrusage says begins with the parent's."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def settled(path: str) -> None:
    """Read, resolve, add up, keep the rows: what a worker does with a list, without its database."""
    _told(Path(path), whole=True)


def refused(path: str) -> None:
    """Meet a hostile file."""
    _told(Path(path), whole=False)


def _told(path: Path, *, whole: bool) -> None:
    layout, terms = trips.layout(), plain_journeys.terms()
    base, begun = _megabytes(), time.perf_counter()
    try:
        sheet = columns.read(path, path.name, layout)
        if not whole:
            raise RuntimeError("a hostile file was read")
        found = tally.settle(sheet.columns, sheet.rows, terms)
        values = dict.fromkeys(travel.factors(), Decimal("0.0829"))
        settling.packed(found, sheet.first_row, values)
    except tables.NotRead:
        if whole:
            raise
    took = time.perf_counter() - begun
    mine = _megabytes()
    print(f"took_s={took} process_mb={mine if whole else mine - base} child_mb={_reader_mb(path, layout)}")


# A child's peak counts what its parent held when it was forked, so a small process starts the reader and says its peak.
READER = """
import resource, subprocess, sys
program = [sys.executable, "-m", "neutrality.inventory.unpacking.worksheet", sys.argv[1]]
subprocess.run(program, stdin=sys.stdin, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
"""


def _reader_mb(path: Path, layout: tables.Layout) -> str:
    """Peak memory of the process that opens a workbook; 0 for a CSV, which has none."""
    if path.suffix != ".xlsx":
        return "0"
    order = {"names": dict(layout.names), "needed": sorted(layout.needed), "most_rows": layout.most_rows, "look": 12}
    words = {"cwd": settings.BASE_DIR, "capture_output": True, "text": True, "check": True}
    program = [sys.executable, "-c", READER, str(path)]
    return subprocess.run(program, input=json.dumps(order), **words).stdout.strip()


def hostile(folder: Path) -> dict[str, Path]:
    """The files that try: a bomb of 600 MB, blank rows to the end, 16,384 columns, entities, a cut workbook."""
    plain = folder / "plain.xlsx"
    with xlsxwriter.Workbook(str(plain)) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEAD)
        page.write_row(1, 0, ["", "", "北京", "高铁", "", 1, 1, 1])
    wide = folder / "wide.xlsx"
    with xlsxwriter.Workbook(str(wide)) as book:
        book.add_worksheet().write_row(0, 0, [*HEAD, *(f"h{number}" for number in range(16_384 - len(HEAD)))])
    rows = b"".join(b'<row r="%d"/>' % number for number in range(3, 1_048_577))
    laughs = b'<!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    changes: dict[str, Callable[[bytes], bytes]] = {
        "bomb_600_mb": lambda body: body.replace(b"</worksheet>", b" " * 600 * 2**20 + b"</worksheet>"),
        "blank_rows": lambda body: body[: body.index(b'<row r="2"')] + rows + body[body.index(b"</sheetData>") :],
        "entities": lambda body: body.replace(b"<worksheet", laughs + b"<worksheet", 1),
    }
    found = {"columns_16384": wide}
    for name, change in changes.items():
        found[name] = folder / f"{name}.xlsx"
        with zipfile.ZipFile(plain) as old, zipfile.ZipFile(found[name], "w", zipfile.ZIP_DEFLATED) as new:
            for part in old.infolist():
                body = old.read(part)
                new.writestr(part.filename, change(body) if part.filename.endswith("sheet1.xml") else body)
    found["cut_in_half"] = folder / "cut.xlsx"
    found["cut_in_half"].write_bytes(plain.read_bytes()[: plain.stat().st_size // 2])
    return found


# --- the run


def run(rows: int) -> Report:
    mine, limit, sheets = [], [], []
    with scratch("travel"), tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings.EVIDENCE_ROOT = folder / "evidence"
        load_library()
        made, text, book = frame(rows), folder / "list.csv", folder / "list.xlsx"
        made.write_csv(text)
        made.write_excel(str(book))
        places, factors = known()
        for _round in range(ROUNDS):
            inventory = draft()
            limit.append(rate(partial(bare, text, places, factors), rows))
            begun = time.perf_counter()
            roster = ours(inventory, text)
            mine.append(rows / (time.perf_counter() - begun))
        more = proven(made, roster)
        for _round in range(2):
            inventory = draft()
            sheets.append(
                (rate(partial(calamine, book, places, factors), rows), rate(partial(ours, inventory, book), rows))
            )
        xlsx = {
            "xlsx_rows_per_s": round(statistics.median(each[1] for each in sheets)),
            "xlsx_limit_rows_per_s": round(statistics.median(each[0] for each in sheets)),
            "xlsx_of_limit": round(statistics.median(each[1] / each[0] for each in sheets), 3),
        }
        reading = read_only(book, rows)
        memory = {"csv": peak("settled", str(text)), "xlsx": peak("settled", str(book))}
        refusals = {code: peak("refused", str(path)) for code, path in hostile(folder).items()}
    return Report(
        bench="travel",
        question=f"{rows:,} journeys from {len(spellings()):,} spellings: file to frozen inventory, places resolved",
        unit="journeys",
        rows=rows,
        ours=mine,
        limit=limit,
        limit_is="bare polars: CSV, joins, great circle, COPY",
        # Measured beside bare polars reading the same CSV and storing by COPY, 1,170,000 rows a second.
        peers=[Peer("pledge4future co2calculator", 2_500, 1_170_000)],
        notes=[
            f"from XLSX: {xlsx['xlsx_of_limit']:.2f} of {XLSX_LIMIT} ({xlsx['xlsx_rows_per_s']:,} rows/s)",
            reading_note(reading),
            *(
                f"peak memory from {kind}: {each['process_mb']:.0f} MB, reader {each['child_mb']:.0f} MB"
                for kind, each in memory.items()
            ),
            *(
                f"refused: {kind} in {each['took_s']:.2f} s, {each['process_mb']:.0f} + {each['child_mb']:.0f} MB"
                for kind, each in refusals.items()
            ),
            "sums equal to the plain Decimal rule to the last digit: yes",
        ],
        more={**more, **xlsx, "xlsx_reading": reading, "memory": memory, "hostile": refusals},
    )
