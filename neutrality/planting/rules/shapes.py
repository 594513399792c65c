"""What land measures and what it shares with other land: geodesic area, validity, overlap (pure).

Areas are binary numbers rounded to a hundredth of a square metre: they tell whether a stated area is honest and whether
two plots meet. Nothing that is owed depends on them. Overlap is measured on an equal-area map around the new plot.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from json import dumps

from pyproj import Geod, Transformer
from shapely import MultiPolygon, Polygon, is_valid_reason, make_valid, transform, union_all
from shapely.geometry.base import BaseGeometry

from neutrality.planting.rules.reading import Fault, said
from neutrality.planting.rules.systems import (
    STEPS,
    Corner,
    Parts,
    Ring,
    as_if_gcj02,
    as_on_a_web_map,
    corners,
    degrees,
)

SLIVER_M2 = 100
"""Overlap that is no overlap: what slips of a metre along a common border of a hundred metres come to [design]. It
holds for all neighbours of a plot together, so that no plot is nibbled from many sides."""
SAME_PERCENT = 80
"""Two plots that share this part of what they cover together are the same land."""
SMALLEST_M2 = 100
LARGEST_M2 = 10**9
"""A thousand square kilometres: no planting for an event is larger; a slip of the pen is."""
AREA_PERCENT = 5
"""What a stated area may differ from the measured one [design]."""
M2_OF_MU = Decimal(10000) / 15
M2_OF_HA = Decimal(10000)
EARTH = Geod(ellps="WGS84")


@dataclass(frozen=True)
class Box:
    """Where a plot lies at most: its corners' extremes, in steps."""

    west: int
    south: int
    east: int
    north: int


@dataclass(frozen=True)
class Meeting:
    """Another plot that shares land with the one asked about."""

    number: str
    area_m2: Decimal


def box(parts: Parts) -> Box:
    lons, lats = zip(*corners(parts), strict=True)
    return Box(min(lons), min(lats), max(lons), max(lats))


def digest(parts: Parts) -> str:
    """SHA-256 of the corners in steps, as compact JSON."""
    return sha256(dumps(parts, separators=(",", ":")).encode()).hexdigest()


def kept(parts: Iterable[Iterable[Iterable[Iterable[int]]]]) -> Parts:
    """Parts as JSON gives them back."""
    return tuple(tuple(tuple((x, y) for x, y in ring) for ring in part) for part in parts)


def _area(parts: Parts) -> MultiPolygon:
    """The land in degrees."""
    return MultiPolygon([Polygon(_line(part[0]), [_line(ring) for ring in part[1:]]) for part in parts])


def _line(ring: Ring) -> list[tuple[float, float]]:
    return [degrees(point) for point in ring]


def faults(parts: Parts) -> list[Fault]:
    """What keeps the corners from bounding an area: in a line, crossing, holes outside, parts over each other."""
    found = [Fault("in_line") for part in parts for ring in part if _flat(ring)]
    if found:
        return found[:1]
    for number, part in enumerate(parts, start=1):
        polygon = Polygon(_line(part[0]), [_line(ring) for ring in part[1:]])
        if not polygon.is_valid:
            found.append(_why(is_valid_reason(polygon), number))
    if not found and not (whole := _area(parts)).is_valid:
        found.append(_why(is_valid_reason(whole), 0))
    if found:
        return found
    size = measured_m2(parts)
    if not SMALLEST_M2 <= size <= LARGEST_M2:
        found.append(Fault("size", params={"ha": hectares(size), "mu": mu(size)}))
    return found


def _flat(ring: Ring) -> bool:
    """Whether all corners lie in one line: exact, in whole numbers."""
    (x, y), *others = ring
    far = max(others, key=lambda point: abs(point[0] - x) + abs(point[1] - y))
    return all((far[0] - x) * (point[1] - y) == (far[1] - y) * (point[0] - x) for point in others)


def _why(reason: str, part: int) -> Fault:
    """A sentence of the geometry engine, such as "Self-intersection[103.5 30.6]", as a fault."""
    words, _, place = reason.partition("[")
    code = "crossing" if "Self-intersection" in words else "hole_outside" if "ole" in words else "not_simple"
    if not part:
        code = "parts_meet"
    lon, lat = [*place.rstrip("]").split(), "", ""][:2]
    return Fault(code, params={"lon": lon[:11], "lat": lat[:10]})


