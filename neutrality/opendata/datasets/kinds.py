"""Kinds of offset units with every rule pack's answer, what owners offer, and the names units were cancelled for."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from neutrality.offsets import queries
from neutrality.offsets.models import Beneficiary, Offer, UnitKind
from neutrality.offsets.rules.browsing import Filters
from neutrality.opendata.datasets.shape import Column, Dataset, Kind
from neutrality.opendata.datasets.units import LICENCE
from neutrality.rulebook import queries as rulebooks


def _kinds(after: int, limit: int) -> list[UnitKind]:
    return list(UnitKind.objects.filter(pk__gt=after).select_related("registry").order_by("pk")[:limit])


class Judged(NamedTuple):
    """A kind, and what each rule pack in force says of it."""

    kind: UnitKind
    answers: str


def _judged(rows: Sequence[UnitKind], on: date) -> list[Judged]:
    packs = rulebooks.current(on)
    return [Judged(row, "; ".join(_answers(row, packs))) for row in rows]


def _answers(kind: UnitKind, packs: Sequence[Any]) -> list[str]:
    return [
        f"{pack.code} {case.value} {found.answer.value} {found.order or '-'} {found.rule}"
        for case, row in queries.eligibility(queries.kind_facts(kind), packs)
        for pack, found in row
    ]


KINDS = Dataset(
    name="kinds",
    title=_("Kinds of offset units"),
    about=_("What the rules know of each kind of unit, and what every rule pack in force says of it."),
    licence=LICENCE,
    fetch=_kinds,
    told=_judged,
    columns=(
        Column("code", Kind.TEXT, _("Code of the kind of unit"), "kind.code"),
        Column("registry", Kind.TEXT, _("Code of the registry"), "kind.registry.code"),
        Column("family", Kind.TEXT, _("Family of units"), "kind.family"),
        Column("name_zh", Kind.TEXT, _("Name in Chinese"), "kind.name_zh"),
        Column("name_en", Kind.TEXT, _("Name in English"), "kind.name_en"),
        Column("issuer_zh", Kind.TEXT, _("Who issues it, in Chinese"), "kind.issuer_zh", empty=True),
        Column("issuer_en", Kind.TEXT, _("Who issues it, in English"), "kind.issuer_en", empty=True),
        Column("size", Kind.INTEGER, _("Size of one unit"), lambda row: 1, "t"),
        Column("vintage_zh", Kind.TEXT, _("What its vintage is, in Chinese"), "kind.vintage_zh", empty=True),
        Column("vintage_en", Kind.TEXT, _("What its vintage is, in English"), "kind.vintage_en", empty=True),
        Column("syntax", Kind.TEXT, _("How it is numbered"), "kind.syntax"),
        Column("document_zh", Kind.TEXT, _("What proves a cancellation, in Chinese"), "kind.document_zh", empty=True),
        Column("document_en", Kind.TEXT, _("What proves a cancellation, in English"), "kind.document_en", empty=True),
        Column("recognition", Kind.TEXT, _("By a provincial ecology department: yes, no, unknown"), "kind.recognition"),
        Column("permanence", Kind.TEXT, _("allowance, lasting, reserve, expires or unknown"), "kind.permanence"),
        Column("legacy", Kind.BOOLEAN, _("Whether it was filed under the old rules"), "kind.legacy"),
        Column("temporary", Kind.BOOLEAN, _("Whether it expires"), "kind.temporary"),
        Column(
            "eligibility",
            Kind.TEXT,
            _("For each rule pack and case: pack, case, answer, place in its order, rule; with semicolons between"),
            "answers",
        ),
        Column("source", Kind.TEXT, _("The rules it follows"), "kind.source", empty=True),
    ),
)


def _beneficiaries(after: int, limit: int) -> list[Beneficiary]:
    return queries.every_beneficiary(Filters(), after, limit)[0]


BENEFICIARIES = Dataset(
    name="beneficiaries",
    title=_("Beneficiaries"),
    about=_("Names units were cancelled for, as the cancellations print them."),
    licence=LICENCE,
    fetch=_beneficiaries,
    narrowed=queries.every_beneficiary,
    filters=("q",),
    columns=(
        Column("code", Kind.TEXT, _("Public code of the name"), "code"),
        Column("name", Kind.TEXT, _("Name on the cancellation"), "name"),
        Column("cancellations", Kind.INTEGER, _("Cancellations"), "cancellations"),
        Column("units", Kind.INTEGER, _("Units cancelled"), "units", "t"),
        Column("last_on", Kind.DAY, _("Day of the latest"), "last_on"),
    ),
)


def _offers(after: int, limit: int) -> list[Offer]:
    """Open ones of which something is left; a slice ends where it is cut, so it is read until it is full or the end."""
    found: list[Offer] = []
    end: int | None = after
    while end is not None and len(found) < limit:
        more, end = queries.open_offers(Filters(), end, limit)
        found += more
    return found[:limit]


OFFERS = Dataset(
    name="offers",
    title=_("Units on offer"),
    about=_("Units owners offer now, with what is left of each offer. No money moves here."),
    licence=LICENCE,
    fetch=_offers,
    narrowed=queries.open_offers,
    filters=("q", "registry", "kind", "place", "vintage"),
    columns=(
        Column("number", Kind.TEXT, _("Number of the offer"), "number"),
        Column("block", Kind.TEXT, _("Public code of the block"), "block.code"),
        Column("kind", Kind.TEXT, _("Code of the kind of unit"), "block.kind.code"),
        Column("registry", Kind.TEXT, _("Code of the registry"), "block.kind.registry.code"),
        Column("project", Kind.TEXT, _("Project id in the registry"), "block.project.identifier", empty=True),
        Column("vintage_start", Kind.DAY, _("First day of the vintage"), "block.vintage_start"),
        Column("vintage_end", Kind.DAY, _("Last day of the vintage"), "block.vintage_end"),
        Column("owner", Kind.TEXT, _("Unified social credit code of the owner"), "organization.code"),
        Column("left", Kind.INTEGER, _("Units left of the offer"), "left", "t"),
        Column("price", Kind.DECIMAL, _("Price asked for a unit"), "price_cny", "CNY"),
    ),
)
