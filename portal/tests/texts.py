"""Every sentence of the house: from Python by its syntax tree, from templates as Django's own extractor does."""

import ast
import re
from collections import defaultdict
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("portal", "accounts", "neutrality")
# Translating functions → (whether a context comes first, how many messages follow).
FUNCTIONS = {
    "gettext": (False, 1),
    "gettext_lazy": (False, 1),
    "gettext_noop": (False, 1),
    "ngettext": (False, 2),
    "ngettext_lazy": (False, 2),
    "pgettext": (True, 1),
    "pgettext_lazy": (True, 1),
    "npgettext": (True, 2),
    "npgettext_lazy": (True, 2),
}
CONTEXT = "\x04"  # between context and message, as in compiled catalogues
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


def _aliases(tree: ast.Module) -> dict[str, tuple[bool, int]]:
    """Local names of the translating functions → what they take."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            for alias in node.names:
                if alias.name in FUNCTIONS:
                    names[alias.asname or alias.name] = FUNCTIONS[alias.name]
    return names


def keyed(context: str, message: str) -> str:
    """How a message is looked up."""
    return f"{context}{CONTEXT}{message}" if context else message


def of_python(source: str) -> tuple[set[str], list[int]]:
    """Messages of a module, and the lines where a message is not a plain literal (no translator can see it)."""
    tree = ast.parse(source)
    names = _aliases(tree)
    messages: set[str] = set()
    hidden: list[int] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            with_context, count = names[node.func.id]
            arguments = node.args[: count + with_context]
            if all(isinstance(each, ast.Constant) and isinstance(each.value, str) for each in arguments):
                said = [each.value for each in arguments]
                context = said.pop(0) if with_context else ""
                messages.update(keyed(context, text) for text in said)
            else:
                hidden.append(node.lineno)
    return messages, hidden


def of_template(source: str) -> set[str]:
    """Messages of a template, spelled as Django looks them up (a percent sign is doubled)."""
    messages = set()
    for name, arguments in CALL.findall(templatize(source)):
        literals = [ast.literal_eval(text) for text in re.findall(LITERAL, arguments, re.S)]
        with_context, count = FUNCTIONS.get(name, (False, 1))
        context = literals.pop(0) if with_context else ""
        messages.update(keyed(context, text) for text in literals[:count])
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
