"""What the offsets room knows from the start: registries and kinds of units in seeds/."""

import csv
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from neutrality.offsets.models import Registry, UnitKind
from neutrality.trail import operations as trail

SEEDS = Path(settings.BASE_DIR) / "seeds"


def rows(name: str) -> list[dict[str, str]]:
    """Rows of a seed table; its opening lines with # are source and licence."""
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


@transaction.atomic
def seed(at: datetime) -> None:
    """Load registries and unit kinds by their codes; what is there is brought to the words of the seeds."""
    changed = [row["code"] for row in rows("registries.csv") if _registry(row)]
    changed += [row["code"] for row in rows("unit_kinds.csv") if _kind(row)]
    if changed:
        trail.record(verb="offsets.seed", subject="offsets", by=None, at=at, content={"codes": changed})


def _kept(found: Registry | UnitKind | None, values: dict[str, object]) -> bool:
    return found is not None and all(getattr(found, name) == value for name, value in values.items())


def _registry(row: dict[str, str]) -> bool:
    if _kept(Registry.objects.filter(code=row["code"]).first(), row):
        return False
    Registry.objects.update_or_create(code=row["code"], defaults=row)
    return True


def _kind(row: dict[str, str]) -> bool:
    values: dict[str, object] = dict(row)
    values["registry_id"] = Registry.objects.get(code=values.pop("registry")).pk
    values["legacy"], values["temporary"] = row["legacy"] == "yes", row["temporary"] == "yes"
    values["named_by"] = dict(pair.split(":") for pair in row["named_by"].split(" ") if pair)
    if _kept(UnitKind.objects.filter(code=row["code"]).first(), values):
        return False
    UnitKind.objects.update_or_create(code=row["code"], defaults=values)
    return True
