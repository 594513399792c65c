"""Committing, inviting, judging, signing: the happy paths, every refusal, and what a new version does."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import operations as people
from accounts.rules import RestrictionKind, Role
from accounts.tests.factories import make_member, make_organization, make_user
from neutrality.activities.tests.factories import make_activity
from neutrality.appendonly import ChangeForbidden
from neutrality.evaluation import operations, queries, rules, tasks
from neutrality.evaluation.models import Check, Evaluation, Finding, SelfCommitment
from neutrality.evaluation.tests.factories import (
    AT,
    EVERYTHING,
    INDEPENDENT,
    agree,
    make_assignment,
    make_commitment,
    make_evaluation,
)
from neutrality.inventory import operations as inventories
from neutrality.inventory.tests.factories import make_submitted_inventory
from neutrality.offsets.tests.factories import make_retirement
from neutrality.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def inventory():
    return make_submitted_inventory(make_activity(state="committed"))


def correct(inventory):
    draft = inventories.correct(inventory=inventory, reason="抄表有误", by=inventory.submitted_by, at=AT)
    return inventories.submit(inventory=draft, by=inventory.submitted_by, at=AT)


def codes(caught):
    return [problem.code for problem in caught.value.problems]


def test_commitment_confirms_its_digest_with_one_trail_entry(inventory):
    before = Entry.objects.count()
    commitment = make_commitment(inventory)
    assert Entry.objects.count() == before + 1
    found = queries.confirmation(inventory.activity)
    assert (found.mode, found.body, found.number) == ("self", inventory.activity.organization.name, commitment.number)


def test_new_version_drops_the_commitment(inventory):
    make_commitment(inventory)
    correct(inventory)
    assert not queries.confirmation(inventory.activity).positive


def test_new_version_drops_the_opinion(inventory):
    make_evaluation(inventory)
    assert queries.confirmation(inventory.activity).mode == "independent"
    correct(inventory)
    assert not queries.confirmation(inventory.activity).positive


def test_returned_inventory_is_confirmed_by_nothing(inventory):
    make_evaluation(inventory)
    inventories.return_(inventory=inventory, reason="缺证据", by=make_user(), at=AT)
    assert not queries.confirmation(inventory.activity).positive


@pytest.mark.parametrize("missing", list(rules.Statement))
def test_every_item_must_be_affirmed(inventory, missing):
    with pytest.raises(operations.NotAffirmed):
        operations.commit(
            activity=inventory.activity,
            digest=inventory.digest,
            affirmed=EVERYTHING - {missing},
            signatory="",
            by=inventory.submitted_by,
            at=AT,
        )
    assert not SelfCommitment.objects.exists()


def commit(inventory, digest=None):
    return operations.commit(
        activity=inventory.activity,
        digest=digest or inventory.digest,
        affirmed=EVERYTHING,
        signatory="李青",
        by=inventory.submitted_by,
        at=AT,
    )


def test_what_was_read_is_what_is_signed(inventory):
    newer = correct(inventory)
    with pytest.raises(operations.Changed):
        commit(inventory)
    assert commit(newer).digest == newer.digest


def test_nothing_submitted_is_refused():
    with pytest.raises(operations.NothingSubmitted):
        operations.commit(
            activity=make_activity(), digest="a" * 64, affirmed=EVERYTHING, signatory="", by=make_user(), at=AT
        )


def test_restricted_organization_needs_an_evaluator(inventory):
    restriction = people.restrict(
        organization=inventory.activity.organization,
        kind=RestrictionKind.SELF_DECLARATION,
        basis="L-1",
        since_on=AT.date(),
        by=None,
        at=AT,
    )
    with pytest.raises(operations.SelfDeclarationRestricted):
        commit(inventory)
    make_evaluation(inventory)
    assert queries.confirmation(inventory.activity).mode == "independent"
    people.lift(restriction=restriction, by=None, at=AT)
    assert commit(inventory).digest == inventory.digest


def test_second_commitment_is_refused_until_the_first_is_taken_back(inventory):
    first = make_commitment(inventory)
    with pytest.raises(operations.AlreadyCommitted):
        commit(inventory)
    operations.take_back(commitment=first, reason="重新核对", by=first.committed_by, at=AT)
    assert not queries.confirmation(inventory.activity).positive
    assert commit(inventory).number != first.number
    with pytest.raises(operations.NotNow):
        operations.take_back(commitment=first, reason="again", by=first.committed_by, at=AT)


def test_adverse_opinion_silences_the_commitment(inventory):
    make_commitment(inventory)
    make_evaluation(inventory, "adverse")
    found = queries.confirmation(inventory.activity)
    assert (found.mode, found.opinion) == ("none", "adverse")


def test_nobody_commits_against_an_adverse_opinion(inventory):
    make_evaluation(inventory, "adverse")
    with pytest.raises(operations.Spoken):
        commit(inventory)


def invite(activity, body):
    return operations.invite(activity=activity, organization=body, message="", by=activity.created_by, at=AT)


def test_organization_of_another_kind_cannot_evaluate(inventory):
    with pytest.raises(operations.NotIndependent) as caught:
        invite(inventory.activity, make_organization("organizer", verified=False))
    assert codes(caught) == ["not_evaluator", "not_verified"]


def test_organizer_cannot_evaluate_itself(inventory):
    with pytest.raises(operations.NotIndependent) as caught:
        invite(inventory.activity, inventory.activity.organization)
    assert "same_organization" in codes(caught)


def test_shared_member_is_a_conflict_also_after_they_left(inventory):
    body, person = make_organization("evaluator"), make_user()
    make_member(person, inventory.activity.organization, Role.VIEWER)
    tie = make_member(person, body, Role.EVALUATOR, granted_at=AT)
    tie.ended_at, tie.ended_by = AT, person
    tie.save()
    with pytest.raises(operations.NotIndependent) as caught:
        invite(inventory.activity, body)
    assert codes(caught) == ["shared_member"]


def test_compiler_of_the_inventory_does_not_judge_it(inventory):
    body = make_organization("evaluator")
    make_member(inventory.submitted_by, body, Role.EVALUATOR)
    with pytest.raises(operations.NotIndependent) as caught:
        invite(inventory.activity, body)
    assert "compiler" in codes(caught)


def test_owner_of_the_units_used_does_not_judge(inventory):
    activity = inventory.activity
    retirement = make_retirement(activity, 5)
    parties = queries.unit_parties(activity)
    assert parties
    block = retirement.block
    assert {block.owner.code if block.owner else retirement.holder.code} <= parties


def test_tie_made_after_the_invitation_stops_the_signature(inventory):
    assignment = make_assignment(inventory.activity)
    agree(assignment, inventory, assignment.accepted_by)
    person = make_user()
    make_member(person, assignment.organization, Role.EVALUATOR)
    make_member(person, inventory.activity.organization, Role.VIEWER)
    with pytest.raises(operations.NotIndependent) as caught:
        sign(assignment, inventory)
    assert codes(caught) == ["shared_member"]
    assert not Evaluation.objects.exists()


def sign(assignment, inventory, opinion=rules.Opinion.UNMODIFIED, digest=None, declared=INDEPENDENT):
    return operations.sign(
        assignment=assignment,
        digest=digest or inventory.digest,
        opinion=opinion,
        conclusion_zh="公允。",
        conclusion_en="",
        declared=declared,
        report=None,
        by=make_user(),
        at=AT,
    )


def test_second_invitation_to_the_same_body_is_refused(inventory):
    assignment = make_assignment(inventory.activity, accepted=False)
    with pytest.raises(operations.AlreadyInvited):
        invite(inventory.activity, assignment.organization)
    operations.decline(assignment=assignment, reason="档期已满", by=make_user(), at=AT)
    assert invite(inventory.activity, assignment.organization).state == "invited"


@pytest.mark.parametrize("missing", list(rules.Declaration))
def test_acceptance_needs_the_whole_declaration(inventory, missing):
    assignment = make_assignment(inventory.activity, accepted=False)
    with pytest.raises(operations.NotDeclared):
        operations.accept(assignment=assignment, declared=INDEPENDENT - {missing}, by=make_user(), at=AT)


def test_steps_outside_the_table_are_refused(inventory):
    assignment = make_assignment(inventory.activity, accepted=False)
    with pytest.raises(operations.NotNow):
        sign(assignment, inventory)
    operations.withdraw(assignment=assignment, reason="", by=make_user(), at=AT)
    for verb in (operations.decline, operations.withdraw):
        with pytest.raises(operations.NotNow):
            verb(assignment=assignment, reason="", by=make_user(), at=AT)


def test_positive_opinion_needs_every_line_read(inventory):
    with pytest.raises(operations.NotReady) as caught:
        sign(make_assignment(inventory.activity), inventory)
    assert codes(caught) == ["unread_lines"]


def test_misstatement_rules_out_an_unmodified_opinion(inventory):
    assignment = make_assignment(inventory.activity)
    agree(assignment, inventory, assignment.accepted_by)
    operations.find(
        assignment=assignment,
        digest=inventory.digest,
        position=1,
        verdict=rules.Verdict.MISSTATED,
        text="少计一台发电机",
        difference_kg=Decimal(100),
        by=assignment.accepted_by,
        at=AT,
    )
    with pytest.raises(operations.NotReady) as caught:
        sign(assignment, inventory)
    assert codes(caught) == ["misstatements"]
    assert sign(assignment, inventory, rules.Opinion.MODIFIED).digest == inventory.digest


def test_opinion_names_the_digest_that_was_read(inventory):
    assignment = make_assignment(inventory.activity)
    agree(assignment, inventory, assignment.accepted_by)
    correct(inventory)
    with pytest.raises(operations.Changed):
        sign(assignment, inventory)


def test_one_opinion_per_inventory(inventory):
    evaluation = make_evaluation(inventory)
    with pytest.raises(operations.NotNow):
        sign(evaluation.assignment, inventory)


def test_signed_rows_never_change(inventory):
    evaluation = make_evaluation(inventory)
    evaluation.opinion = "adverse"
    with pytest.raises(ChangeForbidden):
        evaluation.save()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE evaluation_evaluation SET opinion = 'adverse'")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE evaluation_selfcommitment SET digest = ''; DELETE FROM evaluation_evaluation")


def test_checks_run_once_and_only_for_submitted_actuals(inventory):
    make_submitted_inventory(make_activity(state="committed"), "estimate")
    assert tasks.evaluate_due() == 1
    assert tasks.evaluate_due() == 0
    run = Check.objects.get()
    assert run.inventory == inventory
    assert "no_measures" in set(Finding.objects.values_list("code", flat=True))
    assert operations.check(inventory=inventory, at=AT) is None


def test_new_version_is_checked_again(inventory):
    tasks.evaluate_due()
    correct(inventory)
    assert tasks.evaluate_due() == 1


def test_inventory_that_cannot_be_checked_stops_no_other(inventory, monkeypatch, caplog):
    other = make_submitted_inventory(make_activity(state="committed"))
    facts = queries.facts

    def poisoned(found, on):
        if found == inventory:
            raise LookupError("planted")
        return facts(found, on)

    monkeypatch.setattr(queries, "facts", poisoned)
    assert tasks.evaluate_due() == 1
    assert Check.objects.get().inventory == other
    assert "planted" in caplog.text
