"""Land as people hand it in: every format says the same corners, every slip is named (R1.25)."""

import json

import pytest

from neutrality.planting import rules
from neutrality.planting.rules import Unreadable, read

CORNERS = ((103.5, 30.6), (103.51, 30.6), (103.51, 30.61), (103.5, 30.61))
LAND = ((tuple((round(x * 10**8), round(y * 10**8)) for x, y in CORNERS),),)
RING = [list(corner) for corner in (*CORNERS, CORNERS[0])]
POLYGON = {"type": "Polygon", "coordinates": [RING]}
KML = (
    '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><Polygon>'
    "<outerBoundaryIs><LinearRing><coordinates>{}</coordinates></LinearRing></outerBoundaryIs>"
    "</Polygon></Placemark></Document></kml>"
)
TUPLES = " ".join(f"{x},{y},512" for x, y in RING)
WKT = ", ".join(f"{x} {y}" for x, y in RING)
SAME = {
    "typed": "\n".join(f"{x}, {y}" for x, y in CORNERS),
    "typed with blanks, closed": "\n\n".join(f"{x}\t{y}" for x, y in RING),
    "full width": "\n".join(f"{x}，{y}" for x, y in CORNERS),
    "degrees, minutes, seconds": "东经103°30′00″，北纬30°36′00″\n103°30'36\"E, 30°36'N\n"
    "N30°36'36\", E103°30'36\"\n103.5, 30.61",
    "geometry": json.dumps(POLYGON),
    "feature": json.dumps({"type": "Feature", "geometry": POLYGON, "properties": None}),
    "collection": json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": POLYGON}]}),
    "multi": json.dumps({"type": "MultiPolygon", "coordinates": [[RING]]}),
    "kml": KML.format(TUPLES),
    "wkt": f"POLYGON (({WKT}))",
    "wkt with a system and heights": f"SRID=4326;POLYGON(({WKT}))",
    "multi wkt": f"\ufeffMULTIPOLYGON ((({WKT})))",
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME.keys())
def test_every_format_says_the_same_land(text):
    assert read(text) == LAND


def wide(count: int) -> str:
    return "\n".join(f"103.{place:05d}, 30.6" for place in range(count))


WRONG = {
    "nothing": (" \n", "empty"),
    "swapped": ("\n".join(f"{y}, {x}" for x, y in CORNERS), "swapped"),
    "metres of a projection": ("38412345.6, 3388123.1\n38412445.6, 3388123.1\n38412445.6, 3388223.1", "metres"),
    "elsewhere": ("13.5, 30.6\n103.6, 30.6\n103.6, 30.7", "elsewhere"),
    "two corners": ("103.5, 30.6\n103.6, 30.6", "too_few"),
    "the same corner thrice": ("103.5, 30.6\n103.5, 30.6\n103.5, 30.6", "too_few"),
    "a point": ('{"type": "Point", "coordinates": [103.5, 30.6]}', "not_an_area"),
    "a line": ("LINESTRING(103.5 30.6, 103.6 30.6)", "not_an_area"),
    "a placemark of a point": ("<kml><Point><coordinates>103,30</coordinates></Point></kml>", "not_an_area"),
    "cut off JSON": (json.dumps(POLYGON)[:-4], "broken_json"),
    "deep JSON": ("[" * 100_000, "broken_json"),
    "a list": ("[[103.5, 30.6]]", "broken_json"),
    "not a number": ('{"type": "Polygon", "coordinates": [[[NaN, 1], [2, 3], [4, 5]]]}', "not_a_number"),
    "text for a number": ('{"type": "Polygon", "coordinates": [[["103", 30]]]}', "not_a_number"),
    "a truth for a number": ('{"type": "Polygon", "coordinates": [[[true, 30]]]}', "not_a_number"),
    "endless number": ('{"type": "Polygon", "coordinates": [[[1e999999, 30]]]}', "not_a_number"),
    "no geometry": ('{"type": "Feature", "geometry": null}', "no_area"),
    "empty collection": ('{"type": "FeatureCollection", "features": []}', "no_area"),
    "swelling XML": ('<!DOCTYPE a [<!ENTITY b "c">]><kml>&b;</kml>', "active_xml"),
    "cut off XML": ("<kml><Polygon>", "broken_xml"),
    "cut off WKT": ("POLYGON((103.5 30.6, 103.6", "broken_wkt"),
    "blank WKT": ("POLYGON(" + " " * 50_000 + "x", "broken_wkt"),
    "too many corners": (wide(2001), "too_many"),
    "too large": ("103.5, 30.6\n" * 100_000, "too_large"),
    "minutes past sixty": ("103°75', 30.6\n103.6, 30.6\n103.6, 30.7", "not_a_number"),
}


@pytest.mark.parametrize(("text", "code"), WRONG.values(), ids=WRONG.keys())
def test_slips_are_named(text, code):
    with pytest.raises(Unreadable) as caught:
        read(text)
    assert caught.value.faults[0].code == code


def test_all_bad_lines_are_said_at_once():
    with pytest.raises(Unreadable) as caught:
        read("103.5, 30.6\nhere\n103.6, x\n103.6, 30.7")
    assert [(fault.code, fault.row) for fault in caught.value.faults] == [("two_numbers", 2), ("not_a_number", 3)]


HOLE = "(103.502 30.602, 103.504 30.602, 103.504 30.604, 103.502 30.602)"
SHAPES = {
    "three points on a line": ("103.5, 30.6\n103.51, 30.61\n103.52, 30.62", "in_line"),
    "a bow tie": ("103.5, 30.6\n103.51, 30.61\n103.51, 30.6\n103.5, 30.61", "crossing"),
    "a hole outside": (f"POLYGON(({WKT}), {HOLE.replace('30.60', '30.70')})", "hole_outside"),
    "parts over each other": (f"MULTIPOLYGON((({WKT})), ({HOLE}))", "parts_meet"),
    "a hair": ("103.5, 30.6\n103.50001, 30.6\n103.50001, 30.60001", "size"),
    "half a province": ("101, 29\n105, 29\n105, 33\n101, 33", "size"),
}


@pytest.mark.parametrize(("text", "code"), SHAPES.values(), ids=SHAPES.keys())
def test_shapes_that_bound_nothing(text, code):
    assert [fault.code for fault in rules.faults(read(text))] == [code]


def test_a_hole_is_not_planted():
    whole, holed = read(f"POLYGON(({WKT}))"), read(f"POLYGON(({WKT}), {HOLE})")
    assert rules.faults(holed) == []
    hole = read(f"POLYGON({HOLE})")
    assert rules.measured_m2(holed) == pytest.approx(rules.measured_m2(whole) - rules.measured_m2(hole))
