"""The pages: they work, strangers stay out, bad input loses nothing."""

import re
from decimal import Decimal as D

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from neutrality.activities.tests.factories import make_activity
from neutrality.inventory import operations, queries
from neutrality.inventory.tests.factories import AT, load_library, make_draft, make_evidence, make_submitted_inventory

pytestmark = pytest.mark.django_db


@pytest.fixture
def activity(cast):
    load_library()
    return make_activity(organization=cast.home, created_by=cast.organizer)


@pytest.fixture
def client(cast):
    return cast.client("organizer")


def url(name, activity, kind="estimate"):
    return reverse(f"inventory:{name}", args=[activity.code, kind])


def cells(page):
    """Every cell of the grid as the browser would send it back."""
    text = page.content.decode()
    found = {}
    for tag in re.findall(r"<input\b[^>]*>", text):
        name = re.search(r'name="([^"]+)"', tag)
        if name and 'type="file"' not in tag:
            value = re.search(r'value="([^"]*)"', tag)
            found[name[1]] = value[1] if value else ""
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', text, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        first = re.search(r'<option value="([^"]*)"', options)
        found[name] = chosen[1] if chosen else first[1]
    return found


def row_of(data, source):
    """The number of the first row of a source."""
    return next(name[1:].split("-")[0] for name, value in data.items() if name.endswith("-source") and value == source)


def fill(data, source, **values):
    number = row_of(data, source)
    return data | {f"r{number}-{name}": value for name, value in values.items()}


def test_the_path_from_nothing_to_a_frozen_figure(client, activity):
    assert "开始填报" in client.get(url("show", activity)).content.decode()
    assert client.post(url("start", activity)).url == url("edit", activity)
    page = client.get(url("edit", activity))
    data = cells(page)
    assert data[f"r{row_of(data, 'electricity')}-factor"] == "mee.grid.cn_51.2023.kwh"
    for source in [s.code.value for s in activity.rulebook.rules.sources]:
        data = fill(data, source, treatment="not_occurring")
    data = fill(data, "electricity", treatment="", quantity="１２，０００", unit="度")
    assert client.post(url("edit", activity), data | {"check": "1"}).url == url("submit", activity)
    page = client.get(url("submit", activity))
    assert "1.877" in page.content.decode()
    assert client.post(url("submit", activity)).url == url("show", activity)
    done = queries.current(activity, "estimate")
    assert (done.total_kg, done.lines.count()) == (D("1876.8000"), 16)
    shown = client.get(url("show", activity)).content.decode()
    assert "12,000 千瓦时 × 0.1564 kg/千瓦时" in shown
    assert done.digest in shown


def test_every_error_at_once_and_nothing_lost(client, activity):
    make_draft(activity, "actual")
    data = cells(client.get(url("edit", activity, "actual")))
    bad = {
        "stationary_fuel": "1.448,5",
        "mobile_fuel": "about 1000",
        "refrigerant": "1e400",
        "heat": "NaN",
        "freight": "-3",
        "goods": "1_000",
        "waste": "9" * 30,
        "water": "2026-05-17",
        "lodging": "0.0000001",
    }
    for source, quantity in bad.items():
        data = fill(data, source, quantity=quantity, treatment="measured")
    data = fill(data, "electricity", quantity="5", unit="km", treatment="measured")
    data = fill(data, "online", quantity="5")
    data = fill(data, "catering", quantity="5", treatment="measured", factor="no.such")
    page = client.post(url("edit", activity, "actual"), data)
    again = cells(page)
    assert page.status_code == 422
    assert {name: again[name] for name in data if name.endswith("quantity")} == {
        name: value for name, value in data.items() if name.endswith("quantity")
    }
    assert page.content.decode().count('class="errorlist"') == len(bad) + 3
    assert queries.draft(activity, "actual").lines.count() == 0


