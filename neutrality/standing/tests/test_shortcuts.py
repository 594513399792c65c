"""Every known shortcut to a black listing is refused, and with the one missing thing present the way is open (V32).

Each row undoes one thing of a dossier that lacks nothing. `settle` is asked last, after everything else was done as
well as it could be; where a row cannot even get that far, the refusing verb stands in the row.
"""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import operations as people
from accounts.models import Membership
from accounts.rules import Role
from accounts.tests.factories import make_member, make_organization
from neutrality.oversight import operations as cases
from neutrality.oversight import rules as case_rules
from neutrality.oversight.models import Exhibit, Step
from neutrality.oversight.rules import Act, Clock, Kind, Method, State
from neutrality.oversight.tests import factories as make
from neutrality.oversight.tests.factories import at
from neutrality.refusals import Refusal
from neutrality.standing import operations
from neutrality.standing.models import Listing, Policy
from neutrality.standing.tests.factories import make_decided, make_officers, make_policy, settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def officers():
    make.make_calendar()
    make_policy()
    return make_officers()


def refused(code, act, *args, **kwargs):
    """The act is refused with this code, and nobody is listed."""
    with pytest.raises(Refusal) as caught:
        act(*args, **kwargs)
    assert code in [str(problem.code) for problem in caught.value.problems]
    assert not Listing.objects.exists()


def listed(case):
    assert settle(case).case == case


def investigated(first, subject=None):
    case = make.make_case(subject=subject)
    cases.advance(case=case, act=Act.INVESTIGATE, by=first, at=at(7), text="核对")
    return case


def served(first):
    case = investigated(first)
    make.exhibit(case, first)
    cases.serve(case=case, facts="逾期", effect="公示一年", by=first, at=at(8))
    return case


def finish(case, first, second):
    make.recommend(case, first)
    make.decide(case, second)
    listed(case)


def test_score_or_proposal_alone(officers):
    case = make.make_case()
    refused("no_decision", settle, case)


def test_no_evidence(officers):
    first, second = officers
    case = investigated(first)
    refused("no_evidence", cases.serve, case=case, facts="f", effect="e", by=first, at=at(8))
    make.exhibit(case, first)
    cases.serve(case=case, facts="f", effect="e", by=first, at=at(8))
    make.deliver(case, first)
    finish(case, first, second)


def test_evidence_withdrawn_after_the_decision(officers):
    first, second = officers
    case = make_decided(first, second)
    row = case.exhibits.get()
    cases.take_back(exhibit=row, reason="系误传", by=first, at=at(20))
    refused("evidence", settle, case)
    make.exhibit(case, first, digest="b" * 64)
    listed(case)


def test_evidence_of_another_code_number(officers):
    first, second = officers
    case = make_decided(first, second)
    wrong = make.exhibit(case, first, subject_code=make_organization().code)
    refused("other_code", settle, case)
    cases.take_back(exhibit=wrong, reason="张冠李戴", by=first, at=at(20))
    listed(case)


def test_notice_never_delivered(officers):
    first, second = officers
    case = served(first)
    refused("notice", make.recommend, case, first)
    make.deliver(case, first)
    finish(case, first, second)


def test_notice_bounced(officers):
    first, second = officers
    case = served(first)
    cases.advance(case=case, act=Act.BOUNCE, by=first, at=at(9), text="退回")
    refused("notice", make.recommend, case, first)
    cases.serve(case=case, facts="f", effect="e", by=first, at=at(9))
    make.deliver(case, first)
    finish(case, first, second)


def test_notice_to_an_address_changed_the_day_before(officers):
    first, second = officers
    case = served(first)
    fresh = {"method": Method.POST, "address_since": date(2026, 5, 10)}
    refused("address", make.deliver, case, first, **fresh)
    make.deliver(case, first, method=Method.POST, address_since=date(2026, 5, 6))
    finish(case, first, second)


def test_notice_delivered_without_proof(officers):
    first, second = officers
    case = served(first)
    refused("proof", make.deliver, case, first, proof=None)
    make.deliver(case, first)
    finish(case, first, second)


@pytest.mark.parametrize("moment", [at(18), at(18, 15)])  # the last day, and its last hour in Chengdu
def test_term_not_over(officers, moment):
    first, second = officers
    case = served(first)
    make.deliver(case, first)
    refused("window", make.recommend, case, first, moment)
    finish(case, first, second)


def test_term_over_in_chengdu_only_when_the_day_is(officers):
    """At 15:30 UTC it is already 23:30 in Chengdu, still the 18th; at 16:30 UTC the 19th has begun there."""
    first, _ = officers
    case = served(first)
    make.deliver(case, first)
    refused("window", make.recommend, case, first, at(18, 15) + timedelta(minutes=30))
    assert make.recommend(case, first, at(18, 16) + timedelta(minutes=30)).state == "recommended"


