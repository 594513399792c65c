"""Two accounts that rest on new forest: one in its third year with verified growth, one that only promises yet."""

from datetime import datetime
from decimal import Decimal

from neutrality.planting import operations, rules
from neutrality.planting.models import Planting, Survey
from portal.demonstration import people
from portal.demonstration.activities import MAINS, TRAINS, WATER, events, facts, promise, university
from portal.demonstration.diary import Diary
from portal.demonstration.story import Paper, Story, opinion

NORTH_SLOPE = """102.941200, 31.206500
102.944100, 31.207300
102.945600, 31.205900
102.944800, 31.204100
102.942300, 31.203800
102.940900, 31.205000"""
# Taken off a web map, and said so.
RIVERSIDE = """104.712300, 31.462100
104.713900, 31.462500
104.714200, 31.461200
104.712600, 31.460800"""
FOREST = {
    "offset_families": ["local_credit", "new_forest"],
    "offset_method": "营造新林，六年内按核定的碳汇量抵销，其余注销本省碳普惠减排量。",
}


def write(diary: Diary) -> None:
    """Both stories, each with its planting."""
    growing(diary)
    promised(diary)


def growing(diary: Diary) -> None:
    """Planted in the year of the event; the first year is verified, the second waits for its body."""
    congress = facts(
        "meeting",
        "山地生态大会（演示）",
        "Mountain Ecology Congress (demonstration)",
        "山地生态修复与林业的两天会议，会后营造大会林。",
        "云岭林场会议中心",
        "513200",
        240,
        **promise(diary, 846, months=60),
        **FOREST,
    )
    story = events(diary, "mountain", "conference", 240, 228, (847, 846), values=congress, measures=(TRAINS, WATER))
    story.drafted(890).planned(880).counted(830).accounted(815)
    diary.on(800, lambda at: plant(story, NORTH_SLOPE, "wgs84", "云岭林场北坡（演示）", 805, 60, at))
    diary.on(435, lambda at: look(story, 1, 805, 440, "21.35", at))
    diary.on(412, lambda at: decide(story, "20.80", at))
    story.self_committed(405).stated(400, note="大会林逐年核定，其余部分将在六年期限内补足。")
    diary.on(60, lambda at: look(story, 2, 440, 64, "26.10", at))


def promised(diary: Diary) -> None:
    """Committed last month: nothing of it counts yet."""
    trees = facts(
        "other_event",
        "校友植树日（演示）",
        "Alumni Planting Day (demonstration)",
        "校友返校植树，河岸造林。",
        "云岫大学东校区河岸",
        "510700",
        900,
        **promise(diary, 58, months=60),
        **FOREST,
    )
    story = university(diary, "alumni", "festival", 900, 870, (58, 58), values=trees, measures=(MAINS,))
    story.drafted(150).planned(110).counted(50).accounted(35)
    diary.on(25, lambda at: plant(story, RIVERSIDE, "gcj02", "云岫大学东校区河岸（演示）", 58, 18, at))


def plant(story: Story, corners: str, system: str, place: str, planted: int, units: int, at: datetime) -> None:
    """The commitment, with the area the corners enclose."""
    land = operations.examine(text=corners, system=system)
    operations.commit(
        activity=story.activity,
        land=land,
        place_name=place,
        species=[{"name": "云杉", "trees": 9600}, {"name": "岷江柏木", "trees": 2400}],
        stated_area=rules.mu(land.area_m2),
        stated_unit="mu",
        methodology="CCER-14-001-V01",
        planting_plan="春秋两季植苗，株行距二米乘三米，连续抚育三年，死亡植株当年补植。",
        monitoring_plan="布设二十个固定样地，每年秋季测定胸径、树高与成活率，由省林业调查队承担。",
        land_right="林地使用权流转合同 2024-017（演示），至二〇五四年",
        planted_on=story.diary.day(planted),
        promised_units=units,
        declared=True,
        key=story.name("planting"),
        by=people.somebody(story.signatory),
        at=at,
    )


def look(story: Story, year: int, since: int, until: int, tonnes: str, at: datetime) -> None:
    """One year's survey."""
    planting = Planting.objects.get(key=story.name("planting"))
    rows = ["样地,株数,平均胸径_cm,平均树高_m", f"N-01,88,{year}.4,{year}.2", f"N-02,91,{year}.6,{year}.3"]
    operations.report(
        planting=planting,
        year=year,
        surveyed_on=story.diary.day(until),
        alive_percent=93 - year,
        method="二十个固定样地，胸径尺与测高器，按方法学附录方程计算",
        grown_from=story.diary.day(since),
        grown_to=story.diary.day(until),
        claimed_kg=Decimal(tonnes) * 1000,
        note="",
        body=people.body("evaluator"),
        upload=Paper(f"样地调查表{year}.csv", "\n".join(rows).encode()),
        key=story.name(f"survey{year}"),
        by=people.somebody(story.preparer),
        at=at,
    )


def decide(story: Story, tonnes: str, at: datetime) -> None:
    """The body's decision on the first survey."""
    operations.verify(
        survey=Survey.objects.get(key=story.name("survey1")),
        outcome="verified",
        increment_kg=Decimal(tonnes) * 1000,
        competence="造林与再造林领域审定与核查（演示），批准号 DEMO-2024-03",
        report_number="DEMO-HZ-0001",
        note="复测样地六个，胸径均值低于申报，按复测结果核减。",
        upload=opinion(story.activity),
        key=story.name("verified1"),
        by=people.somebody("wu"),
        at=at,
    )
