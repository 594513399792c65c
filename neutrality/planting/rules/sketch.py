"""A plain drawing of a plot: its border on a flat sheet with a bar of a round length. No map, no ground, no names."""

from dataclasses import dataclass
from math import cos, hypot, log10, radians

from neutrality.planting.rules.reading import said
from neutrality.planting.rules.shapes import box
from neutrality.planting.rules.systems import Corner, Parts, degrees

WIDE, HIGH, EDGE = 320, 240, 20
M_OF_DEGREE = 111320
"""Metres of a degree of latitude: near enough to draw by."""


@dataclass(frozen=True)
class Sketch:
    """Ready for SVG: a path for each area (holes included), the bar in drawing units, its length in metres."""

    paths: tuple[str, ...]
    bar: int
    bar_m: int
    wide: int = WIDE
    high: int = HIGH

    @property
    def bar_words(self) -> str:
        return f"{self.bar_m // 1000} km" if self.bar_m >= 1000 else f"{self.bar_m} m"


def sketch(parts: Parts) -> Sketch:
    """The plot drawn as large as the sheet allows, north up."""
    edges = box(parts)
    west, south = degrees((edges.west, edges.south))
    east, north = degrees((edges.east, edges.north))
    across = M_OF_DEGREE * cos(radians((south + north) / 2))
    width, height = (east - west) * across, (north - south) * M_OF_DEGREE
    scale = min((WIDE - 2 * EDGE) / max(width, 1), (HIGH - 3 * EDGE) / max(height, 1))
    left, top = (WIDE - width * scale) / 2, (HIGH - EDGE - height * scale) / 2

    def place(point: Corner) -> str:
        lon, lat = degrees(point)
        x, y = left + (lon - west) * across * scale, top + (north - lat) * M_OF_DEGREE * scale
        return f"{x:.1f} {y:.1f}"

    paths = tuple("".join(f"M{'L'.join(map(place, ring))}Z" for ring in part) for part in parts)
    bar_m = _round_length(hypot(width, height) / 4)
    return Sketch(paths, round(bar_m * scale), bar_m)


def _round_length(metres: float) -> int:
    """The largest of 1, 2, 5 times a power of ten below `metres`."""
    power = 10 ** max(0, int(log10(max(metres, 1))))
    return int(power * next((step for step in (5, 2) if step * power <= metres), 1))


def rows(parts: Parts) -> list[tuple[int, str, str]]:
    """Every corner of the outer borders with its running number, longitude and latitude as printed."""
    outer = [point for part in parts for point in part[0]]
    return [(place, said(point[0]), said(point[1])) for place, point in enumerate(outer, start=1)]
