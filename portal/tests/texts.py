"""Every sentence of the house: from Python by its syntax tree, from templates as Django's own extractor does."""

import ast
import re
from collections import defaultdict
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("portal", "accounts", "neutrality")
ONE = {"gettext", "gettext_lazy", "gettext_noop", "ugettext"}
TWO = {"ngettext", "ngettext_lazy"}
LITERAL = r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
CALL = re.compile(rf"\b(npgettext|pgettext|ngettext|gettext|_)\(({LITERAL}(?:,\s*{LITERAL})*)(?:,\s*count)?\)", re.S)
PLACEHOLDER = re.compile(r"%\([^)]+\)[sd]|%[sd]|\{[a-z_0-9]*\}")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def python_files() -> list[Path]:
    """Source of the house without tests and migrations."""
    found = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    return sorted(path for path in found if not {"tests", "migrations"} & set(path.parts))


def template_files() -> list[Path]:
    return sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt", ".xml"))


def _aliases(tree: ast.Module) -> dict[str, int]:
    """Local names of the translating functions → how many messages they take."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            for alias in node.names:
                if alias.name in ONE | TWO:
                    names[alias.asname or alias.name] = 1 if alias.name in ONE else 2
    return names


def of_python(source: str) -> tuple[set[str], list[int]]:
    """Messages of a module, and the lines where a message is not a plain literal (no translator can see it)."""
    tree = ast.parse(source)
    names = _aliases(tree)
    messages: set[str] = set()
    hidden: list[int] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            for argument in node.args[: names[node.func.id]]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    messages.add(argument.value)
                else:
                    hidden.append(node.lineno)
    return messages, hidden


def of_template(source: str) -> set[str]:
    """Messages of a template, spelled as Django looks them up (a percent sign is doubled)."""
    messages = set()
    for name, arguments in CALL.findall(templatize(source)):
        literals = [ast.literal_eval(text) for text in re.findall(LITERAL, arguments, re.S)]
        if name in ("pgettext", "npgettext"):
            literals = literals[1:]
        messages.update(literals[:1] if name in ("_", "gettext", "pgettext") else literals[:2])
    return messages


def collected() -> dict[str, list[str]]:
    """Message → the files that say it. Plural forms are counted under their singular as gettext does."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in python_files():
        for message in of_python(path.read_text("utf-8"))[0]:
            found[message].append(str(path.relative_to(ROOT)))
    for path in template_files():
        for message in of_template(path.read_text("utf-8")):
            found[message].append(str(path.relative_to(ROOT)))
    return dict(found)
