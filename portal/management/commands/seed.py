"""python3 manage.py seed: what the portal knows from the start (law, factors, registries, published cases).

Every room that offers ``seeding.py`` with ``def seed(at)`` is asked, lowest floor first. Each goes through operations
and by natural key, so a second run changes nothing.
"""

import time
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal import walk


class Command(BaseCommand):
    help = "Load what the portal knows from the start; safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        for room, module in walk.modules("seeding"):
            begun = time.monotonic()
            module.seed(at)
            if options["verbosity"] > 0:
                self.stdout.write(f"  {room}: {time.monotonic() - begun:.1f} s")
