"""Proofs and void notices: complete or refused, two persons, each once."""

from datetime import UTC, date, datetime

import pytest

from accounts.tests.factories import make_user
from neutrality.activities.tests.factories import make_activity
from neutrality.ledger import queries as lots
from neutrality.offsets import operations, places, queries
from neutrality.offsets.models import Proof, VoidedPart, VoidNotice
from neutrality.offsets.operations.blocks import NumbersTaken
from neutrality.offsets.operations.proofs import CertificateUsed, FileUsed, NoteMissing, ProofIncomplete, SamePerson
from neutrality.offsets.tests.factories import (
    AT,
    FOUND,
    VCU,
    Upload,
    make_block,
    make_kind,
    make_proof,
    make_retirement,
    proof_facts,
)
from neutrality.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def activity():
    return make_activity(state="committed")


@pytest.fixture
def by():
    return make_user()


def verbs():
    return list(Entry.objects.order_by("number").values_list("verb", flat=True))


def held(organization, block):
    return lots.balance(places.held(organization), block.within)


# ---- proofs ---------------------------------------------------------------------------------------------------------


def test_a_checked_proof_counts_and_a_waiting_one_does_not(activity):
    proof = make_proof(activity)
    assert (queries.pending_units(activity), queries.checked_units(activity)) == (40, 0)
    row = operations.check_proof(proof=proof, by=make_user(), at=AT)
    assert (queries.pending_units(activity), queries.checked_units(activity)) == (0, 40)
    (shown,) = queries.checked(activity)
    assert (shown.way, shown.certificate, shown.project) == ("outside", proof.certificate_number, "CCER-0017")
    assert row.cancelled_on == date(2026, 6, 1)
    assert verbs()[-1] == "proof.check"


def test_a_second_person_checks_and_only_once(activity, by):
    proof = make_proof(activity, by=by)
    with pytest.raises(SamePerson):
        operations.check_proof(proof=proof, by=by, at=AT)
    operations.check_proof(proof=proof, by=make_user(), at=AT)
    with pytest.raises(operations.proofs.NotWaiting):
        operations.check_proof(proof=proof, by=make_user(), at=AT)
    assert queries.checked_units(activity) == 40


def test_all_that_is_missing_is_said_at_once(activity, by):
    facts = proof_facts(
        activity,
        certificate_number="",
        account_holder=" ",
        beneficiary="somebody else",
        stated_purpose="judicial",
        document_kind="honour_certificate",
        final=False,
        upload=None,
    )
    with pytest.raises(ProofIncomplete) as refused:
        operations.record_proof(**facts, by=by)
    assert {problem.field for problem in refused.value.problems} == {
        "certificate_number",
        "account_holder",
        "beneficiary",
        "stated_purpose",
        "final",
        "document_kind",
        "evidence",
    }
    assert not Proof.objects.exists()


@pytest.mark.parametrize("purpose", ["judicial", "compensation", "compliance", "public_benefit"])
def test_units_of_another_purpose_never_count(activity, by, purpose):
    with pytest.raises(ProofIncomplete) as refused:
        operations.record_proof(**proof_facts(activity, stated_purpose=purpose), by=by)
    assert refused.value.code == "proof_purpose"


def test_one_file_one_certificate_one_run_over_all_activities(activity, by):
    other = make_activity(state="committed")
    vcu = {"kind": make_kind("vcu"), "reason": "国内项目", "country": "CN"}
    make_proof(activity, upload=Upload("same"), certificate_number="C-1", serial=VCU.format(1, 40), **vcu)
    with pytest.raises(FileUsed):
        make_proof(other, upload=Upload("same"), certificate_number="C-2", serial=VCU.format(41, 80), **vcu)
    with pytest.raises(CertificateUsed):
        make_proof(other, certificate_number=" c－1 ", serial=VCU.format(41, 80), **vcu)
    with pytest.raises(NumbersTaken):
        make_proof(other, certificate_number="C-3", serial=VCU.format(40, 79), **vcu)
    make_proof(other, certificate_number="C-3", serial=VCU.format(41, 80), **vcu)


