"""Cases through the verbs: due process, two persons, terms in working days, and what the database refuses by itself."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import operations as people
from accounts.models import Membership
from accounts.rules import Role
from accounts.tests.factories import make_member, make_organization, make_user
from neutrality.activities.tests.factories import make_activity
from neutrality.appendonly import ChangeForbidden
from neutrality.inventory import queries as inventories
from neutrality.inventory.tests.factories import make_submitted_inventory
from neutrality.oversight import operations, queries, rules
from neutrality.oversight.models import Beat, Case, Step
from neutrality.oversight.rules import Act, Clock, Kind, Method, State
from neutrality.oversight.tests.factories import (
    at,
    decide,
    deliver,
    exhibit,
    good_clock,
    make_calendar,
    make_case,
    make_file,
    make_officer,
    prepare,
    recommend,
)
from neutrality.refusals import Refusal
from neutrality.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    """Two officers of one authority, the calendar loaded."""
    make_calendar()
    first = make_officer()
    body = Membership.objects.get(user=first).organization
    return first, make_officer(body)


def state(case):
    return case.steps.order_by("position").last().state


def codes(caught):
    return [str(problem.code) for problem in caught.value.problems]


def test_the_whole_way_to_a_decision(desk):
    first, second = desk
    case = prepare(make_case(), first)
    recommend(case, first)
    step = decide(case, second)
    assert (state(case), step.prepared_by, step.content["violation"]) == ("decided", first, "V6")


def test_each_step_leaves_one_entry_in_the_trail(desk):
    first, _ = desk
    case = make_case()
    before = Entry.objects.count()
    operations.advance(case=case, act=Act.INVESTIGATE, by=first, at=at(7), text="看过")
    assert Entry.objects.count() == before + 1


def test_the_trail_keeps_the_digest_of_what_people_wrote(desk):
    first, _ = desk
    operations.advance(case=make_case(), act=Act.INVESTIGATE, by=first, at=at(7), text="王五打来电话")
    entry = Entry.objects.get(verb="oversight.investigate")
    assert "王五" not in str(entry.content)
    assert len(entry.content["text"]) == 64


def test_opening_twice_is_once():
    subject = make_organization()
    about = {"kind": Kind.LISTING, "key": "k", "subject": subject, "region_code": "510100", "by": None, "at": at(6)}
    assert operations.start(**about) == operations.start(**about)
    assert Case.objects.count() == Step.objects.count() == 1


def test_term_counts_working_days_over_the_dragon_boat_holiday(desk):
    first, _ = desk
    case = make_case(moment=at(10, month=6))
    exhibit(case, first)
    operations.advance(case=case, act=Act.INVESTIGATE, by=first, at=at(11, month=6), text="看过")
    operations.serve(case=case, facts="f", effect="e", by=first, at=at(12, month=6))
    step = deliver(case, first, delivered_on=date(2026, 6, 15), at=at(15, month=6))
    assert step.content["window_ends"] == "2026-06-23"  # 19 June is a holiday
    with pytest.raises(operations.DueProcess) as caught:
        recommend(case, first, at(23, month=6))
    assert codes(caught) == ["window"]
    assert recommend(case, first, at(24, month=6)).state == "recommended"


def test_no_term_is_guessed_without_a_calendar():
    first = make_officer()
    case = make_case()
    exhibit(case, first)
    operations.advance(case=case, act=Act.INVESTIGATE, by=first, at=at(7), text="看过")
    operations.serve(case=case, facts="f", effect="e", by=first, at=at(8))
    with pytest.raises(operations.CalendarUnknown):
        deliver(case, first)


def test_notice_needs_evidence(desk):
    first, _ = desk
    case = make_case()
    operations.advance(case=case, act=Act.INVESTIGATE, by=first, at=at(7), text="看过")
    with pytest.raises(Refusal) as caught:
        operations.serve(case=case, facts="f", effect="e", by=first, at=at(8))
    assert codes(caught) == ["no_evidence"]


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"proof": None}, "proof"),
        ({"delivered_on": date(2026, 5, 7)}, "day"),
        ({"delivered_on": date(2026, 5, 12)}, "day"),
        ({"method": Method.POST, "address_since": date(2026, 5, 10)}, "address"),
        ({"method": Method.POST, "address_since": None}, "address"),
    ],
)
def test_delivery_must_be_real(desk, over, code):
    first, _ = desk
    case = make_case()
    exhibit(case, first)
    operations.advance(case=case, act=Act.INVESTIGATE, by=first, at=at(7), text="看过")
    operations.serve(case=case, facts="f", effect="e", by=first, at=at(8))
    with pytest.raises(Refusal) as caught:
        deliver(case, first, **over)
    assert codes(caught) == [code]


def test_notice_that_came_back_starts_no_term(desk):
    first, _ = desk
    case = make_case()
    exhibit(case, first)
    operations.advance(case=case, act=Act.INVESTIGATE, by=first, at=at(7), text="看过")
    operations.serve(case=case, facts="f", effect="e", by=first, at=at(8))
    operations.advance(case=case, act=Act.BOUNCE, by=first, at=at(11), text="查无此人")
    assert state(case) == "investigated"
    assert queries.dossier(case).delivered_on is None


def test_the_organization_acknowledges_and_the_newcomer_cannot(desk):
    first, _ = desk
    case = make_case()
    owner = make_member(organization=case.subject).user
    newcomer = make_member(organization=case.subject, role=Role.SIGNATORY, granted_at=at(10)).user
    exhibit(case, first)
    operations.advance(case=case, act=Act.INVESTIGATE, by=first, at=at(7), text="看过")
    operations.serve(case=case, facts="f", effect="e", by=first, at=at(8))
    with pytest.raises(Refusal) as caught:
        operations.acknowledge(case=case, by=newcomer, at=at(11))
    assert codes(caught) == ["address"]
    step = operations.acknowledge(case=case, by=owner, at=at(11))
    assert (step.state, step.content["window_ends"]) == ("noticed", "2026-05-18")


def test_objection_stops_the_case_until_it_is_answered(desk):
    first, second = desk
    case = prepare(make_case(), first)
    owner = make_member(organization=case.subject).user
    recommend(case, first)
    operations.advance(case=case, act=Act.OBJECT, by=owner, at=at(19), text="已补缴")
    with pytest.raises(Refusal) as caught:
        decide(case, second)
    assert "objection" in codes(caught)
    operations.advance(case=case, act=Act.REPLY, by=first, at=at(20), text="补缴在期限之后")
    recommend(case, first, at(20))
    assert decide(case, second, at(21)).state == "decided"


def test_one_person_never_plays_both(desk):
    first, second = desk
    case = prepare(make_case(), first)
    recommend(case, second)
    for one in desk:
        with pytest.raises(operations.Barred) as caught:
            decide(case, one)
        assert codes(caught) == ["same_person"]


def test_role_revoked_between_form_and_post(desk):
    first, second = desk
    case = prepare(make_case(), first)
    recommend(case, first)
    tie = Membership.objects.get(user=second)
    tie.ended_at, tie.ended_by = at(20), first
    tie.save()
    with pytest.raises(operations.Barred) as caught:
        decide(case, second)
    assert codes(caught) == ["not_yours"]


def test_officer_of_another_area_and_member_of_the_subject_cannot_decide(desk):
    first, second = desk
    case = prepare(make_case(), first)
    recommend(case, first)
    with pytest.raises(operations.Barred):
        decide(case, make_officer(region_code="440000"))
    make_member(second, case.subject, Role.VIEWER)
    with pytest.raises(operations.Barred) as caught:
        decide(case, second)
    assert codes(caught) == ["own_case"]


def test_doubtful_clock_decides_nothing(desk):
    first, second = desk
    case = prepare(make_case(), first)
    recommend(case, first)
    now = at(20)
    operations.beat(clock=Clock(at(11), at(11), "boot", 1000))
    jumped = Clock(now, now, "boot", 1600)
    with pytest.raises(operations.ClockDoubtful):
        operations.decide(case=case, text="同意", clock=jumped, by=second, at=now)
    operations.beat(clock=jumped)
    operations.confirm_clock(by=first, at=now)
    assert operations.decide(case=case, text="同意", clock=jumped, by=second, at=now).state == "decided"


def test_a_jump_stays_doubtful_until_somebody_confirms(desk):
    operations.beat(clock=Clock(at(11), at(11), "boot", 1000))
    for minute in range(3):
        moment = at(28) + timedelta(minutes=minute)
        operations.beat(clock=Clock(moment, moment, "boot", 1600 + 60 * minute))
        assert queries.doubted()
    assert Entry.objects.filter(verb="oversight.clock_doubtful").count() == 1
    operations.beat(clock=Clock(at(11, 5), at(11, 5), "boot", 4600))
    assert queries.doubted() is None
    with pytest.raises(Refusal):
        operations.confirm_clock(by=desk[0], at=at(11))


def test_appeal_has_a_term_and_goes_to_a_third_person(desk):
    first, second = desk
    case = prepare(make_case(), first)
    owner = make_member(organization=case.subject).user
    recommend(case, first)
    decide(case, second)
    with pytest.raises(Refusal) as caught:
        operations.appeal(case=case, text="不服", by=owner, at=at(20) + timedelta(days=61))
    assert codes(caught) == ["too_late"]
    operations.appeal(case=case, text="不服", by=owner, at=at(21))
    for one in desk:
        with pytest.raises(operations.Barred):
            operations.advance(case=case, act=Act.REVERSE, by=one, at=at(22), text="撤销")
    third = make_officer(Membership.objects.get(user=first).organization)
    assert operations.advance(case=case, act=Act.REVERSE, by=third, at=at(22), text="撤销").state == "reversed"


def test_every_act_with_words_needs_them(desk):
    with pytest.raises(Refusal) as caught:
        operations.advance(case=make_case(), act=Act.INVESTIGATE, by=desk[0], at=at(7), text="  ")
    assert codes(caught) == ["unexplained"]


def test_database_refuses_the_preparer_as_decider(desk):
    first, second = desk
    case = prepare(make_case(), first)
    recommend(case, first)
    row = {"case": case, "position": 9, "act": Act.DECIDE, "state": State.DECIDED, "at": at(20)}
    for by, prepared_by in ((first, first), (first, second), (second, second), (second, None)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Step.objects.create(**row, by=by, prepared_by=prepared_by)
    Step.objects.create(**row, by=second, prepared_by=first)


def test_database_refuses_a_second_decision(desk):
    first, second = desk
    case = prepare(make_case(), first)
    recommend(case, first)
    decide(case, second)
    with pytest.raises(operations.Barred):
        decide(case, make_officer(Membership.objects.get(user=first).organization))
    row = {"case": case, "position": 99, "act": Act.DECIDE, "state": State.DECIDED, "at": at(20)}
    third = make_officer()
    with pytest.raises(IntegrityError), transaction.atomic():
        Step.objects.create(**row, by=third, prepared_by=first)


def test_rows_of_a_case_never_change(desk):
    case = make_case()
    with pytest.raises(ChangeForbidden):
        Case.objects.update(kind=Kind.REPAIR)
    for sql in ("UPDATE oversight_case SET region_code = '440000'", "DELETE FROM oversight_step"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert state(case) == "open"


def test_evidence_taken_back_no_longer_counts(desk):
    first, _ = desk
    case = prepare(make_case(), first)
    row = case.exhibits.get()
    operations.take_back(exhibit=row, reason="系误传", by=first, at=at(12))
    with pytest.raises(operations.DueProcess) as caught:
        recommend(case, first)
    assert codes(caught) == ["evidence"]
    with pytest.raises(Refusal):
        operations.take_back(exhibit=row, reason="再次", by=first, at=at(12))


def test_renamed_organization_needs_a_new_decision(desk):
    first, second = desk
    case = prepare(make_case(), first)
    owner = make_member(organization=case.subject).user
    recommend(case, first)
    people.edit(
        organization=case.subject, name_zh="改名公司", name_en="", region_code="510100", about="", by=owner, at=at(20)
    )
    with pytest.raises(operations.DueProcess) as caught:
        decide(case, second)
    assert codes(caught) == ["changed_subject"]


# ---- review ----------------------------------------------------------------------------------------------------------


def test_review_sends_back_with_remarks_and_a_correction_follows(desk):
    first, _ = desk
    inventory = make_submitted_inventory(make_activity(state="committed"))
    case = operations.open_review(inventory=inventory, by=first, at=at(2, month=9))
    assert operations.open_review(inventory=inventory, by=first, at=at(2, month=9)) == case
    with pytest.raises(Refusal) as caught:
        operations.send_back(case=case, text="请补", by=first, at=at(3, month=9))
    assert codes(caught) == ["nothing_remarked"]
    operations.remark(case=case, field="line:1", text="缺少电费单", by=first, at=at(3, month=9))
    operations.send_back(case=case, text="请补证据", by=first, at=at(4, month=9))
    assert state(case) == "returned"
    assert inventories.current(inventory.activity, "actual") is None


def test_review_belongs_to_the_area():
    inventory = make_submitted_inventory(make_activity(state="committed"))
    with pytest.raises(operations.Barred):
        operations.open_review(inventory=inventory, by=make_officer(region_code="440000"), at=at(2, month=9))


def test_person_outside_takes_no_step():
    with pytest.raises(operations.Barred):
        operations.advance(case=make_case(), act=Act.INVESTIGATE, by=make_user(), at=at(7), text="x")


def test_beats_are_kept():
    operations.beat(clock=good_clock(at(6)))
    assert Beat.objects.get().fault == ""
    assert rules.clock_fault(good_clock(at(6)), queries.trusted()) is None


def test_clock_reads_three_clocks():
    looked = queries.clock(at(6))
    assert looked.uptime_s > 0
    assert looked.boot
    assert make_file(make_user()).digest
