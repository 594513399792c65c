"""Plain makers of cases, and a walk through due process in May 2026."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from accounts.rules import Role
from accounts.tests.factories import make_member, make_organization, make_user
from neutrality.evidence import operations as evidence
from neutrality.evidence.models import File
from neutrality.oversight import operations
from neutrality.oversight.models import Case
from neutrality.oversight.rules import Act, Clock, Kind, Method
from neutrality.rulebook.tests.factories import load_rulebook

DIGEST = "a" * 64
numbers = count(1)


def at(day: int, hour: int = 4, month: int = 5) -> datetime:
    """A moment of May 2026; four o'clock UTC is noon in Chengdu."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


def good_clock(moment: datetime) -> Clock:
    """Clocks that agree."""
    return Clock(moment, moment, "boot", 1000)


class Upload:
    def __init__(self, data: bytes):
        self.name, self.data, self.size = "receipt.csv", data, len(data)

    def read(self, most: int = -1) -> bytes:
        return self.data[:most] if most >= 0 else self.data


def make_file(by: Any, owner_code: str = "", moment: datetime | None = None) -> File:
    """A deposited file with bytes of its own."""
    upload = Upload(f"receipt,{next(numbers)}\n".encode())
    return evidence.deposit(upload=upload, owner_code=owner_code or "0" * 18, by=by, at=moment or at(8))


def make_calendar() -> None:
    """The official calendar, as seeded."""
    load_rulebook(at(1, month=1))


def make_officer(organization: Any = None, region_code: str = "510000") -> Any:
    """An officer of a regulator whose area is Sichuan."""
    body = organization or make_organization("regulator", region_code=region_code)
    return make_member(make_user(), body, Role.REGULATOR).user


def make_case(
    kind: Kind = Kind.LISTING, *, subject: Any = None, by: Any = None, moment: datetime | None = None
) -> Case:
    """A case about an organization in Chengdu, opened by the portal itself unless told otherwise."""
    subject = subject or make_organization()
    return operations.start(
        kind=kind,
        key=f"{kind}:{next(numbers)}",
        subject=subject,
        region_code=subject.region_code,
        by=by,
        at=moment or at(6),
        content={"violation": "V6", "grade": "general"},
    )


FINDINGS = {
    "violation": "V6",
    "grade": "general",
    "fact_zh": "抵消期限届满仍缺 44 吨，声明未撤回。",
    "fact_en": "44 t short after the term, statement not withdrawn.",
    "basis_zh": "平台服务规则第 12 条",
    "basis_en": "Service rules, article 12",
    "document": "青账告〔2026〕1号",
    "authority_zh": "省生态环境厅",
    "authority_en": "Provincial Department of Environment",
}


def exhibit(case: Case, by: Any, **over: Any) -> Any:
    values = {"title": "声明", "digest": DIGEST, "at": at(7), **over}
    return operations.exhibit(case=case, by=by, **values)


def prepare(case: Case, first: Any) -> Case:
    """Investigated on the 7th, notice on the 8th, delivered on Monday the 11th: the term ends on Monday the 18th."""
    exhibit(case, first)
    operations.advance(case=case, act=Act.INVESTIGATE, by=first, at=at(7), text="账本与声明不符")
    operations.serve(case=case, facts="逾期未抵消", effect="列入违规黑名单一年", by=first, at=at(8))
    deliver(case, first)
    return case


def deliver(case: Case, first: Any, **over: Any) -> Any:
    values = {
        "method": Method.IN_PERSON,
        "delivered_on": date(2026, 5, 11),
        "proof": make_file(first),
        "address_since": None,
        "at": at(11),
        **over,
    }
    return operations.deliver(case=case, by=first, **values)


def recommend(case: Case, first: Any, moment: datetime | None = None, **over: Any) -> Any:
    return operations.recommend(case=case, text="建议列入", content={**FINDINGS, **over}, by=first, at=moment or at(19))


def decide(case: Case, second: Any, moment: datetime | None = None) -> Any:
    moment = moment or at(20)
    return operations.decide(case=case, text="同意", clock=good_clock(moment), by=second, at=moment)
