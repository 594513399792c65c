"""Policies, scores as a pure replay, proposals once, entries by the clock, repair as a right."""

import random
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Restriction
from accounts.tests.factories import make_member, make_organization, make_user
from neutrality.appendonly import ChangeForbidden
from neutrality.disclosure.tests.factories import make_plan, make_statement
from neutrality.oversight import operations as cases
from neutrality.oversight.models import Case
from neutrality.oversight.rules import Act, Kind
from neutrality.oversight.tests import factories as make
from neutrality.oversight.tests.factories import at
from neutrality.refusals import Refusal
from neutrality.standing import operations, queries, records, rules, seeding, tasks
from neutrality.standing.models import Ending, EndingReason, Listing, Policy, Score
from neutrality.standing.rules import List
from neutrality.standing.tests.factories import (
    make_decided,
    make_listing,
    make_officers,
    make_policy,
    make_repaired,
    settle,
)
from neutrality.standing.tests.policies import CONTENT
from neutrality.trail.models import Entry

pytestmark = pytest.mark.django_db
ON = date(2026, 9, 10)
AT = at(10, month=9)


def code_of(caught):
    return str(caught.value.problems[0].code)


def test_policy_is_published_once_and_never_changed():
    policy = make_policy()
    seeding.seed(AT)
    assert Policy.objects.get() == policy
    with pytest.raises(Refusal) as caught:
        operations.publish_policy(content={**CONTENT, "months": 12}, by=None, at=AT)
    assert code_of(caught) == "policy_changed"
    with pytest.raises(ChangeForbidden):
        policy.save()


@pytest.mark.parametrize(
    "change",
    [{"weights": []}, {"offences": CONTENT["offences"][:3]}, {"green": {}}, {"version": "x"}, {"effective_on": "soon"}],
)
def test_unreadable_policy_is_refused(change):
    with pytest.raises(Refusal) as caught:
        operations.publish_policy(content={**CONTENT, **change}, by=None, at=AT)
    assert code_of(caught) == "policy_unreadable"


def test_policy_in_force_is_the_newest_not_after_the_day():
    first = make_policy()
    later = {**CONTENT, "version": 2, "effective_on": "2026-07-01"}
    second = operations.publish_policy(content=later, by=None, at=AT)
    assert queries.policy_on(date(2025, 12, 31)) is None
    assert queries.policy_on(date(2026, 6, 30)) == first
    assert queries.policy_on(date(2026, 7, 1)) == second


# ---- scores ----------------------------------------------------------------------------------------------------------


def score(organization, on=ON, moment=AT):
    return operations.score(organization=organization, on=on, at=moment)


@pytest.fixture
def organization():
    make_policy()
    return make_statement().activity.organization


def test_score_has_reasons_and_evidence_and_can_be_counted_again(organization):
    row = score(organization)
    # reduction 20 (reported), inventory 20, units 25, statement 10, timely 0 (after 60 days), confirmed 5 (self)
    assert row.total == 80
    facts = records.read_facts(row.facts)
    assert records.facts_record(facts) == row.facts
    assert records.score_record(rules.score(facts, row.policy.rules)) == row.result
    assert all(part["reason"] for line in row.result["lines"] for part in line["parts"])


def test_second_run_writes_nothing(organization):
    score(organization)
    before = Entry.objects.count()
    assert score(organization) is None
    assert score(organization, ON + timedelta(days=1)) is None
    assert (Score.objects.count(), Entry.objects.count()) == (1, before)


def test_late_run_of_an_earlier_day_writes_nothing(organization):
    score(organization)
    assert score(organization, ON - timedelta(days=3)) is None
    assert Score.objects.count() == 1


def test_doubled_and_shuffled_runs_give_the_same_rows():
    """The same organizations scored in any order, each several times, leave the same scores (F3, V46)."""
    make_policy()
    organizations = [make_statement(units).activity.organization for units in (104, 60)] + [
        make_plan().activity.organization
    ]
    found = set()
    for seed in range(3):
        order = organizations * 3
        random.Random(seed).shuffle(order)
        with transaction.atomic():
            for one in order:
                score(one)
            rows = Score.objects.order_by("organization").values_list("organization", "total", "digest")
            keys = Case.objects.order_by("key").values_list("key", flat=True)
            found.add((tuple(rows), tuple(keys)))
            transaction.set_rollback(True)
    assert len(found) == 1
    assert len(next(iter(found))[0]) == 3


def test_score_changes_no_right_no_wording_no_list(organization):
    activity = organization.activities.get()
    before = queries.disclosures.claim(activity, ON)
    for day in range(5):
        score(organization, ON + timedelta(days=day))
    assert queries.disclosures.claim(activity, ON) == before
    assert not Listing.objects.exists()
    assert not Restriction.objects.exists()


