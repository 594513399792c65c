"""Coordinate systems, areas, and land that meets other land, also after re-projection and for slivers (R1.24)."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon

from neutrality.planting import rules
from neutrality.planting.rules import systems
from neutrality.planting.rules.systems import STEPS, System
from neutrality.planting.tests.factories import square

# The pair of the published reference implementations (eviltransform): WGS-84 in, GCJ-02 out, in degrees.
PUBLISHED = (((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),)
INSIDE = st.tuples(st.integers(74 * STEPS, 135 * STEPS), st.integers(4 * STEPS, 53 * STEPS))


@pytest.mark.parametrize(("wgs", "gcj"), PUBLISHED)
def test_the_shift_is_the_published_one(wgs, gcj):
    found = systems.to_gcj02(systems.corner(*wgs))
    assert max(abs(a - b) for a, b in zip(found, systems.corner(*gcj), strict=True)) <= 1


@settings(max_examples=300, deadline=None)
@given(INSIDE)
def test_the_shift_is_undone_to_a_millimetre(point):
    """Iterated back: two steps are two millimetres; the error stated for GCJ-02 is metres."""
    back = systems.from_gcj02(systems.to_gcj02(point))
    assert max(abs(a - b) for a, b in zip(back, point, strict=True)) <= 2


@settings(max_examples=100, deadline=None)
@given(INSIDE)
def test_the_shift_is_some_hundred_metres(point):
    lon, lat = systems.to_gcj02(point)
    metres = ((lon - point[0]) ** 2 + (lat - point[1]) ** 2) ** 0.5 / STEPS * 111_320
    assert 1 < metres < 1200


def test_cgcs2000_is_kept_and_its_error_is_said():
    land = rules.read(square("103.5"))
    assert rules.converted(land, System.CGCS2000) == rules.converted(land, System.WGS84) == land
    assert rules.ERROR_M[System.CGCS2000] == 1


def test_area_of_a_published_figure():
    """A cell of one degree at the equator: 12,308.78 km² on WGS-84 (Karney's geodesic area, also GeographicLib's)."""
    cell = ((((0, 0), (STEPS, 0), (STEPS, STEPS), (0, STEPS)),),)
    assert abs(rules.measured_m2(cell) / 10**6 - Decimal("12308.78")) < Decimal("0.01")


def test_mu_and_hectares():
    assert rules.hectares(Decimal(10000)) == 1
    assert rules.mu(Decimal(10000)) == 15
    assert rules.mu(rules.M2_OF_MU * 100) == 100


@pytest.mark.parametrize(
    ("stated", "wrong", "slip"),
    [
        ("100", False, ""),
        ("104.9", False, ""),
        ("95.1", False, ""),
        ("105.1", True, ""),
        ("94", True, ""),
        ("1000", True, "ten_times"),
        ("10", True, "ten_times"),
        ("1500", True, "mu_for_ha"),
        ("6.67", True, "ha_for_mu"),
        ("37", True, ""),
    ],
)
def test_stated_area(stated, wrong, slip):
    measured = Decimal(100)
    assert rules.stated_wrong(measured, Decimal(stated)) is wrong
    if wrong:
        assert rules.likely_slip(measured, Decimal(stated)) == slip


PLOT = rules.read(square("103.5"))
METRE = Decimal("0.00001045")  # of longitude, at 30.6 degrees north


def moved(east: str = "0", north: str = "0") -> rules.Parts:
    return rules.read(square(str(Decimal("103.5") + Decimal(east)), str(Decimal("30.60") + Decimal(north))))


@settings(max_examples=40, deadline=None)
@given(st.integers(-12_000, 12_000), st.integers(-12_000, 12_000))
def test_meeting_is_what_the_plane_says(east, north):
    """Squares of a hundredth of a degree, moved by millionths: they meet where their frames overlap by more than a
    sliver, measured by hand on a sphere's metres."""
    other = moved(f"{east / 10**6:.6f}", f"{north / 10**6:.6f}")
    shared = max(0, 10_000 - abs(east)) * max(0, 10_000 - abs(north)) * 0.0958 * 0.1109
    found = rules.meetings(other, {"x": PLOT})
    if shared > 1.01 * rules.SLIVER_M2:
        assert float(found[0].area_m2) == pytest.approx(shared, rel=0.01)
    if shared < 0.99 * rules.SLIVER_M2:
        assert found == ()


