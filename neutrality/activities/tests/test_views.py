from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import make_member, make_organization
from neutrality.activities.models import Activity, Amendment
from neutrality.activities.tests.factories import AT, make_activity, make_measure
from neutrality.evidence.models import File
from neutrality.rulebook.tests.factories import load_rulebook

pytestmark = pytest.mark.django_db
EVENT = {
    "key": "0b9e8f2c-0000-4000-8000-000000000001",
    "kind": "meeting",
    "name_zh": "青年论坛",
    "name_en": "Youth Forum",
    "starts_on": "2027-05-17",
    "ends_on": "2027-05-18",
    "region_code": "成都",
}
MEASURE = {"key": "m1", "stage": "holding", "source": "catering", "title": "少用纸", "planned_kg": "1,448.5"}


@pytest.fixture
def law():
    load_rulebook(AT)


@pytest.fixture
def draft(cast):
    return make_activity(organization=cast.home)


@pytest.fixture
def held(cast):
    return make_activity(organization=cast.home, state="committed")


@pytest.fixture
def coming(cast):
    days = {"starts_on": date(2099, 5, 17), "ends_on": date(2099, 5, 18), "promised_on": date(2099, 12, 31)}
    return make_activity(organization=cast.home, state="committed", **days)


def page(name, activity, *more):
    return reverse(f"activities:{name}", args=(activity.code, *more))


PAGES = [
    ("edit", ("what",)),
    ("edit", ("place",)),
    ("edit", ("boundary",)),
    ("edit", ("promise",)),
    ("copy", ()),
    ("cancel", ()),
    ("people", ()),
    ("add_measure", ()),
    ("edit_measure", (1,)),
    ("remove_measure", (1,)),
    ("report_measure", (1,)),
]


@pytest.mark.parametrize(("name", "more"), PAGES)
def test_doors_of_the_organizer(cast, draft, name, more):
    make_measure(draft)
    url = page(name, draft, *more)
    assert cast.client("organizer").get(url).status_code == 200
    assert cast.client("colleague").get(url).status_code == 403
    assert cast.client("stranger").get(url).status_code == 404
    assert cast.client("regulator").get(url).status_code == 404
    assert cast.client("anonymous").get(url)["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("name", ["measures", "changes"])
def test_doors_of_public_pages(cast, draft, coming, name):
    for who in ("organizer", "colleague"):
        assert cast.client(who).get(page(name, draft)).status_code == 200
    for who in ("stranger", "regulator", "citizen", "anonymous"):
        assert cast.client(who).get(page(name, draft)).status_code == 404
        assert cast.client(who).get(page(name, coming)).status_code == 200


def test_the_first_question(cast):
    response = cast.client("organizer").get(reverse("activities:choose"))
    assert reverse("activities:register", args=("event",)) in response.text
    nobody = cast.client("citizen").get(reverse("activities:choose"))
    assert reverse("activities:register", args=("event",)) not in nobody.text
    assert reverse("accounts:mine") in nobody.text
    assert cast.client("citizen").get(reverse("activities:register", args=("event",))).status_code == 404
    assert cast.client("organizer").get(reverse("activities:register", args=("wedding",))).status_code == 404


def register(client, organization, form="event", **over):
    data = EVENT | {"organization": organization.code} | over
    return client.post(reverse("activities:register", args=(form,)), data)


def test_register_saves_a_draft_and_goes_on(cast, law):
    client = cast.client("organizer")
    response = register(client, cast.home)
    activity = Activity.objects.get()
    assert response["Location"] == page("edit", activity, "place")
    assert (activity.region_code, activity.rulebook.code) == ("510100", "cn-sc-2021")
    register(client, cast.home)
    assert Activity.objects.count() == 1


def test_register_for_an_organization_of_others_is_refused(cast, law):
    response = register(cast.client("organizer"), cast.elsewhere)
    assert response.status_code == 422
    assert not Activity.objects.exists()


def test_bad_input_loses_nothing_and_tells_everything(cast, law):
    response = register(
        cast.client("organizer"), cast.home, kind="", name_zh="", ends_on="next week", region_code="Atlantis"
    )
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"kind", "name_zh", "ends_on", "region_code"}
    for typed in ("Youth Forum", "2027-05-17", 'value="next week"', "Atlantis"):
        assert typed in response.text
    assert not Activity.objects.exists()


