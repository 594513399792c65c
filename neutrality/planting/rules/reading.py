"""Land as people hand it in: GeoJSON, KML, WKT, or one corner a line. Everything wrong is said at once (pure).

A text is read once, held to limits first, and every number is read exactly. Nothing is repaired silently: what a person
has to mend comes back as faults with the line it stands on.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.etree import ElementTree

from neutrality.planting.rules.systems import STEPS, Corner, Parts, corners

MIB = 1024 * 1024
LARGEST = MIB
"""Bytes of a file of corners. Two thousand corners take a tenth of it."""
MOST_CORNERS = 2000
MOST_PARTS = 20
LONGEST_NUMBER = 24
# The country in whole degrees, wide: it tells slips of the pen, it draws no border.
WEST, EAST, SOUTH, NORTH = 73 * STEPS, 136 * STEPS, 3 * STEPS, 54 * STEPS
# Whole degrees inside of it that are surely neighbours or open sea (west, south, east, north), each a good way off.
AWAY = (
    (73, 3, 97, 26),
    (73, 3, 78, 31),
    (97, 3, 107, 20),
    (73, 44, 80, 54),
    (79, 50, 115, 54),
    (97, 44, 110, 54),
    (127, 26, 136, 40),
    (125, 3, 136, 25),
    (132, 40, 136, 44),
)


@dataclass(frozen=True)
class Fault:
    """One thing to mend: a code, the line of a typed list, and what its sentence names."""

    code: str
    row: int | None = None
    params: dict[str, Any] = field(default_factory=dict)


class Unreadable(ValueError):
    """A text that is no land; `faults` says everything that is wrong."""

    def __init__(self, *faults: Fault):
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = faults


def decoded(content: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 with its mark, or GB 18030, in which many of the country's tools write.
    Unreadable where it is none."""
    codec = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    for name in (codec, "gb18030"):
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f\x7f]", text):
            return text
    raise Unreadable(Fault("not_text"))


def read(text: str) -> Parts:
    """The land in `text`, in the coordinates it was declared in."""
    plain = text.lstrip("\ufeff").strip()
    if not plain:
        raise Unreadable(Fault("empty"))
    if len(plain.encode("utf-8", "surrogatepass")) > LARGEST:
        raise Unreadable(Fault("too_large"))
    rings = list(_rings(plain))
    if not rings:
        raise Unreadable(Fault("no_area"))
    parts = tuple(tuple(_closed(ring) for ring in part) for part in rings)
    _hold_to_limits(parts)
    return parts


def _rings(plain: str) -> Iterator[list[list[Corner]]]:
    if plain[0] in "{[":
        return _geojson(plain)
    if plain[0] == "<":
        return _kml(plain)
    if re.match(r"(SRID\s*=\s*\d+\s*;\s*)?(MULTI)?(POLYGON|POINT|LINESTRING)|GEOMETRYCOLLECTION", plain, re.I):
        return _wkt(plain)
    return iter([[_typed(plain)]])


def steps(number: Decimal) -> int:
    """A coordinate in steps, to the nearest."""
    return int((number * STEPS).to_integral_value())


def _number(value: Any) -> int:
    """A coordinate as a file holds it."""
    number = Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None
    if number is None or abs(number) > 10**9:
        raise Unreadable(Fault("not_a_number", params={"text": str(value)[:LONGEST_NUMBER]}))
    return steps(number)


def _text_number(text: str, row: int | None = None) -> int:
    try:
        if len(text) > LONGEST_NUMBER:
            raise InvalidOperation
        number = Decimal(text)
        if not number.is_finite() or abs(number) > 10**9:
            raise InvalidOperation
    except InvalidOperation:
        raise Unreadable(Fault("not_a_number", row, {"text": text[:LONGEST_NUMBER]})) from None
    return steps(number)


def _closed(ring: list[Corner]) -> tuple[Corner, ...]:
    """Without the repeated first corner, and without a corner said twice in a row."""
    found = [point for place, point in enumerate(ring) if not place or point != ring[place - 1]]
    return tuple(found[:-1] if len(found) > 1 and found[0] == found[-1] else found)


# GeoJSON


def _refused_constant(name: str) -> Any:
    raise Unreadable(Fault("not_a_number", params={"text": name}))


