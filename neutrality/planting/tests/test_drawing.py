"""Drawing a border in the browser: what it asks the portal, and a hand, a thumb and a keyboard at the sheet."""

import pytest
from django.conf import settings
from django.urls import reverse

from conftest import DESKTOP, PHONE
from neutrality.planting import operations
from neutrality.planting.models import Planting, Plot
from neutrality.planting.tests.factories import make_forest_activity, make_planting, square
from neutrality.refusals import Refusal

LINE = "103.5, 30.6\n103.51, 30.61"
CROSSING = "103.5, 30.6\n103.51, 30.61\n103.51, 30.6\n103.5, 30.61"
ABROAD = "2.35, 48.85\n2.36, 48.85\n2.36, 48.86"


@pytest.fixture
def activity(cast):
    return make_forest_activity(organization=cast.home, created_by=cast.organizer, committed_by=cast.organizer)


# What the sheet asks


def near(client, **over):
    box = {"west": "103.49", "south": "30.59", "east": "103.52", "north": "30.62"} | over
    return client.get(reverse("planting:nearby"), box).json()["features"]


def measured(cast, activity, corners, system="wgs84", who="organizer"):
    address = reverse("planting:measure", args=[activity.code])
    return cast.client(who).post(address, {"corners": corners, "system": system})


@pytest.mark.django_db
def test_plots_around_are_shown_to_anybody_and_those_far_or_freed_are_not(client, django_assert_num_queries):
    plot = make_planting(text=square("103.5")).plot
    make_planting(text=square("104.5"))
    with django_assert_num_queries(1):
        (found,) = near(client)
    assert found["properties"] == {"plot": plot.number}
    assert found["geometry"]["coordinates"][0][0][0] == [103.5, 30.6]
    assert near(client, west="103.52", east="103.6") == []
    Plot.objects.filter(pk=plot.pk).update(freed_at=plot.drawn_at, freed_by=plot.drawn_by)
    assert near(client) == []


@pytest.mark.django_db
def test_outlines_come_in_the_system_one_draws_in(client):
    make_planting(text=square("103.5"))
    shifted = near(client, system="gcj02")[0]["geometry"]["coordinates"][0][0][0]
    assert 0.001 < shifted[0] - 103.5 < 0.006
    assert near(client, system="wgs84")[0]["geometry"]["coordinates"][0][0][0] == [103.5, 30.6]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "box",
    [{"west": "x"}, {"west": "NaN"}, {"west": "Infinity"}, {"west": "1e400"}, {"west": ""}, {"west": "90"}],
    ids=str,
)
def test_a_box_that_is_none_or_too_wide_shows_nothing(client, box):
    make_planting(text=square("103.5"))
    assert near(client, **box) == []


@pytest.mark.django_db
def test_the_portal_measures_what_is_drawn(cast, activity):
    assert measured(cast, activity, square("103.5")).json() == {"problems": [], "ha": "106.31", "mu": "1,594.7"}
    assert not Planting.objects.exists()
    assert measured(cast, activity, square("103.5"), who="stranger").status_code == 404
    assert measured(cast, activity, square("103.5"), who="colleague").status_code in (403, 404)


@pytest.mark.django_db
@pytest.mark.parametrize("corners", ["", LINE, CROSSING, ABROAD, "a, b", "30.6, 103.5\n30.6, 103.6\n30.7, 103.6"])
def test_it_refuses_in_the_words_of_the_form(cast, activity, corners):
    with pytest.raises(Refusal) as refused:
        operations.examine(text=corners, system="wgs84")
    words = [str(problem.message) for problem in refused.value.problems]
    assert measured(cast, activity, corners).json() == {"problems": words}


@pytest.mark.django_db
def test_taken_land_and_an_unsaid_system_are_told(cast, activity):
    plot = make_planting(text=square("103.5")).plot
    told = measured(cast, activity, square("103.505")).json()
    assert plot.number in told["problems"][0]
    assert told["ha"] == "106.31"
    assert measured(cast, activity, square("103.5"), system="mars").json()["problems"]


@pytest.mark.django_db
def test_only_the_page_that_draws_may_ask_where_one_is(cast, activity):
    client = cast.client("organizer")
    page = client.get(reverse("planting:commit", args=[activity.code]))
    assert "geolocation=(self)" in page["Permissions-Policy"]
    assert "camera=()" in page["Permissions-Policy"]
    assert "geolocation=()" in client.get(reverse("planting:list"))["Permissions-Policy"]


# At the sheet


@pytest.fixture
def sheet(cast, activity, live_server, new_page):
    """sheet(viewport, locale) -> the page that commits, with its sheet on the screen."""

    def make(viewport=DESKTOP, locale="zh-CN", **options):
        page = new_page(viewport, locale, **options)
        page.said = []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        session = cast.client("organizer").cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page.goto(live_server.url + reverse("planting:commit", args=[activity.code]))
        page.locator("[data-plot-sheet]").scroll_into_view_if_needed()
        return page

    return make


def at(page, across, down):
    """A place on the sheet, in parts of its width and height."""
    page.locator("[data-plot-sheet]").scroll_into_view_if_needed()
    box = page.locator("[data-plot-sheet]").bounding_box()
    return box["x"] + box["width"] * across, box["y"] + box["height"] * down