def test_what_contradicts_itself_stands_beside_its_field(cast, law):
    response = register(cast.client("organizer"), cast.home, ends_on="2027-05-01")
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["ends_on"]
    assert "青年论坛" in response.text


def test_a_place_that_may_be_several_is_asked_once(cast, law):
    client = cast.client("organizer")
    response = register(client, cast.home, region_code="朝阳区")
    assert response.status_code == 422
    assert 'value="110105"' in response.text
    assert register(client, cast.home, region_code="朝阳区", region_choice="110105").status_code == 302
    assert Activity.objects.get().region_code == "110105"


@pytest.mark.parametrize("text", ["\x00", "成\x00都", "成" * 100_000, "'; --", "%", "１" * 6])
def test_a_hostile_place_is_only_unknown(cast, law, text):
    response = register(cast.client("organizer"), cast.home, region_code=text)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["region_code"])


def test_a_choice_that_was_not_offered_is_refused(cast, law):
    response = register(cast.client("organizer"), cast.home, region_code="朝阳区", region_choice="510100")
    assert response.status_code == 422


def test_an_operating_period_is_asked_in_months(cast, law):
    client = cast.client("organizer")
    response = register(client, cast.home, form="operation", kind="hotel", starts_on="2026年1月", ends_on="２０２６-12")
    assert response.status_code == 302
    activity = Activity.objects.get()
    assert (activity.starts_on, activity.ends_on) == (date(2026, 1, 1), date(2026, 12, 31))
    again = client.get(page("edit", activity, "what"))
    assert 'value="2026-01"' in again.text
    bad = register(client, cast.home, form="operation", kind="hotel", starts_on="2026-13", ends_on="", key="other")
    assert set(bad.context["form"].errors) == {"starts_on", "ends_on"}


def test_the_sections_one_after_the_other(cast, law):
    client = cast.client("organizer")
    register(client, cast.home)
    activity = Activity.objects.get()
    people = {"place_name": "会议中心", "level": "city", "expected_people": "１２００", "summary": "两天的会议"}
    response = client.post(page("edit", activity, "place"), people)
    assert response["Location"] == page("edit", activity, "boundary")
    boundary = {"rulebook": activity.rulebook_id, "stages": ["preparation", "holding"]}
    response = client.post(page("edit", activity, "boundary"), boundary)
    assert response["Location"] == page("edit", activity, "promise")
    promise = {"promised_on": "2027-12-31", "offset_method": "注销", "offset_families": ["local_credit", "ccer"]}
    response = client.post(page("edit", activity, "promise"), promise)
    assert response["Location"] == page("measures", activity)
    activity.refresh_from_db()
    assert (activity.expected_people, activity.stages) == (1200, ["preparation", "holding"])
    assert (activity.promised_on, activity.offset_families) == (date(2027, 12, 31), ["local_credit", "ccer"])
    what = client.get(page("edit", activity, "what"))
    assert "四川省成都市" in what.text
    assert client.post(page("edit", activity, "what"), EVENT | {"region_code": "四川省成都市"}).status_code == 302


@pytest.mark.parametrize(
    ("section", "data", "field"),
    [
        ("place", {"expected_people": "about 1000"}, "expected_people"),
        ("place", {"expected_people": "12.5"}, "expected_people"),
        ("place", {"expected_people": "-3"}, "expected_people"),
        ("place", {"expected_people": "1e400"}, "expected_people"),
        ("place", {"online_people": "nan"}, "online_people"),
        ("place", {"floor_area_m2": "0"}, "floor_area_m2"),
        ("place", {"level": "cosmic"}, "level"),
        ("boundary", {"stages": ["preparation"]}, "stages"),
        ("boundary", {"stages": ["party"]}, "stages"),
        ("promise", {"promised_on": "31/12/2027"}, "promised_on"),
        ("promise", {"offset_families": ["moon_dust"]}, "offset_families"),
    ],
)
def test_bad_sections(cast, draft, section, data, field):
    given = {"rulebook": draft.rulebook_id} | data
    response = cast.client("organizer").post(page("edit", draft, section), given)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_what_is_published_is_amended_instead(cast, coming):
    client = cast.client("organizer")
    assert client.get(page("edit", coming, "what"))["Location"] == page("amend", coming)
    assert client.post(page("edit", coming, "place"), {"summary": "改"}).status_code == 422
    assert client.get(page("edit", coming, "party")).status_code == 404