def test_a_shared_border_is_no_overlap():
    for neighbour in (moved("0.01"), moved("-0.01"), moved("0", "0.01"), moved("0.01", "0.01")):
        assert rules.meetings(neighbour, {"x": PLOT}) == ()


def test_a_shared_border_stays_one_after_conversion():
    """The neighbour took its corners off a web map and said so: the way there and back leaves millimetres."""
    web = systems.as_on_a_web_map(moved("0.01"))
    assert rules.meetings(rules.converted(web, System.GCJ02), {"x": PLOT}) == ()


def test_slips_along_a_border_pass_and_strips_do_not():
    """The border is 1,109 m long: five centimetres over it are 55 m², a metre is 1,109 m²."""
    slip, strip = moved(str(Decimal("0.01") - METRE / 20)), moved(str(Decimal("0.01") - METRE))
    assert rules.meetings(slip, {"x": PLOT}) == ()
    assert rules.meetings(strip, {"x": PLOT})[0].area_m2 > 1000


def test_slivers_of_many_neighbours_are_taken_together():
    """55 m² from each of four sides are 220 m² nibbled."""
    step = METRE / 20
    north = step * Decimal("0.86")
    sides = [moved(str(Decimal("0.01") - step)), moved(str(step - Decimal("0.01")))]
    sides += [moved("0", str(Decimal("0.01") - north)), moved("0", str(north - Decimal("0.01")))]
    assert all(rules.meetings(PLOT, {"x": one}) == () for one in sides)
    assert len(rules.meetings(PLOT, {str(place): one for place, one in enumerate(sides)})) == 4


def test_copies_are_found_in_every_system():
    assert rules.meetings(PLOT, {"x": PLOT})
    web = systems.as_on_a_web_map(PLOT)
    assert rules.meetings(rules.converted(web, System.GCJ02), {"x": PLOT})[0].area_m2 > 1_000_000


def small(east: str = "0") -> rules.Parts:
    """A plot of 100 m: its copy on a web map lies beside it."""
    return rules.read(square(str(Decimal("103.5") + Decimal(east)), "30.60", "0.001"))


def test_a_copy_in_a_wrongly_said_system_is_found_though_it_meets_nothing():
    """The corners of a web map said to be WGS-84, some 300 m off; and the other way round."""
    web = systems.as_on_a_web_map(small())
    assert rules.meetings(web, {"x": small()}) == ()  # the control: overlap alone sees nothing
    assert rules.mistaken(web, {"x": small()}) == "x"
    assert rules.mistaken(systems.as_if_gcj02(small()), {"x": small()}) == "x"


def test_neighbours_are_not_taken_for_copies():
    assert rules.mistaken(small("0.001"), {"x": small()}) == ""
    assert rules.mistaken(moved("0.01"), {"x": PLOT}) == ""


def test_part_of_a_web_map_copy_is_doubtful():
    """Half a plot cannot be told from an honest neighbour: it passes, and whoever verifies is told."""
    half = rules.read("103.5, 30.6\n103.501, 30.6\n103.501, 30.6004\n103.5, 30.6004")
    web = systems.as_on_a_web_map(half)
    assert rules.mistaken(web, {"x": small()}) == ""
    assert rules.doubtful(web, {"x": small()})[0].number == "x"


def test_the_sketch_draws_what_it_measures():
    drawn = rules.sketch(PLOT)
    assert drawn.bar_words in ("200 m", "500 m")
    points = [tuple(map(float, pair.split())) for pair in drawn.paths[0].strip("MZ").split("L")]
    scale = drawn.bar / drawn.bar_m
    assert Polygon(points).area / scale**2 == pytest.approx(float(rules.measured_m2(PLOT)), rel=0.03)
    assert all(0 <= x <= drawn.wide and 0 <= y <= drawn.high for x, y in points)