def test_saving_without_touching_changes_nothing(client, activity):
    make_submitted_inventory(activity, "estimate")
    operations.correct(inventory=queries.current(activity, "estimate"), reason="x", by=activity.created_by, at=AT)
    before = [row.facts for row in queries.lines(queries.draft(activity, "estimate"))]
    data = cells(client.get(url("edit", activity)))
    assert client.post(url("edit", activity), data).status_code == 302
    after = [row.facts for row in queries.lines(queries.draft(activity, "estimate"))]
    assert {line.key: (line.quantity, line.factor, line.treatment) for line in after} == {
        line.key: (line.quantity, line.factor, line.treatment) for line in before
    }


def test_rows_are_added_and_removed_without_saving(client, activity):
    make_draft(activity, "estimate")
    data = fill(cells(client.get(url("edit", activity))), "waste", quantity="7")
    page = client.post(url("edit", activity), data | {"add": "participant_travel"})
    more = cells(page)
    assert int(more["rows"]) == int(data["rows"]) + 1
    assert more[f"r{row_of(more, 'waste')}-quantity"] == "7"
    fewer = cells(client.post(url("edit", activity), more | {"remove": row_of(more, "waste")}))
    assert fewer[f"r{row_of(fewer, 'waste')}-quantity"] == ""  # a fresh row asks again
    assert queries.draft(activity, "estimate").lines.count() == 0


def test_a_file_is_kept_even_when_the_rest_is_wrong(client, activity):
    make_draft(activity, "estimate")
    data = fill(cells(client.get(url("edit", activity))), "waste", quantity="about 1000")
    upload = SimpleUploadedFile("bill.csv", b"kwh\n12\n")
    page = client.post(url("edit", activity), data | {"file": upload})
    assert page.status_code == 422
    assert "bill.csv</option>" in page.content.decode()
    wrong = SimpleUploadedFile("bill.exe", b"MZ")
    page = client.post(url("edit", activity), data | {"file": wrong, "deposit": "1"})
    assert page.status_code == 422
    assert 'href="#file"' in page.content.decode()


def test_an_own_factor_with_evidence(client, activity):
    digest = make_evidence(activity, activity.created_by)
    make_draft(activity, "estimate")
    data = fill(
        cells(client.get(url("edit", activity))),
        "heat",
        quantity="3",
        unit="吉焦",
        factor="",
        own_value="56.1",
        own_unit="GJ",
        own_source="供热公司证明",
        evidence=digest,
    )
    assert client.post(url("edit", activity), data).status_code == 302
    sheet = queries.sheet(queries.draft(activity, "estimate"))
    assert sheet.total_kg == D("168.3000")
    assert "evidence_missing" not in {gap.code for gap in sheet.gaps}
    page = client.post(url("edit", activity), data | {"edition": "1", f"r{row_of(data, 'heat')}-evidence": "f" * 64})
    assert page.status_code == 422


def test_two_tabs(client, activity):
    make_draft(activity, "estimate")
    data = fill(cells(client.get(url("edit", activity))), "waste", quantity="7")
    assert client.post(url("edit", activity), data).status_code == 302
    page = client.post(url("edit", activity), fill(data, "waste", quantity="8"))
    assert page.status_code == 422
    again = cells(page)
    assert again[f"r{row_of(again, 'waste')}-quantity"] == "8"
    assert client.post(url("edit", activity), again).status_code == 302


@pytest.mark.parametrize("rows", ["", "-1", "99999999", "x", "１"])
def test_a_tampered_form_does_no_harm(client, activity, rows):
    make_draft(activity, "estimate")
    data = {"rows": rows, "edition": "0", "r1-source": "nonsense", "r1-quantity": "1", "gwp_set": "AR9"}
    assert client.post(url("edit", activity), data).status_code in (302, 422)


def test_correcting_and_the_reasons_of_the_change(client, activity):
    make_submitted_inventory(activity, "estimate", kg="90000")
    make_submitted_inventory(activity, "actual", kg="103150")
    page = client.post(url("correct", activity, "actual"), {"reason": ""})
    assert page.status_code == 422
    assert client.post(url("correct", activity, "actual"), {"reason": "电表读错"}).url == url(
        "edit", activity, "actual"
    )
    data = fill(cells(client.get(url("edit", activity, "actual"))), "electricity", quantity="100000")
    assert client.post(url("edit", activity, "actual"), data).status_code == 302
    assert client.post(url("submit", activity, "actual")).status_code == 302
    text = client.get(url("changes", activity, "actual")).content.decode()
    assert "电表读错" in text
    assert "−3.150" in text or "-3.150" in text


