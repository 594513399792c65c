"""Loading the factor library by natural keys: twice without harm, and a published figure never moves."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from neutrality.inventory.models import Factor, FactorVersion, Gwp, Publication
from neutrality.refusals import Refusal
from neutrality.search import tokens
from neutrality.trail import operations as trail

YEAR_ZH = re.compile(r"（20\d\d年）$")
YEAR_EN = re.compile(r" \(20\d\d\)$")
BATCH = 500
SUBJECT = "library:factors"


class FigureMoved(Refusal):
    """A row names a published version but says something else: a new edition needs a code of its own."""

    code = "figure_moved"
    message = _("A published factor version is never changed; add a new version with a code of its own.")


@transaction.atomic
def load_publications(*, rows: Iterable[Mapping[str, str]], by: Any, at: datetime) -> int:
    """Add publications or amend their words (code, title_zh, title_en, publisher, licence, attribution)."""
    publications = [Publication(**row) for row in rows]
    names = ["title_zh", "title_en", "publisher", "licence", "attribution"]
    before = set(Publication.objects.values_list("code", *names))
    after = {(row.code, *(getattr(row, name) for name in names)) for row in publications}
    if after <= before:
        return 0
    Publication.objects.bulk_create(publications, update_conflicts=True, unique_fields=["code"], update_fields=names)
    trail.record(verb="library.publications", subject=SUBJECT, by=by, at=at, content={"rows": len(after - before)})
    return len(after - before)


@transaction.atomic
def load_gwps(*, rows: Iterable[Mapping[str, str]], by: Any, at: datetime) -> int:
    """Add warming potentials (gas, name_zh, ar4, ar5, ar6, source, note). Known gases are left as they are."""
    known = set(Gwp.objects.values_list("gas", flat=True))
    fresh = [_gwp(row) for row in rows if row["gas"] not in known]
    Gwp.objects.bulk_create(fresh)
    if fresh:
        trail.record(verb="library.gwps", subject=SUBJECT, by=by, at=at, content={"rows": len(fresh)})
    return len(fresh)


def _gwp(row: Mapping[str, str]) -> Gwp:
    sets = {name: Decimal(row[name]) if row[name] else None for name in ("ar4", "ar5", "ar6")}
    return Gwp(gas=row["gas"], name_zh=row["name_zh"], source=row["source"], note=row["note"], **sets)


@transaction.atomic
def load_factors(*, rows: Iterable[Mapping[str, str]], by: Any, at: datetime) -> int:
    """Add factor versions by `code`; returns how many are new. Columns as in seeds/factors. Raises FigureMoved."""
    rows = list(rows)
    known = dict(FactorVersion.objects.values_list("code", "value"))
    if any(row["code"] in known and known[row["code"]] != Decimal(row["value"]) for row in rows):
        raise FigureMoved
    fresh = [row for row in rows if row["code"] not in known]
    if not fresh:
        return 0
    factors = _factors(fresh)
    publications = {publication.code: publication for publication in Publication.objects.all()}
    versions = [_version(row, factors[row["series"]], publications[row["edition"]]) for row in fresh]
    FactorVersion.objects.bulk_create(versions, batch_size=BATCH)
    trail.record(verb="library.factors", subject=SUBJECT, by=by, at=at, content={"rows": len(fresh)})
    return len(fresh)


def _factors(rows: list[Mapping[str, str]]) -> dict[str, Factor]:
    """The series of `rows`, made where missing; the newest row gives the name."""
    newest = {row["series"]: row for row in sorted(rows, key=lambda row: (row["year"], row["source_year"]))}
    Factor.objects.bulk_create([_factor(row) for row in newest.values()], batch_size=BATCH, ignore_conflicts=True)
    return {factor.code: factor for factor in Factor.objects.filter(code__in=newest)}


def _factor(row: Mapping[str, str]) -> Factor:
    name_zh, name_en = YEAR_ZH.sub("", row["name_zh"]), YEAR_EN.sub("", row["name_en"])
    return Factor(
        code=row["series"],
        category=row["category"],
        name_zh=name_zh,
        name_en=name_en,
        region=row["region"],
        unit=row["unit"],
        search=tokens(name_zh, name_en, row["series"].replace(".", " ").replace("_", " "), row["region"]),
    )


def _version(row: Mapping[str, str], factor: Factor, publication: Publication) -> FactorVersion:
    gases = dict(part.split("=", 1) for part in row["gases"].split(";") if part)
    return FactorVersion(
        factor=factor,
        publication=publication,
        code=row["code"],
        year=int(row["year"]),
        value=Decimal(row["value"]),
        gases=gases,
        gwp_set=row["gwp_set"],
        scope=int(row["scope"]),
        basis=row["basis"],
        low_percent=Decimal(row["low_pct"]) if row["low_pct"] else None,
        high_percent=Decimal(row["high_pct"]) if row["high_pct"] else None,
        tier=row["tier"],
        preset=row["preset"],
        best_before=date.fromisoformat(row["best_before"]) if row["best_before"] else None,
        source=row["source"],
        source_year=int(row["source_year"]),
        note=row["note"],
    )
