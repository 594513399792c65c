"""Invented registries, projects and blocks of the demonstration: who holds, who offers, who asked for some."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from neutrality.offsets import operations
from neutrality.offsets.models import Block, Handover, Project, Registry, UnitKind
from portal.demonstration.people import body, somebody

BEGAN = timedelta(days=300)  # before the moment of loading

REGISTRY = {
    "code": "model-province",
    "name_zh": "示范省碳普惠登记系统（演示）",
    "name_en": "Carbon inclusion register of the Model Province (demonstration)",
    "keeper_zh": "示范省生态环境厅（演示）",
    "keeper_en": "Department of Environment of the Model Province (demonstration)",
    "country": "CN",
}
KINDS = (
    {
        "code": "mpcer",
        "family": "local_credit",
        "name_zh": "示范省碳普惠减排量（演示）",
        "name_en": "Model Province carbon inclusion credit (demonstration)",
        "recognition": "yes",
        "syntax": "record",
    },
    {
        "code": "mp-ticket",
        "family": "forestry_ticket",
        "name_zh": "示范省林业碳票（演示）",
        "name_en": "Model Province forestry ticket (demonstration)",
        "recognition": "yes",
        "syntax": "ticket",
    },
)
# key: (registry, project id, names, place, sector, forestry, formerly poor area)
PROJECTS = {
    "woods": ("model-province", "MP-001", "川西林盘保护与修复", "Western homestead woods", "都江堰", True, False),
    "biogas": ("model-province", "MP-002", "村镇沼气回收利用", "Village biogas", "南部县", False, True),
    "bamboo": ("model-province", "MP-T-01", "云岫竹林经营", "Yunxiu bamboo stewardship", "长宁县", True, True),
    "wind": ("ccer", "DEMO-W-1", "示范海上风电（演示）", "Model offshore wind (demonstration)", "", False, False),
    "stoves": ("verra", "999991", "肯尼亚清洁炉灶（演示）", "Kenyan stoves (demonstration)", "Kisumu", False, False),
}
# key: (kind, serial, units, year, price in CNY)
BLOCKS = {
    "woods": ("mpcer", "MP-001-2024", 5_000, 2024, "38.00"),
    "biogas": ("mpcer", "MP-002-2025", 3_000, 2025, "32.50"),
    "bamboo": ("mp-ticket", "MP0000017", 1_200, 2024, "45.00"),
    "wind": ("ccer", "DEMO-W-1-2024", 2_000, 2024, "86.00"),
    "stoves": ("vcu", "99001-990000001-990010000-VCS-VCU-1-VER-KE-3-999991-01012023-31122023-0", 10_000, 2023, "18.00"),
}


def build(at: datetime) -> None:
    """Everything once; what is there is left alone."""
    if Registry.objects.filter(code=REGISTRY["code"]).exists():
        return
    began = at - BEGAN
    registry = Registry.objects.create(**REGISTRY)
    UnitKind.objects.bulk_create([UnitKind(registry=registry, source="演示", **kind) for kind in KINDS])
    operations.set_operator(registry=registry, organization=body("registry"), by=somebody("sun"), at=began)
    for key in PROJECTS:
        _project(key, began)
    for key in BLOCKS:
        _block(key, began)
    _hand_over("woods", "events", 400, began + timedelta(days=20))
    _hand_over("biogas", "university", 150, began + timedelta(days=30))
    _order("biogas", "hotel", 80, at - timedelta(days=1))


def block(key: str) -> Block:
    """The block called `key` in BLOCKS."""
    return Block.objects.select_related("kind__registry", "project").get(key=f"demo-block-{key}")


def _project(key: str, at: datetime) -> Project:
    registry, identifier, name_zh, name_en, place, forestry, poor = PROJECTS[key]
    abroad = key == "stoves"
    facts = {
        "registry": Registry.objects.get(code=registry),
        "identifier": identifier,
        "name_zh": name_zh,
        "name_en": name_en,
        "country": "KE" if abroad else "CN",
        "region_code": "" if abroad else "510000",
        "place_name": place,
        "forestry": forestry,
        "formerly_poor_area": poor,
        "source": "演示",
    }
    return operations.register_project(facts=facts, by=somebody("tang"), at=at)


def _block(key: str, at: datetime) -> None:
    kind, serial, units, year, price = BLOCKS[key]
    seller = body("seller")
    made = operations.issue_block(
        kind=UnitKind.objects.select_related("registry").get(code=kind),
        project=Project.objects.get(identifier=PROJECTS[key][1]),
        serial=serial,
        quantity=units,
        vintage_start=date(year, 1, 1),
        vintage_end=date(year, 12, 31),
        owner=seller,
        issued_on=at.date(),
        key=f"demo-block-{key}",
        by=somebody("tang"),
        at=at,
    )
    facts = {"block": made, "organization": seller, "by": somebody("lin"), "at": at + timedelta(days=1)}
    operations.offer(quantity=units // 2, price_cny=Decimal(price), **facts)


def _order(key: str, taker: str, units: int, at: datetime) -> Handover:
    facts = {"block": block(key), "giver": body("seller"), "taker": body(taker), "quantity": units}
    facts |= {"price_cny": Decimal(BLOCKS[key][4]), "side": "taker", "note": "请于款到后交付。"}
    owners = {"events": "chen", "university": "zhou", "hotel": "gao"}
    return operations.ask(key=f"demo-order-{key}-{taker}", by=somebody(owners[taker]), at=at, **facts)


def _hand_over(key: str, taker: str, units: int, at: datetime) -> None:
    operations.accept(handover=_order(key, taker, units, at), by=somebody("lin"), at=at + timedelta(days=2))
