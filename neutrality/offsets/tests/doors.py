"""Who may open the pages of the offsets room."""

from datetime import date
from decimal import Decimal
from typing import Any

from neutrality.activities.tests.factories import make_activity
from neutrality.offsets import operations
from neutrality.offsets.models import Beneficiary, Twin
from neutrality.offsets.tests.factories import (
    AT,
    Upload,
    make_block,
    make_project,
    make_proof,
    make_reading,
    make_registry_file,
    make_retirement,
)
from portal.tests.doors import LOGIN, POST_ONLY, PUBLIC, only

DESK = only("registrar")
OWNER = only("organizer", without_role=("colleague",))
HOME = {"code": "cast.home.code"}
HELD = HOME | {"block": "block.code"}

DOORS = {
    "offsets:registry": ({}, PUBLIC),
    "offsets:registry_show": ({"code": "block.kind.registry.code"}, PUBLIC),
    "offsets:kind": ({"code": "block.kind.code"}, PUBLIC),
    "offsets:new_planting": ({}, PUBLIC),
    "offsets:projects": ({}, PUBLIC),
    "offsets:project": ({"code": "block.project.code"}, PUBLIC),
    "offsets:project_tables": ({"code": "block.project.code"}, PUBLIC),
    "offsets:blocks": ({}, PUBLIC),
    "offsets:block": ({"code": "block.code"}, PUBLIC),
    "offsets:issuances": ({}, PUBLIC),
    "offsets:beneficiaries": ({}, PUBLIC),
    "offsets:beneficiary": ({"code": "beneficiary.code"}, PUBLIC),
    "offsets:cancellations": ({}, PUBLIC),
    "offsets:cancellation": ({"number": "retirement.number"}, PUBLIC),
    "offsets:catalogue": ({}, PUBLIC),
    "offsets:serials": ({}, PUBLIC),
    "offsets:void": ({"number": "void.number"}, PUBLIC),
    "offsets:holders": ({}, LOGIN | {"organizer": 302, "stranger": 302}),
    "offsets:holdings": (HOME, only("organizer", "colleague")),
    "offsets:offer": (HELD, OWNER),
    "offsets:hand_over": (HELD, OWNER),
    "offsets:donate": (HELD, OWNER),
    "offsets:give": (HELD | {"activity": "activity_committed.code"}, OWNER),
    "offsets:pledge": (HELD, OWNER),
    "offsets:surrender": (HELD, OWNER),
    "offsets:surrendered": ({"number": "surrender.number"}, PUBLIC),
    "offsets:clear": (HELD, OWNER),
    "offsets:reservation": ({"number": "reservation.number"}, only("organizer", "colleague")),
    "offsets:pledges": ({}, LOGIN),
    "offsets:clearance": ({"number": "clearance.number"}, PUBLIC),
    "offsets:clearance_data": ({"number": "clearance.number"}, PUBLIC),
    "offsets:lock": ({"number": "lock.number"}, only("organizer", "colleague", "stranger")),
    "offsets:freeze": ({"code": "block.code"}, DESK),
    "offsets:order": ({"number": "offer.number"}, LOGIN),
    "offsets:withdraw_offer": ({"number": "offer.number"}, POST_ONLY | {"anonymous": 302}),
    "offsets:handover": ({"number": "handover.number"}, only("organizer", "colleague", "stranger")),
    "offsets:desk": ({}, DESK),
    "offsets:twins": ({}, DESK),
    "offsets:twin": ({"number": "twin.number"}, DESK),
    "offsets:register_project": ({}, DESK),
    "offsets:amend_project": ({"code": "block.project.code"}, DESK),
    "offsets:issue": ({}, DESK),
    "offsets:compensate": ({"code": "block.code"}, DESK),
    "offsets:cases": ({}, only("registrar", "regulator", "second_officer")),
    "offsets:compensation": ({"number": "compensation.number"}, only("registrar", "regulator", "second_officer")),
    "offsets:files": ({}, DESK),
    "offsets:template": ({}, DESK),
    "offsets:feeds": ({}, PUBLIC),
    "offsets:published_files": ({}, PUBLIC),
    "offsets:file": ({"digest": "registry_file.digest"}, PUBLIC),
    "offsets:bad_rows": ({"digest": "registry_file.digest"}, DESK),
    "offsets:reading": ({"number": "reading.number"}, DESK),
    "offsets:stop_reading": ({"number": "reading.number"}, POST_ONLY | {"anonymous": 302}),
    "offsets:propose_void": ({"code": "block.code"}, DESK),
    "offsets:decide_void": ({"number": "void_proposed.number"}, DESK),
    "offsets:check": ({"number": "proof.number"}, DESK),
    "offsets:proof": ({"number": "proof.number"}, only("organizer", "colleague")),
    "offsets:record": ({"code": "activity_committed.code"}, OWNER),
    "offsets:retire": ({"code": "activity_committed.code", "block": "block.code"}, OWNER),
}