def test_numbers_recorded_here_are_not_proved_again(activity, by):
    block = make_block(quantity=100, kind="vcu", serial=VCU.format(100, 199), project=None)
    with pytest.raises(NumbersTaken) as refused:
        make_proof(activity, kind=make_kind("vcu"), serial=VCU.format(160, 199), reason="x", country="CN")
    assert block.code in str(refused.value)


def test_numbers_issued_after_the_proof_came_in_block_its_check(activity):
    proof = make_proof(activity, kind=make_kind("vcu"), serial=VCU.format(160, 199), reason="x", country="CN")
    make_block(quantity=100, kind="vcu", serial=VCU.format(100, 199), project=None)
    with pytest.raises(NumbersTaken):
        operations.check_proof(proof=proof, by=make_user(), at=AT)
    assert queries.checked_units(activity) == 0


def test_a_rejected_proof_frees_its_certificate(activity, by):
    proof = make_proof(activity, certificate_number="C-9", upload=Upload("f"))
    with pytest.raises(NoteMissing):
        operations.reject_proof(proof=proof, note=" ", by=make_user(), at=AT)
    operations.reject_proof(proof=proof, note="受益人与证书不符", by=make_user(), at=AT)
    again = make_proof(activity, certificate_number="C-9", upload=Upload("f"))
    assert again.pk != proof.pk
    assert queries.pending_units(activity) == 40


def test_a_proof_sent_twice_is_one(activity, by):
    facts = proof_facts(activity, key="k")
    one = operations.record_proof(**facts, by=by)
    assert operations.record_proof(**facts, by=by) == one
    assert Proof.objects.count() == 1


def test_an_outside_donor_is_named(activity):
    proof = make_proof(activity, account_holder="某电力公司")
    assert operations.check_proof(proof=proof, by=make_user(), at=AT).donor == "某电力公司"


def test_late_outside_cancellations_are_kept_and_do_not_count(activity):
    late = datetime(2027, 6, 1, tzinfo=UTC)
    proof = make_proof(activity, cancelled_on=date(2027, 5, 19), at=late)
    operations.check_proof(proof=proof, by=make_user(), at=late)
    assert queries.checked_units(activity) == 0
    assert [row.timely for row in queries.checked(activity)] == [False]


# ---- void -----------------------------------------------------------------------------------------------------------


def notice(block, first, last, **over):
    facts = {
        "reason": "invalid",
        "explanation": "登记机构撤销项目登记",
        "upload": Upload(),
        "owner_code": "91510100MA60000320",
        "found_on": FOUND.date(),
        "key": over.pop("key", f"void-{first}-{last}"),
        "by": over.pop("by", None) or make_user(),
        "at": FOUND,
    }
    return operations.propose_void(block=block, serial_first=first, serial_last=last, **(facts | over))


def test_two_persons_void_and_the_claim_changes_by_itself(activity, by):
    block = make_block(activity.organization, 100)
    make_retirement(activity, 60, block=block)
    proposed = notice(block, 31, 80, by=by)
    assert queries.checked_units(activity) == 60
    with pytest.raises(operations.voids.SamePerson):
        operations.confirm_void(notice=proposed, by=by, at=FOUND)
    operations.confirm_void(notice=proposed, by=make_user(), at=FOUND)
    assert (queries.checked_units(activity), queries.void_units(activity)) == (30, 30)
    assert held(activity.organization, block) == 20
    (shown,) = queries.checked(activity)
    assert (shown.units, shown.void) == (30, 30)
    assert sum(VoidedPart.objects.values_list("quantity", flat=True)) == 50


def test_units_are_void_once_though_notices_overlap(activity):
    block = make_block(activity.organization, 100)
    make_retirement(activity, 100, block=block)
    operations.confirm_void(notice=notice(block, 1, 50), by=make_user(), at=FOUND)
    operations.confirm_void(notice=notice(block, 40, 60), by=make_user(), at=FOUND)
    assert queries.void_units(activity) == 60
    assert refused(block, 41, 55) == {"serial_first": "nothing_left"}
    assert queries.void_units(activity) == 60


