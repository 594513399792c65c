"""Land on record near other land, and land that bars a project from crediting."""

from datetime import date

from neutrality.planting import rules
from neutrality.planting.models import Planting, Plot, Purpose
from neutrality.planting.rules import Box, Parts


def near(parts: Parts) -> dict[str, Plot]:
    """Plots that stand and lie around `parts`, by number; as far as a plot said in a wrong system can be off. Contested
    ones too: what an outside registry drew is taken, whatever it shares with a third plot."""
    edges = rules.box(parts)
    rows = Plot.objects.filter(
        freed_at__isnull=True,
        west__lte=edges.east + rules.REACH,
        east__gte=edges.west - rules.REACH,
        south__lte=edges.north + rules.REACH,
        north__gte=edges.south - rules.REACH,
    )
    return {row.number: row for row in rows}


def within(edges: Box, most: int) -> list[Plot]:
    """Plots that stand and lie at least partly inside `edges`, newest first, at most so many."""
    rows = Plot.objects.filter(
        freed_at__isnull=True,
        west__lte=edges.east,
        east__gte=edges.west,
        south__lte=edges.north,
        north__gte=edges.south,
    )
    return list(rows.order_by("-pk")[:most])


def beginning(region_code: str) -> tuple[float, float] | None:
    """Where to begin drawing: the middle of the last plot of the same city, else of the same province."""
    for length in (4, 2):
        same = Planting.objects.filter(region_code__startswith=region_code[:length]).select_related("plot")
        if row := same.order_by("-pk").first():
            plot = row.plot
            return rules.degrees(((plot.west + plot.east) // 2, (plot.south + plot.north) // 2))
    return None


def barring(project_code: str, grown_to: date) -> Plot | None:
    """The planting plot on which a project of the offset registry stands, where units for growth until `grown_to` would
    credit what was declared for an activity (R1.24); None where nothing bars them."""
    drawn = Plot.objects.filter(project_code=project_code, contested=True, freed_at__isnull=True).first()
    if drawn is None:
        return None
    met = [conflict["plot"] for conflict in drawn.conflicts]
    rows = Plot.objects.filter(number__in=met, purpose=Purpose.PLANTING, planting__called_off_at__isnull=True)
    return rows.filter(planting__committed_at__date__lte=grown_to).order_by("pk").first()
