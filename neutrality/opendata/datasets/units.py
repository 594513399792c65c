"""Cancellations and blocks of offset units."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from neutrality.offsets import queries, rules
from neutrality.offsets.models import Block, Project, RegistryFile, Retirement, VoidedPart
from neutrality.opendata.datasets.shape import Column, Dataset, Kind

LICENCE = "CC BY 4.0"
BLOCK_COLUMNS = (
    Column("kind", Kind.TEXT, _("Code of the kind of unit")),
    Column("registry", Kind.TEXT, _("Code of the registry")),
    Column("project", Kind.TEXT, _("Project id in the registry"), empty=True),
    Column("project_name_zh", Kind.TEXT, _("Project name in Chinese"), empty=True),
    Column("project_name_en", Kind.TEXT, _("Project name in English"), empty=True),
    Column("country", Kind.TEXT, _("Country of the project, two letters"), empty=True),
    Column("vintage_start", Kind.DAY, _("First day of the vintage")),
    Column("vintage_end", Kind.DAY, _("Last day of the vintage")),
)


def _block_cells(block: Block) -> tuple[Any, ...]:
    project = block.project
    return (
        block.kind.code,
        block.kind.registry.code,
        project.identifier if project else "",
        project.name_zh if project else "",
        project.name_en if project else "",
        project.country if project else "",
        block.vintage_start,
        block.vintage_end,
    )


def _retirements(after: int, limit: int) -> list[Retirement]:
    rows = Retirement.objects.filter(pk__gt=after).select_related("activity", "block__kind__registry", "block__project")
    return list(rows.order_by("pk")[:limit])


def _retired(rows: Sequence[Retirement], on: date) -> list[tuple[Any, ...]]:
    void = dict(
        VoidedPart.objects.filter(retirement__in=rows).values_list("retirement").annotate(Sum("quantity")).order_by()
    )
    return [
        (
            row.number,
            row.activity.code,
            row.cancelled_on,
            row.retired_at,
            row.quantity,
            void.get(row.pk, 0),
            row.serial,
            row.certificate_number,
            *_block_cells(row.block),
            row.block.code,
            row.purpose,
            row.beneficiary,
            row.donor,
            row.way,
            row.family,
            row.rule,
            row.reason,
        )
        for row in rows
    ]


CANCELLATIONS = Dataset(
    name="cancellations",
    title=_("Cancellations"),
    about=_("Every run of units cancelled for an activity. A unit is cancelled once."),
    licence=LICENCE,
    fetch=_retirements,
    cells=_retired,
    narrowed=partial(queries.every, "cancellations"),
    columns=(
        Column("number", Kind.TEXT, _("Number of the cancellation")),
        Column("activity", Kind.TEXT, _("Public code of the activity")),
        Column("cancelled_on", Kind.DAY, _("Day of the cancellation")),
        Column("recorded_at", Kind.MOMENT, _("Moment it was recorded here")),
        Column("quantity", Kind.INTEGER, _("Units cancelled"), "t"),
        Column("void", Kind.INTEGER, _("Of these, found void since"), "t"),
        Column("serial", Kind.TEXT, _("Serial numbers as the registry prints them")),
        Column("certificate", Kind.TEXT, _("Certificate number"), empty=True),
        *BLOCK_COLUMNS,
        Column("block", Kind.TEXT, _("Public code of the block")),
        Column("purpose", Kind.TEXT, _("Purpose, fixed at the cancellation")),
        Column("beneficiary", Kind.TEXT, _("Beneficiary")),
        Column("donor", Kind.TEXT, _("Who gave the units"), empty=True),
        Column("way", Kind.TEXT, _("house: cancelled here; outside: in its registry, proof checked")),
        Column("family", Kind.TEXT, _("Family of units in the rule pack")),
        Column("rule", Kind.TEXT, _("Rule that allows the units")),
        Column("reason", Kind.TEXT, _("Reason given for a lower family"), empty=True),
    ),
)


def _blocks(after: int, limit: int) -> list[Block]:
    rows = Block.objects.filter(pk__gt=after).select_related("kind__registry", "project", "owner")
    return list(rows.order_by("pk")[:limit])


def _block_rows(rows: Sequence[Block], on: date) -> list[tuple[Any, ...]]:
    cancelled = dict(
        Retirement.objects.filter(block__in=rows).values_list("block").annotate(Sum("quantity")).order_by()
    )
    parts = VoidedPart.objects.filter(notice__block__in=rows)
    void = dict(parts.values_list("notice__block").annotate(Sum("quantity")).order_by())
    return [
        (
            row.code,
            *_block_cells(row),
            row.serial,
            row.quantity,
            cancelled.get(row.pk, 0),
            void.get(row.pk, 0),
            row.owner.code if row.owner else "",
            row.origin,
            row.issued_on,
            row.labels,
        )
        for row in rows
    ]


BLOCKS = Dataset(
    name="blocks",
    title=_("Blocks of units"),
    about=_("Every recorded run of numbered units, with how many of them were cancelled and found void."),
    licence=LICENCE,
    fetch=_blocks,
    cells=_block_rows,
    narrowed=partial(queries.every, "blocks"),
    columns=(
        Column("code", Kind.TEXT, _("Public code of the block")),
        *BLOCK_COLUMNS,
        Column("serial", Kind.TEXT, _("Serial numbers as the registry prints them")),
        Column("quantity", Kind.INTEGER, _("Units in the block"), "t"),
        Column("cancelled", Kind.INTEGER, _("Units ever cancelled for activities"), "t"),
        Column("void", Kind.INTEGER, _("Of these units, found void"), "t"),
        Column("first_owner", Kind.TEXT, _("Unified social credit code of the first owner"), empty=True),
        Column("origin", Kind.TEXT, _("issued: recorded by a registry operator; proved: entered with a proof")),
        Column("issued_on", Kind.DAY, _("Day of issue")),
        Column("labels", Kind.TEXT, _("Labels of the registry"), empty=True),
    ),
)


def _projects(after: int, limit: int) -> list[Project]:
    return list(Project.objects.filter(pk__gt=after).select_related("registry").order_by("pk")[:limit])


def _project_rows(rows: Sequence[Project], on: date) -> list[tuple[Any, ...]]:
    return [
        (
            row.code,
            row.registry.code,
            row.identifier,
            row.name_zh,
            row.name_en,
            row.country,
            row.region_code,
            row.place_name,
            row.sector,
            row.methodology,
            row.developer,
            row.registry_status,
            row.verifier,
            row.crediting_start,
            row.crediting_end,
            row.labels,
        )
        for row in rows
    ]


PROJECTS = Dataset(
    name="projects",
    title=_("Offset projects"),
    about=_("Projects whose units are recorded here, as their registries describe them."),
    licence=LICENCE,
    fetch=_projects,
    cells=_project_rows,
    narrowed=partial(queries.every, "projects"),
    columns=(
        Column("code", Kind.TEXT, _("Public code of the project")),
        Column("registry", Kind.TEXT, _("Code of the registry")),
        Column("identifier", Kind.TEXT, _("Project id in the registry")),
        Column("name_zh", Kind.TEXT, _("Project name in Chinese"), empty=True),
        Column("name_en", Kind.TEXT, _("Project name in English"), empty=True),
        Column("country", Kind.TEXT, _("Country of the project, two letters"), empty=True),
        Column("region_code", Kind.TEXT, _("Administrative division in China, six digits"), empty=True),
        Column("place", Kind.TEXT, _("Place as the registry names it"), empty=True),
        Column("sector", Kind.TEXT, _("Sector"), empty=True),
        Column("methodology", Kind.TEXT, _("Methodology"), empty=True),
        Column("developer", Kind.TEXT, _("Developer"), empty=True),
        Column("registry_status", Kind.TEXT, _("Status in the registry"), empty=True),
        Column("verifier", Kind.TEXT, _("Verifier"), empty=True),
        Column("crediting_start", Kind.DAY, _("First day of the crediting period"), empty=True),
        Column("crediting_end", Kind.DAY, _("Last day of the crediting period"), empty=True),
        Column("labels", Kind.TEXT, _("Labels of the registry, with semicolons between"), empty=True),
    ),
)


def _files(after: int, limit: int) -> list[RegistryFile]:
    return queries.every_file(rules.browsing.Filters(), after, limit)[0]


def _file_rows(rows: Sequence[RegistryFile], on: date) -> list[tuple[Any, ...]]:
    known = queries.ages(on)
    return [
        (
            row.digest,
            row.layout,
            row.registry.code if row.registry else "",
            row.publisher,
            row.read_at,
            row.newest_on,
            row.rows,
            row.new,
            row.changed,
            row.same,
            row.bad,
            known[row.layout, row.registry_id].age.value,
        )
        for row in rows
    ]


FILES = Dataset(
    name="files",
    title=_("Files of registries"),
    about=_("Every file of a registry that was read here, and what became of its rows."),
    licence=LICENCE,
    fetch=_files,
    cells=_file_rows,
    narrowed=queries.every_file,
    filters=("registry",),
    columns=(
        Column("digest", Kind.TEXT, _("SHA-256 of the file")),
        Column("layout", Kind.TEXT, _("Kind of table: whose columns it has")),
        Column("registry", Kind.TEXT, _("Code of the registry; empty where each row names its own"), empty=True),
        Column("published_by", Kind.TEXT, _("Who published it")),
        Column("read_at", Kind.MOMENT, _("Moment it was read here")),
        Column("newest_on", Kind.DAY, _("Newest day the table itself states"), empty=True),
        Column("rows", Kind.INTEGER, _("Rows below the heading")),
        Column("new", Kind.INTEGER, _("Of these, new")),
        Column("changed", Kind.INTEGER, _("Of these, changed and kept as new versions")),
        Column("same", Kind.INTEGER, _("Of these, the same as before")),
        Column("set_aside", Kind.INTEGER, _("Of these, set aside with a reason")),
        Column("feed", Kind.TEXT, _("Its feed today: current, stale (nobody looked), frozen (stands still)")),
    ),
)
