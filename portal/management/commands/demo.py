"""python3 manage.py demo: loads the demonstration.

Refused outside demonstration mode and where real people have accounts.
"""

import pkgutil
import time
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal import demonstration


class Command(BaseCommand):
    help = "Load the demonstration (only with DEMO=1); safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO or settings.PRODUCTION:
            raise CommandError("The demonstration loads in demonstration mode only: python3 manage.py serve")
        if real_people():
            raise CommandError(
                "Real people have accounts in this database, so the demonstration is not loaded into it. "
                "Start with --no-demo, or name another database in DATABASE_URL."
            )
        at = timezone.now()
        for name in chapters():
            begun = time.monotonic()
            import_module(name).load(at)
            if options["verbosity"] > 0:
                self.stdout.write(f"  {name.rpartition('.')[2]}: {time.monotonic() - begun:.1f} s")


def chapters() -> list[str]:
    """Dotted names of the demonstration's chapters, in order."""
    found = pkgutil.iter_modules(demonstration.__path__, f"{demonstration.__name__}.")
    names = sorted(module.name for module in found)
    return [name for name in names if hasattr(import_module(name), "load")]


def real_people() -> bool:
    """Whether somebody outside the demonstration has ever logged in."""
    return get_user_model().objects.filter(is_demo=False, last_login__isnull=False).exists()