def test_term_over_only_because_the_clock_jumped(officers):
    first, second = officers
    case = served(first)
    make.deliver(case, first)
    cases.beat(clock=Clock(at(12), at(12), "boot", 1000))
    make.recommend(case, first)
    jumped = Clock(at(20), at(20), "boot", 1600)
    refused("jumped", cases.decide, case=case, text="同意", clock=jumped, by=second, at=at(20))
    slept = Clock(at(20), at(20), "boot", 1000 + 8 * 24 * 3600)
    cases.decide(case=case, text="同意", clock=slept, by=second, at=at(20))
    refused("clock", operations.settle, case=case, clock=jumped, at=at(20))
    assert operations.settle(case=case, clock=slept, at=at(20))


def test_term_counted_over_a_holiday(officers):
    first, second = officers
    case = make.make_case(moment=at(28, month=4))
    make.exhibit(case, first)
    cases.advance(case=case, act=Act.INVESTIGATE, by=first, at=at(28, month=4), text="核对")
    cases.serve(case=case, facts="f", effect="e", by=first, at=at(29, month=4))
    step = make.deliver(case, first, delivered_on=date(2026, 4, 29), at=at(29, month=4))
    ends = date.fromisoformat(step.content["window_ends"])
    assert ends > date(2026, 5, 6)  # a plain count of weekdays would end on the 6th, inside the May holiday's shadow
    refused("window", make.recommend, case, first, at(7))
    make.recommend(case, first, at(ends.day + 1))
    make.decide(case, second, at(ends.day + 2))
    assert settle(case, at(ends.day + 2))


def objected(first):
    case = make.prepare(make.make_case(), first)
    owner = make_member(organization=case.subject).user
    cases.advance(case=case, act=Act.OBJECT, by=owner, at=at(12), text="不服")
    return case


def test_objection_open(officers):
    first, second = officers
    case = objected(first)
    refused("objection", make.recommend, case, first)
    cases.advance(case=case, act=Act.REPLY, by=first, at=at(13), text="理由如下")
    finish(case, first, second)


def test_objection_answered_after_the_decision():
    decided = case_rules.Dossier(
        subject_code="c", subject_name="n", current_code="c", current_name="n", is_organization=True,
        answered_at=at(21), decided_at=at(20),
    )  # fmt: skip
    assert case_rules.Lack.ANSWER_LATE in case_rules.lacks(decided, date(2026, 5, 22))


@pytest.mark.parametrize("act", [Act.INVESTIGATE, Act.RECOMMEND])
def test_whoever_prepared_is_not_the_decider(officers, act):
    first, second = officers
    case = make.prepare(make.make_case(), first)
    make.recommend(case, second if act is Act.RECOMMEND else first)
    refused("same_person", make.decide, case, second if act is Act.RECOMMEND else first)
    third = make.make_officer(Membership.objects.get(user=first).organization)
    make.decide(case, third)
    listed(case)


def test_decider_revoked_between_form_and_post(officers):
    first, second = officers
    case = make.prepare(make.make_case(), first)
    make.recommend(case, first)
    tie = Membership.objects.get(user=second)
    tie.ended_at, tie.ended_by = at(20), first
    tie.save()
    refused("not_yours", make.decide, case, second)
    make_member(second, tie.organization, Role.REGULATOR, granted_at=at(20))
    make.decide(case, second)
    listed(case)


def test_decision_of_another_case(officers):
    first, second = officers
    other, case = make_decided(first, second), make.prepare(make.make_case(), first)
    step = other.steps.get(act=Act.DECIDE)
    with pytest.raises(IntegrityError), transaction.atomic():
        operations.enter(case, case.subject, step, Policy.objects.get(), at(20))
    assert not Listing.objects.exists()
    finish(case, first, second)


def test_decision_older_than_thirty_days(officers):
    case = make_decided(*officers)
    refused("old_decision", settle, case, at(20, month=6))
    assert settle(case, at(19, month=6))


def test_decision_from_the_future(officers):
    case = make_decided(*officers)
    refused("future_decision", settle, case, at(19))
    listed(case)


def test_two_decisions_at_once(officers):
    first, second = officers
    case = make_decided(first, second)
    third = make.make_officer(Membership.objects.get(user=first).organization)
    refused("not_allowed", make.decide, case, third)
    listed(case)
    assert settle(case) == Listing.objects.get()


def test_reversed_while_settling(officers):
    first, second = officers
    case = make_decided(first, second)
    owner = make_member(organization=case.subject).user
    cases.appeal(case=case, text="不服", by=owner, at=at(20, 5))
    refused("reversed", settle, case)
    third = make.make_officer(Membership.objects.get(user=first).organization)
    cases.advance(case=case, act=Act.UPHOLD, by=third, at=at(20, 6), text="维持")
    listed(case)


def test_organization_renamed_meanwhile(officers):
    case = make_decided(*officers)
    owner = make_member(organization=case.subject).user
    names = {"name_en": case.subject.name_en, "region_code": "510100", "about": "", "by": owner, "at": at(20)}
    people.edit(organization=case.subject, name_zh="改名公司", **names)
    refused("changed_subject", settle, case)
    people.edit(organization=case.subject, name_zh=case.subject_name_zh, **names)
    listed(case)


