"""Both lists of the demonstration: one entry each, with everything that had to happen before it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts import operations as accounts
from accounts.models import Organization
from accounts.rules import Kind as Body
from accounts.rules import Role
from neutrality.evidence import operations as evidence
from neutrality.oversight import operations as oversight
from neutrality.oversight.models import Case
from neutrality.oversight.rules import Act, Clock, Kind, Method
from neutrality.rulebook import queries as rulebooks
from neutrality.standing import operations as standing
from neutrality.standing import queries
from neutrality.standing.models import Listing
from portal.demonstration import people
from portal.demonstration.diary import Diary
from portal.demonstration.story import Paper

BOOTHS = people.Body(
    "booths",
    "XXXX0009",
    Body.ORGANIZER,
    "510100",
    "北岸展台有限公司（演示）",
    "Beian Booths Ltd (demonstration)",
    "搭建展台。",
    (("bei", "北川 Bei Chuan", Role.OWNER),),
)
AUTHORITY = {
    "authority_zh": "示范省生态环境厅（演示）",
    "authority_en": "Department of the Model Province (demonstration)",
}
CLAIMED = {
    "violation": "V3",
    "grade": "general",
    "fact_zh": "在宣传册中自称“碳中和展台”，而没有为之注销任何减排量。",
    "fact_en": "Called its booths carbon neutral in a brochure, with no unit cancelled for them.",
    "basis_zh": "平台服务规则，负面清单 V3",
    "basis_en": "Service rules of the portal, negative list, V3",
    "document": "示范环告〔演示〕1号",
    **AUTHORITY,
}
POSTERS = 300  # days ago
POSTED = CLAIMED | {
    "fact_zh": "在海报中自称“零碳灯会”，而没有为之注销任何减排量。",
    "fact_en": "Called its show a zero-carbon lantern festival on posters, with no unit cancelled for it.",
    "document": "示范环告〔演示〕3号",
}
RECOGNISED = {
    "fact_zh": "逐期减排、核算、结清并按时公布运营碳账。",
    "fact_en": "Reduced, accounted, settled and published its operating periods in time.",
    "basis_zh": "平台服务规则，绿名单标准",
    "basis_en": "Service rules of the portal, criteria of the green list",
    "document": "示范环告〔演示〕2号",
    **AUTHORITY,
}


def write(diary: Diary) -> None:
    """Told only where a policy was in force and the official calendar counts the terms: nothing is listed without.
    Today everybody is scored; what follows from that is proposed and waits for people."""
    diary.on(0, scored)
    calendar = rulebooks.calendar()
    if queries.policy_on(diary.day(80)) is None or not {diary.day(80).year, diary.day(40).year} <= calendar.years:
        return
    owner = people.person(*BOOTHS.people[0][:2])
    diary.on(people.BEGAN, lambda at: people.register(BOOTHS, owner, at))
    diary.on(people.BEGAN - 1, verified)
    entry = Entry("demonstration:black", Kind.LISTING, BOOTHS.code, "宣传册没有注销记录支持", CLAIMED)
    entry.listed(diary, 75)
    diary.on(20, entry.appeal)
    repaired(diary)
    green = Entry("demonstration:green", Kind.RECOGNITION, people.body_code("hotel"), "逐期核对无误", RECOGNISED)
    diary.on(60, green.open)
    diary.on(58, green.recommend)
    diary.on(57, green.decide)


def repaired(diary: Diary) -> None:
    """Listed early in the year, three months of the minimum over: repair is asked for and waits for two people."""
    years = {diary.day(POSTERS).year, diary.day(POSTERS - 30).year}
    if queries.policy_on(diary.day(POSTERS)) is None or not years <= rulebooks.calendar().years:
        return
    old = Entry("demonstration:posters", Kind.LISTING, people.body_code("lights"), "海报没有注销记录支持", POSTED)
    old.listed(diary, POSTERS)
    diary.on(2, old.mend)


def scored(at: datetime) -> None:
    """Every organizer is scored, as the nightly sweep does it."""
    for organization in Organization.objects.verified().filter(kind=Body.ORGANIZER).order_by("code"):
        standing.score(organization=organization, on=timezone.localdate(at), at=at)


def verified(at: datetime) -> None:
    """The authority confirms that the company exists."""
    subject = Organization.objects.get(code=BOOTHS.code)
    accounts.verify(organization=subject, by=people.somebody("wang"), at=at)


@dataclass
class Entry:
    """One entry on its way: zhao prepares, wang decides."""

    key: str
    kind: Kind
    code: str
    found: str
    findings: dict[str, str]

    @property
    def case(self) -> Case:
        return Case.objects.get(key=self.key)

    def paper(self, name: str, by: Any, at: datetime) -> Any:
        upload = Paper(name, f"演示,{self.key},{name}\n".encode())
        return evidence.deposit(upload=upload, owner_code=self.code, by=by, at=at)

    def open(self, at: datetime) -> None:
        zhao, subject = people.somebody("zhao"), Organization.objects.get(code=self.code)
        region = subject.region_code
        oversight.start(kind=self.kind, key=self.key, subject=subject, region_code=region, by=zhao, at=at)
        file = self.paper("宣传材料.csv", zhao, at)
        oversight.exhibit(case=self.case, title="材料核对表", digest=file.digest, file=file, by=zhao, at=at)
        oversight.advance(case=self.case, act=Act.INVESTIGATE, by=zhao, at=at, text=self.found)

    def notify(self, at: datetime) -> None:
        facts, effect = self.findings["fact_zh"], "拟列入违规黑名单，一般等级，公示一年。"
        oversight.serve(case=self.case, facts=facts, effect=effect, by=people.somebody("zhao"), at=at)

    def deliver(self, at: datetime) -> None:
        zhao, day = people.somebody("zhao"), Diary(at).today
        oversight.deliver(
            case=self.case,
            method=Method.IN_PERSON,
            delivered_on=day,
            proof=self.paper("签收回执.csv", zhao, at),
            address_since=None,
            by=zhao,
            at=at,
        )

    def recommend(self, at: datetime) -> None:
        by = people.somebody("zhao")
        standing.recommend(case=self.case, findings=dict(self.findings), text="建议列入。", by=by, at=at)

    def decide(self, at: datetime) -> None:
        clock = Clock(at, at, "demonstration", 0)
        oversight.decide(case=self.case, text="同意。", clock=clock, by=people.somebody("wang"), at=at)
        standing.settle(case=self.case, clock=clock, at=at)

    def listed(self, diary: Diary, begun: int) -> None:
        """From the first look to the decision, with the time to answer between them."""
        diary.on(begun, self.open)
        diary.on(begun - 1, self.notify)
        diary.on(begun - 3, self.deliver)
        diary.on(begun - 27, self.recommend)
        diary.on(begun - 28, self.decide)

    def mend(self, at: datetime) -> None:
        text = "已撤下全部海报，公开更正，并为历年灯会补足注销；请求提前结束公示。"
        listing = Listing.objects.get(case=self.case)
        standing.apply_for_repair(listing=listing, text=text, by=people.somebody("le"), at=at)

    def appeal(self, at: datetime) -> None:
        text = "宣传册已收回，请求撤销。"
        oversight.appeal(case=self.case, text=text, by=people.somebody("bei"), at=at)
