"""Publishing, correcting, withdrawing, reviewing; and what may be said after each."""

import json
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from neutrality import codes
from neutrality.activities import operations as activities
from neutrality.activities.tests.factories import make_activity, make_measure
from neutrality.disclosure import operations, queries
from neutrality.disclosure.models import Plan, Statement
from neutrality.disclosure.tests import factories
from neutrality.disclosure.tests.factories import AFTER, BEFORE, ON, make_accounted, make_ready, make_settled, publish
from neutrality.evaluation.tests.factories import make_commitment, make_evaluation
from neutrality.inventory import operations as inventories
from neutrality.inventory import queries as inventory_queries
from neutrality.inventory.tests.factories import make_draft, make_lines
from neutrality.offsets.tests.factories import make_retirement, make_void
from neutrality.rulebook.rules import ClaimCode, PlanItemCode
from neutrality.trail import rules as trail_rules
from neutrality.trail.models import Entry

pytestmark = pytest.mark.django_db


def said(activity, on=ON):
    activity = type(activity).objects.select_related("organization", "rulebook").get(pk=activity.pk)
    return queries.claim(activity, on).code


def publish_plan(activity, **over):
    values = {"key": uuid4().hex, "by": activity.created_by, "at": BEFORE} | over
    return operations.publish_plan(activity=activity, **values)


# The plan


def test_a_plan_freezes_the_estimate_and_says_the_eight_items():
    activity = make_ready()
    plan = publish_plan(activity)
    activity.refresh_from_db()
    assert (activity.state, plan.estimate.state) == ("committed", "submitted")
    content = plan.content
    said_items = {
        PlanItemCode.NAME: content["name"]["zh"],
        PlanItemCode.DATES: content["dates"]["starts_on"],
        PlanItemCode.PLACE: content["place"]["name"],
        PlanItemCode.SUMMARY: content["summary"],
        PlanItemCode.ESTIMATE: content["estimate"]["total_kg"],
        PlanItemCode.MEASURES: content["measures"][0]["title"],
        PlanItemCode.OFFSET_METHOD: content["offset_method"]["words"],
        PlanItemCode.PROMISED_ON: content["promised_on"],
    }
    assert set(said_items) == set(PlanItemCode)
    assert all(said_items.values())
    assert content["estimate"]["total_kg"] == "120000.0000"
    assert trail_rules.digest(plan.text.encode()) == plan.digest
    assert said(activity, date(2026, 4, 2)) is ClaimCode.COMMITTED
    entry = Entry.objects.get(verb="disclosure.publish_plan")
    assert (entry.subject, entry.content["digest"], entry.public) == (f"plan:{plan.number}", plan.digest, True)


def test_every_gap_of_a_plan_is_named_at_once():
    activity = make_activity(summary="", promised_on=None)
    make_draft(activity, "estimate")
    with pytest.raises(operations.PlanIncomplete) as refused:
        publish_plan(activity)
    codes = {problem.code for problem in refused.value.problems}
    assert {"summary", "measures", "promised_on", "source_unanswered"} <= codes
    assert "estimate" not in codes
    activity.refresh_from_db()
    assert (activity.state, Plan.objects.count()) == ("draft", 0)


def test_a_plan_without_any_estimate_says_so():
    activity = make_activity()
    make_measure(activity)
    with pytest.raises(operations.PlanIncomplete) as refused:
        publish_plan(activity)
    assert [problem.code for problem in refused.value.problems] == ["estimate"]


def test_a_plan_is_published_once():
    activity = make_ready()
    plan = publish_plan(activity, key="k")
    assert publish_plan(activity, key="k") == plan
    with pytest.raises(operations.KeyReused):
        publish_plan(make_ready(), key="k")
    with pytest.raises(activities.NotDraft):
        publish_plan(activity)


# The statement


def test_a_settled_statement():
    statement = publish(make_settled())
    content = statement.content
    assert content["emissions"]["total_kg"] == "103150.0000"
    assert content["emissions"]["owed_units"] == 104
    assert content["offset"]["balance"] == {"state": "settled", "units": 0}
    assert content["offset"]["reached_on"] == "2026-06-10"
    assert content["confirmation"]["mode"] == "self"
    assert content["units"][0]["units"] == 104
    assert content["estimate"]["total_kg"] == "120000.0000"
    assert trail_rules.digest(statement.text.encode()) == statement.digest
    assert said(statement.activity) is ClaimCode.NEUTRAL_SELF_DECLARED


