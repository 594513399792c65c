"""What the offsets room knows from the start: registries and kinds of units in seeds/."""

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

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
    changed = _bring(Registry, [dict(row) for row in rows("registries.csv")])
    numbers = dict(Registry.objects.values_list("code", "pk"))
    changed += _bring(UnitKind, [_kind(row, numbers) for row in rows("unit_kinds.csv")])
    if changed:
        trail.record(verb="offsets.seed", subject="offsets", by=None, at=at, content={"codes": changed})


def _bring(model: type[Registry] | type[UnitKind], wanted: list[dict[str, Any]]) -> list[str]:
    """Make the rows that are missing and mend those that differ; returns the codes of both."""
    present = {found.code: found for found in model.objects.all()}
    new = [model(**values) for values in wanted if values["code"] not in present]
    differing = [values for values in wanted if not _kept(present.get(values["code"]), values)]
    model.objects.bulk_create(new)
    for values in differing:
        if values["code"] in present:
            model.objects.filter(code=values["code"]).update(**values)
    return [values["code"] for values in differing]


def _kept(found: Registry | UnitKind | None, values: dict[str, Any]) -> bool:
    return found is not None and all(getattr(found, name) == value for name, value in values.items())


def _kind(row: dict[str, str], numbers: dict[str, int]) -> dict[str, Any]:
    named_by = dict(pair.split(":") for pair in row["named_by"].split(" ") if pair)
    flags = {name: row[name] == "yes" for name in ("legacy", "temporary")}
    values = {**row, **flags, "named_by": named_by, "registry_id": numbers[row["registry"]]}
    del values["registry"]
    return values