def test_promise_without_account_opens_one_case_and_lists_nobody():
    make_policy()
    organization = make_plan().activity.organization
    for day in range(3):
        score(organization, ON + timedelta(days=day))
    case = Case.objects.get()
    assert (case.kind, case.content["violation"], case.opened_by) == (Kind.LISTING, "V7", None)
    assert case.exhibits.get().subject_code == organization.code
    assert not Listing.objects.exists()


def test_due_finds_who_ended_something_and_was_not_seen(organization):
    make_organization()
    assert queries.due(ON, 10) == [organization.pk]
    score(organization)
    assert queries.due(ON, 10) == []
    assert queries.due(ON + timedelta(days=1), 10) == [organization.pk]
    assert queries.due(date(2026, 5, 18), 10) == []


def test_complaints_move_no_score(organization):
    first = score(organization)
    statement = organization.activities.get().statements.get()
    for number in range(30):
        said = cases.Said("total", f"我不相信 {number}")
        cases.challenge(statement=statement, said=said, network=str(number), by=None, at=AT)
    assert Case.objects.filter(kind=Kind.CHALLENGE).count() == 1
    assert score(organization, ON + timedelta(days=1)) is None
    assert Score.objects.get() == first


def test_rows_never_change(organization):
    score(organization)
    for sql in ("UPDATE standing_score SET total = 100", "DELETE FROM standing_score", "DELETE FROM standing_policy"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


# ---- entries ---------------------------------------------------------------------------------------------------------


def public(on):
    return list(queries.entries(on))


def test_entry_lives_by_the_clock_alone():
    listing = make_listing()
    first, last = date(2026, 5, 20), date(2027, 5, 20)
    assert (listing.starts_on, listing.repair_from, listing.last_on) == (first, date(2026, 8, 21), last)
    assert [bool(public(day)) for day in (first - timedelta(days=1), first, last, last + timedelta(days=1))] == [
        False,
        True,
        True,
        False,
    ]


def test_past_days_do_not_show_what_is_over():
    make_listing()
    day = date(2026, 6, 1)
    assert queries.listed(day, date(2027, 5, 20)).exists()
    assert not queries.listed(day, date(2027, 5, 21)).exists()


def test_entry_restricts_self_declaration_until_its_last_day():
    listing = make_listing()
    restriction = Restriction.objects.get()
    assert (restriction.basis, restriction.until_on) == (listing.number, listing.last_on)


def test_minor_entry_is_not_public():
    listing = make_listing(violation="V7", grade="minor")
    assert not listing.public
    assert public(date(2026, 5, 20)) == []


def test_minor_entry_published_when_necessary():
    listing = make_listing(violation="V7", grade="minor", publish_minor="yes")
    assert (listing.last_on, public(date(2026, 5, 20))) == (date(2026, 8, 20), [listing])


def apply(listing, by, moment):
    return operations.apply_for_repair(listing=listing, text="已补足 44 吨", by=by, at=moment)


def test_repair_is_a_right_from_its_day_and_needs_two_people():
    listing = make_listing()
    owner = make_member(organization=listing.organization).user
    with pytest.raises(Refusal) as caught:
        apply(listing, owner, at(20, month=8))
    assert code_of(caught) == "repair_not_yet"
    with pytest.raises(Refusal) as caught:
        apply(listing, make_user(), at(21, month=8))
    assert code_of(caught) == "not_yours"
    case = apply(listing, owner, at(21, month=8))
    with pytest.raises(Refusal) as caught:
        apply(listing, owner, at(22, month=8))
    assert code_of(caught) == "repair_pending"
    first, second = make_officers()
    cases.advance(case=case, act=Act.INVESTIGATE, by=first, at=at(24, month=8), text="已核对")
    cases.recommend(case=case, text="同意修复", content={}, by=first, at=at(24, month=8))
    moment = at(25, month=8)
    with pytest.raises(Refusal):
        cases.decide(case=case, text="同意", clock=make.good_clock(moment), by=first, at=moment)
    cases.decide(case=case, text="同意", clock=make.good_clock(moment), by=second, at=moment)
    ending = operations.end(listing=listing, reason=EndingReason.REPAIRED, case=case, at=moment)
    assert operations.end(listing=listing, reason=EndingReason.REPAIRED, case=case, at=moment) == ending
    assert public(date(2026, 8, 24)) == [listing]
    assert public(date(2026, 8, 25)) == []
    assert not queries.listed(date(2026, 8, 24), date(2026, 8, 25)).exists()
    assert Restriction.objects.get().lifted_at == moment
    with pytest.raises(Refusal) as caught:
        apply(listing, owner, at(26, month=8))
    assert code_of(caught) == "not_repairable"


def test_pending_objection_stands_beside_the_entry():
    listing = make_listing()
    owner = make_member(organization=listing.organization).user
    assert queries.entries(date(2026, 5, 21)).get().objection == "settled"
    cases.appeal(case=listing.case, text="不服", by=owner, at=at(21))
    assert queries.entries(date(2026, 5, 21)).get().objection == "appealed"


def recognised(subject):
    """A green entry of 20 May 2026."""
    first, second = make_officers()
    case = make.make_case(Kind.RECOGNITION, subject=subject)
    cases.advance(case=case, act=Act.INVESTIGATE, by=first, at=at(7), text="核对")
    content = {"fact_zh": "两年内活动全部实现碳中和", "basis_zh": "平台规则", "document": "1", "authority_zh": "厅"}
    operations.recommend(case=case, findings=content, text="建议", by=first, at=at(19))
    cases.decide(case=case, text="同意", clock=make.good_clock(at(20)), by=second, at=at(20))
    return settle(case)


def test_green_entry_lasts_a_year_and_rests_during_a_violation_case():
    make_policy()
    subject = make_organization()
    listing = recognised(subject)
    on = date(2026, 5, 25)
    assert (listing.list, listing.last_on, public(on)) == (List.GREEN, date(2027, 5, 20), [listing])
    case = make.make_case(subject=subject)
    assert public(on) == [listing]  # a machine's proposal alone changes nothing
    cases.advance(case=case, act=Act.INVESTIGATE, by=make.make_officer(), at=at(22), text="核对")
    assert public(on) == []
    assert queries.suspended(subject, on)
    cases.advance(case=case, act=Act.DROP, by=make.make_officer(), at=at(23), text="查无实据")
    assert public(on) == [listing]
    assert not queries.suspended(subject, on)


def test_entries_never_change():
    make_listing()
    for sql in ("UPDATE standing_listing SET last_on = '2036-01-01'", "DELETE FROM standing_listing"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_entry_ends_by_its_own_decided_case_only():
    listing = make_listing()
    other = make_listing()
    officers = make_officers()
    undecided = make.make_case(Kind.REPAIR, subject=listing.organization)
    foreign = make_repaired(other, *officers)
    for case, reason in (
        (undecided, EndingReason.REPAIRED),
        (foreign, EndingReason.REPAIRED),
        (listing.case, EndingReason.REVERSED),
        (listing.case, EndingReason.REPAIRED),
    ):
        with pytest.raises(Refusal) as caught:
            operations.end(listing=listing, reason=reason, case=case, at=at(25, month=8))
        assert code_of(caught) == "no_ground"
    assert not Ending.objects.exists()
    own = make_repaired(listing, *officers)
    assert operations.end(listing=listing, reason=EndingReason.REPAIRED, case=own, at=at(25, month=8))
    assert own.steps.last().state == "settled"


# ---- sweepers --------------------------------------------------------------------------------------------------------


def test_sweeper_settles_once_and_not_while_the_clock_is_in_doubt(monkeypatch):
    case = make_decided(*make_officers())
    monkeypatch.setattr(tasks.timezone, "now", lambda: at(20, 6))
    monkeypatch.setattr(tasks.case_queries, "clock", lambda moment: make.good_clock(moment))
    assert queries.unsettled() == [case]
    assert (tasks.settle_due(), tasks.settle_due()) == (1, 0)
    assert Listing.objects.get().case == case


def test_forty_days_jump_lists_nobody(monkeypatch):
    make_decided(*make_officers())
    cases.beat(clock=make.good_clock(at(20)))
    monkeypatch.setattr(tasks.timezone, "now", lambda: at(29, month=6))
    assert tasks.settle_due() == 0
    assert not Listing.objects.exists()


def test_sweeper_ends_a_reversed_entry(monkeypatch):
    listing = make_listing()
    owner = make_member(organization=listing.organization).user
    cases.appeal(case=listing.case, text="不服", by=owner, at=at(21))
    cases.advance(case=listing.case, act=Act.REVERSE, by=make.make_officer(), at=at(22), text="撤销")
    monkeypatch.setattr(tasks.timezone, "now", lambda: at(22, 6))
    monkeypatch.setattr(tasks.case_queries, "clock", lambda moment: make.good_clock(moment))
    assert (tasks.settle_due(), tasks.settle_due()) == (1, 0)
    assert Ending.objects.get().reason == EndingReason.REVERSED
    assert public(date(2026, 5, 22)) == []


def test_sweeper_logs_a_refusal_and_leaves_the_case_visible(monkeypatch, caplog):
    case = make_decided(*make_officers())
    cases.take_back(exhibit=case.exhibits.get(), reason="误传", by=make.make_officer(), at=at(20))
    monkeypatch.setattr(tasks.timezone, "now", lambda: at(20, 6))
    monkeypatch.setattr(tasks.case_queries, "clock", lambda moment: make.good_clock(moment))
    assert tasks.settle_due() == 0
    assert queries.unsettled() == [case]
    assert "evidence" in caplog.text


def test_worker_scores_one_and_ignores_the_unknown(organization, monkeypatch):
    monkeypatch.setattr(tasks.timezone, "now", lambda: AT)
    tasks.score_one(organization.pk, "2025-01-01")
    tasks.score_one(organization.pk, "2026-09-10")
    tasks.score_one(0, "2026-09-10")
    assert Score.objects.get().scored_on == ON
