"""Walks over the rooms in floor order: who offers a module of a given name. INSTALLED_APPS is written lowest first."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.apps import apps

OURS = ("accounts", "neutrality.", "portal")
# Two foundations stand below accounts; the list of installed apps must begin with the shell and the user model.
FOUNDATIONS = ("neutrality.trail", "neutrality.ledger", "neutrality.rulebook", "neutrality.evidence")


def rooms() -> list[str]:
    """Dotted names of our own apps, lowest floor first, the shell last."""
    names = [config.name for config in apps.get_app_configs() if config.name.startswith(OURS)]
    rest = [name for name in names if name not in FOUNDATIONS and name != "portal"]
    return [*(name for name in FOUNDATIONS if name in names), *rest, "portal"]


def modules(name: str) -> Iterator[tuple[str, ModuleType]]:
    """(room, module) for every room that has ``<room>/<name>.py``."""
    for room in rooms():
        if find_spec(f"{room}.{name}"):
            yield room, import_module(f"{room}.{name}")
