"""Every reader of what people upload, send or paste, as a function of bytes: it answers, or refuses in words.

Anything else that is raised is a bug. Held by test_readers.py with a bounded number of examples, and by
`python -m benchmarks.fuzz` for as long as one likes. No database.
"""

import contextlib
import hashlib
import io
import tempfile
import zipfile
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
from django.conf import settings
from django.core.exceptions import ValidationError

from neutrality.inventory import columns, questionnaires, rules, sheets, tables, tally, trips
from neutrality.inventory.rules import places, travel
from neutrality.inventory.tests import plain_journeys
from neutrality.inventory.tests.library import library, sources
from neutrality.quantities import NotANumber, read_decimal
from neutrality.refusals import Refusal

ROWS = 200
CHECKER = Path(settings.BASE_DIR) / "static" / "dossier" / "check.py"
PART = "xl/worksheets/sheet1.xml"


@cache
def vocabulary() -> rules.Vocabulary:
    """Words of the national guide, and the library."""
    return rules.Vocabulary(
        kind=rules.Kind.ACTUAL,
        sources={source.code.value: source.code.value for source in sources()},
        stages={"holding": "holding"},
        treatments={each.value: each.value for each in rules.Treatment},
        tiers={each.value: each.value for each in rules.Tier},
        factors=library(),
    )


@cache
def grid() -> tables.Layout:
    return tables.Layout(sheets._names(), frozenset({"source", "quantity", "unit"}), ROWS)


def calculated(table: tables.Table) -> None:
    """Rows as the grid takes them: read, calculated, and what is missing stays missing."""
    found = [
        rules.read(raw, key=str(place), position=place, words=vocabulary())
        for place, raw in enumerate(table.raws, start=1)
        if not rules.is_blank(raw)
    ]
    lines = [line for line, _faults in found]
    for line, raw in zip(lines, (raw for raw in table.raws if not rules.is_blank(raw)), strict=True):
        if line.quantity is not None and not (raw.get("quantity") or "").strip():
            raise AssertionError("a blank became a number")
    sheet = rules.calculate(lines, sources(), rules.GWP_DEFAULT)
    if any(result.line.quantity is None for result in sheet.results):
        raise AssertionError("a line without a quantity has a result")


def csv_grid(data: bytes) -> None:
    calculated(tables._table(tables.csv_rows(data)[0], grid()))


def csv_list(data: bytes) -> None:
    found = columns._csv(data, trips.layout())
    tally.settle(found.columns, found.rows, plain_journeys.terms(infer=True))


def xlsx_grid(data: bytes) -> None:
    """A whole file, or only the inside of a sheet where it does not begin like one; opened by a child, as always: the
    library that opens it can abort."""
    data = packed(data)
    if tables._inflated(data) > tables.MOST_INFLATED:
        raise tables.refused("inflated")
    calculated(tables._sheet(tables._opened(data, ROWS), grid()))


def xlsx_list(data: bytes) -> None:
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(packed(data))
        file.flush()
        found = columns._workbook(Path(file.name), trips.layout())
    tally.settle(found.columns, found.rows, plain_journeys.terms(infer=True))


@cache
def package() -> tuple[tuple[str, bytes], ...]:
    """The parts of a plain workbook beside its sheet."""
    out, book = io.BytesIO(), openpyxl.Workbook()
    book.active.append(["source", "quantity", "unit", "城市", "交通方式"])
    book.active.append(["electricity", 12, "kWh", "北京", "高铁"])
    book.save(out)
    with zipfile.ZipFile(out) as archive:
        return tuple((part.filename, archive.read(part)) for part in archive.infolist())


def packed(data: bytes) -> bytes:
    """`data` where it is a package, else a package with `data` as its sheet."""
    if data.startswith(b"PK"):
        return data
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in package():
            archive.writestr(name, data if name == PART else body)
    return out.getvalue()


@cache
def checker() -> dict[str, Any]:
    namespace: dict[str, Any] = {"__name__": "check"}
    exec(compile(CHECKER.read_text("utf-8"), str(CHECKER), "exec"), namespace)
    return namespace


def dossier(data: bytes) -> None:
    """The offline checker: good, or refused; never a traceback."""
    with tempfile.NamedTemporaryFile() as file, contextlib.redirect_stdout(io.StringIO()):
        file.write(data)
        file.flush()
        if checker()["main"]([file.name, hashlib.sha256(data).hexdigest()]) not in (0, 1):
            raise AssertionError("the checker ended otherwise")


def pasted(data: bytes) -> None:
    """Numbers, units, places, modes and groups as people type them."""
    text = data.decode(errors="replace")
    for read in (
        read_decimal,
        rules.read_unit,
        trips.gazetteer().find,
        trips.gazetteer().capital,
        places.flat,
        questionnaires._groups,
        questionnaires.place,
        lambda word: travel.read_mode(word, trips.modes()),
        lambda word: travel.read_number("people", word),
        lambda word: travel.read_cabin(word, trips.cabins()),
    ):
        with contextlib.suppress(NotANumber, rules.UnknownUnit, travel.Unread, ValidationError):
            read(text)


READERS: dict[str, Callable[[bytes], None]] = {
    each.__name__: each for each in (csv_grid, csv_list, xlsx_grid, xlsx_list, dossier, pasted)
}


def taken(name: str, data: bytes) -> bool:
    """Whether a reader took the bytes; False where it refused them in words. Raises whatever else it raised."""
    try:
        READERS[name](data)
    except Refusal as refusal:
        if not str(refusal.message):
            raise AssertionError("a refusal without words") from refusal
        return False
    return True


def beginnings(name: str) -> list[bytes]:
    """Inputs to begin from."""
    if name.startswith("xlsx"):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for part, body in package():
                archive.writestr(part, body)
        return [out.getvalue(), dict(package())[PART]]
    if name == "dossier":
        steel, car = library()["gbt51366.material.steel_average.kg"], library()["cpcd.car.gasoline_compact.km"]
        counted = {"stage": "holding", "treatment": rules.Treatment.ESTIMATED, "quantity": Decimal("12.5")}
        stage = {"unit": "t", "factor": steel, "uses": 4, "uses_basis": "log", **counted}
        ride = {"unit": "passenger_km", "factor": car, "sharing": Decimal(3), **counted}
        lines = [rules.Line("a", 1, "venue_construction", **stage), rules.Line("b", 2, "staff_travel", **ride)]
        sealed = rules.calculate(lines, sources(), rules.GWP_DEFAULT)
        head = {"activity": {"code": "A"}, "kind": "actual", "version": 1}
        return [rules.written(rules.compose(head, sealed)), b"[" * 5000, b'{"format":"qingzhang-dossier-1"}']
    if name == "pasted":
        words = [
            "１２,５00.5",
            "万kWh",
            "四川省绵阳市涪城区",
            "运动员 / Athletes : 3200",
            "G89",
            "约 1000",
            "1e400",
            "头等舱",
        ]
        return [word.encode() for word in words]
    heads = {"csv_grid": "source,stage,quantity,unit,factor\nelectricity,holding,1,kWh,own", "csv_list": LIST}
    return [heads[name].encode(), heads[name].encode("gb18030"), heads[name].replace(",", ";").encode("utf-16")]


LIST = "城市,交通方式,人数,公里,舱位\n北京,高铁,3,,\n东京,飞机,1,,公务舱\nSuzhou,自驾,2,12.5,\n"
