"""Dangerous constructs are absent, and what is no page is not served."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from portal.catalogues import ROOT

# Where SQL is written by hand, and why the ORM does not do.
RAW_SQL = {
    "neutrality/inventory/operations/filing.py": "thousands of results go in as one stream",
    "neutrality/inventory/operations/rosters.py": "a lock that goes with the worker's connection",
    "neutrality/ledger/queries.py": "the lots of a place, read in the order of their index",
    "neutrality/offsets/operations/describing.py": "thousands of projects go in as one stream",
    "neutrality/offsets/operations/feeds.py": "a registry's file is taken set by set",
    "neutrality/offsets/operations/noting.py": "thousands of projects are brought to their sources at once",
    "neutrality/offsets/operations/running.py": "a registry's file is taken set by set",
    "neutrality/offsets/operations/taking.py": "thousands of rows set aside go in as one stream",
    "neutrality/planting/operations/land.py": "one lock for everybody who records land",
    "neutrality/offsets/queries/asking.py": "the newest rows of each shelf, by lateral look-ups",
    "neutrality/offsets/operations/shelving.py": "tallies are added up where they lie, behind a lock of a moment",
    "neutrality/offsets/recheck.py": "one pass over the ends of a million spans, in order",
    "neutrality/statements.py": "statements said so often that their plans are kept",
    "neutrality/appendonly.py": "the trigger that keeps rows insert-only",
    "portal/verification.py": "all rooms are read at one moment",
    "portal/views/health.py": "the shortest question to the database",
    "portal/management/commands/prepare.py": "the digest of what was loaded is the comment on the schema",
    "neutrality/trail/operations.py": "the trail's advisory lock",
    "neutrality/ledger/operations.py": "the house's sequence of numbers, and a lock for each key",
    "neutrality/oversight/queries.py": "the database's own clock",
    "neutrality/oversight/operations/challenges.py": "a lock for each network",
    "accounts/limits.py": "taking a lock is one statement",
    "neutrality/offsets/queries/claims.py": "how much of a run still lies in its place: ranges cut with ranges",
}
# A forbidden name that is right where it stands, and why.
ALLOWED = {
    ("accounts/limits.py", "pickle"): "the format of Django's own database cache, whose rows only the portal writes",
    ("neutrality/disclosure/templatetags/claims.py", "mark_safe"): "rendered by an escaping template",
}
FORBIDDEN_NAMES = {"mark_safe", "csrf_exempt", "pickle", "eval", "exec", "extra"}
PUBLISHES = {"delay", "apply_async", "send_task"}


def sources() -> list[Path]:
    tops = [ROOT / top for top in ("portal", "accounts", "neutrality")]
    found = [path for top in tops for path in sorted(top.rglob("*.py"))]
    return [path for path in found if not {"tests", "migrations"} & set(path.parts)]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def calls(tree: ast.AST):
    """(line, last part of the called name, keyword names) of every call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            name = f".{name}" if isinstance(function, ast.Attribute) and name in ("raw", "cursor") else name
            yield node.lineno, name, {word.arg: word.value for word in node.keywords}


def dangers(source: str, name: str) -> list[str]:
    """What in ``source`` the house forbids."""
    found = []
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            imported = {alias.name for alias in node.names} | {getattr(node, "module", None)}
            found += [
                f"{name}:{node.lineno} {word}" for word in imported & FORBIDDEN_NAMES if (name, word) not in ALLOWED
            ]
    for line, called, keywords in calls(tree):
        if (called in FORBIDDEN_NAMES and (name, called) not in ALLOWED) or "shell" in keywords:
            found.append(f"{name}:{line} {called}")
        if called in PUBLISHES and not name.endswith("tasks.py"):
            found.append(f"{name}:{line} {called}: a message is published by sweepers only")
        if called in ("RawSQL", ".raw", ".cursor") and name not in RAW_SQL:
            found.append(f"{name}:{line} hand-written SQL; give its reason in RAW_SQL")
    return found


def test_no_dangerous_construct():
    assert [danger for path in sources() for danger in dangers(path.read_text(encoding="utf-8"), name_of(path))] == []


def test_every_reason_for_raw_sql_is_still_needed():
    text = {name: (ROOT / name).read_text(encoding="utf-8") for name in RAW_SQL if (ROOT / name).exists()}
    assert [name for name in RAW_SQL if not re.search(r"cursor\(|RunSQL|RawSQL|\.raw\(", text.get(name, ""))] == []


@pytest.mark.parametrize(
    "line",
    [
        "from django.utils.safestring import mark_safe",
        "import pickle",
        "eval('1')",
        "subprocess.run('ls', shell=True)",
        "score_one.delay(1)",
        "connection.cursor()",
        "Model.objects.raw('select 1')",
    ],
)
def test_rule_sees_what_it_forbids(line):
    assert dangers(line, "room/views.py") != []


def test_no_page_switches_escaping_off():
    """Letters in plain text may, pages may not; a form's help texts are ours and Django's, never a visitor's."""
    pattern = re.compile(r"\|\s*safe\b|autoescape\s+off|\|\s*safeseq")
    field = ROOT / "templates" / "django" / "forms" / "field.html"
    pages = set((ROOT / "templates").rglob("*.html")) - {field}
    assert [path for path in pages if pattern.search(path.read_text(encoding="utf-8"))] == []


PROBES = [
    ".env",
    ".git/config",
    ".git/HEAD",
    ".private/secret-key",
    ".venv/pyvenv.cfg",
    "manage.py",
    "portal/settings.py",
    "requirements.txt",
    "pyproject.toml",
    "Dockerfile",
    "compose.yaml",
    "conftest.py",
    "seeds/",
    "static/",
    "static/../portal/settings.py",
    "static/..%2fportal/settings.py",
    "static/%2e%2e/portal/settings.py",
    "static/css/../../manage.py",
    "media/",
    "evidence/",
    "backup.sql",
    "dump.sql.gz",
    "db.sqlite3",
    "server-status",
    "__debug__/",
    "static/css/house.css.map",
]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PROBES)
def test_inside_is_not_served(client, path):
    answer = client.get("/" + path)
    assert answer.status_code in (301, 302, 400, 404)
    if answer.status_code in (301, 302):
        assert client.get(answer["Location"]).status_code == 404


SECRETS = re.compile(
    rb"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[bap]-[0-9A-Za-z-]{20}"
)


def test_no_secret_lies_in_the_project():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False).stdout.split(b"\0")
    paths = [ROOT / name.decode() for name in listed if name] or sources()
    found = [path for path in paths if path.is_file() and path != Path(__file__) and SECRETS.search(path.read_bytes())]
    assert found == []
    assert SECRETS.search(b"-----BEGIN " + b"RSA PRIVATE KEY")
