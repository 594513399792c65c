"""Plain makers of blocks, retirements and proofs, through the real operations."""

from datetime import UTC, date, datetime
from io import BytesIO
from itertools import count
from typing import Any
from uuid import uuid4

from accounts.tests.factories import make_organization, make_user
from neutrality.offsets import operations, rules, seeding
from neutrality.offsets.models import (
    Block,
    Project,
    Proof,
    Reading,
    Registry,
    RegistryFile,
    Retirement,
    UnitKind,
    VoidNotice,
)

AT = datetime(2026, 6, 10, 2, tzinfo=UTC)
ON = date(2026, 6, 10)
FOUND = datetime(2026, 9, 1, 2, tzinfo=UTC)
"""When units are found void."""
numbers = count(1)
VCU_PROJECT = "1060"
"""The project that serials of these tests name."""
VCU = "1-{}-{}-VCS-VCU-261-VER-CN-14-1060-01012022-31122022-0"


def make_kind(code: str = "cdcer") -> UnitKind:
    """A seeded kind."""
    if not UnitKind.objects.filter(code=code).exists():
        seeding.seed(AT)
    return UnitKind.objects.select_related("registry").get(code=code)


def make_project(kind: str = "cdcer", **over: Any) -> Project:
    registry = make_kind(kind).registry
    first = kind == "vcu" and not Project.objects.filter(registry=registry, identifier=VCU_PROJECT).exists()
    identifier = over.setdefault("identifier", VCU_PROJECT if first else f"P{next(numbers)}")
    over.setdefault("code", f"{registry.code}-{identifier}".lower())
    over.setdefault("name_zh", "川西林盘保护与修复")
    over.setdefault("name_en", "Western Sichuan homestead woods")
    over.setdefault("country", "CN")
    return Project.objects.create(registry=registry, **over)


def _read(kind: str, serial: str) -> rules.Serial | None:
    try:
        return rules.parse(make_kind(kind).syntax, serial)
    except rules.NotASerial:
        return None


def _named(kind: str, identifier: str) -> Project | None:
    """The project a serial names, made when there is none."""
    if not identifier:
        return None
    found = Project.objects.filter(registry=make_kind(kind).registry, identifier=identifier).first()
    return found or make_project(kind, identifier=identifier)


def make_block(owner: Any = None, quantity: int = 1000, *, kind: str = "cdcer", **over: Any) -> Block:
    """A block held by `owner` (a seller is made when not given)."""
    over.setdefault("serial", f"REC-{next(numbers):05d}")
    read = _read(kind, over["serial"])
    if "project" not in over:
        over["project"] = _named(kind, read.project if read else "") or make_project(kind)
    values = {
        "kind": make_kind(kind),
        "quantity": quantity,
        "vintage_start": read.vintage_start if read and read.vintage_start else date(2024, 1, 1),
        "vintage_end": read.vintage_end if read and read.vintage_end else date(2024, 12, 31),
        "owner": owner or make_organization("seller"),
        "issued_on": date(2025, 3, 1),
        "key": uuid4().hex,
        "by": over.pop("by", None) or make_user(),
        "at": AT,
        **over,
    }
    return operations.issue_block(**values)


def make_retirement(activity: Any, units: int = 100, **over: Any) -> Retirement:
    """Units cancelled here for an activity, out of a block its organizer holds. The activity is committed."""
    block = over.pop("block", None) or make_block(activity.organization, units)
    values = {"key": uuid4().hex, "by": over.pop("by", None) or make_user(), "at": AT, "reason": "就近支持林盘保护"}
    return operations.retire(activity=activity, block=block, quantity=units, **(values | over))[0]


class Upload(BytesIO):
    """A small real PDF with a name, as a form delivers it."""

    def __init__(self, text: str = "", name: str = "certificate.pdf"):
        body = b"%PDF-1.4\n%" + (text or uuid4().hex).encode() + b"\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
        super().__init__(body)
        self.name, self.size = name, len(body)


