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


def _entries(rows: Sequence[Listing], on: date) -> list[tuple[Any, ...]]:
    shown = queries.entries(on).in_bulk([row.pk for row in rows])
    return [_entry(shown[row.pk]) for row in rows if row.pk in shown]


def _entry(row: Listing) -> tuple[Any, ...]:
    return (
        row.number,
        row.list,
        row.subject_code,
        row.subject_name_zh,
        row.grade,
        row.violation,
        row.fact_zh,
        row.basis_zh,
        row.document,
        row.authority_zh,
        row.decided_on,
        row.starts_on,
        row.repair_from,
        row.last_on,
    )


LISTS = Dataset(
    name="lists",
    title=_("Green and black list"),
    about=_("Entries public on the day of the download. An entry that ended is not in it: delete older copies."),
    licence="CC BY 4.0",
    fetch=_listings,
    cells=_entries,
    columns=(
        Column("number", Kind.TEXT, _("Number of the entry")),
        Column("list", Kind.TEXT, _("green or black")),
        Column("organization_code", Kind.TEXT, _("Unified social credit code of the organization")),
        Column("organization_name", Kind.TEXT, _("Name of the organization in Chinese")),
        Column("grade", Kind.TEXT, _("Class of a black entry"), empty=True),
        Column("violation", Kind.TEXT, _("Code of the behaviour"), empty=True),
        Column("fact", Kind.TEXT, _("What was found")),
        Column("basis", Kind.TEXT, _("Legal basis"), empty=True),
        Column("document", Kind.TEXT, _("Number of the decision")),
        Column("authority", Kind.TEXT, _("Who decided")),
        Column("decided_on", Kind.DAY, _("Day of the decision")),
        Column("starts_on", Kind.DAY, _("First public day")),
        Column("repair_from", Kind.DAY, _("First day repair may be asked for")),
        Column("last_on", Kind.DAY, _("Last public day")),
    ),
)
