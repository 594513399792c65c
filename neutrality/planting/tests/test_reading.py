"""Land as people hand it in: every format says the same corners, every slip is named (R1.25)."""

import io
import json
import zipfile

import pytest

from neutrality.planting import rules
from neutrality.planting.rules import Unreadable, read

CORNERS = ((103.5, 30.6), (103.51, 30.6), (103.51, 30.61), (103.5, 30.61))
LAND = ((tuple((round(x * 10**8), round(y * 10**8)) for x, y in CORNERS),),)
RING = [list(corner) for corner in (*CORNERS, CORNERS[0])]
POLYGON = {"type": "Polygon", "coordinates": [RING]}
LABEL = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [103.5, 30.6]}, "properties": {"name": "北坡"}}
FEATURE = {"type": "Feature", "geometry": POLYGON}
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
    "an area with its label": json.dumps(
        {"type": "FeatureCollection", "features": [LABEL, {"type": "Feature", "geometry": POLYGON}]}
    ),
    "a collection of shapes": json.dumps({"type": "GeometryCollection", "geometries": [POLYGON]}),
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
    "only a label": (json.dumps({"type": "FeatureCollection", "features": [LABEL]}), "not_an_area"),
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


HERE = {
    "漠河": (122.54, 52.97),
    "满洲里": (117.4, 49.6),
    "额尔古纳": (120.18, 50.24),
    "喀纳斯": (87.0, 48.8),
    "霍尔果斯": (80.42, 44.2),
    "塔什库尔干": (75.2, 37.8),
    "阿克陶": (73.6, 39.4),
    "札达": (79.8, 31.5),
    "普兰": (81.2, 30.3),
    "樟木": (86.0, 28.0),
    "墨脱": (95.3, 29.3),
    "达旺": (91.9, 27.6),
    "瓦弄": (97.0, 28.1),
    "瑞丽": (97.85, 24.0),
    "勐腊": (101.6, 21.3),
    "东兴": (107.97, 21.5),
    "三亚": (109.5, 18.25),
    "永兴岛": (112.3, 16.8),
    "曾母暗沙": (112.3, 3.97),
    "黄岩岛": (117.8, 15.1),
    "台东": (121.1, 22.8),
    "钓鱼岛": (123.5, 25.7),
    "赤尾屿": (124.56, 25.92),
    "集安": (126.2, 41.1),
    "珲春": (130.4, 42.8),
    "黑瞎子岛": (134.7, 48.3),
    "虎头": (133.7, 45.9),
    "绥芬河": (131.2, 44.4),
    "二连浩特": (112.0, 43.65),
    "策克": (101.3, 42.4),
    "老爷庙": (93.6, 44.9),
    "阿尔山": (119.9, 47.2),
    "吉木乃": (85.5, 47.4),
}
ELSEWHERE = {
    "Ulaanbaatar": (106.9, 47.9),
    "Irkutsk": (104.3, 52.3),
    "Delhi": (77.2, 28.6),
    "Dhaka": (90.4, 23.8),
    "Bangkok": (100.5, 13.8),
    "Busan": (129.1, 35.2),
    "Osaka": (135.5, 34.7),
    "Karaganda": (73.2, 49.8),
    "the Bay of Bengal": (88.0, 15.0),
    "the Pacific": (130.0, 20.0),
    "the Sea of Japan": (134.0, 42.0),
}


def around(place):
    lon, lat = place
    return f"{lon}, {lat}\n{lon + 0.01:.4f}, {lat}\n{lon + 0.01:.4f}, {lat + 0.01:.4f}"


@pytest.mark.parametrize("place", HERE.values(), ids=HERE.keys())
def test_every_edge_of_the_country_can_be_planted(place):
    assert read(around(place))


@pytest.mark.parametrize("place", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_neighbours_and_open_sea_are_a_slip(place):
    with pytest.raises(Unreadable) as caught:
        read(around(place))
    assert caught.value.faults[0].code == "elsewhere"


NAMED = "<kml><Placemark><name>云岭林场</name></Placemark></kml>"
ENCODED = {
    "UTF-8": NAMED.encode(),
    "with its mark": NAMED.encode("utf-8-sig"),
    "UTF-16": NAMED.encode("utf-16"),
    "GBK": NAMED.encode("gbk"),
    "GB 18030": NAMED.encode("gb18030"),
}


@pytest.mark.parametrize("content", ENCODED.values(), ids=ENCODED.keys())
def test_files_of_the_countrys_tools_are_read(content):
    assert rules.decoded(content) == NAMED


def test_what_is_no_text_is_said():
    """A picture, and packed land however much it would swell: it is not unpacked at all."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", "0" * 10**7)
    for content in (packed.getvalue(), b"\x89PNG\r\n\x1a\n\0\0\0\r", b"\xff\xfe\x00\xd8"):
        with pytest.raises(Unreadable) as caught:
            rules.decoded(content)
        assert caught.value.faults[0].code == "not_text"


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
