"""Emission factors, edition by edition, each with its own source and licence."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from neutrality.inventory.models import FactorVersion
from neutrality.opendata.datasets.shape import Column, Dataset, Kind


def _factors(after: int, limit: int) -> list[FactorVersion]:
    rows = FactorVersion.objects.filter(pk__gt=after).select_related("factor", "publication")
    return list(rows.order_by("pk")[:limit])


def _factor(row: FactorVersion) -> tuple[Any, ...]:
    factor, publication = row.factor, row.publication
    return (
        row.code,
        factor.code,
        factor.category,
        factor.name_zh,
        factor.name_en,
        factor.region,
        factor.unit,
        row.year,
        row.value,
        row.scope,
        row.gwp_set,
        row.low_percent,
        row.high_percent,
        row.best_before,
        row.source,
        row.source_year,
        publication.publisher,
        publication.licence,
        publication.attribution,
    )


FACTORS = Dataset(
    name="factors",
    title=_("Emission factors"),
    about=_("The factor library, every edition. Each row names its own source and licence."),
    licence=_("as the column licence of each row says"),
    fetch=_factors,
    cells=lambda rows, on: [_factor(row) for row in rows],
    columns=(
        Column("code", Kind.TEXT, _("Code of the factor's edition")),
        Column("series", Kind.TEXT, _("Code of the factor in all its editions")),
        Column("category", Kind.TEXT, _("Category")),
        Column("name_zh", Kind.TEXT, _("Name in Chinese")),
        Column("name_en", Kind.TEXT, _("Name in English")),
        Column("region", Kind.TEXT, _("Region it holds for")),
        Column("unit", Kind.TEXT, _("Unit of the factor")),
        Column("year", Kind.INTEGER, _("Year the figure describes")),
        Column("value", Kind.DECIMAL, _("Emission factor, per unit of the factor"), "kg CO2e"),
        Column("scope", Kind.INTEGER, _("Scope 1, 2 or 3")),
        Column("gwp_set", Kind.TEXT, _("Set of global warming potentials")),
        Column("low_percent", Kind.DECIMAL, _("Lower end of the 95 % interval"), "%", empty=True),
        Column("high_percent", Kind.DECIMAL, _("Upper end of the 95 % interval"), "%", empty=True),
        Column("best_before", Kind.DAY, _("Day after which a newer edition is expected"), empty=True),
        Column("source", Kind.TEXT, _("Where the factor was published")),
        Column("source_year", Kind.INTEGER, _("Year of the publication")),
        Column("publisher", Kind.TEXT, _("Publisher")),
        Column("licence", Kind.TEXT, _("Licence of the source")),
        Column("attribution", Kind.TEXT, _("Words to credit the source with")),
    ),
)