def _geojson(plain: str) -> Iterator[list[list[Corner]]]:
    try:
        data = json.loads(plain, parse_float=Decimal, parse_constant=_refused_constant)
    except (json.JSONDecodeError, RecursionError, InvalidOperation):
        raise Unreadable(Fault("broken_json")) from None
    except ValueError as wrong:
        if isinstance(wrong, Unreadable):
            raise
        raise Unreadable(Fault("broken_json")) from None
    found = list(_areas(data))
    areas = [area for area in found if area]
    if found and not areas:
        raise Unreadable(Fault("not_an_area"))
    return iter(areas)


def _areas(data: Any) -> Iterator[list[list[Corner]]]:
    """Every area; an empty one for a point or a line, which beside an area is a label and no border."""
    if isinstance(data, list):
        raise Unreadable(Fault("broken_json"))
    kind = data.get("type") if isinstance(data, dict) else None
    match kind:
        case "FeatureCollection" | "GeometryCollection":
            for member in _list(data.get("features" if kind == "FeatureCollection" else "geometries")):
                yield from _areas(member)
        case "Feature":
            if data.get("geometry") is not None:
                yield from _areas(data["geometry"])
        case "Polygon":
            yield [_positions(ring) for ring in _list(data.get("coordinates"))]
        case "MultiPolygon":
            for part in _list(data.get("coordinates")):
                yield [_positions(ring) for ring in _list(part)]
        case "Point" | "LineString" | "MultiPoint" | "MultiLineString":
            yield []
        case _:
            raise Unreadable(Fault("no_area"))


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Unreadable(Fault("broken_json"))
    return value


def _positions(ring: Any) -> list[Corner]:
    found = []
    for position in _list(ring):
        if len(_list(position)) < 2:
            raise Unreadable(Fault("broken_json"))
        found.append((_number(position[0]), _number(position[1])))
    return found


# KML


def _kml(plain: str) -> Iterator[list[list[Corner]]]:
    # An entity may swell without end; land needs none.
    if re.search(r"<!\s*(DOCTYPE|ENTITY)", plain, re.I):
        raise Unreadable(Fault("active_xml"))
    try:
        root = ElementTree.fromstring(re.sub(r"^<\?xml[^>]*\?>", "", plain))  # noqa: S314  no DTD, see above
    except ElementTree.ParseError:
        raise Unreadable(Fault("broken_xml")) from None
    polygons = [node for node in root.iter() if _name(node) == "Polygon"]
    if not polygons and any(_name(node) in ("Point", "LineString") for node in root.iter()):
        raise Unreadable(Fault("not_an_area"))
    for polygon in polygons:
        outer = [node for node in polygon if _name(node) == "outerBoundaryIs"]
        inner = [node for node in polygon if _name(node) == "innerBoundaryIs"]
        yield [_coordinates(node) for node in outer + inner]


def _name(node: Any) -> str:
    return str(node.tag).rsplit("}", 1)[-1]


def _coordinates(node: Any) -> list[Corner]:
    text = next((found.text or "" for found in node.iter() if _name(found) == "coordinates"), "")
    found = []
    for tuple_text in text.split():
        values = tuple_text.split(",")
        if len(values) < 2:
            raise Unreadable(Fault("broken_xml"))
        found.append((_text_number(values[0]), _text_number(values[1])))
    return found


# WKT


def _wkt(plain: str) -> Iterator[list[list[Corner]]]:
    body = re.sub(r"^SRID ?= ?\d+ ?; ?", "", re.sub(r"\s+", " ", plain), flags=re.I)
    if re.match(r"(MULTI)?(POINT|LINESTRING)", body, re.I):
        raise Unreadable(Fault("not_an_area"))
    shape = re.fullmatch(r"(MULTI)?POLYGON\s*(?:ZM|Z|M)?\s*\((.*)\)\s*;?", body, re.I | re.S)
    if not shape:
        raise Unreadable(Fault("broken_wkt"))
    inside = shape.group(2)
    parts = re.findall(r"\(\s*((?:\([^()]*\)\s*,?\s*)+)\)", inside) if shape.group(1) else [inside]
    if not parts or inside.count("(") != inside.count(")"):
        raise Unreadable(Fault("broken_wkt"))
    for part in parts:
        rings = re.findall(r"\(([^()]*)\)", part)
        if not rings:
            raise Unreadable(Fault("broken_wkt"))
        yield [[_pair(point) for point in ring.split(",")] for ring in rings]


