"""Names of places in both languages, from the seeds: countries by two letters, provinces by the first two digits."""

import csv
from functools import cache
from pathlib import Path

from django.conf import settings

from neutrality.wording import pick

SEEDS = Path(settings.BASE_DIR) / "seeds"
CHINA = "100000"


def _rows(name: str) -> list[dict[str, str]]:
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


@cache
def countries() -> dict[str, tuple[str, str]]:
    """Two letters → the name in Chinese and in English."""
    return {row["code"]: (row["name_zh"], row["name_en"]) for row in _rows("countries.csv")}


@cache
def provinces() -> dict[str, tuple[str, str]]:
    """First two digits of the division code → the name in Chinese and in English."""
    rows = [row for row in _rows("regions.csv") if row["parent"] == CHINA]
    return {row["code"][:2]: (row["name_zh"], row["name_en"]) for row in rows}


def country(code: str) -> str:
    """The country's name in the reader's language; its letters where it has none."""
    return pick(*countries().get(code, (code, code)))


def province(digits: str) -> str:
    return pick(*provinces().get(digits[:2], (digits, digits)))


def spoken(country_code: str, region_code: str) -> tuple[str, ...]:
    """Everything a place may be looked for by."""
    return (*countries().get(country_code, ()), *(provinces().get(region_code[:2], ()) if region_code else ()))
