"""The public registry at a million blocks: every list, filter, search, look-up and deep page, and what others serve.

Database times are those of the statements of one page together, by the clock and by the server's own processor time.
Served pages are asked one after the other on one connection of one gunicorn process, mixed as readers mix them;
Datasette gets the same questions about the same rows, in turns with us. No page is asked twice but for `again`.
"""

import os
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django.db import connection

from benchmarks import datasette
from benchmarks.catalogue import ABROAD, AT, KINDS, METHODS, SIGNS, TYPES, catalogue
from benchmarks.harness import Peer, Report, rate
from benchmarks.page import database_url, served
from neutrality.offsets import queries
from neutrality.offsets.models import Beneficiary, Block, Retirement
from neutrality.offsets.rules.browsing import Cursor, Filters
from neutrality.trail import operations as trail

ROWS = 1_000_000
EACH = 40
PAGE = queries.ROWS
DEPTHS = (1, 1000, 20_000)
SERVED, TURNS = 150, 3
LIMIT_MS = 50
Ask = Callable[[], Any]


def spent(ask: Ask) -> tuple[float, float]:
    """Milliseconds the database took for all statements of one question, and how many of them it worked: where others
    use the machine too, the first are also theirs. Work is known where the server runs on this machine."""
    total, before = 0.0, worked()

    def timed(execute: Any, statement: Any, params: Any, many: Any, context: Any) -> Any:
        nonlocal total
        begun = time.perf_counter()
        try:
            return execute(statement, params, many, context)
        finally:
            total += time.perf_counter() - begun

    with connection.execute_wrapper(timed):
        ask()
    return total * 1000, (worked() - before) / 1e6


def worked() -> int:
    """Nanoseconds of processor time of the server's process for this connection; 0 where they cannot be read."""
    connection.ensure_connection()
    try:
        return int(Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text().split()[0])
    except OSError:
        return 0


def measured(asks: list[Ask]) -> dict[str, float]:
    """Median and 99th percentile, after one unmeasured round of the first questions; `worked` of the 99th percentile
    is what the server's processor time says."""
    for ask in asks[:3]:
        ask()
    times, works = (sorted(column) for column in zip(*map(spent, asks), strict=True))
    last = max(round(len(times) * 0.99) - 1, 0)
    found = {"p50": statistics.median(times), "p99": times[last], "worked_p50": statistics.median(works)}
    return {name: round(value, 2) for name, value in (found | {"worked_p99": works[last]}).items()}


def filters(rng: random.Random, count: int) -> dict[str, list[Filters]]:
    """What readers may ask, by the shape of the question. Many of the combinations hold nothing."""
    kinds, years = list(KINDS), range(2006, 2028)
    places = ["CN", "abroad", "510000", "440000", "110000", *ABROAD[:20]]
    nouns = [word for english, _chinese in TYPES for word in english.split()]
    parts = ["grove", "volta", "cook", "fill", "projec", "bio"]
    chinese = [chinese for _english, chinese in TYPES] + ["项目", "县", "森林", "碳汇项目"]
    spelt = ["xiangmu", "senlin", "zaolin", "xian", "guangfu", "chuan", "fengli"]
    names = ["Old", "OldBa", "Balomi", "Kasuren", "旧川", *["".join(rng.choices(SIGNS, k=2)) for _ in range(6)]]

    def make(**asked: Callable[[], Any]) -> list[Filters]:
        return [Filters(**{name: choose() for name, choose in asked.items()}) for _ in range(count)]

    kind, place, year = partial(rng.choice, kinds), partial(rng.choice, places), partial(rng.choice, years)
    return {
        "nothing": [Filters()] * count,
        "kind": make(kind=kind),
        "registry": make(registry=lambda: rng.choice(["verra", "gold-standard", "ccer", "cdm", "acr", "isometric"])),
        "place": make(place=place),
        "vintage": make(vintage=year),
        "kind and place": make(kind=kind, place=place),
        "kind, place and vintage": make(kind=kind, place=place, vintage=year),
        "place and vintage": make(place=place, vintage=year),
        "common word": make(q=partial(rng.choice, nouns)),
        "part of a word": make(q=partial(rng.choice, parts)),
        "Chinese": make(q=partial(rng.choice, chinese)),
        "pinyin": make(q=partial(rng.choice, spelt)),
        "rare name": make(q=partial(rng.choice, names)),
        "two words": make(q=lambda: f"{rng.choice(nouns)} {rng.choice(nouns)}"),
        "word and kind": make(q=partial(rng.choice, nouns + chinese), kind=kind),
        "word, place and vintage": make(q=partial(rng.choice, nouns), place=place, vintage=year),
        "method": make(method=partial(rng.choice, list(METHODS))),
        "method and word": make(method=partial(rng.choice, list(METHODS)), q=partial(rng.choice, nouns)),
        "owner": make(owner=lambda: f"Eco {rng.randrange(3000)} Ltd"),
        "owner and kind": make(owner=lambda: f"Eco {rng.randrange(30)}", kind=kind),
    }


