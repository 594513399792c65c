"""A survey from its opening to the lines of an inventory: closed is closed, sealed is sealed, nobody is named."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal as D

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from neutrality.activities.tests.factories import make_activity
from neutrality.inventory import operations, queries, recheck, rules, tasks
from neutrality.inventory.models import Headcount, Survey, SurveyAnswer, SurveyBatch
from neutrality.inventory.rules.travel import Mode
from neutrality.inventory.tests.factories import load_library, make_draft, make_survey
from neutrality.keys import new_key
from neutrality.trail.models import Entry

pytestmark = pytest.mark.django_db
GOOD = {"people": "1", "origin": "重庆", "there": "high_speed_rail", "nights": "0", "meals": "2"}


@pytest.fixture
def library():
    load_library()


@pytest.fixture
def activity(cast):
    return make_activity(organization=cast.home, created_by=cast.organizer)


@pytest.fixture
def poll(activity):
    return make_survey(activity)


def said(**over):
    values = {
        "group": 1, "people": 1, "origin": "重庆", "domestic": True, "km": D("268.0"), "stated": False,
        "there": Mode.HIGH_SPEED_RAIL, "back": Mode.HIGH_SPEED_RAIL, "room_nights": D(1), "meals": D(2),
    }  # fmt: skip
    return rules.survey.Answer(**(values | over))


def fill(poll, count, **over):
    for number in range(count):
        given = said(km=D(100 + number), **over)
        operations.answer(survey=poll, given=given, key=new_key(), at=timezone.now())


def door(name, survey):
    return reverse(f"inventory:{name}", args=[survey.code])


def test_anybody_answers_without_an_account(client, poll):
    page = client.get(door("answer", poll))
    key = re.search(r'name="key" value="([^"]+)"', page.content.decode())[1]
    assert client.post(door("answer", poll), GOOD | {"key": key}).url == door("thanks", poll)
    assert client.post(door("answer", poll), GOOD | {"key": key}).url == door("thanks", poll)
    kept = SurveyAnswer.objects.get()  # the same form twice is one answer
    assert (kept.origin, kept.there, kept.back, kept.meals, kept.stated) == ("重庆", *["high_speed_rail"] * 2, 2, False)
    assert D(230) < kept.km < D(290)
    assert client.get(door("thanks", poll)).status_code == 200


def test_every_error_at_once_and_nothing_lost(client, poll):
    bad = {"people": "0", "origin": "火星", "there": "teleport", "nights": "two", "meals": "-1", "key": "k"}
    page = client.post(door("answer", poll), bad)
    assert (page.status_code, set(page.context["form"].errors)) == (422, set(bad) - {"key"})
    text = page.content.decode()
    assert "火星" in text
    assert "换一个附近较大的城市" in text
    assert SurveyAnswer.objects.count() == 0


@pytest.mark.parametrize(
    ("over", "wrong"),
    [
        ({"origin": ""}, "origin"),
        ({"origin": "四川"}, "origin"),
        ({"origin": "成都"}, "km"),
        ({"nights": "2"}, "rooms"),
        ({"km": "99999"}, "km"),
        ({"meals": ""}, "meals"),
        ({"people": "１.５"}, "people"),
    ],
)
def test_what_is_asked_back(client, poll, over, wrong):
    page = client.post(door("answer", poll), GOOD | {"key": "k"} | over)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [wrong])


def test_kilometres_stand_for_a_place_we_do_not_know(client, poll):
    told = GOOD | {"key": "k", "origin": "我家村", "km": "３５.５", "there": "car", "sharing": "2", "people": "2"}
    assert client.post(door("answer", poll), told).status_code == 302
    kept = SurveyAnswer.objects.get()
    assert (kept.origin, kept.km, kept.stated, kept.sharing) == ("", D("35.5"), True, 2)


def test_no_address_is_kept_and_a_flood_is_stopped(client, poll, settings):
    settings.ACCOUNT_RATE_LIMITS = {"answer_survey": "2/m/key"}
    for number in range(3):
        page = client.post(door("answer", poll), GOOD | {"key": f"k{number}"}, REMOTE_ADDR="203.0.113.9")
    assert page.status_code == 429
    assert SurveyAnswer.objects.count() == 2
    other = client.post(door("answer", poll), GOOD | {"key": "k9"}, REMOTE_ADDR="203.0.113.10")
    assert other.status_code == 302
    names = {field.name for field in SurveyAnswer._meta.fields}
    assert not names & {"ip", "user", "name", "agent", "at", "answered_at"}


def test_more_answers_than_people_are_refused(activity):
    poll = make_survey(activity, groups=(("村民", "", 1),))
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(
            survey=poll, group=poll.groups.get(), number=number, key=str(number), answered_on=timezone.localdate(),
            people=1, domestic=True, km=1, stated=True, there="bus", back="bus",
        )
        for number in range(1, 54)
    )  # fmt: skip
    with pytest.raises(operations.Flooded):
        fill(poll, 1)


def test_closed_is_closed_for_everybody(client, poll):
    fill(poll, 3)
    operations.close(survey=poll, by=None, at=timezone.now())
    poll.refresh_from_db()
    assert (poll.answers, len(poll.digest)) == (3, 64)
    with pytest.raises(operations.SurveyClosed):
        fill(poll, 1)
    assert client.get(door("answer", poll)).url == door("survey_record", poll)
    page = client.get(door("survey_record", poll)).content.decode()
    assert poll.digest in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]
    row = SurveyAnswer.objects.first()
    row.pk, row.number, row.key = None, 99, "late"
    row._state.adding = True
    with pytest.raises(DatabaseError, match="is closed"), transaction.atomic():
        row.save()
    with transaction.atomic(), connection.cursor() as cursor:  # control: without the guard the late row would be in
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE inventory_surveyanswer DISABLE TRIGGER frozen")
        row.save()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE inventory_surveyanswer ENABLE TRIGGER frozen")
    assert [finding.table for finding in recheck.findings()] == ["inventory_survey"]
    with pytest.raises(DatabaseError, match="set once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE inventory_survey SET answers = 99")
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM inventory_surveyanswer")


def test_the_last_day_closes_without_anybody(client, poll):
    fill(poll, 2)
    after = datetime(2030, 1, 1, tzinfo=UTC)
    with pytest.raises(operations.SurveyClosed):
        operations.answer(survey=poll, given=said(), key="late", at=after)
    operations.seal(survey=poll, at=after)
    poll.refresh_from_db()
    assert poll.answers == 2
    assert tasks.seal_due() == 0


def test_answers_are_sealed_in_the_public_trail_and_a_forged_one_is_found(poll):
    fill(poll, 51)
    tasks.seal_due()
    assert list(SurveyBatch.objects.values_list("first", "last")) == [(1, 50), (51, 51)]
    told = Entry.objects.filter(verb="survey.seal").order_by("number")
    assert [entry.content["last"] for entry in told] == [50, 51]
    assert all(entry.public for entry in told)
    assert "重庆" not in json.dumps([entry.content for entry in Entry.objects.all()], ensure_ascii=False)
    assert list(recheck.findings()) == []
    with connection.cursor() as cursor:  # what only the owner of the table can do
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE inventory_surveyanswer DISABLE TRIGGER insert_only")
        cursor.execute("UPDATE inventory_surveyanswer SET km = 9999 WHERE number = 7")
        cursor.execute("ALTER TABLE inventory_surveyanswer ENABLE TRIGGER insert_only")
    assert [finding.table for finding in recheck.findings()] == ["inventory_surveybatch"]


def test_the_estimate_goes_into_a_draft_with_its_error(library, poll, activity):
    fill(poll, 20)
    fill(poll, 20, there=Mode.PLANE, back=Mode.PLANE)
    with pytest.raises(operations.NotClosed):
        operations.adopt(survey=poll, kind="estimate", by=activity.created_by, at=timezone.now())
    poll = operations.close(survey=poll, by=activity.created_by, at=timezone.now())
    draft, beside = operations.adopt(survey=poll, kind="estimate", by=activity.created_by, at=timezone.now())
    lines = {line.factor.code: line for line in queries.sheet(draft).lines if line.counted}
    nights = lines[rules.travel.LODGING]
    assert (nights.quantity, nights.tier, nights.source, beside) == (D(1000), rules.Tier.CALCULATED, "lodging", False)
    flights = lines["cpcd.travel.air_domestic.pkm"]
    assert flights.quantity == D(118_260)  # 20 × (100 + … + 119) / 20 × 2 × 1000 / 40, and 8 % for detours
    assert D(33) < flights.spread_percent < D(60)
    assert nights.spread_percent >= 15  # all slept one night: sampling leaves nothing, memory does
    again, _ = operations.adopt(survey=poll, kind="estimate", by=activity.created_by, at=timezone.now())
    assert again.lines.filter(source="participant_travel").count() == 2


def test_too_few_answers_are_refused_in_words(cast, poll, activity):
    fill(poll, 9)
    operations.close(survey=poll, by=activity.created_by, at=timezone.now())
    client = cast.client("organizer")
    page = client.post(reverse("inventory:survey_adopt", args=[activity.code]), {"kind": "actual"}, follow=True)
    assert "不足 10 份" in page.content.decode()
    assert queries.draft(activity, "actual") is None


def test_saving_the_grid_keeps_the_error_until_the_quantity_changes(library, poll, activity):
    fill(poll, 30)
    poll = operations.close(survey=poll, by=activity.created_by, at=timezone.now())
    draft, _ = operations.adopt(survey=poll, kind="estimate", by=activity.created_by, at=timezone.now())
    from_grid = [replace(line, spread_percent=None) for line in queries.sheet(draft).lines]
    draft = operations.save_draft(
        inventory=draft, lines=from_grid, edition=draft.edition, by=activity.created_by, at=timezone.now()
    )
    assert all(line.spread_percent for line in queries.sheet(draft).lines if line.counted)
    stored = [line for line in queries.sheet(draft).lines if line.counted]
    changed = [replace(line, spread_percent=None, quantity=D(7)) for line in stored]
    draft = operations.save_draft(
        inventory=draft, lines=changed, edition=draft.edition, by=activity.created_by, at=timezone.now()
    )
    assert not any(line.spread_percent for line in queries.sheet(draft).lines)


def test_the_organizer_opens_states_closes_and_adopts(library, cast, activity):
    client, address = cast.client("organizer"), reverse("inventory:survey", args=[activity.code])
    until = (timezone.localdate() + timedelta(days=9)).isoformat()
    bad = {"venue": "火星", "people": "12a", "basis": "x", "closes_on": "2020-01-01", "groups": "just a name"}
    page = client.post(address, bad)
    assert (page.status_code, len(page.context["form"].errors)) == (422, 4)
    two = {
        "venue": "成都",
        "people": "1,300",
        "basis": "tickets",
        "groups": "运动员 / Athletes：300\n观众 / Spectators : 1000",
    }
    assert client.post(address, two | {"closes_on": "2020-01-01"}).status_code == 422
    assert client.post(address, two | {"closes_on": until, "people": "999"}).status_code == 422
    assert client.post(address, two | {"closes_on": until, "lodging": "on"}).url == address
    poll = Survey.objects.get()
    assert (poll.asks_lodging, poll.asks_meals, poll.groups.count()) == (True, False, 2)
    assert client.post(address, two | {"closes_on": until}).status_code == 422  # one is open
    people = reverse("inventory:survey_people", args=[activity.code])
    assert client.post(people, {"basis": "counted", "people1": "0", "people2": "x"}).status_code == 422
    assert client.post(people, {"basis": "counted", "people1": "310", "people2": "1200"}).url == address
    assert Headcount.objects.count() == 4
    assert operations.surveys.populations(poll) == {1: 310, 2: 1200}
    fill(poll, 20)
    fill(poll, 20, group=2, there=Mode.BUS, back=Mode.BUS)
    text = client.get(address).content.decode()
    assert "重庆" not in text  # while it is open nobody learns from watching
    client.post(reverse("inventory:survey_close", args=[activity.code]))
    text = client.get(address).content.decode()
    assert [word for word in ("重庆", "高铁", "90 %", poll.code) if word not in text] == []
    adopted = client.post(reverse("inventory:survey_adopt", args=[activity.code]), {"kind": "estimate"})
    assert adopted.url.endswith("/inventory/estimate/edit/")


def test_other_rows_of_travel_are_told(library, poll, activity):
    fill(poll, 30)
    operations.close(survey=poll, by=activity.created_by, at=timezone.now())
    poll.refresh_from_db()
    draft, _ = operations.adopt(survey=poll, kind="actual", by=activity.created_by, at=timezone.now())
    lines = list(queries.sheet(draft).lines)
    mine = replace(lines[0], key=new_key())
    draft = operations.save_draft(
        inventory=draft, lines=[*lines, mine], edition=draft.edition, by=activity.created_by, at=timezone.now()
    )
    _, beside = operations.adopt(survey=poll, kind="actual", by=activity.created_by, at=timezone.now())
    assert beside is True


def test_the_picture_leads_to_the_questions(client, poll):
    answer = client.get(door("survey_code", poll))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    assert answer.content.startswith(b"<svg")
    assert len(answer.content) < 20_000


def test_the_page_asks_a_fixed_number_of_questions(library, cast, poll, activity, django_assert_max_num_queries):
    make_draft(activity, "actual")
    fill(poll, 12)
    client, address = cast.client("organizer"), reverse("inventory:survey", args=[activity.code])
    client.get(address)
    with django_assert_max_num_queries(35):
        client.get(address)
