"""python3 manage.py verify: a second look at everything that counts. Names every wrong row; exits with 1 if any is.

Every room that has something to look at again has `recheck.py` with `findings()`; here they are asked, lowest first.
"""

import time
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from neutrality.findings import Finding
from portal import walk

MOST_SHOWN = 200


def findings(room: str = "") -> dict[str, list[Finding]]:
    """Everything wrong, by room; all rooms look at the same moment."""
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return {name: list(module.findings()) for name, module in walk.modules("recheck") if room in name}


class Command(BaseCommand):
    help = "Replay the ledger, re-add results, rebuild the trail, re-read evidence, recompute digests; name wrong rows."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--room", default="", help="only rooms whose name contains this")

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        found = findings(options["room"])
        for name, wrong in found.items():
            self.stdout.write(f"{name}: {len(wrong) or 'nothing'} wrong")
            for finding in wrong[:MOST_SHOWN]:
                self.stdout.write(f"  {finding}")
        count = sum(map(len, found.values()))
        self.stdout.write(f"{count} findings in {time.monotonic() - begun:.1f} s")
        if count:
            raise SystemExit(1)