def questions(rng: random.Random, rows: int, each: int) -> Iterator[tuple[str, list[Ask]]]:
    """Every kind of page with its questions: the first page, and one at any depth."""
    lists = (("blocks", queries.blocks, rows), ("cancellations", queries.cancellations, rows))
    for name, read, last in (*lists, ("projects", queries.projects, rows // 10)):
        for shape, asked in filters(rng, each).items():
            deep = [Cursor(rng.randint(1, last), rng.random() < 0.3) for _ in asked]
            pages = [partial(read, one) for one in asked]
            pages += [partial(read, one, cursor) for one, cursor in zip(asked, deep, strict=True)]
            yield f"{name}: {shape}", pages
            if name != "projects" or shape != "vintage":
                yield f"{name}, with counts: {shape}", [partial(read, one, counts=True) for one in asked[: each // 2]]
    yield from lookups(rng, rows, each)


def lookups(rng: random.Random, rows: int, each: int) -> Iterator[tuple[str, list[Ask]]]:
    """Beneficiaries, one number's life, one block's book."""
    names = list(Beneficiary.objects.order_by("-units")[:5]) + list(Beneficiary.objects.order_by("?")[:each])
    words = ["".join(rng.choices(SIGNS, k=2)) for _ in range(each)] + ["公司", "gongsi"]
    places = [(row.units, row.pk) for row in names]
    yield "beneficiaries", [partial(queries.beneficiaries, "", place) for place in [None, *places]]
    yield "beneficiaries: name", [partial(queries.beneficiaries, word) for word in words]
    yield "one beneficiary", [partial(queries.of_beneficiary, row.name) for row in names]
    blocks = [Block.objects.get(pk=rng.randint(1, rows)) for _ in range(each)]
    texts = [rng.choice([block.serial_of(block.first + 5, block.first + 5), block.code]) for block in blocks]
    texts += [Retirement.objects.get(pk=rng.randint(1, rows)).number for _ in range(each // 2)]
    yield "life of a number", [partial(life, text) for text in texts]
    yield "book of a block", [partial(book, block) for block in blocks]


def life(text: str) -> None:
    for hit in queries.found_by(text)[:5]:
        queries.lying(hit.block, (hit.first, hit.last))
        queries.story(hit.block, (hit.first, hit.last))
    queries.published_by(text)


def book(block: Block) -> None:
    queries.lying(block)
    queries.story(block)
    queries.claims_on(block)


def depth(rows: int) -> dict[str, float]:
    """Median database time of pages 1, 1,000 and 20,000 of all blocks and of one kind."""
    found = {}
    for name, asked in (("all", Filters()), ("kind", Filters(kind="vcu"))):
        for page in DEPTHS:
            first = max(rows - PAGE * (page - 1), PAGE)
            cursor = None if page == 1 else Cursor(first)
            found[f"{name} {page}"] = measured([partial(queries.blocks, asked, cursor)] * EACH)["p50"]
    return found


def size(rows: int) -> dict[str, dict[str, float]]:
    """The same questions where there are fewer rows: medians of a few shapes, for 1/100, 1/10 and all."""
    shapes = ("blocks: nothing", "blocks: kind and place", "blocks: rare name", "projects: Chinese", "life of a number")
    found = {}
    for count in (rows // 100, rows // 10, rows):
        with catalogue(count):
            rng = random.Random(7)
            asks = {name: asked for name, asked in questions(rng, count, EACH // 2) if name in shapes}
            found[f"{count}"] = {name: measured(asks[name])["p50"] for name in shapes}
    return found


def limit(rows: int, rng: random.Random) -> float:
    """Bare keyset pages a second: one prepared statement, no Django."""
    statement = (
        "SELECT b.code, b.pattern, b.serial_first, b.serial_last, b.quantity, b.vintage_start, b.vintage_end, "
        "p.name_zh, p.name_en, p.code FROM offsets_block b LEFT JOIN offsets_project p ON p.id = b.project_id "
        "WHERE b.id < %s ORDER BY b.id DESC LIMIT 51"
    )
    connection.ensure_connection()
    bare, count = connection.connection, 400

    def go() -> None:
        for _number in range(count):
            bare.execute(statement, [rng.randint(PAGE, rows)], prepare=True).fetchall()

    return rate(go, count)


def addresses(rng: random.Random, rows: int) -> dict[str, list[tuple[str, str]]]:
    """(ours, Datasette's) of the same questions, by kind; none is asked twice, so that nothing kept is served."""
    nouns = [english.split()[0] for english, _chinese in TYPES]
    unused = iter(rng.sample(range(PAGE, rows), 12 * SERVED))
    pairs: dict[str, list[tuple[str, str]]] = {"deep page": [], "one kind": [], "kind and vintage": [], "search": []}
    kinds = list(KINDS[:8])
    for _number in range(SERVED):
        key, kind, year, word = next(unused), rng.choice(kinds), rng.randint(2012, 2024), rng.choice(nouns)
        pairs["deep page"].append((f"/offsets/blocks/?after={key}", f"?_sort_desc=id&_next={key},{key}"))
        asked = urlencode({"kind": kind, "after": key})
        pairs["one kind"].append((f"/offsets/blocks/?{asked}", f"?_sort_desc=id&kind={kind}&_next={key},{key}"))
        asked = urlencode({"kind": kind, "vintage": year, "after": key})
        theirs = f"?_sort_desc=id&kind={kind}&vintage={year}&_next={key},{key}"
        pairs["kind and vintage"].append((f"/offsets/blocks/?{asked}", theirs))
        asked = urlencode({"q": word, "after": max(key // 10, 60)})
        theirs = f"../project?_sort_desc=id&_search={quote(word)}&_next={max(key // 10, 60)},{max(key // 10, 60)}"
        pairs["search"].append((f"/offsets/projects/?{asked}", theirs))
    return pairs


def asked_of(port: int, paths: list[str], before: Callable[[], Any] | None = None) -> list[float]:
    """Seconds for each page, one after the other on one connection; the same plain client for both servers. `before`
    happens before each page, outside the clock."""
    times = []
    visitor = HTTPConnection("127.0.0.1", port, timeout=60)
    for path in paths:
        if before is not None:
            before()
        begun = time.perf_counter()
        visitor.request("GET", path, headers={"Host": "localhost", "Accept-Language": "en"})
        answer = visitor.getresponse()
        answer.read()
        times.append(time.perf_counter() - begun)
        if answer.status != HTTPStatus.OK:
            raise RuntimeError(f"{path}: {answer.status}")
    visitor.close()
    return times


def happen() -> None:
    """Something happens: nothing kept may be served after it."""
    trail.record(verb="bench.happen", subject="bench", by=None, at=AT)


def rates(times: dict[str, list[float]]) -> dict[str, float]:
    """Pages a second by kind of question, and of the kinds that are never asked twice, mixed."""
    found = {name: round(len(spans) / sum(spans), 1) for name, spans in times.items() if spans}
    mixed = [span for name, spans in times.items() if name not in ("again", "after a change") for span in spans]
    return found | {"mixed": round(len(mixed) / sum(mixed), 1)}


def serve(name: str, rows: int) -> tuple[dict[str, float], dict[str, float] | None]:
    """Our rates and Datasette's, in turns. `again`: the same page, which we keep while nothing happens and Datasette
    makes anew (its counts it has once for all, since the file does not change); `after a change`: every page after
    another entry of the trail, so that not even the counts are kept."""
    pairs = addresses(random.Random(11), rows)
    environ = {"PRODUCTION": "0", "DEMO": "0", "DATABASE_URL": database_url(name)}
    ours: dict[str, list[float]] = defaultdict(list)
    theirs: dict[str, list[float]] = defaultdict(list)
    with served("portal.wsgi", environ, "/offsets/blocks/") as visitor, other(rows) as (port, base):
        for turn in range(TURNS):
            for kind, every in pairs.items():
                part = every[turn::TURNS]
                ours[kind] += asked_of(visitor.port, [mine for mine, _theirs in part])
                few = [f"{base}/block{their}".replace("/block../", "/") for _mine, their in part[: SERVED // 15]]
                theirs[kind] += asked_of(port, few) if port else []
            ours["again"] += asked_of(visitor.port, ["/offsets/blocks/"] * SERVED)
            theirs["again"] += asked_of(port, [f"{base}/block?_sort_desc=id"] * (SERVED // 15)) if port else []
            anew = [mine for every in pairs.values() for mine, _theirs in every[turn :: TURNS * 10]]
            ours["after a change"] += asked_of(visitor.port, anew, happen)
    return rates(ours), rates(theirs) if theirs["again"] else None


@contextmanager
def other(rows: int) -> Iterator[tuple[int, str]]:
    """Datasette's port and base; 0 where it is not here."""
    if not datasette.program():
        yield 0, ""
        return
    with datasette.served(rows) as found:
        yield found


def run(rows: int) -> Report:
    rng = random.Random(3)
    with catalogue(rows) as name:
        found = {asked: measured(asks) for asked, asks in questions(rng, rows, EACH)}
        deep, bare = depth(rows), [limit(rows, rng) for _round in range(3)]
        ours, theirs = serve(name, rows)
    took = "worked_p99" if worked() else "p99"  # on a busy machine the clock also counts what others do
    worst = max(found, key=lambda asked: found[asked][took])
    print(f"{'database time of a page, ms':<58}{'p50':>9}{'p99':>9}{'worked p50':>12}{'p99':>9}")
    for asked, times in found.items():
        shown = f"{times['p50']:>9.2f}{times['p99']:>9.2f}{times['worked_p50']:>12.2f}{times['worked_p99']:>9.2f}"
        print(f"  {asked:<56}{shown}{'   over' * (times[took] >= LIMIT_MS)}")
    print(f"worst: {worst}, p99 {found[worst][took]} ms; pages by depth, ms: {deep}")
    sizes = size(rows)
    print(f"medians by size, ms: {sizes}")
    print(f"pages/s: ours {ours}; Datasette {theirs or 'not run here'}")
    middle = statistics.median(bare)
    # By their ratio to bare pages in one run on one machine: offsets-db-api and CADT at a million credits.
    peers = [Peer("OffsetsDB API, uncached", 0.548, 4_430), Peer("CAD Trust", 0.549, 4_430)]
    peers.append(Peer("Datasette", theirs["mixed"], middle) if theirs else Peer("Datasette, first page", 93, 4_430))
    return Report(
        bench="browse",
        question=f"pages of a registry of {rows:,} blocks, {3 * rows:,} transfers and {rows // 10:,} projects",
        unit="pages",
        rows=rows,
        ours=[ours["mixed"]],
        limit=bare,
        limit_is="bare keyset pages with a join, one prepared statement",
        peers=peers,
        notes=[f"{len(found)} kinds of pages, {sum(one[took] >= LIMIT_MS for one in found.values())} too slow"],
        more={
            "p99_ms_worst": found[worst][took],
            "p99_is": "processor time of the server" if took == "worked_p99" else "time by the clock",
            "worst": worst,
            "over_50_ms": [asked for asked, times in found.items() if times[took] >= LIMIT_MS],
            "database_ms": found,
            "depth_ms": deep,
            "size_ms": sizes,
            "served_per_s": ours,
            "datasette_per_s": theirs,
            "of_datasette": {kind: round(ours[kind] / theirs[kind], 2) for kind in theirs} if theirs else None,
            "of_datasette_nothing_kept": round(ours["after a change"] / theirs["mixed"], 2) if theirs else None,
            "of_datasette_parts_kept": round(ours["mixed"] / theirs["mixed"], 2) if theirs else None,
            "of_datasette_pages_kept": round(ours["again"] / theirs["again"], 2) if theirs else None,
            "of_offsetsdb": round(ours["mixed"] / peers[0].here(middle), 1),
            "of_cadtrust": round(ours["mixed"] / peers[1].here(middle), 1),
            "load": round(os.getloadavg()[0], 1),
        },
    )
