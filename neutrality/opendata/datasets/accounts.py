"""Activities with what may be said about them now, published statements, the lines behind them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from neutrality import quantities
from neutrality.activities.models import Activity
from neutrality.disclosure import queries, rules
from neutrality.disclosure.models import Statement
from neutrality.inventory.models import Result
from neutrality.opendata.datasets.shape import Column, Dataset, Kind

LICENCE = "CC BY 4.0"


def _activities(after: int, limit: int) -> list[Activity]:
    rows = Activity.objects.public().filter(pk__gt=after).select_related("organization", "rulebook")
    return list(rows.order_by("pk")[:limit])


def _said(rows: Sequence[Activity], on: date) -> list[tuple[Any, ...]]:
    facts = queries.facts(rows, on)
    return [_activity(row, facts[row.pk]) for row in rows]


def _activity(row: Activity, facts: rules.ClaimFacts) -> tuple[Any, ...]:
    """Emissions are said once the activity is over and its figures stand, as on its page."""
    return (
        row.code,
        row.name_zh,
        row.name_en,
        row.organization.code,
        row.organization.name_zh,
        row.form,
        row.kind,
        row.level,
        row.starts_on,
        row.ends_on,
        row.region_code,
        row.place_name,
        row.expected_people,
        row.actual_people,
        row.rulebook.code,
        row.rulebook.version,
        row.units_deadline,
        facts.total_kg if facts.ended else None,
        facts.partial,
        facts.cover_level if facts.ended else "",
        quantities.obligation(facts.due_kg) if facts.ended and facts.due_kg is not None else None,
        facts.units,
        facts.void,
        rules.claim(facts).code.value,
        row.source_citation,
    )


ACTIVITIES = Dataset(
    name="activities",
    title=_("Activities"),
    about=_("Every activity whose plan was published, with its account and what may be said about it on this day."),
    licence=LICENCE,
    fetch=_activities,
    cells=_said,
    columns=(
        Column("code", Kind.TEXT, _("Public code of the activity")),
        Column("name_zh", Kind.TEXT, _("Name in Chinese")),
        Column("name_en", Kind.TEXT, _("Name in English"), empty=True),
        Column("organizer_code", Kind.TEXT, _("Unified social credit code of the organizer")),
        Column("organizer_name", Kind.TEXT, _("Name of the organizer in Chinese")),
        Column("form", Kind.TEXT, _("event, or operation for an operating period")),
        Column("kind", Kind.TEXT, _("What the activity is, such as meeting or marathon")),
        Column("level", Kind.TEXT, _("Administrative level"), empty=True),
        Column("starts_on", Kind.DAY, _("First day")),
        Column("ends_on", Kind.DAY, _("Last day")),
        Column("region_code", Kind.TEXT, _("Administrative division, six digits")),
        Column("place_name", Kind.TEXT, _("Place"), empty=True),
        Column("expected_people", Kind.INTEGER, _("People expected on site"), empty=True),
        Column("actual_people", Kind.INTEGER, _("People who came"), empty=True),
        Column("rulebook", Kind.TEXT, _("Rule pack the activity follows")),
        Column("rulebook_version", Kind.TEXT, _("Version of the rule pack, frozen with the activity")),
        Column("units_deadline", Kind.DAY, _("Last day for cancelling units")),
        Column("emitted", Kind.DECIMAL, _("Emissions of the standing actual inventory"), "kg CO2e", empty=True),
        Column("partial", Kind.BOOLEAN, _("Whether sources are missing, so that the total is not the whole")),
        Column("cover", Kind.TEXT, _("What units are bought for: mean, or p90, the 90th percentile"), empty=True),
        Column("owed", Kind.INTEGER, _("Whole units owed for that, rounded up"), "t", empty=True),
        Column("cancelled", Kind.INTEGER, _("Units that count for the activity"), "t"),
        Column("void", Kind.INTEGER, _("Units once cancelled for it and later found void"), "t"),
        Column("claim", Kind.TEXT, _("Code of what may be said on this day; computed, never stored")),
        Column("reconstructed_from", Kind.TEXT, _("Published report it was reconstructed from"), empty=True),
    ),
)


def _statements(after: int, limit: int) -> list[Statement]:
    rows = Statement.objects.filter(pk__gt=after).select_related("activity", "inventory", "replaces", "withdrawal")
    return list(rows.defer("text").order_by("pk")[:limit])


def _statement(row: Statement) -> tuple[Any, ...]:
    withdrawal = getattr(row, "withdrawal", None)
    return (
        row.number,
        row.activity.code,
        row.published_at,
        row.inventory.total_kg,
        row.inventory.digest,
        row.digest,
        row.replaces.number if row.replaces else "",
        row.correction,
        withdrawal.withdrawn_at if withdrawal else None,
        withdrawal.reason if withdrawal else "",
    )


STATEMENTS = Dataset(
    name="statements",
    title=_("Statements"),
    about=_("Every published statement of account, replaced and withdrawn ones included."),
    licence=LICENCE,
    fetch=_statements,
    cells=lambda rows, on: [_statement(row) for row in rows],
    columns=(
        Column("number", Kind.TEXT, _("Number of the statement")),
        Column("activity", Kind.TEXT, _("Public code of the activity")),
        Column("published_at", Kind.MOMENT, _("Moment of publication")),
        Column("emitted", Kind.DECIMAL, _("Emissions as published"), "kg CO2e"),
        Column("inventory_digest", Kind.TEXT, _("SHA-256 of the sealed inventory it rests on")),
        Column("digest", Kind.TEXT, _("SHA-256 of the statement's canonical JSON")),
        Column("replaces", Kind.TEXT, _("Number of the statement it corrects"), empty=True),
        Column("correction", Kind.TEXT, _("What was corrected and why"), empty=True),
        Column("withdrawn_at", Kind.MOMENT, _("Moment of withdrawal"), empty=True),
        Column("withdrawal_reason", Kind.TEXT, _("Why it was withdrawn"), empty=True),
    ),
)


def _results(after: int, limit: int) -> list[Result]:
    published = Statement.objects.newest().values("inventory")
    rows = Result.objects.filter(pk__gt=after, line__inventory__in=published)
    return list(rows.select_related("line__inventory__activity").order_by("pk")[:limit])


def _line(row: Result) -> tuple[Any, ...]:
    line = row.line
    return (
        line.inventory.activity.code,
        line.inventory.digest,
        line.position,
        line.source,
        line.stage,
        line.description,
        row.scope,
        row.memo,
        row.quantity,
        row.unit,
        row.factor_value,
        row.factor_unit,
        row.factor_code,
        row.factor_source,
        row.gwp_set,
        row.kg,
        str(row.counted),
    )


LINES = Dataset(
    name="lines",
    title=_("Lines of inventories"),
    about=_("The frozen lines behind every newest statement: quantity times factor, with the factor's source."),
    licence=LICENCE,
    fetch=_results,
    cells=lambda rows, on: [_line(row) for row in rows],
    columns=(
        Column("activity", Kind.TEXT, _("Public code of the activity")),
        Column("inventory_digest", Kind.TEXT, _("SHA-256 of the sealed inventory it rests on")),
        Column("position", Kind.INTEGER, _("Place of the line in the inventory")),
        Column("source", Kind.TEXT, _("Code of the emission source")),
        Column("stage", Kind.TEXT, _("Code of the stage")),
        Column("description", Kind.TEXT, _("What was counted"), empty=True),
        Column("scope", Kind.INTEGER, _("Scope 1, 2 or 3")),
        Column("memo", Kind.BOOLEAN, _("Shown beside the total and not part of it")),
        Column("quantity", Kind.DECIMAL, _("Activity data, in the unit beside it")),
        Column("unit", Kind.TEXT, _("Unit of the quantity")),
        Column("factor", Kind.DECIMAL, _("Emission factor, per unit of the factor"), "kg CO2e"),
        Column("factor_unit", Kind.TEXT, _("Unit of the factor")),
        Column("factor_code", Kind.TEXT, _("Code of the factor's edition"), empty=True),
        Column("factor_source", Kind.TEXT, _("Where the factor was published")),
        Column("gwp_set", Kind.TEXT, _("Set of global warming potentials")),
        Column("emitted", Kind.DECIMAL, _("Result of the line, rounded once"), "kg CO2e"),
        Column("ratio", Kind.TEXT, _("What one unit of the quantity counts for, in units of the factor")),
    ),
)