def _pair(text: str) -> Corner:
    values = text.split()
    if len(values) < 2:
        raise Unreadable(Fault("broken_wkt"))
    return _text_number(values[0]), _text_number(values[1])


# One corner a line

ANGLE = re.compile(
    r"(?P<sign>[-+])?(?P<degrees>\d{1,3}(?:\.\d+)?)°"
    r"(?:\s*(?P<minutes>\d{1,2}(?:\.\d+)?)\s*[′'’])?(?:\s*(?P<seconds>\d{1,2}(?:\.\d+)?)\s*[″\"”])?"
)
FULL_WIDTH = str.maketrans("０１２３４５６７８９，．－；　东西南北", "0123456789,.-; EWSN")


def _typed(plain: str) -> list[Corner]:
    """One corner a line: longitude, then latitude; decimal degrees, or degrees with minutes and seconds."""
    found: list[Corner] = []
    faults: list[Fault] = []
    for row, line in enumerate(plain.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(_line(line.translate(FULL_WIDTH).replace("经", "").replace("纬", "").strip(), row))
        except Unreadable as bad:
            faults += bad.faults
    if faults:
        raise Unreadable(*faults[:MOST_PARTS])
    return found


def _line(line: str, row: int) -> Corner:
    halves = [half for half in re.split(r"[,;\t]+", line) if half.strip()]
    if len(halves) == 1 and "°" not in line:
        halves = line.split()
    if len(halves) != 2:
        raise Unreadable(Fault("two_numbers", row, {"text": line[:40]}))
    first, second = (_angle(half.strip(), row) for half in halves)
    if first[1] in ("N", "S") and second[1] in ("E", "W"):  # the letters say which is which
        first, second = second, first
    return first[0], second[0]


def _angle(text: str, row: int) -> tuple[int, str]:
    letter = next((sign for sign in text.upper() if sign in "EWNS"), "")
    plain = re.sub(r"[EWNSewns]", "", text).strip()
    turned = -1 if letter in ("W", "S") else 1
    shape = ANGLE.fullmatch(plain)
    if shape is None:
        return turned * _text_number(plain, row), letter
    minutes, seconds = Decimal(shape["minutes"] or 0), Decimal(shape["seconds"] or 0)
    if minutes >= 60 or seconds >= 60:
        raise Unreadable(Fault("not_a_number", row, {"text": text[:LONGEST_NUMBER]}))
    value = Decimal(shape["degrees"]) + minutes / 60 + seconds / 3600
    return turned * (-1 if shape["sign"] == "-" else 1) * steps(value), letter


# Limits


def _hold_to_limits(parts: Parts) -> None:
    points = list(corners(parts))
    if len(points) > MOST_CORNERS or len(parts) > MOST_PARTS:
        raise Unreadable(Fault("too_many", params={"corners": len(points), "parts": len(parts)}))
    if any(len(ring) < 3 for part in parts for ring in part):
        raise Unreadable(Fault("too_few"))
    if place := _misplaced(points):
        raise Unreadable(place)


def _misplaced(points: list[Corner]) -> Fault | None:
    """Why corners cannot be where they are said to be, if so: metres, swapped, elsewhere."""
    if all(_inside(*point) for point in points):
        return None
    if all(_inside(lat, lon) for lon, lat in points):
        return Fault("swapped")
    if any(abs(value) > 360 * STEPS for point in points for value in point):
        return Fault("metres")
    lon, lat = next(point for point in points if not _inside(*point))
    return Fault("elsewhere", params={"lon": said(lon), "lat": said(lat)})


def _inside(lon: int, lat: int) -> bool:
    return WEST <= lon <= EAST and SOUTH <= lat <= NORTH and not any(_within(lon, lat, box) for box in AWAY)


def _within(lon: int, lat: int, box: tuple[int, int, int, int]) -> bool:
    west, south, east, north = (degree * STEPS for degree in box)
    return west <= lon <= east and south <= lat <= north


def said(value: int) -> str:
    """A coordinate as it is printed: six places, about a decimetre."""
    return f"{(Decimal(value) / STEPS).quantize(Decimal('0.000001')):f}"
