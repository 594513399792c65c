"""Activities with what may be said about them now, published statements, the lines behind them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

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


class Said(NamedTuple):
    """An activity, and what is known of it on the day. Emissions are said once it is over, as on its page."""

    activity: Activity
    facts: rules.ClaimFacts


def _said(rows: Sequence[Activity], on: date) -> list[Said]:
    facts = queries.facts(rows, on)
    return [Said(row, facts[row.pk]) for row in rows]


def _emitted(said: Said) -> Decimal | None:
    return said.facts.total_kg if said.facts.ended else None


def _cover(said: Said) -> str:
    return said.facts.cover_level if said.facts.ended else ""


def _owed(said: Said) -> int | None:
    facts = said.facts
    return quantities.obligation(facts.due_kg) if facts.ended and facts.due_kg is not None else None


def _short(said: Said) -> int | None:
    return said.facts.short if said.facts.ended else None


def _claim(said: Said) -> str:
    return rules.claim(said.facts).code.value


ACTIVITIES = Dataset(
    name="activities",
    title=_("Activities"),
    about=_("Every activity whose plan was published, with its account and what may be said about it on this day."),
    licence=LICENCE,
    fetch=_activities,
    told=_said,
    columns=(
        Column("code", Kind.TEXT, _("Public code of the activity"), "activity.code"),
        Column("name_zh", Kind.TEXT, _("Name in Chinese"), "activity.name_zh"),
        Column("name_en", Kind.TEXT, _("Name in English"), "activity.name_en", empty=True),
        Column(
            "organizer_code", Kind.TEXT, _("Unified social credit code of the organizer"), "activity.organization.code"
        ),
        Column("organizer_name", Kind.TEXT, _("Name of the organizer in Chinese"), "activity.organization.name_zh"),
        Column("form", Kind.TEXT, _("event, or operation for an operating period"), "activity.form"),
        Column("kind", Kind.TEXT, _("What the activity is, such as meeting or marathon"), "activity.kind"),
        Column("level", Kind.TEXT, _("Administrative level"), "activity.level", empty=True),
        Column("starts_on", Kind.DAY, _("First day"), "activity.starts_on"),
        Column("ends_on", Kind.DAY, _("Last day"), "activity.ends_on"),
        Column("region_code", Kind.TEXT, _("Administrative division, six digits"), "activity.region_code"),
        Column("place_name", Kind.TEXT, _("Place"), "activity.place_name", empty=True),
        Column("expected_people", Kind.INTEGER, _("People expected on site"), "activity.expected_people", empty=True),
        Column("actual_people", Kind.INTEGER, _("People who came"), "activity.actual_people", empty=True),
        Column("rulebook", Kind.TEXT, _("Rule pack the activity follows"), "activity.rulebook.code"),
        Column(
            "rulebook_version",
            Kind.TEXT,
            _("Version of the rule pack, frozen with the activity"),
            "activity.rulebook.version",
        ),
        Column("units_deadline", Kind.DAY, _("Last day for cancelling units"), "activity.units_deadline"),
        Column(
            "emitted", Kind.DECIMAL, _("Emissions of the standing actual inventory"), _emitted, "kg CO2e", empty=True
        ),
        Column(
            "partial",
            Kind.BOOLEAN,
            _("Whether sources are missing, so that the total is not the whole"),
            "facts.partial",
        ),
        Column(
            "cover", Kind.TEXT, _("What units are bought for: mean, or p90, the 90th percentile"), _cover, empty=True
        ),
        Column("owed", Kind.INTEGER, _("Whole units owed for that, rounded up"), _owed, "t", empty=True),
        Column("cancelled", Kind.INTEGER, _("Units that count for the activity"), "facts.units", "t"),
        Column("void", Kind.INTEGER, _("Units once cancelled for it and later found void"), "facts.void", "t"),
        Column("short", Kind.INTEGER, _("Units still missing"), _short, "t", empty=True),
        Column("claim", Kind.TEXT, _("Code of what may be said on this day; computed, never stored"), _claim),
        Column(
            "reconstructed_from",
            Kind.TEXT,
            _("Published report it was reconstructed from"),
            "activity.source_citation",
            empty=True,
        ),
    ),
)


def _statements(after: int, limit: int) -> list[Statement]:
    related = ("activity__organization", "activity__rulebook", "inventory", "replaces", "withdrawal")
    rows = Statement.objects.filter(pk__gt=after).select_related(*related)
    return list(rows.defer("text").order_by("pk")[:limit])


class Published(NamedTuple):
    """A statement, its withdrawal, if there is one, and what may be said of the activity on the day."""

    statement: Statement
    withdrawal: Any
    claim: str


def _published(rows: Sequence[Statement], on: date) -> list[Published]:
    said = queries.claims({row.activity_id: row.activity for row in rows}.values(), on)
    return [Published(row, getattr(row, "withdrawal", None), said[row.activity_id].code.value) for row in rows]


STATEMENTS = Dataset(
    name="statements",
    title=_("Statements"),
    about=_("Every published statement of account, replaced and withdrawn ones included."),
    licence=LICENCE,
    fetch=_statements,
    told=_published,
    columns=(
        Column("number", Kind.TEXT, _("Number of the statement"), "statement.number"),
        Column("activity", Kind.TEXT, _("Public code of the activity"), "statement.activity.code"),
        Column("published_at", Kind.MOMENT, _("Moment of publication"), "statement.published_at"),
        Column("emitted", Kind.DECIMAL, _("Emissions as published"), "statement.inventory.total_kg", "kg CO2e"),
        Column(
            "inventory_digest",
            Kind.TEXT,
            _("SHA-256 of the sealed inventory it rests on"),
            "statement.inventory.digest",
        ),
        Column("digest", Kind.TEXT, _("SHA-256 of the statement's canonical JSON"), "statement.digest"),
        Column(
            "replaces", Kind.TEXT, _("Number of the statement it corrects"), "statement.replaces.number", empty=True
        ),
        Column("correction", Kind.TEXT, _("What was corrected and why"), "statement.correction", empty=True),
        Column("withdrawn_at", Kind.MOMENT, _("Moment of withdrawal"), "withdrawal.withdrawn_at", empty=True),
        Column("withdrawal_reason", Kind.TEXT, _("Why it was withdrawn"), "withdrawal.reason", empty=True),
        Column(
            "claim",
            Kind.TEXT,
            _("Code of what may be said of its activity on this day; computed, never stored"),
            "claim",
        ),
    ),
)


def _results(after: int, limit: int) -> list[Result]:
    published = Statement.objects.newest().values("inventory")
    rows = Result.objects.filter(pk__gt=after, line__inventory__in=published)
    return list(rows.select_related("line__inventory__activity").order_by("pk")[:limit])


LINES = Dataset(
    name="lines",
    title=_("Lines of inventories"),
    about=_("The frozen lines behind every newest statement: quantity times factor, with the factor's source."),
    licence=LICENCE,
    fetch=_results,
    columns=(
        Column("activity", Kind.TEXT, _("Public code of the activity"), "line.inventory.activity.code"),
        Column(
            "inventory_digest", Kind.TEXT, _("SHA-256 of the sealed inventory it rests on"), "line.inventory.digest"
        ),
        Column("position", Kind.INTEGER, _("Place of the line in the inventory"), "line.position"),
        Column("source", Kind.TEXT, _("Code of the emission source"), "line.source"),
        Column("stage", Kind.TEXT, _("Code of the stage"), "line.stage"),
        Column("description", Kind.TEXT, _("What was counted"), "line.description", empty=True),
        Column("scope", Kind.INTEGER, _("Scope 1, 2 or 3"), "scope"),
        Column("memo", Kind.BOOLEAN, _("Shown beside the total and not part of it"), "memo"),
        Column("quantity", Kind.DECIMAL, _("Activity data, in the unit beside it"), "quantity"),
        Column("unit", Kind.TEXT, _("Unit of the quantity"), "unit"),
        Column("factor", Kind.DECIMAL, _("Emission factor, per unit of the factor"), "factor_value", "kg CO2e"),
        Column("factor_unit", Kind.TEXT, _("Unit of the factor"), "factor_unit"),
        Column("factor_code", Kind.TEXT, _("Code of the factor's edition"), "factor_code", empty=True),
        Column("factor_source", Kind.TEXT, _("Where the factor was published"), "factor_source"),
        Column("gwp_set", Kind.TEXT, _("Set of global warming potentials"), "gwp_set"),
        Column("emitted", Kind.DECIMAL, _("Result of the line, rounded once"), "kg", "kg CO2e"),
        Column(
            "ratio",
            Kind.TEXT,
            _("What one unit of the quantity counts for, in units of the factor"),
            lambda row: str(row.counted),
        ),
    ),
)