def amended(activity, **over):
    names = ("name_zh", "name_en", "summary", "place_name", "starts_on", "ends_on", "offset_method", "promised_on")
    return {name: getattr(activity, name) for name in names} | {"expected_people": "400"} | over


def test_amend(cast, coming):
    client = cast.client("organizer")
    assert client.get(page("amend", coming)).status_code == 200
    assert client.post(page("amend", coming), amended(coming, place_name="新馆")).status_code == 422
    response = client.post(page("amend", coming), amended(coming, place_name="新馆", reason="检修"))
    assert response["Location"] == page("changes", coming)
    shown = cast.client("anonymous").get(page("changes", coming)).text
    assert "新馆" in shown
    assert "成都世纪城国际会议中心" in shown
    assert "检修" in shown


def test_days_are_not_even_asked_after_the_end(cast, held):
    client = cast.client("organizer")
    assert "ends_on" not in client.get(page("amend", held)).context["form"].fields
    response = client.post(page("amend", held), amended(held, ends_on="2026-05-30", reason="因"))
    assert response.status_code == 302
    assert not Amendment.objects.exists()


def test_amend_leads_back_to_a_draft(cast, draft):
    assert cast.client("organizer").get(page("amend", draft))["Location"] == page("edit", draft, "what")


def test_people(cast, held):
    client = cast.client("organizer")
    assert client.post(page("people", held), {"people": "380"}).status_code == 302
    response = client.post(page("people", held), {"people": "390"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["reason"])
    assert client.post(page("people", held), {"people": "390", "reason": "漏计"}).status_code == 302
    held.refresh_from_db()
    assert held.actual_people == 390


def test_cancel(cast, coming, held):
    client = cast.client("organizer")
    assert client.post(page("cancel", coming), {"reason": " "}).status_code == 422
    assert client.post(page("cancel", coming), {"reason": "暴雨"}).status_code == 302
    assert client.post(page("cancel", held), {"reason": "隐去"}).status_code == 422
    coming.refresh_from_db()
    held.refresh_from_db()
    assert (coming.state, held.state) == ("cancelled", "committed")


def test_copy_and_its_report(cast, law, held):
    make_measure(held)
    client = cast.client("organizer")
    given = {"key": "c1", "name_zh": "明年", "starts_on": "2027-05-17", "ends_on": "2027-05-18", "parts": ["measures"]}
    response = client.post(page("copy", held), given)
    new = Activity.objects.get(copied_from=held)
    assert response["Location"] == page("copied", new)
    lines = {line.part: line.along for line in client.get(page("copied", new)).context["lines"]}
    assert lines == {"place": False, "size": False, "boundary": True, "measures": True, "offset": False}
    assert client.post(page("copy", held), given)["Location"] == page("copied", new)
    assert client.get(page("copied", held)).status_code == 404
    assert client.post(page("copy", held), given | {"key": "c2", "ends_on": "2027-05-01"}).status_code == 422


def test_plan_change_and_remove_a_measure(cast, draft):
    client = cast.client("organizer")
    for _ in range(2):
        assert client.post(page("add_measure", draft), MEASURE).status_code == 302
    measure = draft.measures.get()
    assert measure.planned_kg == Decimal("1448.5")
    bad = client.post(page("add_measure", draft), MEASURE | {"planned_kg": "1.448,5", "title": "", "key": "m2"})
    assert (bad.status_code, set(bad.context["form"].errors)) == (422, {"planned_kg", "title"})
    assert "1.448,5" in bad.text
    client.post(page("edit_measure", draft, 1), MEASURE | {"planned_kg": ""})
    measure.refresh_from_db()
    assert measure.planned_kg is None
    assert client.post(page("remove_measure", draft, 1)).status_code == 302
    assert client.get(page("edit_measure", draft, 1)).status_code == 404


def test_published_measures_cannot_be_removed(cast, coming):
    make_measure(coming)
    response = cast.client("organizer").post(page("remove_measure", coming, 1))
    assert response.status_code == 422
    assert coming.measures.count() == 1
    edit = cast.client("organizer").post(page("edit_measure", coming, 1), MEASURE)
    assert edit.status_code == 422


def test_report_a_measure_with_evidence(cast, held, settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path
    make_measure(held)
    client = cast.client("organizer")
    upload = SimpleUploadedFile("读数.csv", "电表,读数\n1,20\n".encode())
    given = {"state": "done", "outcome": "做到了", "achieved_kg": "165.5", "upload": upload}
    assert client.post(page("report_measure", held, 1), given).status_code == 302
    measure = held.measures.get()
    assert (measure.achieved_kg, measure.evidence) == (Decimal("165.5"), File.objects.get())
    url = reverse("evidence:download", args=(measure.evidence.digest,))
    seen = {
        who: url in cast.client(who).get(page("measures", held)).text for who in ("colleague", "regulator", "citizen")
    }
    assert seen == {"colleague": True, "regulator": True, "citizen": False}
    assert cast.client("regulator").get(url).status_code == 200
    given = {"state": "dropped", "outcome": "其实没有做"}
    again = client.post(page("report_measure", held, 1), given)
    assert (again.status_code, list(again.context["form"].errors)) == (422, ["reason"])
    assert client.post(page("report_measure", held, 1), given | {"reason": "核对后更正"}).status_code == 302
    assert "核对后更正" in cast.client("anonymous").get(page("changes", held)).text


def test_a_file_that_is_not_kept_keeps_the_words(cast, held, settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path
    make_measure(held)
    given = {"state": "done", "outcome": "做到了", "upload": SimpleUploadedFile("a.exe", b"MZ")}
    response = cast.client("organizer").post(page("report_measure", held, 1), given)
    assert response.status_code == 422
    assert "做到了" in response.text
    assert held.measures.get().state == "planned"


def test_my_activities(cast, draft, django_assert_num_queries):
    hidden = make_activity(name_zh="别人的活动", name_en="Somebody else's")
    client = cast.client("organizer")
    assert draft.name_zh in client.get(reverse("activities:mine")).text

    def asked():
        with django_assert_num_queries(LIST_QUERIES):
            return client.get(reverse("activities:mine"))

    assert hidden.name_zh not in asked().text
    for _ in range(2):
        make_measure(make_activity(organization=cast.home))
    assert len(asked().context["rows"]) == 3


LIST_QUERIES = 4


def test_an_empty_list_tells_how_to_begin(cast):
    response = cast.client("citizen").get(reverse("activities:mine"))
    assert response.status_code == 200
    assert reverse("activities:choose") in response.text


def test_measures_cost_the_same_queries_for_one_and_three(cast, coming, django_assert_num_queries):
    make_measure(coming)
    client = Client()
    with django_assert_num_queries(MEASURES_QUERIES):
        client.get(page("measures", coming))
    make_measure(coming)
    make_measure(coming)
    with django_assert_num_queries(MEASURES_QUERIES):
        assert len(client.get(page("measures", coming)).context["rows"]) == 3


MEASURES_QUERIES = 2


def test_an_unverified_organization_drafts_and_is_told(cast, law):
    waiting = make_organization(verified=False)
    client = Client()
    client.force_login(make_member(organization=waiting).user)
    assert client.get(reverse("activities:choose")).context["unverified"]
    assert register(client, waiting).status_code == 302


def test_both_languages_say_it(cast, draft):
    client = cast.client("organizer")
    for language, words in (("zh-hans", "减排措施"), ("en", "Reduction measures")):
        assert words in client.get(page("measures", draft), headers={"accept-language": language}).text


def test_every_form_works_without_script(cast, draft):
    text = cast.client("organizer").get(page("edit", draft, "place")).text
    assert "<script" not in text
    assert 'method="post"' in text
