"""Invented projects and the blocks issued to them: the open catalogue of the demonstration.

Record numbers begin with DEMO, so that none can be mistaken for a real one.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from neutrality.offsets import operations
from neutrality.offsets.models import Block, Project, Registry, UnitKind
from portal.demonstration import people
from portal.demonstration.diary import Diary

ISSUED_DAYS_AGO = 820
REGISTRIES = ("model-province", "ccer", "cets", "phcer", "verra")
MODEL_REGISTRY = {
    "code": "model-province",
    "name_zh": "示范省碳普惠登记系统（演示）",
    "name_en": "Carbon inclusion register of the Model Province (demonstration)",
    "keeper_zh": "示范省生态环境厅（演示）",
    "keeper_en": "Department of Environment of the Model Province (demonstration)",
    "country": "CN",
}
MODEL_KINDS = (
    {
        "code": "mpcer",
        "family": "local_credit",
        "name_zh": "示范省碳普惠减排量（演示）",
        "name_en": "Model Province carbon inclusion credit (demonstration)",
        "recognition": "yes",
        "syntax": "record",
        "vintage_zh": "项目与核算期",
        "vintage_en": "project and accounting period",
        "document_zh": "登记平台的注销证明（演示）",
        "document_en": "proof of the register (demonstration)",
    },
    {
        "code": "mp-ticket",
        "family": "forestry_ticket",
        "name_zh": "示范省林业碳票（演示）",
        "name_en": "Model Province forestry ticket (demonstration)",
        "recognition": "yes",
        "syntax": "ticket",
        "vintage_zh": "监测期",
        "vintage_en": "monitoring period",
        "document_zh": "签发机构的注销记录（演示）",
        "document_en": "the issuer's record of cancellation (demonstration)",
    },
)


MODEL_ISSUER = {
    "source": "演示",
    "source_en": "demonstration",
    "issuer_zh": "示范省生态环境厅（演示）",
    "issuer_en": "Ecology and Environment Department of the Model Province (demonstration)",
}


@dataclass(frozen=True)
class Stock:
    """One block of one invented project: who holds it, what it is offered at (None: not offered)."""

    key: str
    kind: str
    quantity: int
    name_zh: str
    name_en: str
    place: tuple[str, str]
    method: str
    years: int = 2
    price: str | None = None
    forestry: bool = False
    poor_area: bool = False
    holder: str = "seller"
    country: str = "CN"
    printed: str = ""  # a registry's own spelling, where it has one


STOCK = (
    Stock(
        "wood",
        "mpcer",
        6000,
        "林盘保护与修复（演示）",
        "Care of homestead woods (demonstration)",
        ("510100", "都江堰灌区"),
        "示范省林盘修复方法学",
        price="42.00",
        forestry=True,
    ),
    Stock(
        "bikes",
        "mpcer",
        2500,
        "公共自行车替代短途驾车（演示）",
        "Shared bicycles for short drives (demonstration)",
        ("510100", "成都平原"),
        "示范省低碳出行方法学",
        years=1,
        price="36.50",
    ),
    Stock(
        "biogas",
        "ccer",
        8000,
        "山区农户沼气利用（演示）",
        "Biogas for hill farms (demonstration)",
        ("511900", "大巴山南麓"),
        "CCER 农村户用沼气方法学",
        price="68.00",
        poor_area=True,
    ),
    Stock(
        "forest",
        "ccer",
        4200,
        "高原造林碳汇（演示）",
        "Highland afforestation (demonstration)",
        ("513400", "凉山高地"),
        "CCER 造林碳汇方法学",
        price="85.00",
        forestry=True,
        poor_area=True,
    ),
    Stock(
        "allowance",
        "cea",
        3000,
        "",
        "",
        ("510000", ""),
        "",
        years=1,
        price="61.30",
    ),
    Stock(
        "rooftops",
        "phcer",
        1800,
        "村镇屋顶光伏（演示）",
        "Village rooftop solar (demonstration)",
        ("441400", "梅江两岸"),
        "广东碳普惠分布式光伏方法学",
        price="39.80",
    ),
    Stock(
        "ticket",
        "mp-ticket",
        1200,
        "国有林场经营碳票（演示）",
        "State forest farm ticket (demonstration)",
        ("511500", "竹海林场"),
        "示范省林业碳票计量方法",
        price="55.00",
        forestry=True,
    ),
    Stock(
        "stoves",
        "vcu",
        10000,
        "肯尼亚清洁炉灶（演示）",
        "Kenyan stoves (demonstration)",
        ("", "Kisumu"),
        "VMR0006",
        years=1,
        price="18.00",
        country="KE",
        printed="99001-990000001-990010000-VCS-VCU-1-VER-KE-3-999991-{first}-{last}-0",
    ),
    # Kept apart for the account whose units later prove false.
    Stock(
        "doubtful",
        "mpcer",
        900,
        "旧林地重复登记项目（演示）",
        "Woodland registered twice (demonstration)",
        ("511800", "雨城丘陵"),
        "示范省林业方法学",
        forestry=True,
    ),
    Stock(
        "own_roof",
        "mpcer",
        400,
        "酒店屋顶光伏（演示）",
        "Hotel rooftop solar (demonstration)",
        ("511100", "栖山脚下"),
        "示范省分布式光伏方法学",
        years=1,
        holder="hotel",
    ),
)


def write(diary: Diary) -> None:
    """The registry's desk takes up its work, records projects and blocks, and the seller offers what it holds."""
    diary.on(ISSUED_DAYS_AGO, appoint)
    for stock in STOCK:
        diary.on(ISSUED_DAYS_AGO, lambda at, stock=stock: issue(stock, diary, at))
        if stock.price:
            diary.on(ISSUED_DAYS_AGO - 20, lambda at, stock=stock: offer(stock, at))