def test_a_notice_that_waited_too_long_finds_nothing_left(activity):
    """Proposed while the units were good, and overtaken before anybody confirmed it."""
    block = make_block(activity.organization, 100)
    late, half = notice(block, 10, 20), notice(block, 41, 80)
    operations.confirm_void(notice=notice(block, 1, 50), by=make_user(), at=FOUND)
    with pytest.raises(operations.voids.NothingLeft):
        operations.confirm_void(notice=late, by=make_user(), at=FOUND)
    operations.confirm_void(notice=half, by=make_user(), at=FOUND)
    assert (queries.already_void(half), sum(part.quantity for part in half.parts.all())) == (10, 30)
    assert list(lots.holdings((block.first, block.first + 79))) == ["void:"]


def test_the_second_person_sees_what_is_still_to_be_taken(activity):
    block, other = make_block(activity.organization, 100), make_activity(state="committed")
    make_retirement(activity, 60, block=block)
    make_retirement(other, 20, block=block, holder=activity.organization)
    waiting = notice(block, 31, 80)
    assert [(row.activity, units) for row, units in queries.touched(waiting)] == [(activity, 30), (other, 20)]
    operations.confirm_void(notice=notice(block, 1, 65), by=make_user(), at=FOUND)
    assert [(row.activity, units) for row, units in queries.touched(waiting)] == [(other, 15)]
    assert queries.already_void(waiting) == 35


def test_a_dropped_notice_moves_nothing_and_is_final(activity):
    block = make_block(activity.organization, 100)
    proposed = notice(block, 1, 100)
    operations.drop_void(notice=proposed, by=make_user(), at=FOUND)
    with pytest.raises(operations.voids.NotWaiting):
        operations.confirm_void(notice=proposed, by=make_user(), at=FOUND)
    assert held(activity.organization, block) == 100


@pytest.mark.parametrize(("first", "last"), [(0, 5), (5, 101), (9, 8)])
def test_numbers_outside_the_block_are_refused(activity, first, last):
    block = make_block(activity.organization, 100)
    assert set(refused(block, first, last).values()) <= {"outside_block", "backwards"}


def refused(block, first, last, **over):
    """The code of what is wrong, by field."""
    with pytest.raises(operations.voids.VoidRefused) as caught:
        notice(block, first, last, **over)
    return {problem.field: problem.code for problem in caught.value.problems}


def test_everything_wrong_with_a_notice_is_said_at_once(activity):
    block = make_block(activity.organization, 100)
    everything = {"serial_first": "outside_block", "serial_last": "backwards"}
    everything |= {"found_on": "day_ahead", "evidence": "notice_missing"}
    assert refused(block, 101, 50, found_on=date(2026, 9, 2), upload=None) == everything
    ahead = date(2026, 9, 2)
    assert refused(block, 1, 5, found_on=ahead) == {"found_on": "day_ahead"}
    assert notice(block, 1, 5, found_on=ahead, at=datetime(2026, 9, 1, 16, tzinfo=UTC), key="c").found_on == ahead
    assert refused(block, 1, 5, found_on=date(2025, 2, 28)) == {"found_on": "before_issue"}
    assert VoidNotice.objects.count() == 1


def test_replacement_restores_the_claim_after_the_deadline(activity, by):
    """The year is over when the units prove false; ninety days to replace them, and no more than was lost."""
    block = make_block(activity.organization, 200)
    make_retirement(activity, 60, block=block)
    found = date(2027, 7, 1)
    late = datetime(2027, 7, 20, tzinfo=UTC)
    operations.confirm_void(notice=notice(block, 1, 20, found_on=found, at=late), by=make_user(), at=late)
    operations.retire(activity=activity, block=block, quantity=50, key="more", by=by, at=late)
    assert (queries.checked_units(activity), queries.void_units(activity)) == (60, 20)
