"""Emission factors, edition by edition, each with its own source and licence."""

from django.utils.translation import gettext_lazy as _

from neutrality.inventory.models import FactorVersion
from neutrality.opendata.datasets.shape import Column, Dataset, Kind


def _factors(after: int, limit: int) -> list[FactorVersion]:
    rows = FactorVersion.objects.filter(pk__gt=after).select_related("factor", "publication")
    return list(rows.order_by("pk")[:limit])


FACTORS = Dataset(
    name="factors",
    title=_("Emission factors"),
    about=_("The factor library, every edition. Each row names its own source and licence."),
    licence=_("as the column licence of each row says"),
    fetch=_factors,
    columns=(
        Column("code", Kind.TEXT, _("Code of the factor's edition"), "code"),
        Column("series", Kind.TEXT, _("Code of the factor in all its editions"), "factor.code"),
        Column("category", Kind.TEXT, _("Category"), "factor.category"),
        Column("name_zh", Kind.TEXT, _("Name in Chinese"), "factor.name_zh"),
        Column("name_en", Kind.TEXT, _("Name in English"), "factor.name_en"),
        Column("region", Kind.TEXT, _("Region it holds for"), "factor.region"),
        Column("unit", Kind.TEXT, _("Unit of the factor"), "factor.unit"),
        Column("year", Kind.INTEGER, _("Year the figure describes"), "year"),
        Column("value", Kind.DECIMAL, _("Emission factor, per unit of the factor"), "value", "kg CO2e"),
        Column("scope", Kind.INTEGER, _("Scope 1, 2 or 3"), "scope"),
        Column("gwp_set", Kind.TEXT, _("Set of global warming potentials"), "gwp_set"),
        Column("low_percent", Kind.DECIMAL, _("Lower end of the 95 % interval"), "low_percent", "%", empty=True),
        Column("high_percent", Kind.DECIMAL, _("Upper end of the 95 % interval"), "high_percent", "%", empty=True),
        Column("best_before", Kind.DAY, _("Day after which a newer edition is expected"), "best_before", empty=True),
        Column("source", Kind.TEXT, _("Where the factor was published"), "source"),
        Column("source_year", Kind.INTEGER, _("Year of the publication"), "source_year"),
        Column("publisher", Kind.TEXT, _("Publisher"), "publication.publisher"),
        Column("licence", Kind.TEXT, _("Licence of the source"), "publication.licence"),
        Column("attribution", Kind.TEXT, _("Words to credit the source with"), "publication.attribution"),
    ),
)