def appoint(at: datetime) -> None:
    """The model province has a registry of its own; the registry operator runs the desks of all the others here."""
    registry = Registry.objects.create(**MODEL_REGISTRY)
    UnitKind.objects.bulk_create([UnitKind(registry=registry, **MODEL_ISSUER, **kind) for kind in MODEL_KINDS])
    for code in REGISTRIES:
        registry = Registry.objects.get(code=code)
        operations.set_operator(
            registry=registry, organization=people.body("registry"), by=people.somebody("sun"), at=at
        )


def issue(stock: Stock, diary: Diary, at: datetime) -> Block:
    """Project and block of one stock."""
    kind = UnitKind.objects.select_related("registry").get(code=stock.kind)
    year = diary.day(ISSUED_DAYS_AGO).year - 1
    return operations.issue_block(
        kind=kind,
        project=project(stock, kind, at) if stock.name_zh else None,
        serial=serial(stock, year),
        quantity=stock.quantity,
        vintage_start=date(year - stock.years + 1, 1, 1),
        vintage_end=date(year, 12, 31),
        owner=people.body(stock.holder),
        issued_on=diary.day(ISSUED_DAYS_AGO + 30),
        key=f"demonstration:{stock.key}",
        by=people.somebody("tang"),
        at=at,
    )


def project(stock: Stock, kind: UnitKind, at: datetime) -> Project:
    """What made the reductions."""
    region_code, place = stock.place
    facts = {
        "registry": kind.registry,
        "identifier": f"DEMO-{stock.key}".upper(),
        "name_zh": stock.name_zh,
        "name_en": stock.name_en,
        "country": stock.country,
        "region_code": region_code,
        "place_name": place,
        "methodology": stock.method,
        "developer": people.body("seller").name_zh,
        "forestry": stock.forestry,
        "formerly_poor_area": stock.poor_area,
        "source": "演示数据，并非真实项目",
    }
    return operations.register_project(facts=facts, by=people.somebody("tang"), at=at)


def offer(stock: Stock, at: datetime) -> None:
    """Most of the block stands in the open catalogue."""
    operations.offer(
        block=block(stock.key),
        organization=people.body("seller"),
        quantity=stock.quantity * 4 // 5,
        price_cny=Decimal(stock.price or 0),
        by=people.somebody("lin"),
        at=at,
    )


def serial(stock: Stock, year: int) -> str:
    """A record number that begins with DEMO, or the spelling of the registry with numbers far from real ones."""
    if stock.printed:
        return stock.printed.format(first=f"0101{year - stock.years + 1}", last=f"3112{year}")
    return f"DEMO-{stock.kind}-{stock.key}".upper().replace("_", "-")


def block(key: str) -> Block:
    """The block called `key` in STOCK."""
    return Block.objects.get(key=f"demonstration:{key}")