def furnish(world: Any) -> None:
    """A block the organizer holds, with one of each thing that can happen to it."""
    cast = world.cast
    by, at = cast.organizer, AT
    world.activity_committed = make_activity(organization=cast.home, created_by=by, state="committed", committed_by=by)
    world.block = make_block(cast.home, 100, by=by)
    world.retirement = make_retirement(world.activity_committed, 10, block=world.block, by=by)
    operations.count(at=at)
    pair = sorted((world.block.project, make_project("vcu")), key=lambda project: project.pk)
    world.twin = Twin.objects.create(first=pair[0], second=pair[1], points=9, reasons=["same_name"], found_at=at)
    world.beneficiary = Beneficiary.objects.get(name=world.retirement.beneficiary)
    facts = {"block": world.block, "by": by, "at": at}
    world.offer = operations.offer(organization=cast.home, quantity=20, price_cny=Decimal("35.00"), **facts)
    sides = {"giver": cast.home, "taker": cast.elsewhere, "side": "giver"}
    world.handover = operations.ask(quantity=5, key="doors", **sides, **facts)
    world.proof = make_proof(world.activity_committed, by=by)
    pledge = {"owner": cast.home, "holder": cast.elsewhere, "basis": "贷款合同", "kind": "pledged"}
    aside = {"owner": cast.home, "activity": world.activity_committed, "expires_on": date(2026, 7, 1), "quota": 9}
    world.reservation = operations.reserve(quantity=2, key="doors-aside", **aside, **facts)
    world.clearance = operations.clear(owner=cast.home, reader=cast.elsewhere, key="doors-clear", **facts)
    world.lock = operations.lock(quantity=3, key="doors-lock", **pledge, **facts)
    use = {"purpose": "compliance", "beneficiary": "某厂", "period": "2025", "owner": cast.home}
    world.surrender = operations.surrender(quantity=2, key="doors-use", **use, **facts)
    case = {"case_number": "某案", "case_kind": "civil", "authority": "某院", "party": "张某", "method": "某法"}
    case |= {"lost_t": Decimal(2), "decided_on": at.date(), "key": "doors-case", "owner": cast.home}
    world.compensation = operations.compensate(**case, **facts)
    world.registry_file = make_registry_file(by=cast.registrar)
    world.reading = make_reading(by=cast.registrar)
    void = {"block": world.block, "reason": "invalid", "explanation": "登记机构撤销", "found_on": at.date()}
    void |= {"owner_code": cast.registry.code, "at": at}
    other = cast.second_officer
    world.void = operations.propose_void(serial_first=1, serial_last=2, upload=Upload(), key="a", by=by, **void)
    operations.confirm_void(notice=world.void, by=other, at=at)
    world.void_proposed = operations.propose_void(
        serial_first=3, serial_last=4, upload=Upload(), key="b", by=other, **void
    )
