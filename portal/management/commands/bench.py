"""python3 manage.py bench NAME [--rows N]: one question, measured beside its limit; the last line is a JSON object."""

from importlib import import_module
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

import benchmarks


class Command(BaseCommand):
    help = "Measure one question beside its limit, in a database of its own."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help=", ".join(benchmarks.NAMES))
        parser.add_argument("--rows", type=int, help="how many rows, lines or requests")

    def handle(self, *args: Any, **options: Any) -> None:
        name, rows = options["name"], options["rows"]
        if name not in benchmarks.NAMES:
            raise CommandError(f"There is no benchmark {name!r}; there are: {', '.join(benchmarks.NAMES)}.")
        if rows is not None and rows < 1:
            raise CommandError("--rows must be at least 1.")
        module = import_module(f"benchmarks.{name}")
        module.run(rows or module.ROWS).print()
