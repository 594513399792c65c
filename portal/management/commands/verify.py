"""python3 manage.py verify: a second look at everything that counts. Names every wrong row; exits with 1 if any is.

Every room that has something to look at again has `recheck.py` with `findings()`; here they are asked, lowest first.
"""

import time
from typing import Any

from django.core.management.base import BaseCommand

from portal.verification import findings

MOST_SHOWN = 200


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
