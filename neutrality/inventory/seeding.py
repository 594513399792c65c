"""What the room knows from the start: the factor library in seeds/factors."""

import csv
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.conf import settings

from neutrality.inventory import operations, rules

FOLDER = Path(settings.BASE_DIR) / "seeds" / "factors"
APART = ("publications", "gwp")


def rows(name: str) -> list[dict[str, str]]:
    """Rows of one file; its opening lines with # are source and licence."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def factor_rows() -> list[dict[str, str]]:
    """Every factor version of the library, in a fixed order."""
    names = sorted(path.stem for path in FOLDER.glob("*.csv") if path.stem not in APART)
    return [row for name in names for row in rows(name)]


def facts(row: Mapping[str, str]) -> rules.Factor:
    """A row of the library as the calculation sees it, without a database: for conformance and tests."""
    return rules.Factor(
        code=row["code"],
        series=row["series"],
        category=rules.Category(row["category"]),
        value=Decimal(row["value"]),
        unit=row["unit"],
        scope=int(row["scope"]),
        basis=rules.Basis(row["basis"]),
        gwp_set=rules.GwpSet(row["gwp_set"]),
        grade=rules.Grade(row["tier"]),
        low_percent=Decimal(row["low_pct"]) if row["low_pct"] else None,
        high_percent=Decimal(row["high_pct"]) if row["high_pct"] else None,
        source=f"{row['source']} ({row['source_year']})",
        year=int(row["year"]),
        region=row["region"],
    )


def seed(at: datetime) -> None:
    """Load what is not loaded yet; safe to run again."""
    operations.load_publications(rows=rows("publications"), by=None, at=at)
    operations.load_gwps(rows=rows("gwp"), by=None, at=at)
    operations.load_factors(rows=factor_rows(), by=None, at=at)
