"""The people and organizations of the demonstration. All invented: names, code numbers, addresses.

Code numbers carry the letters XXXX where real ones count on; they pass the check and belong to nobody.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress

from accounts import access, operations
from accounts.models import Organization, User
from accounts.rules import Kind, Role, compose_uscc
from portal.demonstration.diary import Diary

BEGAN = 900  # days ago
_REMEMBERED: ContextVar[dict[str, User] | None] = ContextVar("remembered", default=None)


@dataclass(frozen=True)
class Body:
    """One organization: how it is found in the other chapters, what it is called, who acts for it (first the owner)."""

    key: str
    number: str
    kind: Kind
    region_code: str
    name_zh: str
    name_en: str
    about: str
    people: tuple[tuple[str, str, Role], ...]
    entity: str = "91"

    @property
    def code(self) -> str:
        return compose_uscc(self.entity, self.region_code, self.number)


BODIES = (
    Body(
        "authority",
        "XXXX0001",
        Kind.REGULATOR,
        "510000",
        "示范省生态环境厅（演示）",
        "Department of Environment of the Model Province (demonstration)",
        "受理本省活动碳中和的备案、核验、异议与名单事项。",
        (("wang", "王正 Wang Zheng", Role.OWNER), ("zhao", "赵平 Zhao Ping", Role.REGULATOR)),
        entity="11",
    ),
    Body(
        "registry",
        "XXXX0002",
        Kind.REGISTRY,
        "510100",
        "示范省碳汇登记所（演示）",
        "Carbon Registry of the Model Province (demonstration)",
        "登记项目与批次，核对在其他系统完成的注销。",
        (("sun", "孙登 Sun Deng", Role.OWNER), ("tang", "唐簿 Tang Bu", Role.REGISTRAR)),
        entity="12",
    ),
    Body(
        "evaluator",
        "XXXX0003",
        Kind.EVALUATOR,
        "510100",
        "明衡评价中心（演示）",
        "Mingheng Evaluation Centre (demonstration)",
        "对活动碳账出具独立评价意见。",
        (("zheng", "郑明 Zheng Ming", Role.OWNER), ("wu", "吴衡 Wu Heng", Role.EVALUATOR)),
    ),
    Body(
        "events",
        "XXXX0004",
        Kind.ORGANIZER,
        "510100",
        "青禾会展有限公司（演示）",
        "Qinghe Events Ltd (demonstration)",
        "承办会议、展览和马拉松。",
        (
            ("chen", "陈青 Chen Qing", Role.OWNER),
            ("li", "李想 Li Xiang", Role.PREPARER),
            ("xu", "许签 Xu Qian", Role.SIGNATORY),
        ),
    ),
    Body(
        "university",
        "XXXX0005",
        Kind.ORGANIZER,
        "510700",
        "云岫大学（演示）",
        "Yunxiu University (demonstration)",
        "每年举办运动会和学术年会。",
        (("zhou", "周岚 Zhou Lan", Role.OWNER), ("he", "何备 He Bei", Role.PREPARER)),
        entity="12",
    ),
    Body(
        "hotel",
        "XXXX0006",
        Kind.ORGANIZER,
        "511100",
        "栖山酒店有限公司（演示）",
        "Qishan Hotel Ltd (demonstration)",
        "山脚下的一家酒店，逐期结清运营碳账。",
        (("gao", "高栖 Gao Qi", Role.OWNER),),
    ),
    Body(
        "lights",
        "XXXX0010",
        Kind.ORGANIZER,
        "510100",
        "夜彩演艺有限公司（演示）",
        "Yecai Shows Ltd (demonstration)",
        "彩灯与户外演艺。",
        (("le", "乐夜 Le Ye", Role.OWNER),),
    ),
    Body(
        "seller",
        "XXXX0007",
        Kind.SELLER,
        "510100",
        "林海碳汇有限公司（演示）",
        "Linhai Forest Carbon Ltd (demonstration)",
        "开发林业与村镇减排项目，持有并出让其减排量。",
        (("lin", "林海生 Lin Haisheng", Role.OWNER),),
    ),
    Body(
        "lender",
        "XXXX0011",
        Kind.SELLER,
        "510100",
        "锦城农商银行（演示）",
        "Jincheng Rural Bank (demonstration)",
        "以减排量为质押发放贷款，也代客户持有减排量。",
        (("qian", "钱守 Qian Shou", Role.OWNER),),
    ),
)
WAITING = Body(
    "newcomer",
    "XXXX0008",
    Kind.ORGANIZER,
    "510300",
    "新桥文化传播有限公司（演示）",
    "Xinqiao Culture Ltd (demonstration)",
    "新登记的单位，等待核验。",
    (("qiao", "乔新 Qiao Xin", Role.OWNER),),
)
CITIZEN = ("liu", "刘阳 Liu Yang")


def write(diary: Diary) -> None:
    """Everybody, through the operations: registered, verified, invited, accepted; the last one still waits."""
    first = administrator()
    person(*CITIZEN)
    for each in BODIES:
        name, full_name, _ = each.people[0]
        owner = person(name, full_name)
        verifier = first if each.key == "authority" else person(*BODIES[0].people[0][:2])
        diary.on(BEGAN, lambda at, each=each, owner=owner: register(each, owner, at))
        diary.on(BEGAN - 1, lambda at, each=each, by=verifier: verify(each, by, at))
        diary.on(BEGAN - 2, lambda at, each=each, owner=owner: fill(each, owner, at))
    diary.on(2, lambda at: register(WAITING, person(*WAITING.people[0][:2]), at))


def register(each: Body, owner: User, at: datetime) -> Organization:
    """By its owner, who knows the code from the licence."""
    return operations.register(
        code=each.code,
        name_zh=each.name_zh,
        name_en=each.name_en,
        kind=each.kind,
        region_code=each.region_code,
        about=each.about,
        is_demo=True,
        by=owner,
        at=at,
    )


def verify(each: Body, by: User, at: datetime) -> None:
    """The authority by the administrator, all others by the authority."""
    operations.verify(organization=body(each.key), by=by, at=at)


def fill(each: Body, owner: User, at: datetime) -> None:
    """The owner brings in the others."""
    for name, full_name, role in each.people[1:]:
        bring_in(person(name, full_name), body(each.key), role, by=owner, at=at)


def bring_in(user: User, organization: Organization, role: Role, *, by: User, at: datetime) -> None:
    """As in life: an invitation to the address, taken up by who holds it."""
    if access.role(user, organization) is None:
        _, token = operations.invite(organization=organization, email=user.email, role=role, by=by, at=at)
        operations.accept(token=token, by=user, at=at)


def address(name: str) -> str:
    """The address of a person of the demonstration; no letter ever reaches it."""
    return f"{name}@demo.invalid"


def person(name: str, full_name: str, **rights: bool) -> User:
    """The person called `name`, made when missing: without a password, so that only the demonstration's door opens."""
    user = User.objects.filter(email=address(name)).first()
    if user is None:
        user = User.objects.create_user(address(name), name=full_name, is_demo=True, **rights)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def administrator() -> User:
    """Appoints the authority. Nobody can enter as this person."""
    return person("administrator", "管理员 Administrator", is_staff=True, is_superuser=True)


@contextmanager
def remembered() -> Iterator[None]:
    """Meanwhile everybody is looked up once: the acts of the demonstration ask two hundred times for twenty people."""
    token = _REMEMBERED.set({})
    try:
        yield
    finally:
        _REMEMBERED.reset(token)


def somebody(name: str) -> User:
    """The person called `name`."""
    known = _REMEMBERED.get()
    if known is None:
        return User.objects.get(email=address(name))
    if name not in known:
        known[name] = User.objects.get(email=address(name))
    return known[name]


def body_code(key: str) -> str:
    """The code number of the organization called `key` in BODIES."""
    return next(each.code for each in BODIES if each.key == key)


def body(key: str) -> Organization:
    """The organization called `key` in BODIES."""
    return Organization.objects.get(code=body_code(key))
