"""The pages of cases, as each person of the cast meets them; challenges from people without an account."""

import re

import pytest
from django.urls import reverse

from accounts.rules import Role
from accounts.tests.factories import make_member
from neutrality.activities.tests.factories import make_activity
from neutrality.disclosure.tests.factories import make_statement
from neutrality.evaluation.tasks import evaluate_due
from neutrality.inventory import queries as inventories
from neutrality.inventory.tests.factories import make_submitted_inventory
from neutrality.oversight import operations, queries
from neutrality.oversight.models import Case, Contact, Voice
from neutrality.oversight.rules import Act, Clock, Kind
from neutrality.oversight.tests.factories import at, exhibit, make_calendar, make_case, make_file

pytestmark = pytest.mark.django_db


def page(name, *args):
    return reverse(f"oversight:{name}", args=args)


@pytest.fixture
def statement():
    return make_statement()


def say(client, statement, **over):
    sent = {"figure": "total", "text": "电表读数不对", "name": "王五", "email": "wang@example.org", **over}
    return client.post(page("challenge", statement.number), sent)


def test_anyone_challenges_and_nobody_reads_who_it_was(cast, statement):
    client = cast.client("anonymous")
    assert client.get(page("challenge", statement.number) + "?figure=units").status_code == 200
    answer = say(client, statement)
    case = Case.objects.get()
    assert answer.url == page("case", case.number)
    for who in ("anonymous", "citizen", "organizer", "stranger"):
        shown = cast.client(who).get(answer.url).content.decode()
        assert "王五" not in shown
        assert "wang@example.org" not in shown
        assert "电表读数不对" not in shown
    assert "王五" in cast.client("regulator").get(answer.url).content.decode()


def test_many_voices_about_one_figure_are_one_case(cast, statement):
    for number in range(3):
        say(cast.client("anonymous"), statement, text=f"第 {number} 个理由", name="", email="")
    say(cast.client("anonymous"), statement, text="第 0  个理由", name="", email="")  # the same words
    say(cast.client("anonymous"), statement, figure="units")
    assert sorted(Case.objects.values_list("figure", flat=True)) == ["total", "units"]
    assert (Voice.objects.count(), Contact.objects.count()) == (4, 1)


def test_sixth_message_of_an_hour_waits_and_keeps_its_words(cast, statement):
    client = cast.client("anonymous")
    answers = [say(client, statement, text=f"理由 {number}") for number in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [422]
    assert "理由 5" in answers[-1].content.decode()
    assert Voice.objects.count() == 5


@pytest.mark.parametrize(
    ("over", "field"),
    [({"figure": "nonsense"}, "figure"), ({"text": "  "}, "text"), ({"email": "not-an-address"}, "email")],
)
def test_bad_challenge_is_explained(cast, statement, over, field):
    answer = say(cast.client("anonymous"), statement, **over)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Case.objects.exists()


def test_unknown_statement_is_404(cast):
    assert cast.client("anonymous").get(page("challenge", "S-0")).status_code == 404


def press(client, case, act, **sent):
    return client.post(page("act", case.number, act), sent)


def test_challenge_is_closed_by_two(cast, statement):
    make_calendar()
    say(cast.client("anonymous"), statement)
    case = Case.objects.get()
    first, second = cast.client("regulator"), cast.client("second_officer")
    owner = cast.client("stranger")
    make_member(cast.stranger, statement.activity.organization, Role.SIGNATORY)
    assert press(first, case, "take").status_code == 302
    assert press(first, case, "ask", text="请说明电表读数", public_text="已请组织者说明").status_code == 302
    assert press(owner, case, "answer", text="附上电费单", public_text="").status_code == 302
    assert press(first, case, "propose", outcome="unfounded", public_text="").status_code == 422
    assert press(first, case, "propose", outcome="unfounded", public_text="读数与电费单一致").status_code == 302
    press(first, case, "confirm")
    assert case.steps.last().state == "closing"  # one person alone closes nothing
    assert press(second, case, "confirm").status_code == 302
    shown = cast.client("anonymous").get(page("case", case.number)).content.decode()
    assert "读数与电费单一致" in shown
    assert "附上电费单" not in shown
    assert case.steps.last().state == "closed"
    say(cast.client("anonymous"), statement, text="仍然不对")
    assert Case.objects.count() == 2


def test_a_reconstruction_of_a_published_case_waits_in_no_queue(cast):
    for name, more in (("公布过计划的", {"state": "committed"}), ("参考案例", {"source_citation": "a report"})):
        activity = make_activity(organization=cast.home, created_by=cast.organizer, name_zh=name, **more)
        make_submitted_inventory(activity, by=cast.organizer)
    shown = cast.client("regulator").get(page("queue") + "?part=filed").content.decode()
    assert "公布过计划的" in shown
    assert "参考案例" not in shown


def test_regulator_reviews_field_by_field_and_sends_back(cast):
    make_calendar()
    activity = make_activity(organization=cast.home, created_by=cast.organizer, state="committed")
    inventory = make_submitted_inventory(activity, by=cast.organizer)
    evaluate_due()
    client = cast.client("regulator")
    shown = client.get(page("queue") + "?part=filed").content.decode()
    assert activity.name_zh in shown
    assert client.get(page("queue") + "?part=flagged").context["page"].paginator.count == 1
    assert client.post(page("review", inventory.digest)).status_code == 302
    case = Case.objects.get(kind=Kind.REVIEW)
    assert press(client, case, "remark", field="line:1", text="缺少电费单").status_code == 302
    assert press(client, case, "remark", field="line:999", text="x").status_code == 422
    assert press(client, case, "send_back", text="").status_code == 422
    assert press(client, case, "send_back", text="请补齐").status_code == 302
    assert inventories.current(activity, "actual") is None
    seen = cast.client("organizer").get(page("case", case.number)).content.decode()
    assert "缺少电费单" in seen
    assert case.number in cast.client("organizer").get(page("mine")).content.decode()


@pytest.mark.parametrize(
    ("who", "expected"),
    [("regulator", 200), ("organizer", 404), ("evaluator", 404), ("citizen", 404), ("anonymous", 302)],
)
def test_who_opens_the_queue(cast, who, expected):
    assert cast.client(who).get(page("queue")).status_code == expected


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("regulator", 200),
        ("second_officer", 200),
        ("organizer", 200),
        ("colleague", 200),
        ("stranger", 404),
        ("evaluator", 404),
        ("citizen", 404),
        ("anonymous", 404),
    ],
)
def test_a_proposed_listing_is_nobodys_business(cast, who, expected):
    case = make_case(subject=cast.home)
    assert cast.client(who).get(page("case", case.number)).status_code == expected


