"""A large registry, made up by stated rules and a seed, written straight into tables by COPY and kept as a template.

`rows` blocks, a tenth as many projects, three transfers and one cancellation for each block. Kinds, places and words
follow a long tail; four blocks of ten came registry by registry (as imports do), the others mixed; the oldest tenth of
the projects has words of its own, so that a search also meets names without any recent row.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import islice
from random import Random
from typing import Any
from uuid import UUID

from django.core.management import call_command
from django.db import connection
from psycopg import sql

from accounts.tests.factories import make_user
from benchmarks.harness import administer, drop, use
from neutrality.activities.models import Activity
from neutrality.activities.tests.factories import make_activity
from neutrality.codes import ALPHABET
from neutrality.offsets import operations, seeding
from neutrality.offsets.models import UnitKind
from neutrality.offsets.rules import folded
from neutrality.search import named

SEED = 20260101
VERSION = 2  # of what is made up; a kept database of another version is not used
AT = datetime(2026, 1, 1, tzinfo=UTC)
OWNERS, ACTIVITIES = 3000, 2000
# What the triggers do row by row, for all rows at once.
NOTHING_WAITS = "SET CONSTRAINTS ALL IMMEDIATE"  # before a table is altered
SHELVES = """
INSERT INTO offsets_mark (what, last) VALUES ('block', 0), ('retirement', 0);
INSERT INTO offsets_shelf (registry_id, kind_id, country, province, year_first, year_last)
  SELECT DISTINCT kind.registry_id, kind.id, coalesce(project.country, ''), coalesce(left(project.region_code, 2), ''),
                  extract(year FROM block.vintage_start)::int, extract(year FROM block.vintage_end)::int
  FROM offsets_block block JOIN offsets_unitkind kind ON kind.id = block.kind_id
  LEFT JOIN offsets_project project ON project.id = block.project_id;
INSERT INTO offsets_blockcard (row_id, shelf_id, project_id, owner_id)
  SELECT block.id, shelf.id, block.project_id, block.owner_id
  FROM offsets_block block LEFT JOIN offsets_project project ON project.id = block.project_id
  JOIN offsets_shelf shelf ON shelf.kind_id = block.kind_id AND shelf.country = coalesce(project.country, '')
    AND shelf.province = coalesce(left(project.region_code, 2), '')
    AND shelf.year_first = extract(year FROM block.vintage_start)::int
    AND shelf.year_last = extract(year FROM block.vintage_end)::int;
INSERT INTO offsets_retirementcard (row_id, shelf_id, project_id, owner_id, activity_id)
  SELECT made.id, card.shelf_id, card.project_id, activity.organization_id, activity.id
  FROM offsets_retirement made JOIN offsets_blockcard card ON card.row_id = made.block_id
  JOIN activities_activity activity ON activity.id = made.activity_id;