def proof_facts(activity: Any, **over: Any) -> dict[str, Any]:
    """What a complete proof says."""
    values = {
        "activity": activity,
        "kind": make_kind("ccer"),
        "project_id_text": "CCER-0017",
        "project_name": "某某造林碳汇项目",
        "country": "CN",
        "vintage_start": date(2023, 1, 1),
        "vintage_end": date(2023, 12, 31),
        "serial": "",
        "quantity": 40,
        "certificate_number": f"ZX-{next(numbers):06d}",
        "cancelled_on": date(2026, 6, 1),
        "account_holder": activity.organization.name_zh,
        "beneficiary": activity.name_zh,
        "stated_purpose": "event" if activity.form == "event" else "organisation",
        "document_kind": "registry_certificate",
        "final": True,
        "upload": Upload(),
        "reason": "",
        "key": uuid4().hex,
        "at": AT,
    }
    kind = over.get("kind", values["kind"])
    if (read := _read(kind.code, over.get("serial", ""))) and read.vintage_start and read.vintage_end:
        values |= {"vintage_start": read.vintage_start, "vintage_end": read.vintage_end}
        values |= {"project_id_text": read.project}
    return values | over


def make_proof(activity: Any, **over: Any) -> Proof:
    """A proof waiting for its check."""
    over.setdefault("by", make_user())
    return operations.record_proof(**proof_facts(activity, **over))


def make_void(block: Block, units: int, **over: Any) -> VoidNotice:
    """The first so many units of a block found false, by two persons."""
    values = {
        "block": block,
        "serial_first": block.serial_first,
        "serial_last": block.serial_first + units - 1,
        "reason": "invalid",
        "explanation": "登记机构撤销项目登记",
        "upload": Upload(),
        "owner_code": block.owner.code,
        "found_on": FOUND.date(),
        "key": uuid4().hex,
        "by": make_user(),
        "at": FOUND,
        **over,
    }
    return operations.confirm_void(notice=operations.propose_void(**values), by=make_user(), at=values["at"])


class Table(BytesIO):
    """A registry's file as it is uploaded."""

    def __init__(self, text: str, name: str = "transactions.csv", encoding: str = "utf-8"):
        body = text.encode(encoding)
        super().__init__(body)
        self.name, self.size = name, len(body)


VERRA_HEAD = (
    "Issuance Date,Vintage Start,Vintage End,ID,Name,Country/Area,Quantity Issued,Serial Number,"
    "Retirement/Cancellation Date,Retirement Beneficiary,Retirement Reason,Retirement Details"
)
VERRA_ROW = '2026-04-02,2022-01-01,2022-10-31,3005,Tongxu Biogas,China,"{}",{},{},{},,'


VERRA_SERIAL = "19380-{}-{}-VCS-VCU-1310-VER-CN-13-3005-01012022-31102022-0"


def verra_table(text: str = "") -> Table:
    """Verra's table with one retired run."""
    make_kind("vcu")
    row = VERRA_ROW.format(187, VERRA_SERIAL.format(941382555, 941382741), "2026-04-09", "Somebody Ltd")
    return Table(text or f"{VERRA_HEAD}\n{row}\n")


def make_registry_file(text: str = "", **over: Any) -> RegistryFile:
    """A table read."""
    values = {"upload": verra_table(text), "owner_code": "0" * 18, "by": over.pop("by", None) or make_user(), "at": AT}
    return operations.read_file(**(values | over))


def make_reading(text: str = "", **over: Any) -> Reading:
    """A table handed in and waiting."""
    row = VERRA_ROW.format(1, VERRA_SERIAL.format(1, 1), "2026-04-09", "")
    values = {"upload": verra_table(text or f"{VERRA_HEAD}\n{row}\n"), "owner_code": "0" * 18, "at": AT}
    values |= {"registries": Registry.objects.all(), "by": over.pop("by", None) or make_user()}
    return operations.hand_in(**(values | over))
