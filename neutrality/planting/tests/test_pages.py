"""Pages of the planting room: the whole way through forms, bad input with nothing lost, figures in both languages."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override

from neutrality.planting import words
from neutrality.planting.models import Planting
from neutrality.planting.tests.factories import (
    Upload,
    make_forest_activity,
    make_planting,
    make_survey,
    square,
    verify,
)

pytestmark = pytest.mark.django_db

FORM = {
    "key": "k1",
    "system": "wgs84",
    "place_name": "大邑县雾山乡",
    "stated_area": "1594.6",
    "stated_unit": "mu",
    "species": "云杉, 12000\n连香树，800",
    "methodology": "CCER-14-001-V01",
    "planting_plan": "春季植苗",
    "monitoring_plan": "每年秋季测",
    "land_right": "林权证第 1 号",
    "planted_on": "2026-06-01",
    "promised_units": "120",
    "declared": "on",
    "step": "commit",
}


@pytest.fixture
def activity(cast):
    return make_forest_activity(organization=cast.home, created_by=cast.organizer, committed_by=cast.organizer)


def post(cast, activity, **over):
    address = reverse("planting:commit", args=[activity.code])
    return cast.client("organizer").post(address, FORM | {"corners": square("103.5")} | over)


def test_measuring_commits_nothing(cast, activity):
    address = reverse("planting:commit", args=[activity.code])
    values = {"key": "k", "system": "wgs84", "corners": square("103.5"), "step": "check", "species": "云杉"}
    page = cast.client("organizer").post(address, values)
    assert page.status_code == 200
    assert "106.31" in page.content.decode()
    assert "1,594.7" in page.content.decode()
    assert not Planting.objects.exists()


def test_committing(cast, activity):
    answer = post(cast, activity)
    assert answer.status_code == 302, answer.content.decode()
    made = Planting.objects.get()
    assert made.species == [{"name": "云杉", "trees": 12000}, {"name": "连香树", "trees": 800}]
    assert made.promised_units == 120


def test_every_wrong_line_of_species_and_broken_tonnes_are_said_at_once(cast, activity):
    page = post(cast, activity, species="云杉 1000\n冷杉, 20\n, 5", promised_units="3.5")
    errors = page.context["form"].errors
    assert [text[:3] for text in errors["species"]] == ["第1行", "第3行"]
    assert errors["promised_units"] == ["请填写整数吨，例如 120。"]


@pytest.mark.parametrize("content", [b"PK\x03\x04\0", b" " * 10_000_000])
def test_what_was_typed_stays_where_the_file_is_no_land(cast, activity, content):
    page = post(cast, activity, file=SimpleUploadedFile("a.kmz", content), step="check")
    assert set(page.context["form"].errors) == {"file"}
    assert "103.51, 30.6" in page.content.decode()


def test_the_system_is_asked_for_in_plain_words(cast, activity):
    page = post(cast, activity, system="", step="check")
    assert [str(words.NO_SYSTEM)] == page.context["form"].errors["system"]


def test_a_file_takes_the_place_of_the_corners(cast, activity):
    ring = [[103.5, 30.6], [103.51, 30.6], [103.51, 30.61], [103.5, 30.61], [103.5, 30.6]]
    data = json.dumps({"type": "Polygon", "coordinates": [ring]}).encode()
    page = post(cast, activity, corners="", file=SimpleUploadedFile("地块.geojson", data), step="check")
    assert page.status_code == 200
    assert "&quot;Polygon&quot;" in page.content.decode()  # kept in the field, so that the second button needs no file
    assert "地块.geojson" in page.content.decode()


BAD = {
    "crosses itself": (
        {"corners": "103.5,30.6\n103.51,30.61\n103.51,30.6\n103.5,30.61"},
        "crosses itself near 103.505",
    ),
    "in a line": ({"corners": "103.5,30.6\n103.51,30.61\n103.52,30.62"}, "in one line"),
    "swapped": ({"corners": "30.6,103.5\n30.6,103.51\n30.61,103.51"}, "swapped"),
    "ten times": ({"stated_area": "15946"}, "moved by one place"),
    "mu for hectares": ({"stated_unit": "ha"}, "if it is mu"),
    "both units": ({"stated_area": "106.3 公顷"}, "chose another"),
    "ten megabytes": ({"file": SimpleUploadedFile("a.geojson", b" " * 10_000_000)}, "larger than 1 MiB"),
    "KMZ": ({"file": SimpleUploadedFile("a.kmz", b"PK\x03\x04\xff\xfe")}, "unpack KMZ"),
    "no system": ({"system": ""}, "required"),
    "no corners": ({"corners": " "}, "Enter the corners"),
    "species": ({"species": "云杉"}, "number of trees"),
    "not declared": ({"declared": ""}, "R1.24"),
    "half tonnes": ({"promised_units": "12.5"}, "Enter whole tonnes"),
}


@pytest.mark.parametrize(("over", "said"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_said_and_nothing_is_lost(cast, activity, over, said):
    with override("en"):
        client = cast.client("organizer")
        address = reverse("planting:commit", args=[activity.code])
        page = client.post(address, FORM | {"corners": square("103.5")} | over, HTTP_ACCEPT_LANGUAGE="en")
    text = page.content.decode()
    assert page.status_code == 422
    assert said in text
    assert "春季植苗" in text
    assert not Planting.objects.exists()


def test_all_errors_at_once(cast, activity):
    page = post(cast, activity, corners="103.5,30.6\nx", species="云杉", stated_area="-1")
    assert page.status_code == 422
    assert page.content.decode().count('class="errorlist"') >= 3


def test_surveyed_verified_and_seen(cast, activity):
    row = make_planting(activity, by=cast.organizer)
    address = reverse("planting:survey", args=[row.number])
    values = {"key": "s", "year": "1", "surveyed_on": "2026-06-20", "alive_percent": "90", "method": "样地"}
    values |= {"grown_from": "2026-06-01", "grown_to": "2026-06-19", "claimed_t": "40.5"}
    values |= {"body": cast.evaluating_body.code, "evidence": Upload()}
    assert cast.client("organizer").post(address, values).status_code == 302
    desk = cast.client("evaluator").get(reverse("planting:surveys")).content.decode()
    assert row.place_name in desk
    survey = row.surveys.get()
    decide = {"key": "v", "outcome": "verified", "increment_t": "40.4", "competence": "x", "report_number": "R1"}
    answer = cast.client("evaluator").post(
        reverse("planting:verify", args=[survey.number]), decide | {"report": Upload()}
    )
    assert answer.status_code == 302, answer.content.decode()
    page = cast.client("anonymous").get(reverse("planting:planting", args=[row.number])).content.decode()
    assert "40.400" in page
    assert '<data value="40">40</data>' in page


def test_lists_ask_as_much_for_many_as_for_one(cast, django_assert_max_num_queries):
    for _one in range(3):
        verify(make_survey(make_planting()))
    with django_assert_max_num_queries(8):
        page = cast.client("anonymous").get(reverse("planting:list"))
    assert page.content.decode().count("<tr>") == 4


def test_the_regulator_sees_what_is_late(cast, activity):
    make_planting(activity)
    page = cast.client("regulator").get(reverse("planting:overseen")).content.decode()
    assert "雾山乡" in page


def test_geojson_says_the_corners_in_wgs84(cast):
    row = make_planting(text=square("103.5"))
    body = json.loads(cast.client("anonymous").get(reverse("planting:land", args=[row.number])).content)
    assert body["geometry"]["coordinates"][0][0][0] == [103.5, 30.6]
    assert body["geometry"]["coordinates"][0][0][-1] == [103.5, 30.6]


def test_a_document_is_linked_for_whoever_may_open_it_only(cast, activity):
    row = make_planting(activity, by=cast.organizer)
    survey = make_survey(row, by=cast.organizer, body=cast.evaluating_body)
    page = reverse("planting:planting", args=[row.number])
    link = reverse("evidence:download", args=[survey.evidence.digest])
    for who, opens in (("organizer", True), ("evaluator", True), ("anonymous", False), ("citizen", False)):
        client = cast.client(who)
        assert (link in client.get(page).content.decode()) is opens, who
        assert (client.get(link).status_code == 200) is opens, who