def test_a_short_statement_is_published_and_never_called_more_than_it_is():
    statement = publish(make_settled(units=103))
    assert statement.content["offset"]["balance"] == {"state": "short", "units": 1}
    assert statement.content["offset"]["percent"] == 99
    assert statement.content["offset"]["reached_on"] is None
    assert said(statement.activity) is ClaimCode.PARTLY_OFFSET
    make_retirement(statement.activity, 1)
    assert said(statement.activity) is ClaimCode.NEUTRAL_SELF_DECLARED


def test_an_evaluated_statement_names_the_body():
    inventory = make_accounted()
    make_retirement(inventory.activity, 104)
    evaluation = make_evaluation(inventory)
    statement = publish(inventory.activity)
    judge = evaluation.assignment.organization
    assert statement.content["confirmation"]["evaluator"]["name"]["code"] == judge.code
    claim = queries.claim(inventory.activity, ON)
    assert (claim.code, claim.body) == (ClaimCode.NEUTRAL_EVALUATED, judge.name)


def test_what_stands_against_publishing_is_said_at_once():
    activity = factories.make_plan().activity
    with pytest.raises(operations.NotOver) as refused:
        publish(activity, at=BEFORE)
    assert [problem.code for problem in refused.value.problems] == [
        "not_over",
        "not_accounted",
        "nothing_reduced",
    ]
    with pytest.raises(operations.NotAccounted):
        publish(activity)
    with pytest.raises(operations.NotConfirmed):
        publish(make_accounted().activity)
    with pytest.raises(operations.NotCommitted):
        publish(make_activity())
    assert not Statement.objects.exists()


@pytest.mark.parametrize("state", ["planned", "dropped"])
def test_without_a_reduction_carried_out_nothing_is_claimed(state):
    """R1.7: a measure planned and never done is no reduction; one done is enough."""
    activity = make_settled()
    make_measure(activity, number=2)
    told = {"state": state, "outcome": "" if state == "planned" else "没有做"}
    if state == "planned":
        told |= {"reported_at": None, "reported_by": None}
    activity.measures.filter(number=1).update(**told)
    with pytest.raises(operations.NothingReduced):
        publish(activity)
    activity.measures.filter(number=2).update(
        state="done", outcome="做到了", reported_at=AFTER, reported_by=activity.created_by
    )
    assert publish(activity)


def test_the_same_key_is_one_statement():
    activity = make_settled()
    assert publish(activity, key="k") == publish(activity, key="k")
    with pytest.raises(operations.KeyReused):
        publish(make_settled(), key="k")


def test_a_correction_names_what_it_replaces_and_why():
    first = publish(make_settled(units=103))
    with pytest.raises(operations.NoCorrection):
        publish(first.activity)
    with pytest.raises(operations.NothingNew):
        publish(first.activity, correction="again")
    make_retirement(first.activity, 1)
    second = publish(first.activity, correction="一吨补充注销。")
    assert (second.replaces, second.content["declared"]["replaces"]) == (first, first.number)
    assert Statement.objects.newest().get() == second
    assert first.content["offset"]["units"] == 103


def test_a_corrected_inventory_needs_a_new_confirmation_and_a_new_statement():
    statement = publish(make_settled())
    activity = statement.activity
    old = inventory_queries.current(activity, "actual")
    draft = inventories.correct(inventory=old, reason="漏计一张电费单", by=activity.created_by, at=AFTER)
    lines = make_lines(activity, kg="103900", evidence_digest=old.lines.get(position=1).evidence.digest)
    saved = inventories.save_draft(
        inventory=draft, lines=lines, edition=draft.edition, by=activity.created_by, at=AFTER
    )
    assert said(activity) is ClaimCode.NEUTRAL_SELF_DECLARED
    new = inventories.submit(inventory=saved, by=activity.created_by, at=AFTER)
    assert said(activity) is ClaimCode.AWAITING_CONFIRMATION
    make_commitment(new)
    assert said(activity) is ClaimCode.AWAITING_CONFIRMATION
    publish(activity, correction="漏计一张电费单。")
    assert said(activity) is ClaimCode.NEUTRAL_SELF_DECLARED


def test_time_alone_changes_what_may_be_said():
    activity = publish(make_settled(units=60)).activity
    deadline = activity.units_deadline
    assert said(activity, deadline) is ClaimCode.PARTLY_OFFSET
    assert said(activity, deadline + timedelta(days=1)) is ClaimCode.NOT_ACHIEVED


def test_units_found_false_put_the_claim_under_review():
    statement = publish(make_settled())
    retirement = statement.activity.retirements.get()
    make_void(retirement.block, 4)
    assert said(statement.activity) is ClaimCode.UNDER_REVIEW
    make_retirement(statement.activity, 4)
    assert said(statement.activity) is ClaimCode.NEUTRAL_SELF_DECLARED


