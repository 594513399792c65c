"""The house itself: floors, faces, purity, no float, no clock, guarded rows, checked columns, sizes."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models

from neutrality.appendonly import InsertOnly
from neutrality.codes import Coded, new_code
from portal import catalogues

ROOT = catalogues.ROOT
GROUND = ("quantities", "periods", "fields", "constraints", "appendonly", "refusals", "codes", "keys", "wording")
FLOORS = {
    **{
        f"neutrality.{name}": 0
        for name in (*GROUND, "ahead", "inputs", "search", "findings", "printing", "statements", "stencils", "tables")
    },
    "neutrality.trail": 1,
    "neutrality.ledger": 2,
    "neutrality.rulebook": 2,
    "neutrality.evidence": 2,
    "accounts": 3,
    "neutrality.activities": 4,
    "neutrality.inventory": 5,
    "neutrality.planting": 5,
    "neutrality.offsets": 6,
    "neutrality.evaluation": 7,
    "neutrality.disclosure": 8,
    "neutrality.oversight": 9,
    "neutrality.standing": 10,
    "neutrality.opendata": 11,
    "portal": 12,
}
ROOMS = {name: floor for name, floor in FLOORS.items() if floor}
# `words` belongs to the face: a code has one wording, and every page takes it from its room.
# So does `reading`: from texts to lines there is one way, for page, workbook and interface.
FACE = {"models", "rules", "queries", "operations", "access", "words", "reading"}
PURE_GROUND = {"neutrality.quantities", "neutrality.periods"}
# Libraries that are as pure as the standard one: canonical JSON, code-number checks, units by dimension, geometry.
PURE_LIBRARIES = {"rfc8785", "stdnum", "pint", "shapely", "pyproj"}
CLOCKS = {"now", "today", "utcnow", "localdate", "localtime", "time_ns"}
CONVERTS = {"localtime", "localdate"}  # with an argument they convert a moment they were given
CHOSEN = {"state", "kind", "role", "form", "family", "treatment", "stage", "mode", "opinion", "outcome"}

LONGEST_FUNCTION = 50
LONGEST_FILE = 400
# Crossing a size is a question; here stand the answers.
LONG = {
    "neutrality/offsets/operations/proofs.py:record_proof": "every fact a proof must show is named (R3.38)",
    "neutrality/offsets/tests/test_operations.py": "one life of a block, told in order",
}
# An import inside a function, and why it cannot stand at the top.
LATE = {
    "manage.py": "nothing but Python exists before the environment is made",
    "conftest.py": "models may be imported only after Django is set up",
    "neutrality/search.py": "the dictionary of pinyin is a fifth of a start, and most starts spell no name",
    "neutrality/inventory/rules/units.py": "pint and what it needs are a quarter of a start, and most convert no unit",
    "portal/apps.py": "the Celery app is made when Django is ready",
    "portal/launch/serve.py": "the launcher is loaded before there are packages",
    "portal/webserver.py": "gunicorn and pages are loaded only by the process that serves",
}
CASCADES = {
    "accounts.UsedCode.user": "a used code is worth nothing without its person; it counts nothing",
    "inventory.Change.measure": "what a measure of a draft would change goes with it; published measures stay",
    "inventory.Line.inventory": "the lines of a draft are replaced with it; submitted ones are kept by their results",
}
# Columns whose values are named by a rule pack, which is data, so that no constraint can list them.
RULED_BY_DATA = {"inventory.Line.stage", "offsets.Retirement.family"}


def room_of(module: str) -> str | None:
    """The room or ground module a dotted name lies in."""
    return next((name for name in FLOORS if module == name or module.startswith(name + ".")), None)


@cache
def files() -> tuple[Path, ...]:
    """Every Python file of the project but migrations."""
    tops = [ROOT / "manage.py", ROOT / "conftest.py", *(ROOT / top for top in ("portal", "accounts", "neutrality"))]
    found = [path for top in tops for path in ([top] if top.is_file() else sorted(top.rglob("*.py")))]
    return tuple(path for path in found if "migrations" not in path.parts)


def is_test(path: Path) -> bool:
    return "tests" in path.parts or path.name == "conftest.py"


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def before_the_environment(path: Path) -> bool:
    """What starts the portal runs before Django, and before the environment exists."""
    return path.parent == ROOT / "portal" / "launch"


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of everything imported; `from a.b import c` is a.b.c."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 or before_the_environment(path), f"{name_of(path)}:{node.lineno} imports relatively"
            package = module_of(path).rsplit(".", node.level)[0] + "." if node.level else ""
            yield from ((node.lineno, f"{package}{node.module or ''}.{alias.name}") for alias in node.names)


def working() -> list[Path]:
    """The files that run in production."""
    return [path for path in files() if not is_test(path)]


def purity_breaks(path: Path, names: list[str]) -> list[str]:
    """Which of `names` a rules module at `path` may not import."""
    own = room_of(module_of(path))
    return [name for name in names if not _pure(name, own)]


def _pure(name: str, own: str | None) -> bool:
    if name.split(".")[0] in sys.stdlib_module_names | PURE_LIBRARIES:
        return True
    room = room_of(name)
    if room is None or own is None:
        return False
    is_rules = name.removeprefix(room + ".").split(".")[0] == "rules"
    inside = room == own and (is_rules or name.removeprefix(room + ".").split(".")[0] == "checks")
    return room in PURE_GROUND or inside or (is_rules and FLOORS[room] < FLOORS[own])


def upward(importer: str, imported: str) -> bool:
    """Whether a module of one room leans on a room that is not below it."""
    own, other = room_of(importer), room_of(imported)
    return own is not None and other is not None and own != other and FLOORS[other] >= FLOORS[own] > 0


def behind_the_face(importer: str, imported: str) -> bool:
    """Whether a module reaches past another room's face."""
    own, other = room_of(importer), room_of(imported)
    if other is None or own == other or FLOORS[other] == 0:
        return False
    return imported.removeprefix(other).strip(".").split(".")[0] not in FACE


