"""Land on record near other land, and land that bars a project from crediting."""

from datetime import date

from neutrality.planting import rules
from neutrality.planting.models import Plot, Purpose
from neutrality.planting.rules import Parts


def near(parts: Parts) -> dict[str, Plot]:
    """Plots that stand and lie around `parts`, by number; as far as a plot said in a wrong system can be off."""
    edges = rules.box(parts)
    rows = Plot.objects.filter(
        freed_at__isnull=True,
        contested=False,
        west__lte=edges.east + rules.REACH,
        east__gte=edges.west - rules.REACH,
        south__lte=edges.north + rules.REACH,
        north__gte=edges.south - rules.REACH,
    )
    return {row.number: row for row in rows}


def barring(project_code: str, grown_to: date) -> Plot | None:
    """The planting plot on which a project of the offset registry stands, where units for growth until `grown_to` would
    credit what was declared for an activity (R1.24); None where nothing bars them."""
    drawn = Plot.objects.filter(project_code=project_code, contested=True, freed_at__isnull=True).first()
    if drawn is None:
        return None
    met = [conflict["plot"] for conflict in drawn.conflicts]
    rows = Plot.objects.filter(number__in=met, purpose=Purpose.PLANTING, planting__called_off_at__isnull=True)
    return rows.filter(planting__committed_at__date__lte=grown_to).order_by("pk").first()