# Withdrawal and review


def test_a_withdrawn_statement_stays_with_its_reason():
    statement = publish(make_settled())
    by = statement.published_by
    with pytest.raises(operations.NoReason):
        operations.withdraw(statement=statement, reason=" ", by=by, at=AFTER)
    withdrawal = operations.withdraw(statement=statement, reason="数据有误", by=by, at=AFTER)
    assert operations.withdraw(statement=statement, reason="再次", by=by, at=AFTER) == withdrawal
    claim = queries.claim(statement.activity, ON)
    assert (claim.code, claim.reason) == (ClaimCode.WITHDRAWN, "数据有误")
    assert Statement.objects.get().content["offset"]["units"] == 104
    again = publish(statement.activity, correction="数据已更正")
    assert said(statement.activity) is ClaimCode.NEUTRAL_SELF_DECLARED
    with pytest.raises(operations.NotNewest):
        operations.withdraw(statement=statement, reason="旧的", by=by, at=AFTER)
    assert again.replaces == statement


def test_a_review_marks_the_claim_until_it_ends():
    statement = publish(make_settled())
    activity, by = statement.activity, statement.published_by
    opened = operations.open_review(activity=activity, basis="C-1", reason="有异议", by=by, at=AFTER)
    assert operations.open_review(activity=activity, basis="C-1", reason="又", by=by, at=AFTER) == opened
    assert said(activity) is ClaimCode.UNDER_REVIEW
    operations.end_review(activity=activity, basis="C-1", by=by, at=AFTER)
    assert operations.end_review(activity=activity, basis="C-1", by=by, at=AFTER) is None
    assert said(activity) is ClaimCode.NEUTRAL_SELF_DECLARED


# What the database holds


def refuse(sql, match):
    with pytest.raises(IntegrityError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("table", ["disclosure_plan", "disclosure_statement", "disclosure_withdrawal"])
def test_what_is_published_is_never_changed(table):
    statement = publish(make_settled())
    operations.withdraw(statement=statement, reason="数据有误", by=statement.published_by, at=AFTER)
    refuse(f"DELETE FROM {table}", "insert-only")
    column = "reason" if table.endswith("withdrawal") else "digest"
    refuse(f"UPDATE {table} SET {column} = repeat('0', 64)", "insert-only")


COPY = """INSERT INTO disclosure_statement
(number, key, text, digest, published_at, published_by_id, activity_id, inventory_id, replaces_id, correction)
SELECT 'S-2', 'k2', text, repeat('0', 64), published_at, published_by_id, activity_id, inventory_id, {replaces}, 'why'
FROM disclosure_statement WHERE number = '{number}'"""


def test_a_chain_has_one_beginning_and_no_fork():
    first = publish(make_settled(units=103))
    refuse(COPY.format(replaces="NULL", number=first.number), "one_beginning")
    make_retirement(first.activity, 1)
    publish(first.activity, correction="一吨补充注销。")
    refuse(COPY.format(replaces=first.pk, number=first.number), "replaces")


@pytest.mark.parametrize("count", [1, 3])
def test_claims_of_many_take_as_many_queries_as_of_one(count, django_assert_num_queries):
    rows = [publish(make_settled()).activity for _ in range(count)]
    for row in rows:
        assert row.organization.name
        assert row.rulebook.rules
    with django_assert_num_queries(1):
        found = queries.claims(rows, ON)
    assert {claim.code for claim in found.values()} == {ClaimCode.NEUTRAL_SELF_DECLARED}
    assert len(found) == count


def test_a_reconstruction_promised_nothing_here():
    activity = publish(
        make_settled(units=0, source_citation="某报告，第 3 页", published_total_t=Decimal("103.15"))
    ).activity
    assert said(activity, date(2030, 1, 1)) is ClaimCode.PARTLY_OFFSET
    assert activity.statements.get().content["source"]["published_total_t"] == "103.1500"


def test_a_taken_number_is_drawn_again_inside_the_snapshot_too(monkeypatch):
    first = publish(make_settled())
    draws = iter(["", codes.new_code("S")])

    def drawn(prefix):
        code = codes.Code(next(draws) or first.number)
        code.prefix, code.groups = prefix, 2
        return code

    settled = make_settled()
    monkeypatch.setattr(operations, "new_code", drawn)
    second = publish(settled)
    assert second.number != first.number
    assert second.content["number"] == second.number == json.loads(second.text)["number"]
    assert trail_rules.digest(second.text.encode()) == second.digest
    assert Entry.objects.filter(subject=f"statement:{second.number}").exists()
