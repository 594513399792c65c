"""Cancellations and blocks of offset units."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from neutrality.offsets import queries, rules
from neutrality.offsets.models import Block, Project, RegistryFile, Retirement, VoidedPart
from neutrality.opendata.datasets.shape import Column, Dataset, Kind

LICENCE = "CC BY 4.0"
BLOCK_COLUMNS = (
    Column("kind", Kind.TEXT, _("Code of the kind of unit"), "block.kind.code"),
    Column("registry", Kind.TEXT, _("Code of the registry"), "block.kind.registry.code"),
    Column("project", Kind.TEXT, _("Project id in the registry"), "block.project.identifier", empty=True),
    Column("project_name_zh", Kind.TEXT, _("Project name in Chinese"), "block.project.name_zh", empty=True),
    Column("project_name_en", Kind.TEXT, _("Project name in English"), "block.project.name_en", empty=True),
    Column("country", Kind.TEXT, _("Country of the project, two letters"), "block.project.country", empty=True),
    Column("vintage_start", Kind.DAY, _("First day of the vintage"), "block.vintage_start"),
    Column("vintage_end", Kind.DAY, _("Last day of the vintage"), "block.vintage_end"),
)


def _retirements(after: int, limit: int) -> list[Retirement]:
    rows = Retirement.objects.filter(pk__gt=after).select_related("activity", "block__kind__registry", "block__project")
    return list(rows.order_by("pk")[:limit])


class Cancelled(NamedTuple):
    """A cancellation, the block it lies in, and how many of its units were found void since."""

    retirement: Retirement
    block: Block
    void: int


def _cancelled(rows: Sequence[Retirement], on: date) -> list[Cancelled]:
    void = dict(
        VoidedPart.objects.filter(retirement__in=rows).values_list("retirement").annotate(Sum("quantity")).order_by()
    )
    return [Cancelled(row, row.block, void.get(row.pk, 0)) for row in rows]


CANCELLATIONS = Dataset(
    name="cancellations",
    title=_("Cancellations"),
    about=_("Every run of units cancelled for an activity. A unit is cancelled once."),
    licence=LICENCE,
    fetch=_retirements,
    told=_cancelled,
    narrowed=partial(queries.every, "cancellations"),
    columns=(
        Column("number", Kind.TEXT, _("Number of the cancellation"), "retirement.number"),
        Column("activity", Kind.TEXT, _("Public code of the activity"), "retirement.activity.code"),
        Column("cancelled_on", Kind.DAY, _("Day of the cancellation"), "retirement.cancelled_on"),
        Column("recorded_at", Kind.MOMENT, _("Moment it was recorded here"), "retirement.retired_at"),
        Column("quantity", Kind.INTEGER, _("Units cancelled"), "retirement.quantity", "t"),
        Column("void", Kind.INTEGER, _("Of these, found void since"), "void", "t"),
        Column("serial", Kind.TEXT, _("Serial numbers as the registry prints them"), "retirement.serial"),
        Column("certificate", Kind.TEXT, _("Certificate number"), "retirement.certificate_number", empty=True),
        *BLOCK_COLUMNS,
        Column("block", Kind.TEXT, _("Public code of the block"), "block.code"),
        Column("purpose", Kind.TEXT, _("Purpose, fixed at the cancellation"), "retirement.purpose"),
        Column("beneficiary", Kind.TEXT, _("Beneficiary"), "retirement.beneficiary"),
        Column("donor", Kind.TEXT, _("Who gave the units"), "retirement.donor", empty=True),
        Column("way", Kind.TEXT, _("house: cancelled here; outside: in its registry, proof checked"), "retirement.way"),
        Column("family", Kind.TEXT, _("Family of units in the rule pack"), "retirement.family"),
        Column("rule", Kind.TEXT, _("Rule that allows the units"), "retirement.rule"),
        Column("reason", Kind.TEXT, _("Reason given for a lower family"), "retirement.reason", empty=True),
    ),
)


def _blocks(after: int, limit: int) -> list[Block]:
    rows = Block.objects.filter(pk__gt=after).select_related("kind__registry", "project", "owner")
    return list(rows.order_by("pk")[:limit])


class Recorded(NamedTuple):
    """A block, and how many of its units were cancelled and found void."""

    block: Block
    cancelled: int
    void: int


def _recorded(rows: Sequence[Block], on: date) -> list[Recorded]:
    cancelled = dict(
        Retirement.objects.filter(block__in=rows).values_list("block").annotate(Sum("quantity")).order_by()
    )
    parts = VoidedPart.objects.filter(notice__block__in=rows)
    void = dict(parts.values_list("notice__block").annotate(Sum("quantity")).order_by())
    return [Recorded(row, cancelled.get(row.pk, 0), void.get(row.pk, 0)) for row in rows]


BLOCKS = Dataset(
    name="blocks",
    title=_("Blocks of units"),
    about=_("Every recorded run of numbered units, with how many of them were cancelled and found void."),
    licence=LICENCE,
    fetch=_blocks,
    told=_recorded,
    narrowed=partial(queries.every, "blocks"),
    columns=(
        Column("code", Kind.TEXT, _("Public code of the block"), "block.code"),
        *BLOCK_COLUMNS,
        Column("serial", Kind.TEXT, _("Serial numbers as the registry prints them"), "block.serial"),
        Column("quantity", Kind.INTEGER, _("Units in the block"), "block.quantity", "t"),
        Column("cancelled", Kind.INTEGER, _("Units ever cancelled for activities"), "cancelled", "t"),
        Column("void", Kind.INTEGER, _("Of these units, found void"), "void", "t"),
        Column(
            "first_owner", Kind.TEXT, _("Unified social credit code of the first owner"), "block.owner.code", empty=True
        ),
        Column(
            "origin",
            Kind.TEXT,
            _("issued: recorded by a registry operator; proved: entered with a proof"),
            "block.origin",
        ),
        Column("issued_on", Kind.DAY, _("Day of issue"), "block.issued_on"),
        Column("labels", Kind.TEXT, _("Labels of the registry"), "block.labels", empty=True),
    ),
)


def _projects(after: int, limit: int) -> list[Project]:
    return list(Project.objects.filter(pk__gt=after).select_related("registry").order_by("pk")[:limit])


PROJECTS = Dataset(
    name="projects",
    title=_("Offset projects"),
    about=_("Projects whose units are recorded here, as their registries describe them."),
    licence=LICENCE,
    fetch=_projects,
    narrowed=partial(queries.every, "projects"),
    filters=("q", "registry", "kind", "place", "method", "label", "owner"),
    columns=(
        Column("code", Kind.TEXT, _("Public code of the project"), "code"),
        Column("registry", Kind.TEXT, _("Code of the registry"), "registry.code"),
        Column("identifier", Kind.TEXT, _("Project id in the registry"), "identifier"),
        Column("name_zh", Kind.TEXT, _("Project name in Chinese"), "name_zh", empty=True),
        Column("name_en", Kind.TEXT, _("Project name in English"), "name_en", empty=True),
        Column("country", Kind.TEXT, _("Country of the project, two letters"), "country", empty=True),
        Column("region_code", Kind.TEXT, _("Administrative division in China, six digits"), "region_code", empty=True),
        Column("place", Kind.TEXT, _("Place as the registry names it"), "place_name", empty=True),
        Column("sector", Kind.TEXT, _("Sector"), "sector", empty=True),
        Column("methodology", Kind.TEXT, _("Methodology"), "methodology", empty=True),
        Column("developer", Kind.TEXT, _("Developer"), "developer", empty=True),
        Column("registry_status", Kind.TEXT, _("Status in the registry"), "registry_status", empty=True),
        Column("verifier", Kind.TEXT, _("Verifier"), "verifier", empty=True),
        Column("crediting_start", Kind.DAY, _("First day of the crediting period"), "crediting_start", empty=True),
        Column("crediting_end", Kind.DAY, _("Last day of the crediting period"), "crediting_end", empty=True),
        Column("labels", Kind.TEXT, _("Labels of the registry, with semicolons between"), "labels", empty=True),
    ),
)


def _files(after: int, limit: int) -> list[RegistryFile]:
    return queries.every_file(rules.browsing.Filters(), after, limit)[0]


class Read(NamedTuple):
    """A file, and how old its feed is today."""

    file: RegistryFile
    age: str


def _read(rows: Sequence[RegistryFile], on: date) -> list[Read]:
    known = queries.ages(on)
    return [Read(row, known[row.layout, row.registry_id].age.value) for row in rows]


FILES = Dataset(
    name="files",
    title=_("Files of registries"),
    about=_("Every file of a registry that was read here, and what became of its rows."),
    licence=LICENCE,
    fetch=_files,
    told=_read,
    narrowed=queries.every_file,
    filters=("registry",),
    columns=(
        Column("digest", Kind.TEXT, _("SHA-256 of the file"), "file.digest"),
        Column("layout", Kind.TEXT, _("Kind of table: whose columns it has"), "file.layout"),
        Column(
            "registry",
            Kind.TEXT,
            _("Code of the registry; empty where each row names its own"),
            "file.registry.code",
            empty=True,
        ),
        Column("published_by", Kind.TEXT, _("Who published it"), "file.publisher"),
        Column("read_at", Kind.MOMENT, _("Moment it was read here"), "file.read_at"),
        Column("newest_on", Kind.DAY, _("Newest day the table itself states"), "file.newest_on", empty=True),
        Column("rows", Kind.INTEGER, _("Rows below the heading"), "file.rows"),
        Column("new", Kind.INTEGER, _("Of these, new"), "file.new"),
        Column("changed", Kind.INTEGER, _("Of these, changed and kept as new versions"), "file.changed"),
        Column("same", Kind.INTEGER, _("Of these, the same as before"), "file.same"),
        Column("set_aside", Kind.INTEGER, _("Of these, set aside with a reason"), "file.bad"),
        Column("feed", Kind.TEXT, _("Its feed today: current, stale (nobody looked), frozen (stands still)"), "age"),
    ),
)

IN_A_FILE = (
    Column("version", Kind.INTEGER, _("Version of the row; the newest stands"), "version"),
    Column("file", Kind.TEXT, _("SHA-256 of the file"), "file.digest"),
    Column("row", Kind.INTEGER, _("Row in the file, counting from its heading"), "row"),
    Column("line", Kind.INTEGER, _("Line of the text file; none in a workbook"), "text_line", empty=True),
)
OF_A_PROJECT = (
    Column("registry", Kind.TEXT, _("Code of the registry"), "registry.code"),
    Column("project", Kind.TEXT, _("Public code of the project"), "project.code"),
)

RUNS = Dataset(
    name="runs",
    title=_("Units in the registries' own tables"),
    about=_("Runs of numbered units as registries publish them: every version of every row, with file and line."),
    licence=_("as the registry that published the file says"),
    fetch=queries.every_run,
    columns=(
        *OF_A_PROJECT,
        Column("serial", Kind.TEXT, _("Serial numbers as the registry prints them"), "serial"),
        Column("quantity", Kind.INTEGER, _("Units in the run"), "quantity", "t"),
        Column("event", Kind.TEXT, _("standing (not yet used), issued, retired or cancelled"), "event"),
        Column("event_on", Kind.DAY, _("Day of that"), "event_on", empty=True),
        Column("vintage_start", Kind.DAY, _("First day of the vintage"), "vintage_start", empty=True),
        Column("vintage_end", Kind.DAY, _("Last day of the vintage"), "vintage_end", empty=True),
        Column("beneficiary", Kind.TEXT, _("Beneficiary"), "beneficiary", empty=True),
        Column("note", Kind.TEXT, _("What the registry notes besides"), "note", empty=True),
        Column("labels", Kind.TEXT, _("Labels of the registry"), "labels", empty=True),
        *IN_A_FILE,
    ),
)

AMOUNTS = Dataset(
    name="amounts",
    title=_("Tonnes stated without serial numbers"),
    about=_("Amounts some registries publish without numbers, every version of every row. They support no claim."),
    licence=_("as the registry that published the file says"),
    fetch=queries.every_amount,
    columns=(
        *OF_A_PROJECT,
        Column("mark", Kind.TEXT, _("What tells the row from others of its registry"), "mark"),
        Column("amount", Kind.TEXT, _("What was counted; ..._so_far is a total over the project's life"), "amount"),
        Column("tonnes", Kind.DECIMAL, _("Amount as stated"), "tonnes", "t"),
        Column("counted_on", Kind.DAY, _("Day of that"), "counted_on", empty=True),
        Column("vintage", Kind.TEXT, _("Vintage as stated"), "vintage", empty=True),
        Column("beneficiary", Kind.TEXT, _("Beneficiary"), "beneficiary", empty=True),
        Column("note", Kind.TEXT, _("What the registry notes besides"), "note", empty=True),
        *IN_A_FILE,
    ),
)
