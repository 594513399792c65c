"""Three coordinate systems of the same land, brought to WGS-84 (pure).

A corner is (longitude, latitude) in whole hundred-millionths of a degree, about a millimetre, so that what was declared
is kept to the digit and has one digest. CGCS2000 is read as WGS-84: both follow the earth's centre, and what they
differ by, the drift of the plate since epoch 2000, stays below a metre. GCJ-02 is the shift of Chinese web maps, some
hundred metres; its formula circulates in published reference implementations and is undone by iteration.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from math import cos, pi, sin, sqrt

Corner = tuple[int, int]
Ring = tuple[Corner, ...]
Part = tuple[Ring, ...]
"""One closed area: its border, then its holes. A ring does not repeat its first corner."""
Parts = tuple[Part, ...]

STEPS = 10**8
"""Steps in one degree."""


class System(StrEnum):
    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"


ERROR_M = {System.WGS84: 0, System.CGCS2000: 1, System.GCJ02: 5}
"""What reading corners of a system as WGS-84 may be off by, in metres, beside the error of whoever measured."""

# Krassovsky's ellipsoid, on which the shift is worked out.
AXIS_M = 6378245
ECCENTRICITY_SQUARED = 669342162296594323 / 10**20
MOST_ROUNDS = 30


def degrees(corner: Corner) -> tuple[float, float]:
    return corner[0] / STEPS, corner[1] / STEPS


def corner(lon: float, lat: float) -> Corner:
    return round(lon * STEPS), round(lat * STEPS)


def _waves(x: float) -> float:
    return (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3


def _north(x: float, y: float) -> float:
    straight = -100 + 2 * x + 3 * y + y * y / 5 + x * y / 10 + sqrt(abs(x)) / 5
    long_waves = (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    return straight + _waves(x) + long_waves + (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3


def _east(x: float, y: float) -> float:
    straight = 300 + x + 2 * y + x * x / 10 + x * y / 10 + sqrt(abs(x)) / 10
    long_waves = (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    return straight + _waves(x) + long_waves + (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3


def _shift(lon: float, lat: float) -> tuple[float, float]:
    """Degrees by which GCJ-02 lies east and north of WGS-84 at a point."""
    x, y = lon - 105, lat - 35
    angle = lat / 180 * pi
    bulge = 1 - ECCENTRICITY_SQUARED * sin(angle) ** 2
    root = sqrt(bulge)
    north = _north(x, y) * 180 / (AXIS_M * (1 - ECCENTRICITY_SQUARED) / (bulge * root) * pi)
    east = _east(x, y) * 180 / (AXIS_M / root * cos(angle) * pi)
    return east, north


def to_gcj02(point: Corner) -> Corner:
    """A corner of WGS-84 as a Chinese web map shows it."""
    lon, lat = degrees(point)
    east, north = _shift(lon, lat)
    return corner(lon + east, lat + north)


def from_gcj02(point: Corner) -> Corner:
    """The corner whose shift arrives at `point`: by iteration, to a step (about a millimetre)."""
    goal_lon, goal_lat = degrees(point)
    lon, lat = goal_lon, goal_lat
    for _round in range(MOST_ROUNDS):
        east, north = _shift(lon, lat)
        before = lon, lat
        lon, lat = goal_lon - east, goal_lat - north
        if corner(*before) == corner(lon, lat):
            break
    return corner(lon, lat)


def to_wgs84(point: Corner, system: System) -> Corner:
    return from_gcj02(point) if system is System.GCJ02 else point


def mapped(parts: Parts, change: Callable[[Corner], Corner]) -> Parts:
    """Every corner changed by `change`."""
    return tuple(tuple(tuple(change(point) for point in ring) for ring in part) for part in parts)


def converted(parts: Parts, system: System) -> Parts:
    """All corners in WGS-84."""
    return mapped(parts, lambda point: to_wgs84(point, system))


def as_if_gcj02(parts: Parts) -> Parts:
    """What the land would be if corners given as WGS-84 had been read off a Chinese web map."""
    return mapped(parts, from_gcj02)


def as_on_a_web_map(parts: Parts) -> Parts:
    """Where corners of WGS-84 stand on a Chinese web map, taken for WGS-84."""
    return mapped(parts, to_gcj02)


def corners(parts: Parts) -> Iterable[Corner]:
    return (point for part in parts for ring in part for point in ring)