def test_every_room_has_its_floor():
    rooms = {f"neutrality.{path.parent.name}" for path in (ROOT / "neutrality").glob("*/__init__.py")}
    rooms -= {"neutrality.tests"}
    ground = {f"neutrality.{path.stem}" for path in (ROOT / "neutrality").glob("*.py")} - {"neutrality.__init__"}
    assert rooms | ground | {"accounts", "portal"} == set(FLOORS)


def test_imports_only_go_down():
    assert [
        f"{name_of(path)}:{line} {name}"
        for path in working()
        for line, name in imports(path)
        if upward(module_of(path), name)
    ] == []


def test_only_faces_are_seen_across_rooms():
    assert [
        f"{name_of(path)}:{line} {name}"
        for path in working()
        for line, name in imports(path)
        if room_of(module_of(path)) not in (None, "portal") and behind_the_face(module_of(path), name)
    ] == []


# Where codes are drawn outside of a column's default, and the rows that bear them.
DRAWN = {
    "neutrality/activities/operations/lives.py": ["activities.Activity"],
    "neutrality/disclosure/operations.py": ["disclosure.Plan", "disclosure.Statement"],
    "neutrality/evaluation/operations.py": [
        "evaluation.SelfCommitment",
        "evaluation.Assignment",
        "evaluation.Evaluation",
    ],
    "neutrality/inventory/operations/surveys.py": ["inventory.Survey"],
    "neutrality/offsets/operations/blocks.py": ["offsets.Project"],
    "neutrality/offsets/operations/describing.py": ["offsets.Project"],
    "neutrality/oversight/operations/cases.py": ["oversight.Case"],
    "neutrality/standing/operations.py": ["standing.Listing"],
}


def test_who_draws_a_code_draws_again_when_it_is_taken():
    drawing = {
        name_of(path)
        for path in working()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("new_code")
    }
    assert drawing - {"neutrality/codes.py"} == set(DRAWN)
    by_default = [
        model for model in apps.get_models() if any(field.default is new_code for field in model._meta.concrete_fields)
    ]
    assert len(by_default) > 10
    drawn = {*by_default, *(apps.get_model(label) for labels in DRAWN.values() for label in labels)}
    assert [model for model in drawn if not issubclass(model, Coded)] == []
    assert [model for model in drawn if not model._meta.get_field(model.coded).unique] == []


def excused(path: Path) -> bool:
    return name_of(path) in LATE or before_the_environment(path)


def test_imports_stand_at_the_top():
    late = []
    for path in files():
        for function in ast.walk(tree(path)):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and not excused(path):
                inside = [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
                late += [f"{name_of(path)}:{node.lineno}" for node in inside]
    assert late == []


def test_rules_are_pure():
    rules = [path for path in working() if "rules" in path.relative_to(ROOT).with_suffix("").parts]
    assert len(rules) >= 8
    assert [
        f"{name_of(path)} {name}" for path in rules for name in purity_breaks(path, [name for _, name in imports(path)])
    ] == []


def floats(path: Path) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float")
    ]


def test_no_float_in_the_subject():
    subject = [path for path in working() if module_of(path).startswith(("neutrality", "accounts"))]
    assert [f"{name_of(path)}:{line}" for path in subject for line in floats(path)] == []
    assert [
        str(field) for model in ours() for field in model._meta.fields if isinstance(field, models.FloatField)
    ] == []


def clocks(path: Path) -> list[int]:
    """Lines that read the clock: timezone.now(), date.today(), time.time() and their kin."""
    calls = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    read = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr in CLOCKS]
    told = [call for call in read if call.func.attr in CONVERTS and call.args]
    timed = [call for call in calls if ast.unparse(call.func) == "time.time"]
    return sorted(call.lineno for call in [*read, *timed] if call not in told)


def test_only_views_tasks_and_the_shell_read_the_clock():
    deep = [path for path in working() if FACE & set(path.relative_to(ROOT).with_suffix("").parts)]
    assert [f"{name_of(path)}:{line}" for path in deep for line in clocks(path)] == []


def ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if room_of(model.__module__)]


def insert_only() -> list[type[models.Model]]:
    return [model for model in ours() if issubclass(model, InsertOnly)]


def guarded_tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger "
            "WHERE tgname = 'insert_only' AND NOT tgisinternal AND tgenabled = 'O'"
        )
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db
def test_every_insert_only_table_has_its_trigger_and_no_other():
    tables = {model._meta.db_table for model in insert_only()}
    assert len(tables) >= 5
    assert guarded_tables() == tables


@pytest.mark.django_db
def test_what_may_be_filled_in_later_is_the_same_in_code_and_trigger():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, encode(tgargs, 'escape') FROM pg_trigger WHERE tgname = 'insert_only'"
        )
        arguments = {table: set(filter(None, args.split("\\000"))) for table, args in cursor.fetchall()}
    assert {model._meta.db_table: set(model.may_set) for model in insert_only()} == arguments


def checked(model: type[models.Model], *fields: str) -> bool:
    """Whether one check constraint of `model` speaks of all `fields`."""
    texts = [
        str(constraint.condition)
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
    ]
    return any(all(f"'{field}" in text for field in fields) for text in texts)


def test_moments_and_persons_come_in_pairs():
    loose = []
    for model in ours():
        fields = {field.name: field for field in model._meta.fields}
        for name, field in fields.items():
            event = name.removesuffix("_at")
            if name.endswith("_at") and field.null and f"{event}_by" in fields:
                loose += [] if checked(model, name, f"{event}_by") else [f"{model._meta.label}.{event}"]
    assert loose == []


def test_choices_are_checked_by_the_database():
    unchecked = []
    for model in ours():
        for field in model._meta.fields:
            chosen = field.name in CHOSEN or field.choices
            if isinstance(field, models.CharField) and chosen and not checked(model, field.name):
                unchecked.append(f"{model._meta.label}.{field.name}")
    assert set(unchecked) <= RULED_BY_DATA, unchecked


def test_nothing_that_counts_cascades():
    keys = [field for model in ours() for field in model._meta.fields if isinstance(field, models.ForeignKey)]
    assert {str(key) for key in keys if key.remote_field.on_delete is models.CASCADE} == set(CASCADES)


def test_nothing_calls_upward_by_signals():
    names = ("django.dispatch", "django.db.models.signals", "django.core.signals")
    found = [
        f"{name_of(path)}:{line}"
        for path in working()
        for line, name in imports(path)
        if name.startswith(names) and not module_of(path).startswith("portal")
    ]
    assert found == []


def lengths(path: Path) -> Iterator[tuple[str, int, int]]:
    yield name_of(path), len(path.read_text("utf-8").splitlines()), LONGEST_FILE
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{name_of(path)}:{node.name}", (node.end_lineno or 0) - node.lineno + 1, LONGEST_FUNCTION


def test_sizes():
    too_long = {name: length for path in files() for name, length, limit in lengths(path) if length > limit}
    assert set(too_long) <= set(LONG), too_long


def test_every_room_has_a_door_sign_and_nothing_else_on_its_door():
    for room in ROOMS:
        if room != "portal":  # the shell's door makes the Celery app load with Django
            door = tree(ROOT / room.replace(".", "/") / "__init__.py")
            assert ast.get_docstring(door), room
            assert len(door.body) == 1, room


# Controls: each rule above finds what it is there to find.


def test_the_floors_would_notice():
    assert upward("neutrality.ledger.operations", "neutrality.rulebook.models.Rulebook")
    assert upward("neutrality.inventory.rules", "neutrality.offsets.rules")
    assert upward("accounts.operations", "neutrality.standing.models")
    assert not upward("neutrality.standing.tasks", "accounts.operations.restrict")
    assert behind_the_face("neutrality.standing.tasks", "neutrality.trail.views.entry")
    assert not behind_the_face("neutrality.standing.tasks", "neutrality.trail.operations")


def test_purity_would_notice():
    rules = ROOT / "neutrality" / "disclosure" / "rules.py"
    wrong = ["django.utils.timezone", "neutrality.fields.KgField", "neutrality.disclosure.models.Plan"]
    wrong += ["neutrality.standing.rules.score", "neutrality.offsets.queries.owed", "redis"]
    right = ["decimal.Decimal", "neutrality.quantities.share", "neutrality.trail.rules.canonical", "rfc8785"]
    assert purity_breaks(rules, wrong + right) == wrong


def test_floats_and_clocks_would_be_noticed(tmp_path):
    lines = ["x = 0.5", "y = float('1')", "z = timezone.now()", "d = date.today()", "t = time.time()"]
    path = tmp_path / "rules.py"
    path.write_text("\n".join([*lines, "l = timezone.localtime(at)"]))
    assert floats(path) == [1, 2]
    assert clocks(path) == [3, 4, 5]
