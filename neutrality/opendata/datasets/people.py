"""Entries of the green and the black list that are public on the day: no longer than the law allows (V34)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from neutrality.opendata.datasets.shape import Column, Dataset, Kind
from neutrality.standing import queries
from neutrality.standing.models import Listing


def _listings(after: int, limit: int) -> list[Listing]:
    return list(Listing.objects.filter(pk__gt=after, public=True).order_by("pk")[:limit])


def _shown(rows: Sequence[Listing], on: date) -> list[Any]:
    """The entries that are public on the day, as they are shown."""
    shown = queries.entries(on).in_bulk([row.pk for row in rows])
    return [shown[row.pk] for row in rows if row.pk in shown]


LISTS = Dataset(
    name="lists",
    title=_("Green and black list"),
    about=_("Entries public on the day of the download. An entry that ended is not in it: delete older copies."),
    licence="CC BY 4.0",
    fetch=_listings,
    told=_shown,
    columns=(
        Column("number", Kind.TEXT, _("Number of the entry"), "number"),
        Column("list", Kind.TEXT, _("green or black"), "list"),
        Column("organization_code", Kind.TEXT, _("Unified social credit code of the organization"), "subject_code"),
        Column("organization_name", Kind.TEXT, _("Name of the organization in Chinese"), "subject_name_zh"),
        Column("grade", Kind.TEXT, _("Class of a black entry"), "grade", empty=True),
        Column("violation", Kind.TEXT, _("Code of the behaviour"), "violation", empty=True),
        Column("fact", Kind.TEXT, _("What was found"), "fact_zh"),
        Column("basis", Kind.TEXT, _("Legal basis"), "basis_zh", empty=True),
        Column("document", Kind.TEXT, _("Number of the decision"), "document"),
        Column("authority", Kind.TEXT, _("Who decided"), "authority_zh"),
        Column("decided_on", Kind.DAY, _("Day of the decision"), "decided_on"),
        Column("starts_on", Kind.DAY, _("First public day"), "starts_on"),
        Column("repair_from", Kind.DAY, _("First day repair may be asked for"), "repair_from"),
        Column("last_on", Kind.DAY, _("Last public day"), "last_on"),
    ),
)
