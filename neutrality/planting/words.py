"""Words for codes of the planting room; a code is never shown raw."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from neutrality.planting import rules
from neutrality.refusals import Problem

STATES = {
    "promised": ("wait", _("promised, nothing verified yet")),
    "growing": ("wait", _("partly verified")),
    "fulfilled": ("good", _("verified as promised")),
    "short": ("bad", _("short when its six years ended")),
    "called_off": ("", _("called off")),
}
ERRORS_M = {
    "wgs84": _("The corners are kept as given."),
    "cgcs2000": _("Read as WGS-84; the two differ by less than 1 m."),
    "gcj02": _("Converted back by the published formula of the shift; good to about 5 m."),
}
FAULTS = {
    "empty": _("Enter the corners, or choose a file."),
    "too_large": _("The file is larger than 1 MiB. Export only the border of the planting, with fewer corners."),
    "not_text": _("The file is no text. Export the land as GeoJSON, KML or WKT; unpack KMZ first."),
    "broken_json": _("The GeoJSON cannot be read. Export it again, or type the corners."),
    "broken_xml": _("The KML cannot be read. Export it again, or type the corners."),
    "active_xml": _("The KML declares a document type or entities. Export it again without them."),
    "broken_wkt": _("The WKT cannot be read. It begins like POLYGON((103.51 30.62, …))."),
    "no_area": _("No area was found. Hand in a polygon, or one corner a line."),
    "not_an_area": _("Only a point or a line was found. Hand in the closed border of the planting."),
    "two_numbers": _("Write longitude, a comma, latitude; found: %(text)s"),
    "not_a_number": _("%(text)s is no coordinate."),
    "too_many": _(
        "At most 2,000 corners in 20 areas are kept; found %(corners)s in %(parts)s. Simplify the border before you "
        "export."
    ),
    "too_few": _("An area needs at least three different corners."),
    "swapped": _("Longitude and latitude are swapped. Longitude comes first, such as 103.51, 30.62."),
    "metres": _("These are metres of a map projection. Export the corners in degrees of longitude and latitude."),
    "elsewhere": _(
        "The corner %(lon)s, %(lat)s lies outside the country. Check the digits and which number comes first."
    ),
    "in_line": _("The corners lie in one line and enclose nothing. Add a corner beside it."),
    "crossing": _(
        "The border crosses itself near %(lon)s, %(lat)s. Put the corners in the order in which one walks them."
    ),
    "hole_outside": _("A hole does not lie inside its border, near %(lon)s, %(lat)s."),
    "not_simple": _("The border touches itself near %(lon)s, %(lat)s. Remove doubled corners."),
    "parts_meet": _("Two of the areas lie over each other near %(lon)s, %(lat)s. Hand them in as one."),
    "size": _("The corners enclose %(ha)s ha (%(mu)s mu). A planting has between 0.01 ha and 100,000 ha."),
}
NO_SYSTEM = _("Say first which coordinate system the corners are in.")
SLIPS = {
    "": _("Correct the area or the corners."),
    "mu_for_ha": _("The number fits if it is mu: choose the other unit."),
    "ha_for_mu": _("The number fits if it is hectares: choose the other unit."),
    "ten_times": _("The number fits if its decimal point is moved by one place."),
}


def problem(fault: rules.Fault, field: str = "corners") -> Problem:
    """A fault of the corners as a form shows it."""
    words = FAULTS[fault.code] % fault.params if fault.params else FAULTS[fault.code]
    if fault.row is not None:
        words = _("Line %(row)s: %(words)s") % {"row": fault.row, "words": words}
    return Problem(fault.code, words, field)


def standing(found: Any) -> dict[str, Any]:
    """A standing as a page shows it."""
    tone, text = STATES[found.state.value]
    return {
        "tone": tone,
        "text": text,
        **{name: getattr(found, name) for name in ("promised", "counted", "short", "lost")},
    }


# Recognised afforestation methodologies (R1.23).
METHODS = {
    "CCER-14-001-V01": _("Afforestation sinks, CCER-14-001-V01 (2023)"),
    "CCER-14-002-V01": _("Mangrove planting, CCER-14-002-V01 (2023)"),
    "AR-CM-001-V01": _("Afforestation sinks, AR-CM-001-V01 (2013)"),
    "AR-CM-002-V01": _("Bamboo afforestation, AR-CM-002-V01 (2013)"),
}
