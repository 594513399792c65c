"""The forms through the client: what works, what is refused with the form kept."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.rules import Role
from accounts.tests.factories import make_member, make_organization
from neutrality.activities import operations as activity_operations
from neutrality.activities.tests.factories import make_activity
from neutrality.offsets import queries
from neutrality.offsets.models import Block, Handover, Offer, Project, Proof, Retirement, VoidNotice
from neutrality.offsets.operations.retiring import NotEligible
from neutrality.offsets.tests.factories import (
    AT,
    Upload,
    make_block,
    make_kind,
    make_project,
    make_proof,
    make_retirement,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def activity(cast):
    return make_activity(organization=cast.home, state="committed", created_by=cast.organizer)


@pytest.fixture
def block(cast):
    return make_block(cast.home, 100, serial="LP-1", by=cast.organizer)


# ---- cancelling -----------------------------------------------------------------------------------------------------


def retire_address(activity, block):
    return reverse("offsets:retire", kwargs={"code": activity.code, "block": block.code})


def test_retiring_asks_once_more_and_a_double_click_is_one_act(cast, activity, block):
    client, address = cast.client("organizer"), retire_address(activity, block)
    form = {"key": str(uuid4()), "quantity": "30"}
    preview = client.post(address, form)
    assert preview.status_code == 200
    assert len(preview.context["will"]) == 3
    assert not Retirement.objects.exists()
    for _ in range(2):
        done = client.post(address, form | {"sure": "yes"})
        assert done.status_code == 302
    assert Retirement.objects.get().quantity == 30
    assert client.get(done["Location"]).status_code == 200


@pytest.mark.parametrize("quantity", ["", "0", "-1", "1.5", "1e3", "１０１", "101", "nan", "1_0", "9" * 30])
def test_bad_quantities_keep_the_form(cast, activity, block, quantity):
    for sure in ("", "yes"):  # what will not happen is not shown as what will happen
        form = {"key": "k", "quantity": quantity, "sure": sure}
        answer = cast.client("organizer").post(retire_address(activity, block), form)
        assert (answer.status_code, answer.context["preview"]) == (422, False)
        assert answer.context["form"]["quantity"].value() == quantity
    assert not Retirement.objects.exists()


def test_full_width_digits_are_read(cast, activity, block):
    form = {"key": "k", "quantity": "３０", "sure": "yes"}
    assert cast.client("organizer").post(retire_address(activity, block), form).status_code == 302


@pytest.mark.parametrize(("member", "status"), [("colleague", 403), ("stranger", 404), ("citizen", 404)])
def test_only_who_may_dispose_retires(cast, activity, block, member, status):
    form = {"key": "k", "quantity": "1", "sure": "yes"}
    assert cast.client(member).post(retire_address(activity, block), form).status_code == status
    assert not Retirement.objects.exists()


def test_a_donor_gives_through_the_pages(cast, activity):
    donor = make_organization("seller")
    person = make_member(cast.citizen, donor, Role.OWNER).user
    block = make_block(donor, 50, by=person)
    client = cast.client("citizen")
    where = {"code": donor.code, "block": block.code}
    answer = client.post(
        reverse("offsets:donate", kwargs=where), {"key": "a", "activity": activity.code.lower(), "quantity": "20"}
    )
    assert answer.status_code == 302
    assert client.get(answer["Location"]).context["form"]["quantity"].value() == "20"
    address = reverse("offsets:give", kwargs=where | {"activity": activity.code})
    assert client.post(address, {"key": "b", "quantity": "20", "sure": "yes"}).status_code == 302
    assert Retirement.objects.get().donor == donor.name_zh
    choose = reverse("offsets:donate", kwargs=where)
    wrong = client.post(choose, {"key": "a", "activity": "?", "quantity": "x"})
    assert set(wrong.context["form"].errors) == {"activity", "quantity"}
    more = client.post(choose, {"key": "a", "activity": activity.code, "quantity": "31"})
    assert set(more.context["form"].errors) == {"quantity"}
    other = make_activity(state="committed")
    activity_operations.cancel(activity=other, reason="x", by=person, at=AT - timedelta(days=100))
    over = client.post(choose, {"key": "a", "activity": other.code, "quantity": "3"})
    assert (over.status_code, set(over.context["form"].errors)) == (422, {"__all__"})


# ---- holdings -------------------------------------------------------------------------------------------------------


def test_offer_order_and_deliver(cast, block):
    organizer, stranger = cast.client("organizer"), cast.client("stranger")
    held = {"code": cast.home.code, "block": block.code}
    assert (
        organizer.post(reverse("offsets:offer", kwargs=held), {"quantity": "60", "price_cny": "31.5"}).status_code
        == 302
    )
    offer = Offer.objects.get()
    order = reverse("offsets:order", kwargs={"number": offer.number})
    bad = stranger.post(order, {"key": "o", "taker": cast.home.code, "quantity": "5"})
    assert bad.status_code == 422
    assert stranger.post(order, {"key": "o", "taker": cast.elsewhere.code, "quantity": "5"}).status_code == 302
    row = Handover.objects.get()
    address = reverse("offsets:handover", kwargs={"number": row.number})
    assert stranger.post(address, {"answer": "delivered"}).status_code in (403, 404)
    assert organizer.post(address, {"answer": "delivered"}).status_code == 302
    assert organizer.post(address, {"answer": "delivered"}).status_code == 422
    assert queries.disposable(cast.elsewhere, block) == 5


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ({"quantity": "101", "price_cny": "30"}, {"quantity"}),
        ({"quantity": "", "price_cny": "0"}, {"quantity", "price_cny"}),
        ({"quantity": "5", "price_cny": "1,5"}, {"price_cny"}),
        ({"quantity": "5", "price_cny": "0.001"}, {"price_cny"}),
    ],
)
def test_bad_offers_are_refused(cast, block, form, wrong):
    held = {"code": cast.home.code, "block": block.code}
    answer = cast.client("organizer").post(reverse("offsets:offer", kwargs=held), form)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == wrong
    assert not Offer.objects.exists()


@pytest.mark.parametrize("taker", ["", "123", "91350100M000100Y43", "home"])
def test_handing_over_needs_a_verified_other_organization(cast, block, taker):
    held = {"code": cast.home.code, "block": block.code}
    form = {"key": "k", "taker": cast.home.code if taker == "home" else taker, "quantity": "1"}
    assert cast.client("organizer").post(reverse("offsets:hand_over", kwargs=held), form).status_code == 422
    assert not Handover.objects.exists()


# ---- proofs ---------------------------------------------------------------------------------------------------------


def proof_form(activity, **over):
    form = {
        "key": uuid4().hex,
        "kind": make_kind("ccer").code,
        "quantity": "40",
        "cancelled_on": "2026-06-01",
        "certificate_number": "ZX-1",
        "project_id_text": "CCER-0017",
        "project_name": "某某造林",
        "country": "cn",
        "vintage_start": "2023-01-01",
        "vintage_end": "2023-12-31",
        "account_holder": "某某公司",
        "beneficiary": activity.name_zh,
        "stated_purpose": "event",
        "document_kind": "registry_certificate",
        "final": "on",
        "evidence": Upload(),
    }
    return form | over


def test_record_and_check_by_two_people(cast, activity):
    address = reverse("offsets:record", kwargs={"code": activity.code})
    assert cast.client("organizer").post(address, proof_form(activity)).status_code == 302
    proof = Proof.objects.get()
    registrar = cast.client("registrar")
    assert proof in registrar.get(reverse("offsets:desk")).context["proofs"]
    check = reverse("offsets:check", kwargs={"number": proof.number})
    assert cast.client("organizer").post(check, {"decision": "check"}).status_code == 404
    assert registrar.post(check, {"decision": "reject", "note": ""}).status_code == 422
    assert registrar.post(check, {"decision": "check"}).status_code == 302
    assert queries.checked_units(activity) == 40
    assert registrar.post(check, {"decision": "check"}).status_code == 422
    assert queries.checked_units(activity) == 40


def test_all_errors_of_a_proof_stand_at_their_fields(cast, activity):
    address = reverse("offsets:record", kwargs={"code": activity.code})
    form = proof_form(activity, beneficiary="别人", document_kind="honour_certificate", final="", certificate_number="")
    del form["evidence"]
    answer = cast.client("organizer").post(address, form)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {
        "beneficiary",
        "document_kind",
        "final",
        "certificate_number",
        "evidence",
    }


def test_an_empty_form_says_everything_at_once(cast, activity):
    address = reverse("offsets:record", kwargs={"code": activity.code})
    answer = cast.client("organizer").post(address, {"key": "k", "document_kind": "honour_certificate"})
    assert answer.status_code == 422
    assert {"kind", "quantity", "final", "evidence", "certificate_number", "document_kind"} <= set(
        answer.context["form"].errors
    )


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"vintage_end": "2022-12-31"}, "vintage_end"),
        ({"cancelled_on": "2026-02-30"}, "cancelled_on"),
        ({"cancelled_on": "2999-01-01"}, "cancelled_on"),
        ({"country": "china"}, "country"),
        ({"kind": "nope"}, "kind"),
        ({"evidence": Upload(name="virus.exe")}, None),
        ({"kind": "tcer", "serial": "CN-6-1-2-2-1-70 - CN-6-40-2-2-1-70"}, "kind"),
        ({"kind": "vcu", "serial": "hello", "reason": "x"}, "serial"),
        ({"kind": "vcu", "serial": "1-1-41-VCS-VCU-1-VER-CN-14-10-01012022-31122022-0", "reason": "x"}, "serial"),
    ],
)
def test_bad_proofs_are_refused_at_the_field(cast, activity, over, field):
    make_kind("vcu")
    address = reverse("offsets:record", kwargs={"code": activity.code})
    answer = cast.client("organizer").post(address, proof_form(activity, **over))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field or "__all__"}
    assert not Proof.objects.exists()


# ---- the registry desk ----------------------------------------------------------------------------------------------


def block_form(cast, **over):
    project = Project.objects.first() or make_project("cdcer")
    form = {
        "key": uuid4().hex,
        "kind": "cdcer",
        "project": project.code,
        "serial": "DESK-1",
        "quantity": "100",
        "vintage_start": "2024-01-01",
        "vintage_end": "2024-12-31",
        "owner": cast.home.code,
        "issued_on": "2025-02-01",
    }
    return form | over


def test_a_block_is_recorded_once(cast):
    client, address = cast.client("registrar"), reverse("offsets:issue")
    form = block_form(cast)
    assert client.post(address, form).status_code == 302
    assert client.post(address, form).status_code == 302
    again = client.post(address, block_form(cast, serial="desk-1/50-149"))
    assert again.status_code == 422
    assert "50" in str(again.context["form"].errors["serial"])
    assert Block.objects.count() == 1


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"project": ""}, "project"),
        ({"owner": "nobody"}, "owner"),
        ({"quantity": "0"}, "quantity"),
        ({"vintage_end": "2023-01-01"}, "vintage_end"),
        ({"serial": "??"}, "serial"),
    ],
)
def test_bad_blocks_are_refused(cast, over, field):
    answer = cast.client("registrar").post(reverse("offsets:issue"), block_form(cast, **over))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}


def test_units_from_outside_the_crediting_period_are_refused_on_either_way(cast, activity):
    project = make_project(
        "ccer", identifier="CCER-0017", crediting_start=date(2021, 1, 1), crediting_end=date(2023, 12, 31)
    )
    over = {"kind": "ccer", "project": project, "labels": "CCB, 相应调整"}
    late = make_block(cast.home, 50, **over)
    assert "CCB, 相应调整" in cast.client("citizen").get(reverse("offsets:block", args=[late.code])).content.decode()
    address = reverse("offsets:retire", kwargs={"code": activity.code, "block": late.code})
    page = cast.client("organizer").post(address, {"key": "k", "quantity": "5", "sure": "yes"})
    assert page.status_code == 422
    assert "R3.15" in page.content.decode()
    with pytest.raises(NotEligible):
        make_proof(activity, vintage_start=date(2023, 1, 1), vintage_end=date(2024, 6, 30))
    make_proof(activity, vintage_start=date(2023, 1, 1), vintage_end=date(2023, 12, 31))


def test_a_project_is_recorded_once(cast):
    registry = make_kind("cdcer").registry
    form = {"registry": registry.pk, "identifier": "CD/7", "name_zh": "绿道", "country": "cn", "region_code": "510000"}
    client, address = cast.client("registrar"), reverse("offsets:register_project")
    period = {
        "crediting_start": "2021-01-01",
        "crediting_end": "2020-12-31",
        "region_code": "",
        "verifier": "某核查机构",
    }
    assert set(client.post(address, form | period).context["form"].errors) == {"crediting_end"}
    answer = client.post(address, form | period | {"crediting_end": "2030-12-31"})
    assert answer.status_code == 302
    assert Project.objects.get().code == "cdcer-cd-7"
    assert "2021-01-01 – 2030-12-31" in client.get(answer.url).content.decode()
    assert set(client.post(address, form | {"region_code": ""}).context["form"].errors) == {"identifier"}
    assert "country" in client.post(address, form | {"country": "中国"}).context["form"].errors


def test_void_through_the_pages_by_two_people(cast, activity, block):
    make_retirement(activity, 60, block=block, by=cast.organizer)
    registrar = cast.client("registrar")
    form = {"key": "v", "serial_first": "41", "serial_last": "80", "reason": "invalid", "explanation": "撤销"}
    form |= {"found_on": localdate().isoformat(), "evidence": Upload()}
    answer = registrar.post(reverse("offsets:propose_void", kwargs={"code": block.code}), form)
    assert answer.status_code == 302
    notice = VoidNotice.objects.get()
    address = reverse("offsets:decide_void", kwargs={"number": notice.number})
    assert registrar.post(address, {"decision": "confirm"}).status_code == 422
    second = make_member(cast.citizen, cast.registry, Role.REGISTRAR).user
    other = cast.client("citizen")
    assert [units for _, units in other.get(address).context["touched"]] == [20]
    assert other.post(address, {"decision": "confirm"}).status_code == 302
    assert queries.checked_units(activity) == 40
    assert second == notice.__class__.objects.get().decided_by
    page = cast.client("anonymous").get(reverse("offsets:void", kwargs={"number": notice.number}))
    assert [part.quantity for part in page.context["parts"]] == [20, 20]


def test_days_are_the_activitys_own(client, activity, block, cast):
    row = make_retirement(activity, 5, block=block, by=cast.organizer)
    page = client.get(reverse("offsets:cancellation", kwargs={"number": row.number}))
    assert page.context["deadline"] == date(2027, 5, 18)
    assert page.context["timely"] is True