def written(page):
    return page.locator("[name=corners]").input_value().splitlines()


def do(page, name):
    page.locator(f'[data-plot-do="{name}"]').click()


def wait_for(page, name, text):
    page.locator(f"[data-plot-{name}]", has_text=text).wait_for()


SQUARE = ((0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7))


@pytest.mark.django_db(transaction=True)
def test_a_border_is_drawn_with_the_mouse_and_the_portal_measures_it(sheet):
    page = sheet()
    page.locator("[data-plot-systems] [name=system][value=wgs84]").check()
    assert page.locator("[name=system]").count() == 3  # one choice, beside the sheet
    for place in SQUARE[:2]:
        page.mouse.click(*at(page, *place))
    assert len(written(page)) == 2
    assert page.locator('[data-plot-do="close"]').is_disabled()
    for place in SQUARE[2:]:
        page.mouse.click(*at(page, *place))
    wait_for(page, "area", "平台测算，以此为准")
    before = written(page)
    page.mouse.move(*at(page, 0.3, 0.3))
    page.mouse.down()
    page.mouse.move(*at(page, 0.25, 0.25), steps=4)
    page.mouse.up()
    assert written(page)[0] != before[0]
    assert written(page)[1:] == before[1:]
    do(page, "undo")
    assert written(page) == before
    do(page, "close")
    page.mouse.click(*at(page, 0.5, 0.9))
    assert written(page) == before  # a closed border takes no more corners
    do(page, "clear")
    assert written(page) == []
    assert page.said == []


@pytest.mark.django_db(transaction=True)
def test_a_border_is_drawn_with_the_keyboard_alone(sheet):
    page = sheet(locale="en-GB")
    surface = page.locator("[data-plot-sheet]")
    surface.focus()
    for keys in (("Enter",), ("Shift+ArrowRight",) * 3 + ("Enter",), ("Shift+ArrowDown",) * 3 + ("Enter",)):
        for key in keys:
            page.keyboard.press(key)
    assert len(written(page)) == 3
    first = page.locator('[data-place="0"]')
    assert first.get_attribute("aria-label").startswith("Corner 1: ")
    first.focus()
    before = written(page)[0]
    page.keyboard.press("ArrowLeft")
    assert written(page)[0] != before
    assert page.evaluate("document.activeElement.dataset.place") == "0"
    page.keyboard.press("Delete")
    assert len(written(page)) == 2
    page.keyboard.press("Control+z")
    assert len(written(page)) == 3
    wait_for(page, "problems", "Say first which coordinate system")
    assert page.said == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("typed", "word"),
    [(LINE, "at least three"), (CROSSING, "crosses itself"), (ABROAD, "outside the country"), ("taken", "recorded")],
    ids=["two points", "crossing", "abroad", "taken"],
)
def test_bad_borders_are_refused_while_they_are_drawn(sheet, typed, word):
    make_planting(text=square("103.5"))
    page = sheet(locale="en-GB")
    page.locator("[name=system][value=wgs84]").check()
    page.locator("[name=corners]").fill(square("103.505") if typed == "taken" else typed)
    page.locator("[name=corners]").blur()
    wait_for(page, "area" if typed == LINE else "problems", word)
    if typed == "taken":
        page.locator(".plot-other").wait_for(state="attached")
    assert page.said == []


@pytest.mark.django_db(transaction=True)
def test_the_table_writes_the_field_and_never_sends_the_form(sheet):
    page = sheet(PHONE)
    page.locator("[name=corners]").fill("103.5, 30.6\n103.51, 30.6\n103.51, 30.61")
    page.locator(".plot-table summary").click()
    rows = page.locator("[data-plot-rows] tr")
    assert rows.count() == 3
    rows.nth(1).locator("input").first.fill("103.52")
    page.keyboard.press("Enter")
    assert written(page)[1] == "103.520000, 30.600000"
    assert page.url.endswith("/planting/")
    rows.nth(0).locator("button").click()
    assert len(written(page)) == 2
    rows.nth(0).locator("input").first.fill("not a number")
    rows.nth(0).locator("input").first.blur()
    assert written(page)[0] == "103.520000, 30.600000"
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0


@pytest.mark.django_db(transaction=True)
def test_a_phone_tells_where_one_stands_and_never_into_a_shifted_plot(sheet):
    place = {"longitude": 103.6123456, "latitude": 30.6543215, "accuracy": 7}
    page = sheet(PHONE, has_touch=True, geolocation=place, permissions=["geolocation"])
    page.locator("[name=system][value=gcj02]").check()
    do(page, "here")
    wait_for(page, "say", "GCJ-02")
    assert written(page) == []
    page.locator("[name=system][value=wgs84]").check()
    do(page, "here")
    wait_for(page, "say", "7 m")
    assert written(page) == ["103.612346, 30.654321"]
    page.touchscreen.tap(*at(page, 0.2, 0.2))
    assert len(written(page)) == 2


@pytest.mark.django_db(transaction=True)
def test_a_file_in_the_field_is_left_as_it_is(sheet):
    page = sheet(locale="en-GB")
    page.locator("[name=corners]").fill('{"type": "Polygon", "coordinates": []}')
    page.mouse.click(*at(page, 0.5, 0.5))
    wait_for(page, "say", "holds a file")
    assert written(page) == ['{"type": "Polygon", "coordinates": []}']