def measured_m2(parts: Parts) -> Decimal:
    """Geodesic area on the ellipsoid of WGS-84, holes taken out."""
    total = sum(_ring_m2(part[0]) - sum(_ring_m2(hole) for hole in part[1:]) for part in parts)
    return Decimal(round(total * 100)) / 100


def _ring_m2(ring: Ring) -> float:
    lons, lats = zip(*_line(ring), strict=True)
    area, _perimeter = EARTH.polygon_area_perimeter(lons, lats)
    return abs(area)


def hectares(m2: Decimal) -> Decimal:
    return (m2 / M2_OF_HA).quantize(Decimal("0.01"))


def mu(m2: Decimal) -> Decimal:
    """A mu is the fifteenth part of a hectare."""
    return (m2 / M2_OF_MU).quantize(Decimal("0.1"))


def stated_wrong(measured: Decimal, stated: Decimal) -> bool:
    """Whether a stated area (square metres) is further from the measured one than AREA_PERCENT of it."""
    return abs(measured - stated) * 100 > measured * AREA_PERCENT


def likely_slip(measured: Decimal, stated: Decimal) -> str:
    """What a wrong area most likely is: `mu` or `ha` taken for the other, ten times off, or nothing known."""
    for code, factor in (("mu_for_ha", Decimal(15)), ("ha_for_mu", 1 / Decimal(15))):
        if not stated_wrong(measured, stated / factor):
            return code
    if not stated_wrong(measured, stated / 10) or not stated_wrong(measured, stated * 10):
        return "ten_times"
    return ""


# Meeting other land


def _map_around(parts: Parts) -> Transformer:
    edges = box(parts)
    lon, lat = degrees(((edges.west + edges.east) // 2, (edges.south + edges.north) // 2))
    return Transformer.from_crs("EPSG:4326", f"+proj=laea +lat_0={lat} +lon_0={lon} +ellps=WGS84", always_xy=True)


def _flattened(parts: Parts, flat: Transformer) -> BaseGeometry:
    """The land on an equal-area map, in metres."""
    return make_valid(transform(_area(parts), flat.transform, interleaved=False))


def meetings(parts: Parts, others: Mapping[str, Parts]) -> tuple[Meeting, ...]:
    """Plots of `others` that share land with `parts`; none while all of it together is a sliver."""
    if not others:
        return ()
    flat = _map_around(parts)
    own = _flattened(parts, flat)
    shared = {number: own.intersection(_flattened(other, flat)) for number, other in others.items()}
    if union_all(list(shared.values())).area <= SLIVER_M2:
        return ()
    found = [Meeting(number, Decimal(round(area.area * 100)) / 100) for number, area in shared.items()]
    return tuple(sorted((row for row in found if row.area_m2), key=lambda row: -row.area_m2))


def same_percent(parts: Parts, other: Parts) -> int:
    """How much of what two plots cover together both cover, in percent."""
    flat = _map_around(parts)
    one, two = _flattened(parts, flat), _flattened(other, flat)
    whole = one.union(two).area
    return int(one.intersection(two).area * 100 / whole) if whole else 0


def mistaken(parts: Parts, others: Mapping[str, Parts]) -> str:
    """The plot that `parts` copies in another system: WGS-84 given for GCJ-02, or the other way round; "" for none.

    A copy whose system is said wrongly lies some hundred metres off and would pass every look at overlap."""
    for guess in (as_if_gcj02(parts), as_on_a_web_map(parts)):
        for number, other in others.items():
            if same_percent(guess, other) >= SAME_PERCENT:
                return number
    return ""


def doubtful(parts: Parts, others: Mapping[str, Parts]) -> tuple[Meeting, ...]:
    """Plots that `parts` would meet if its corners had been read off a web map: for whoever checks, no refusal."""
    return meetings(as_if_gcj02(parts), others)


REACH = STEPS // 100
"""How far around a plot others are looked for: a hundredth of a degree, more than the shift of GCJ-02 anywhere."""


def label(point: Corner) -> tuple[str, str]:
    """Longitude and latitude as printed."""
    return said(point[0]), said(point[1])