def test_subject_reads_its_rights_and_objects_through_the_pages(cast):
    make_calendar()
    case = make_case(subject=cast.home)
    first, owner = cast.client("regulator"), cast.client("organizer")
    exhibit(case, cast.regulator)
    operations.advance(case=case, act=Act.INVESTIGATE, by=cast.regulator, at=at(7), text="核对")
    assert press(first, case, "serve", facts="逾期未抵消", effect="公示一年").status_code == 302
    shown = owner.get(page("case", case.number)).content.decode()
    assert "逾期未抵消" in shown
    assert page("act", case.number, "acknowledge") in shown
    assert press(owner, case, "acknowledge").status_code == 302
    assert press(owner, case, "object", text="").status_code == 422
    assert press(owner, case, "object", text="已补足").status_code == 302
    assert case.steps.last().state == "objected"
    assert press(cast.client("colleague"), case, "object", text="x").status_code == 302  # sent back: not theirs
    assert case.steps.last().act == "object"


def test_delivery_is_recorded_with_its_proof(cast):
    make_calendar()
    case = make_case(subject=cast.home)
    exhibit(case, cast.regulator)
    operations.advance(case=case, act=Act.INVESTIGATE, by=cast.regulator, at=at(7), text="核对")
    operations.serve(case=case, facts="f", effect="e", by=cast.regulator, at=at(8))
    client = cast.client("regulator")
    answer = press(client, case, "deliver", method="in_person", delivered_on="2026-13-40")
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"delivered_on", "proof"}


def test_evidence_is_added_and_taken_back_by_officers_only(cast):
    case = make_case(subject=cast.home)
    row = exhibit(case, cast.regulator, file=make_file(cast.regulator, cast.home.code))
    assert cast.client("organizer").get(page("add_evidence", case.number)).status_code == 404
    assert cast.client("regulator").get(page("add_evidence", case.number)).status_code == 200
    assert cast.client("organizer").post(page("take_back", case.number, row.pk)).status_code == 404
    client = cast.client("regulator")
    assert client.post(page("take_back", case.number, row.pk), {"reason": ""}).status_code == 422
    assert client.post(page("take_back", case.number, row.pk), {"reason": "误传"}).status_code == 302
    assert "误传" in client.get(page("case", case.number)).content.decode()


def test_officer_confirms_a_doubtful_clock(cast):
    operations.beat(clock=Clock(at(11), at(11), "boot", 1000))
    operations.beat(clock=Clock(at(28), at(28), "boot", 1600))
    client = cast.client("regulator")
    assert page("confirm_clock") in client.get(page("queue")).content.decode()
    assert cast.client("citizen").post(page("confirm_clock")).status_code == 404
    assert client.post(page("confirm_clock")).status_code == 302
    assert queries.doubted() is None


@pytest.mark.parametrize("number", [1, 3])
def test_queue_asks_a_fixed_number_of_questions(cast, django_assert_num_queries, number):
    for _ in range(number):
        make_case(subject=cast.home)
    client = cast.client("regulator")
    client.get(page("queue") + "?part=cases")
    with django_assert_num_queries(14):
        client.get(page("queue") + "?part=cases")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_act_has_a_page_in_both_languages(cast, language):
    case = make_case(subject=cast.home)
    client = cast.client("regulator")
    client.cookies["django_language"] = language
    shown = client.get(page("case", case.number)).content.decode()
    acts = re.findall(rf"/cases/{case.number}/(\w+)/\"", shown)
    assert {"investigate", "drop"} <= set(acts)
    for act in acts:
        assert client.get(page("act", case.number, act)).status_code == 200