def test_natural_person_as_subject():
    person = case_rules.Dossier("510101199001011234", "n", "510101199001011234", "n", is_organization=False)
    assert case_rules.Lack.NOT_ORGANIZATION in case_rules.lacks(person, date(2026, 5, 22))


def test_policy_not_in_force_that_day():
    make.make_calendar()
    first, second = make_officers()
    case = make.prepare(make.make_case(), first)
    refused("no_policy", operations.recommend, case=case, findings=make.FINDINGS, text="t", by=first, at=at(19))
    make.recommend(case, first)
    make.decide(case, second)
    refused("no_policy", settle, case)
    make_policy()
    listed(case)


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"basis_zh": "  "}, "no_basis"),
        ({"grade": "serious"}, "class"),
        ({"violation": "V9"}, "class"),
        ({"violation": "V11", "grade": "minor"}, "class"),
    ],
)
def test_class_without_basis(officers, over, code):
    first, second = officers
    case = make.prepare(make.make_case(), first)
    findings = {**make.FINDINGS, **over}
    refused(code, operations.recommend, case=case, findings=findings, text="t", by=first, at=at(19))
    make.recommend(case, first, **over)
    make.decide(case, second)
    refused(code, settle, case)
    good = make_decided(first, second)
    listed(good)


def row(case, step):
    """A complete row of an entry, as raw SQL would write it."""
    organization = case.subject
    term = {"decided_on": "2026-05-20", "starts_on": "2026-05-20", "repair_from": "2026-08-21", "last_on": "2027-05-20"}
    return {
        "number": "L-RAW", "list": "black", "organization_id": organization.pk, "subject_code": organization.code,
        "subject_name_zh": organization.name_zh, "subject_name_en": "", "case_id": case.pk, "decision_id": step.pk,
        "policy_id": Policy.objects.get().pk, "grade": "general", "violation": "V6", "fact_zh": "f", "fact_en": "",
        "basis_zh": "b", "basis_en": "", "document": "d", "authority_zh": "a", "authority_en": "", "public": True,
        "settled_at": at(20), **term,
    }  # fmt: skip


def insert(values):
    columns = ", ".join(values)
    marks = ", ".join(["%s"] * len(values))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO standing_listing ({columns}) VALUES ({marks})", list(values.values()))


def test_raw_sql_without_a_decision(officers):
    first, second = officers
    case = make.prepare(make.make_case(), first)
    make.recommend(case, first)
    with pytest.raises(IntegrityError):
        insert(row(case, case.steps.get(act=Act.RECOMMEND)))
    make.decide(case, second)
    insert(row(case, case.steps.get(act=Act.DECIDE)))
    assert Listing.objects.get().number == "L-RAW"


@pytest.mark.parametrize("broken", ["evidence", "objection", "reversed", "code", "window"])
def test_raw_sql_over_a_broken_dossier(officers, broken):
    first, second = officers
    case = make_decided(first, second)
    values = row(case, case.steps.get(act=Act.DECIDE))
    last = case.steps.count()
    if broken == "evidence":
        kept = case.exhibits.get()
        columns = {"digest": kept.digest, "title": "x", "subject_code": kept.subject_code, "added_at": at(20)}
        Exhibit.objects.create(case=case, withdraws=kept, reason="误传", **columns)
    elif broken == "objection":
        facts = {"case": case, "act": Act.OBJECT, "state": State.DECIDED, "at": at(20)}
        Step.objects.create(position=last + 1, **facts)
    elif broken == "reversed":
        Step.objects.create(case=case, position=last + 1, act=Act.APPEAL, state=State.APPEALED, at=at(20))
    elif broken == "code":
        values["subject_code"] = make_organization().code
    else:
        content = {"proof": "p", "window_ends": "2026-06-01", "method": "in_person", "delivered_on": "2026-05-25"}
        other = make.make_case()
        facts = {"case": other, "at": at(20)}
        Step.objects.create(position=2, act=Act.DELIVER, state=State.NOTICED, content=content, **facts)
        Step.objects.create(position=3, act=Act.RECOMMEND, state=State.RECOMMENDED, by=first, **facts)
        step = Step.objects.create(
            position=4, act=Act.DECIDE, state=State.DECIDED, by=second, prepared_by=first, **facts
        )
        make.exhibit(other, first)
        values = row(other, step)
    with pytest.raises(IntegrityError):
        insert(values)
    assert not Listing.objects.exists()


def test_message_replayed_from_last_year(officers):
    case = make_decided(*officers)
    listing = settle(case)
    assert settle(case, at(20, month=6)) == listing
    assert Listing.objects.count() == 1


def test_restored_backup_without_the_objection():
    """The state of a case is its last step: a case that lost its objection also lost everything after it."""
    first = make.make_officer()
    case = make.make_case()
    assert (case.steps.get().state, case.kind) == (State.OPEN, Kind.LISTING)
    refused("notice", cases.decide, case=case, text="t", clock=make.good_clock(at(20)), by=first, at=at(20))