def test_what_everybody_may_see(cast, activity):
    done = make_submitted_inventory(activity, "actual")
    estimate = make_submitted_inventory(activity, "estimate")
    activity.state, activity.committed_at, activity.committed_by = "committed", AT, cast.organizer
    activity.save()
    for name, wanted in {
        "anonymous": (302, 200),
        "stranger": (404, 200),
        "colleague": (200, 200),
        "regulator": (200, 200),
    }.items():
        someone = cast.client(name)
        found = (
            someone.get(url("show", activity, "actual")).status_code,
            someone.get(url("show", activity)).status_code,
        )
        assert (name, found) == (name, wanted)
        assert someone.get(reverse("inventory:sealed", args=[estimate.digest])).status_code == 200
        assert someone.get(reverse("inventory:sealed", args=[done.digest])).status_code == 200


@pytest.mark.parametrize("name", ["edit", "submit", "correct", "upload"])
def test_who_may_file(cast, activity, name):
    make_draft(activity, "estimate")
    wanted = {"anonymous": 302, "stranger": 404, "colleague": 403, "regulator": 404}
    found = {who: cast.client(who).get(url(name, activity)).status_code for who in wanted}
    assert found == wanted
    assert cast.client("organizer").get(url(name, activity)).status_code in (200, 302)
    assert cast.client("organizer").get(url(name, activity, "guess")).status_code == 404


def test_the_library_is_searched_in_both_languages(client, activity, django_assert_num_queries):
    for asked, wanted in {
        "四川电力": "mee.grid.cn_51.kwh",
        "Sichuan electricity": "mee.grid.cn_51.kwh",
        "高铁": "cpcd.travel.hsr.pkm",
        "cpcd.metro.actual.pkm": "cpcd.metro.actual.pkm",
    }.items():
        text = client.get(reverse("inventory:factors"), {"q": asked}).content.decode()
        assert reverse("inventory:factor", args=[wanted]) in text
    assert "没有符合的因子" in client.get(reverse("inventory:factors"), {"q": "龘靐齉"}).content.decode()
    page = client.get(reverse("inventory:factor", args=["mee.grid.cn_51.2022.kwh"])).content.decode()
    assert all(value in page for value in ("0.1564", "0.1404", "0.1255"))
    assert client.get(reverse("inventory:factor", args=["none"])).status_code == 404


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_many(cast, activity, django_assert_num_queries):
    someone = cast.client("anonymous")
    someone.get(reverse("inventory:factors"))
    for asked in ({"q": "mee.grid.cn_51.kwh"}, {"q": "电力"}):
        with django_assert_num_queries(5):
            someone.get(reverse("inventory:factors"), asked)


def test_the_page_of_gases(client, activity):
    text = client.get(reverse("inventory:gwps")).content.decode()
    assert all(words in text for words in ("R-410A", "SF6", "27.9", "1,923.5"))


def test_a_factor_names_public_activities_that_use_it(client, cast, activity):
    make_draft(activity, "estimate")
    data = cells(client.get(url("edit", activity)))
    for source in [s.code.value for s in activity.rulebook.rules.sources]:
        data = fill(data, source, treatment="not_occurring")
    data = fill(data, "electricity", treatment="", quantity="1")
    client.post(url("edit", activity), data)
    client.post(url("submit", activity))
    address = reverse("inventory:factor", args=["mee.grid.cn_51.kwh"])
    assert activity.name_zh not in client.get(address).content.decode()
    activity.state, activity.committed_at, activity.committed_by = "committed", AT, cast.organizer
    activity.save()
    assert activity.name_zh in client.get(address).content.decode()