"""
PLACED = """INSERT INTO offsets_projectcount (registry_id, country, province, rows)
  SELECT registry_id, country, left(region_code, 2), count(*) FROM offsets_project GROUP BY 1, 2, 3"""


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


KINDS = _listed("vcu gs-ver ccer cdcer cer car-crt acr-ert cdc phcer cqcer sm-ticket iso-credit shcer gz-ticket whcer")
HOME_KINDS = {"ccer", "cdcer", "phcer", "cqcer", "sm-ticket", "shcer", "gz-ticket", "whcer"}
ABROAD = _listed(
    "IN BR US KE ID TR VN TH MX CO PE UG RW GH NG ET TZ KH LA PH MY BD PK CL AR UY ZM MW MG CG CD GA CM SN CI"
)
PROVINCES = _listed("51 50 44 42 43 53 52 45 36 35 33 32 37 41 13 14 15 21 22 23 34 61 62 63 64 65 54 46 31 12 11")
TYPES = (
    ("wind power", "风力发电"),
    ("solar photovoltaic", "光伏发电"),
    ("afforestation", "造林碳汇"),
    ("forest management", "森林经营"),
    ("landfill gas", "填埋气发电"),
    ("biogas digester", "户用沼气"),
    ("improved cookstove", "节能炉灶"),
    ("hydropower", "水力发电"),
    ("mangrove restoration", "红树林修复"),
    ("waste heat recovery", "余热利用"),
    ("peatland conservation", "泥炭地保护"),
    ("biochar", "生物炭"),
)
METHODS = _listed(
    "ACM0002 AMS-I.D. VM0007 VM0042 AR-ACM0003 AMS-III.D. VM0033 CCER-14-001-V01 CCER-01-001-V01 TPDDTEC GS-MECD"
)
SYLLABLES = _listed("ba lo mi ka su ren tor vel an shi gu ma pe ri na do wi ze hu qi lin fen yao cha")
SIGNS = "川江河山林湖海平安宁德庆丰华新长乐清源青石龙凤云阳南北东西州县沙洋田坪岭溪洞桥泉"


@contextmanager
def catalogue(rows: int) -> Iterator[str]:
    """Point Django at a large registry of so many blocks; it is made once and kept as a template."""
    before, kept = connection.settings_dict["NAME"], f"bench_catalogue_{rows}_{VERSION}"
    if not _exists(kept):
        _make(kept, rows)
    try:
        use(kept)
        call_command("migrate", verbosity=0, interactive=False)
        yield kept
    finally:
        use(before)


def _exists(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT true FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def _make(name: str, rows: int) -> None:
    before, new = connection.settings_dict["NAME"], f"{name}_new"
    administer(drop(new), sql.SQL("CREATE DATABASE {}").format(sql.Identifier(new)))
    try:
        use(new)
        call_command("migrate", verbosity=0, interactive=False)
        fill(rows)
        connection.set_autocommit(True)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    finally:
        use(before)
    administer(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(new), sql.Identifier(name)))


def fill(rows: int) -> None:
    """The rows of the registry, into the database Django stands on."""
    seeding.seed(AT)
    by = make_user()
    _organizations(by)
    _activities(by)
    made = World(rows, by.pk)
    with connection.cursor() as cursor:
        with _unguarded(cursor):
            later = _indexes(cursor)
            for drop_index, _make_index in later:
                cursor.execute(drop_index)
            _copy(cursor, "offsets_project", PROJECT_COLUMNS, made.projects())
            _copy(cursor, "offsets_serialline", ("id", "registry_id", "text"), made.lines())
            _copy(cursor, "ledger_place", ("id", "code", "ending"), made.places())
            _copy(cursor, "offsets_block", BLOCK_COLUMNS, made.blocks())
            _copy(cursor, "ledger_transfer", TRANSFER_COLUMNS, made.transfers())
            _copy(cursor, "ledger_lot", ("place_id", "span"), made.lots())
            _copy(cursor, "offsets_retirement", RETIREMENT_COLUMNS, made.retirements())
            cursor.execute(NOTHING_WAITS)
            for _drop_index, make_index in later:
                cursor.execute(make_index)
            cursor.execute("DELETE FROM offsets_mark")
            cursor.execute(SHELVES)
            cursor.execute(PLACED)
        for table, column in (("offsets_block", "id"), ("offsets_project", "id"), ("offsets_retirement", "id")):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), max({column})) FROM {table}")
    operations.count(at=AT)


@contextmanager
def _unguarded(cursor: Any) -> Iterator[None]:
    """Rows are consistent by construction, so no trigger looks at them. Who administers the server may leave out the
    references as well; the owner of the tables may not, and waits longer."""
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if cursor.fetchone()[0]:
        off, on = "SET session_replication_role = replica", "SET session_replication_role = DEFAULT"
    else:
        cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
        names = [name for (name,) in cursor.fetchall()]
        off, on = (
            "; ".join([NOTHING_WAITS, *(f"ALTER TABLE {name} {how} TRIGGER USER" for name in names)])
            for how in ("DISABLE", "ENABLE")
        )
    cursor.execute(off)
    yield
    cursor.execute(on)


def _indexes(cursor: Any) -> list[tuple[str, str]]:
    """Indexes and exclusion constraints of the large tables: dropped before, made again after."""
    tables = ["offsets_block", "ledger_transfer", "ledger_lot", "offsets_retirement", "offsets_blockcard"]
    tables.append("offsets_retirementcard")
    cursor.execute(
        "SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname), "
        "format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid)) "
        "FROM pg_constraint WHERE contype = 'x' AND conrelid::regclass::text = ANY(%s) "
        "UNION ALL SELECT format('DROP INDEX %%I', relname), pg_get_indexdef(indexrelid) "
        "FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE NOT indisunique AND NOT indisexclusion "
        "AND indrelid::regclass::text = ANY(%s)",
        [tables, tables],
    )
    return cursor.fetchall()


def _copy(cursor: Any, table: str, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> None:
    blank = _blank(cursor, table, columns)
    command = f"COPY {table} ({', '.join([*columns, *blank])}) FROM STDIN"
    end = "\t" * len(blank) + "\n"
    with cursor.copy(command) as copy:
        while part := list(islice(rows, 5000)):
            lines = ["\t".join(["\\N" if value is None else str(value) for value in row]) for row in part]
            copy.write(end.join(lines) + end)


def _blank(cursor: Any, table: str, columns: tuple[str, ...]) -> list[str]:
    """Other columns that must hold a text: an empty one."""
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND "
        "attnotnull AND NOT atthasdef AND atttypid IN ('text'::regtype, 'varchar'::regtype) AND attname <> ALL(%s)",
        [table, list(columns)],
    )
    return [name for (name,) in cursor.fetchall()]


def _organizations(by: Any) -> None:
    rows = (
        (f"91510100{number:010d}", f"{SIGNS[number % 40]}{SIGNS[number // 40 % 40]}生态{number}有限公司",
         f"Eco {number} Ltd", "organizer", "510100", "", "false", AT, "", by.pk, AT, by.pk)
        for number in range(OWNERS)
    )  # fmt: skip
    columns = ("code", "name_zh", "name_en", "kind", "region_code", "about", "is_demo", "registered_at")
    columns += ("decline_reason", "registered_by_id", "verified_at", "verified_by_id")
    with connection.cursor() as cursor:
        _copy(cursor, "accounts_organization", columns, rows)


def _activities(by: Any) -> None:
    first = make_activity(created_by=by, state="committed")
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id), max(id) FROM accounts_organization")
        low, high = cursor.fetchone()
    rng, rows = Random(SEED), []
    for number in range(ACTIVITIES):
        row = Activity.objects.get(pk=first.pk) if not rows else Activity(**_fields(rows[0]))
        row.pk, row.key, row.organization_id = None, f"bench-{number}", rng.randint(low, high)
        row.code = _code(10**9 + number)
        row.name_zh = f"{SIGNS[number % 40]}{SIGNS[number // 40 % 40]}马拉松{number}"
        row.search = None
        rows.append(row)
    Activity.objects.bulk_create(rows, batch_size=500)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE activities_activity SET search = to_tsvector('simple', name_zh || ' race ' || id)")


def _fields(row: Activity) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.attname != "id"}


def _code(number: int) -> str:
    letters = []
    for _place in range(8):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


PROJECT_COLUMNS = _listed(
    "id code registry_id identifier name_zh name_en country region_code place_name sector methodology "
    "developer registry_status forestry formerly_poor_area source search"
)
BLOCK_COLUMNS = _listed(
    "id code kind_id project_id line_id numbers serial_first serial_last pattern quantity house vintage_start "
    "vintage_end owner_id origin issued_on issued_at issued_by_id key"
)
TRANSFER_COLUMNS = _listed(
    "number key position asked reason event_on recorded_at by_id source_id target_id span quantity"
)
RETIREMENT_COLUMNS = _listed(
    "id number transfer_id activity_id block_id holder_id span quantity serial purpose beneficiary donor "
    "cancelled_on family rule reason way certificate_number act retired_at retired_by_id"
)


class World:
    """Every row of the large registry, the same for the same seed and size."""

    def __init__(self, rows: int, by: int):
        self.rows, self.by = rows, by
        self.kinds = {kind.code: kind for kind in UnitKind.objects.filter(code__in=KINDS)}
        with connection.cursor() as cursor:
            cursor.execute("SELECT array_agg(id ORDER BY id) FROM accounts_organization WHERE name_en LIKE 'Eco %'")
            self.owners = cursor.fetchone()[0]
            cursor.execute("SELECT array_agg(id ORDER BY id), array_agg(code ORDER BY id) FROM activities_activity")
            self.activities, self.activity_codes = cursor.fetchone()
            cursor.execute("SELECT array_agg(code ORDER BY id) FROM accounts_organization WHERE name_en LIKE 'Eco %'")
            self.owner_codes = cursor.fetchone()[0]
        self.project_facts = self._projects(Random(SEED + 1), max(rows // 10, 10))
        self.block_facts = self._blocks(Random(SEED + 2))

    def _projects(self, rng: Random, count: int) -> list[tuple[str, str, str]]:
        """(kind, country, province) of each project, by number."""
        weights = [1 / (place + 1) for place in range(len(KINDS))]
        found = []
        for kind in rng.choices(KINDS, weights, k=count):
            home = kind in HOME_KINDS or rng.random() < 0.2
            place = min(int(rng.paretovariate(0.6)) - 1, 10**6)
            country = "CN" if home else ABROAD[place % len(ABROAD)]
            found.append((kind, country, PROVINCES[place % len(PROVINCES)] if home else ""))
        return found

    def _blocks(self, rng: Random) -> list[tuple[int, int, int]]:
        """(project, vintage, quantity) of each block in the order of recording. Few projects have very many blocks."""
        count = len(self.project_facts)
        big = max(count // 1000, 1)
        projects = [rng.randrange(big) if rng.random() < 0.15 else rng.randrange(count) for _ in range(self.rows)]
        early = sorted(projects[: self.rows * 4 // 10], key=lambda number: self.project_facts[number][0])
        return [
            (number, rng.choices(range(2008, 2026), range(1, 19))[0], rng.randint(30, 20_000))
            for number in early + projects[self.rows * 4 // 10 :]
        ]

    def projects(self) -> Iterator[tuple[Any, ...]]:
        rng, count = Random(SEED + 3), len(self.project_facts)
        for number, (kind, country, province) in enumerate(self.project_facts, 1):
            en, zh = TYPES[min(int(rng.paretovariate(0.7)) - 1, 10**6) % len(TYPES)]
            place = "".join(rng.choices(SYLLABLES, k=3)).capitalize()
            place_zh = "".join(rng.choices(SIGNS, k=2))
            if number <= count // 10:
                place, place_zh = f"Old{place}", f"旧{place_zh}"
            name_en = f"{place} {en} project {'phase II' if rng.random() < 0.1 else ''}".strip()
            name_zh = f"{place_zh}县{zh}项目" if country == "CN" else ""
            method = METHODS[min(int(rng.paretovariate(0.8)) - 1, 10**6) % len(METHODS)]
            developer = f"{''.join(rng.choices(SYLLABLES, k=2)).capitalize()} Energy"
            identifier = f"{kind.upper()}{number}"
            search = named((name_zh, name_en, identifier), (place, place_zh), (method, en), (developer,))
            yield (number, f"{kind}-{number}", self.kinds[kind].registry_id, identifier, name_zh, name_en, country,
                   f"{province}0100" if province else "", place, en, method, developer, "registered",
                   "forest" in en, False, "bench", search)  # fmt: skip

    def lines(self) -> Iterator[tuple[Any, ...]]:
        for number, (kind, _country, _province) in enumerate(self.project_facts, 1):
            yield number, self.kinds[kind].registry_id, f"{kind.upper()}-{number:07d}"

    def places(self) -> Iterator[tuple[Any, ...]]:
        """Numbers of places: 1 is issued:, then owners, then activities."""
        yield 1, "issued:", False
        for number, code in enumerate(self.owner_codes, 2):
            yield number, f"held:{code}", False
        for number, code in enumerate(self.activity_codes, 2 + len(self.owner_codes)):
            yield number, f"retired:{code}", True

    def walk(self) -> Iterator[dict[str, Any]]:
        """Each block with its numbers, its owners and its activity."""
        rng, at, on_line = Random(SEED + 4), 1, [1] * (len(self.project_facts) + 1)
        owners, activities = len(self.owners), len(self.activities)
        for number, (project, vintage, quantity) in enumerate(self.block_facts, 1):
            first = on_line[project + 1]
            on_line[project + 1] += quantity
            yield {
                "number": number, "project": project + 1, "vintage": vintage, "quantity": quantity, "first": first,
                "house": at, "owner": min(int(rng.paretovariate(0.5)) - 1, 10**9) % owners,
                "taker": rng.randrange(owners), "activity": rng.randrange(activities),
                "year": vintage + 1 + (number % 7 == 0),
                "name": min(int(rng.paretovariate(0.4)), 10**9) % (self.rows // 4 + 1),
            }  # fmt: skip
            at += quantity

    def blocks(self) -> Iterator[tuple[Any, ...]]:
        for row in self.walk():
            kind = self.kinds[self.project_facts[row["project"] - 1][0]]
            last = row["first"] + row["quantity"] - 1
            numbers = folded(row["project"], row["first"], last)
            pattern = f"{kind.code.upper()}-{row['project']:07d}-{{first}}-{{last}}"
            yield (row["number"], _code(row["number"]), kind.pk, row["project"], row["project"], _span(*numbers),
                   row["first"], last, pattern, row["quantity"], _span(row["house"], row["house"] + row["quantity"]),
                   date(row["vintage"], 1, 1), date(row["vintage"], 12, 31), self.owners[row["owner"]], "issued",
                   date(row["year"], 3, 1), AT, self.by, f"b{row['number']}")  # fmt: skip

    def parts(self, row: dict[str, Any]) -> tuple[int, int, int]:
        """Ends of the cancelled part, of the part that changed owner, of the block."""
        third = row["quantity"] // 3
        return row["house"] + third, row["house"] + 2 * third, row["house"] + row["quantity"]

    def transfers(self) -> Iterator[tuple[Any, ...]]:
        number = 0
        for row in self.walk():
            used, handed, end = self.parts(row)
            held, taken = 2 + row["owner"], 2 + row["taker"]
            if held == taken:
                taken = 2 + (row["taker"] + 1) % len(self.owners)
            ended = 2 + len(self.owners) + row["activity"]
            moves = (("issue", 1, held, row["house"], end), ("handover", held, taken, used, handed),
                     ("retire", held, ended, row["house"], used))  # fmt: skip
            for position, (reason, source, target, low, high) in enumerate(moves):
                number += 1
                yield (number, f"t{row['number']}", position, "", reason, date(row["year"], 3, 1 + position), AT,
                       self.by, source, target, _span(low, high), high - low)  # fmt: skip

    def lots(self) -> Iterator[tuple[Any, ...]]:
        for row in self.walk():
            used, handed, end = self.parts(row)
            taken = row["taker"] if row["taker"] != row["owner"] else (row["taker"] + 1) % len(self.owners)
            yield 2 + len(self.owners) + row["activity"], _span(row["house"], used)
            yield 2 + taken, _span(used, handed)
            yield 2 + row["owner"], _span(handed, end)

    def retirements(self) -> Iterator[tuple[Any, ...]]:
        for row in self.walk():
            used, _handed, _end = self.parts(row)
            kind = self.kinds[self.project_facts[row["project"] - 1][0]]
            units = used - row["house"]
            serial = f"{kind.code.upper()}-{row['project']:07d}-{row['first']}-{row['first'] + units - 1}"
            yield (row["number"], _code(10**8 + row["number"]), 3 * row["number"], self.activities[row["activity"]],
                   row["number"], self.owners[row["owner"]], _span(row["house"], used), units, serial, "event",
                   f"{SIGNS[row['name'] % 40]}{SIGNS[row['name'] // 40 % 40]}公司 {row['name']}", "",
                   date(row["year"], 3, 3), kind.family, "R1.17", "", "house", "", UUID(int=row["number"]).hex, AT,
                   self.by)  # fmt: skip


def _span(low: int, high: int) -> str:
    return f"[{low},{high})"
