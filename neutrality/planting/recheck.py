"""A second look at land and growth: no two plots share ground, every row says what its corners and its horizon say."""

from collections.abc import Iterator

from neutrality.findings import Finding
from neutrality.planting import queries, rules
from neutrality.planting.models import Planting, Plot, Verification
from neutrality.planting.rules import System

BATCH = 500


def findings() -> Iterator[Finding]:
    """Plots beside their corners and their neighbours, plantings beside their activity's clock, counted growth."""
    for plot in Plot.objects.order_by("pk").iterator(chunk_size=BATCH):
        yield from _land(plot)
    for row in Planting.objects.select_related("activity__rulebook", "plot").order_by("pk").iterator(chunk_size=BATCH):
        if row.horizon != row.activity.forest_deadline:
            yield Finding("planting_planting", row.number, "its horizon is not its activity's six years")
        if (row.called_off_at is None) != (row.plot.freed_at is None):
            yield Finding("planting_planting", row.number, "its land is free while it stands, or held after its end")
    for row in Verification.objects.select_related("planting", "survey").order_by("pk").iterator(chunk_size=BATCH):
        if row.increment_kg > 0 and not rules.in_time(row.increment, row.planting.horizon):
            yield Finding("planting_verification", row.number, "counts growth after the six years")
        if (row.grown_from, row.grown_to, row.body_id) != (
            row.survey.grown_from,
            row.survey.grown_to,
            row.survey.body_id,
        ):
            yield Finding("planting_verification", row.number, "is not about the survey it decided")


def _land(plot: Plot) -> Iterator[Finding]:
    if rules.digest(plot.land) != plot.digest:
        yield Finding("planting_plot", plot.number, "its corners are not the ones digested")
    if rules.converted(plot.declared, System(plot.system)) != plot.land:
        yield Finding("planting_plot", plot.number, "its corners are not the declared ones in WGS-84")
    if rules.measured_m2(plot.land) != plot.area_m2:
        yield Finding("planting_plot", plot.number, "its area is not what its corners enclose")
    if plot.freed_at is None and not plot.contested:
        older = {number: row.land for number, row in queries.near(plot.land).items() if row.pk < plot.pk}
        for meeting in rules.meetings(plot.land, older):
            yield Finding("planting_plot", plot.number, f"shares {meeting.area_m2} m2 with {meeting.number}")
