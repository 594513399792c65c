"""What the rulebook knows from the start: divisions, the official calendar, the rule packs in seeds/."""

import csv
import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from neutrality.rulebook import operations

SEEDS = Path(settings.BASE_DIR) / "seeds"


def rows(name: str) -> list[dict[str, str]]:
    """Rows of a seed table; its opening lines with # are source and licence."""
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


@cache
def pack(code: str) -> dict[str, Any]:
    """The data of one rule pack."""
    found: dict[str, Any] = json.loads((SEEDS / "rulebooks" / f"{code}.json").read_text(encoding="utf-8"))
    return found


def packs() -> list[str]:
    """Codes of all packs, in a fixed order."""
    return sorted(path.stem for path in (SEEDS / "rulebooks").glob("*.json"))


def seed(at: datetime) -> None:
    """Load what is not loaded yet; safe to run again."""
    seed_calendar(at)
    seed_packs(at)


def seed_calendar(at: datetime) -> None:
    operations.name_regions(rows=rows("regions.csv"), by=None, at=at)
    operations.announce_holidays(rows=rows("holidays.csv"), by=None, at=at)


def seed_packs(at: datetime) -> None:
    for code in packs():
        operations.publish(content=pack(code), by=None, at=at)
