"""Judicial units are consumed, rounded up, masked, and stand behind no claim (R6, TV9)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.rules import Role
from accounts.tests.factories import make_member, make_organization, make_user
from neutrality.activities.tests.factories import make_activity
from neutrality.ledger.operations import NotHeld
from neutrality.offsets import operations, queries
from neutrality.offsets.models import Compensation
from neutrality.offsets.operations.compensating import CaseKnown, NotMasked
from neutrality.offsets.tests.factories import AT, make_block, make_void
from neutrality.offsets.tests.test_one_use import assert_sound

pytestmark = pytest.mark.django_db

FORM = {
    "case_number": "（2024）川0182刑初17号",
    "case_kind": "criminal",
    "authority": "某某市人民法院",
    "party": "张某",
    "method": "林木碳汇损失核算方法 2022",
}


def compensate(block, owner, lost="55", **over):
    facts = FORM | {"decided_on": date(2026, 5, 1), "key": f"c-{lost}", "by": make_user(), "at": AT}
    return operations.compensate(block=block, owner=owner, lost_t=Decimal(lost), **(facts | over))


@pytest.mark.parametrize(("lost", "units"), [("385", 385), ("55", 55), ("342.9", 343), ("0.000001", 1)])
def test_a_loss_is_covered_by_whole_units_rounded_up(lost, units):
    activity = make_activity()
    block = make_block(activity.organization, 400)
    row = compensate(block, activity.organization, lost)
    assert (row.quantity, row.excess_t) == (units, units - Decimal(lost))
    assert queries.disposable(activity.organization, block) == 400 - units


def test_they_never_stand_behind_a_claim():
    activity = make_activity(state="committed")
    block = make_block(activity.organization, 60)
    compensate(block, activity.organization)
    facts = {"key": "k", "by": make_user(), "at": AT}
    with pytest.raises(NotHeld):
        operations.retire(activity=activity, block=block, quantity=6, **facts)
    assert queries.checked_units(activity) == 0
    assert_sound(block)


def test_units_of_a_case_that_prove_false_are_void_like_any_other():
    activity = make_activity(state="committed")
    block = make_block(activity.organization, 60)
    row = compensate(block, activity.organization)
    notice = make_void(block, 8, serial_first=51, serial_last=58)
    assert [(each.state, each.units) for each in queries.lying(block)] == [
        ("judicial", 50),
        ("void", 8),
        ("held", 2),
    ]
    assert sorted((part.quantity, part.retirement) for part in notice.parts.all()) == [(3, None), (5, None)]
    assert row.quantity == 55
    assert_sound(block)


def test_names_are_masked_and_the_same_key_is_one_act():
    activity = make_activity()
    block = make_block(activity.organization, 200)
    with pytest.raises(NotMasked):
        compensate(block, activity.organization, party="张三丰")
    one = compensate(block, activity.organization)
    assert compensate(block, activity.organization) == one
    with pytest.raises(NotHeld):
        compensate(block, activity.organization, "146", party="李某")


def test_a_case_takes_units_of_a_block_once_for_each_party():
    """The same form filled in again in another window bears another key; what is used up does not come back."""
    activity = make_activity()
    block = make_block(activity.organization, 200)
    compensate(block, activity.organization)
    with pytest.raises(CaseKnown) as refusal:
        compensate(block, activity.organization, key="another window")
    assert "55" in str(refusal.value)
    compensate(block, activity.organization, key="other party", party="李某")
    compensate(block, activity.organization, key="other case", case_number="（2024）川0182刑初18号")
    assert queries.compensated() == (3, 165)


def test_the_table_itself_refuses_a_wrong_rounding():
    block = make_block(quantity=10)
    facts = FORM | {"decided_on": date(2026, 5, 1), "recorded_by": make_user(), "recorded_at": AT, "key": "x"}
    for units in (5, 7):
        with pytest.raises(IntegrityError), transaction.atomic():
            Compensation.objects.create(block=block, owner=block.owner, lost_t=Decimal("5.5"), quantity=units, **facts)


def test_the_desk_records_and_the_public_sees_sums_only(cast, client):
    block = make_block(cast.home, 100)
    address = reverse("offsets:compensate", kwargs={"code": block.code})
    form = FORM | {"key": "k", "owner": cast.home.code, "lost_t": "54.2", "decided_on": localdate().isoformat()}
    registrar = cast.client("registrar")
    assert registrar.post(address, form | {"lost_t": "101"}).status_code == 422
    ahead = (localdate() + timedelta(days=1)).isoformat()
    assert "decided_on" in registrar.post(address, form | {"decided_on": ahead}).context["form"].errors
    assert registrar.post(address, form).status_code == 302
    row = Compensation.objects.get()
    for page in (reverse("offsets:block", kwargs={"code": block.code}), reverse("offsets:registry")):
        shown = client.get(page).content.decode()
        assert "张某" not in shown
        assert row.case_number not in shown
    assert queries.compensated() == (1, 55)
    own = reverse("offsets:compensation", kwargs={"number": row.number})
    assert registrar.get(own).status_code == 200
    assert cast.client("organizer").get(own).status_code == 404
    assert "耗用的编号" in registrar.get(own).content.decode()


def test_regulators_of_the_owners_area_read_the_cases_and_the_owner_the_sum(cast):
    """R6.8: court-linked records are for regulators and the desk; whoever held the units learns where they went."""
    block = make_block(cast.home, 100)
    row = compensate(block, cast.home, "54.2")
    listed, own = reverse("offsets:cases"), reverse("offsets:compensation", kwargs={"number": row.number})
    for member in ("regulator", "registrar"):
        shown = cast.client(member).get(listed).content.decode()
        assert row.case_number in shown
        assert "张某" in shown
        assert cast.client(member).get(own).status_code == 200
    make_member(cast.citizen, make_organization("regulator", region_code="330000"), Role.REGULATOR)
    elsewhere = cast.client("citizen")
    assert row.case_number not in elsewhere.get(listed).content.decode()
    assert elsewhere.get(own).status_code == 404
    held = cast.client("organizer").get(reverse("offsets:holdings", kwargs={"code": cast.home.code})).content.decode()
    assert "案件耗用" in held
    assert row.case_number not in held
    assert "张某" not in held


def test_the_desk_finds_its_freezes_again(cast):
    block = make_block(cast.home, 100)
    facts = {"owner": cast.home, "holder": cast.registry, "basis": "法院协助执行通知书", "by": cast.registrar, "at": AT}
    row = operations.lock(kind="frozen", block=block, quantity=9, key="f", **facts)
    page = cast.client("registrar").get(reverse("offsets:desk")).content.decode()
    assert reverse("offsets:lock", kwargs={"number": row.number}) in page
