"""Invented activities in every stage of an account: drafts, plans, short, settled, overdue, doubted, withdrawn."""

from typing import Any

from portal.demonstration import travellers
from portal.demonstration.diary import Diary
from portal.demonstration.story import Story

WATER: dict[str, Any] = {
    "stage": "holding",
    "source": "catering",
    "title": "不发瓶装水，设直饮水点",
    "description": "现场设直饮水点，请参加者自带水杯。",
    "responsible": "后勤组",
    "planned_kg": "260",
}
TRAINS: dict[str, Any] = {
    "stage": "holding",
    "source": "participant_travel",
    "title": "优先高铁，集中接站",
    "description": "一千公里以内建议乘高铁，到站后统一乘电动大巴。",
    "responsible": "会务组",
    "planned_kg": "3400",
    "cost_cny": "900",
    "changes": [("外地嘉宾飞机往返", "move", "30", "cpcd.travel.hsr.pkm")],
}
STANDS: dict[str, Any] = {
    "stage": "preparation",
    "source": "venue_construction",
    "title": "展台模块化重复使用",
    "description": "八成展台使用可拆装模块，展后入库再用。",
    "responsible": "工程组",
    "planned_kg": "1900",
    "cost_cny": "1600",
    "changes": [
        ("展台搭建用胶合板", "share", "60", ""),
        ("展台搭建用钢材", "share", "45", ""),
        ("展品与展台运输", "share", "10", ""),
    ],
}
SHIRTS: dict[str, Any] = {
    "stage": "preparation",
    "source": "goods",
    "title": "参赛服自愿领取",
    "description": "报名时可选择不领参赛服，所省费用捐作植树。",
    "responsible": "赛事组",
    "planned_kg": "5200",
    "cost_cny": "600",
    "changes": [("参赛服（棉质T恤）", "share", "25", "")],
}
FREIGHT: dict[str, Any] = {
    "stage": "preparation",
    "source": "freight",
    "title": "展品拼车运输",
    "description": "同城展商的展品拼车，空驶减半。",
    "responsible": "物流组",
    "cost_cny": "2400",
    "changes": [("展品与展台运输", "share", "35", "")],
}
MAINS: dict[str, Any] = {
    "stage": "holding",
    "source": "stationary_fuel",
    "title": "以市电替代柴油发电机",
    "description": "主舞台接入市电，发电机只作备用。",
    "responsible": "技术组",
    "planned_kg": "1500",
}


def facts(kind: str, zh: str, en: str, summary: str, place: str, region: str, people: int, **more: Any) -> dict:
    """What the plan says besides its days."""
    return {
        "kind": kind,
        "level": "provincial",
        "name_zh": zh,
        "name_en": en,
        "summary": summary,
        "place_name": place,
        "region_code": region,
        "expected_people": people,
        "offset_method": "优先就地减排；其余购买并注销本省碳普惠减排量与国家核证自愿减排量。",
        "offset_families": ["local_credit", "ccer"],
    } | more


def events(diary: Diary, key: str, pattern: str, heads: int, came: int, days: tuple[int, int], **more: Any) -> Story:
    """A story of the events company."""
    return Story(diary, key, "events", "li", "xu", pattern, heads, came, *days, **more)


def university(
    diary: Diary, key: str, pattern: str, heads: int, came: int, days: tuple[int, int], **more: Any
) -> Story:
    """A story of the university."""
    return Story(diary, key, "university", "he", "zhou", pattern, heads, came, *days, **more)


def write(diary: Diary) -> dict[str, Story]:
    """All stories by their keys."""
    told = [*ahead(diary), *open_accounts(diary), *settled(diary), *troubled(diary)]
    return {story.key: story for story in told}


def promise(diary: Diary, ends: int, months: int = 6) -> dict[str, Any]:
    """The day by which neutrality is promised, and when the statement is to come."""
    day = diary.day(ends - 30 * months)
    return {"promised_on": day, "disclose_on": day}


def ahead(diary: Diary) -> list[Story]:
    """Still to come: two drafts, two published plans."""
    return [*drafts(diary), *plans(diary)]


def drafts(diary: Diary) -> list[Story]:
    """Begun and not published: one nearly whole, one with gaps."""
    expo = facts(
        "exhibition",
        "低碳生活展（演示）",
        "Low-Carbon Living Fair (demonstration)",
        "面向市民的低碳产品与服务展，展期三天。",
        "锦江会展中心三号馆",
        "510100",
        9000,
    )
    reading = facts(
        "other_event",
        "社区阅读周（演示）",
        "Neighbourhood Reading Week (demonstration)",
        "十个社区的阅读活动。",
        "",
        "510100",
        2200,
    )
    return [
        events(diary, "living", "exhibition", 9000, 0, (-160, -162), values=expo, measures=(STANDS, FREIGHT))
        .drafted(12)
        .estimated(10),
        events(diary, "reading", "festival", 2200, 0, (-75, -81), values=reading).drafted(4),
    ]


def plans(diary: Diary) -> list[Story]:
    """Published: what is expected, and by when it will be neutral."""
    forum = facts(
        "forum",
        "西部山地城市气候适应论坛（演示）",
        "Forum on Climate Adaptation of Mountain Cities (demonstration)",
        "两天会议，约三百五十人到场，同步线上直播。",
        "东湖国际会议厅",
        "510100",
        350,
        online_people=1200,
        **promise(diary, -46),
    )
    games = facts(
        "competition",
        "云岫大学越野赛（演示）",
        "Yunxiu University Cross-Country (demonstration)",
        "校园与郊野公园十公里越野，面向师生和市民。",
        "云岫大学东校区",
        "510700",
        1600,
        **promise(diary, -21),
    )
    return [
        events(diary, "forum", "conference", 350, 0, (-45, -46), values=forum, measures=(TRAINS, WATER))
        .drafted(40)
        .planned(18),
        university(diary, "crosscountry", "race", 1600, 0, (-20, -21), values=games, measures=(SHIRTS,))
        .drafted(55)
        .planned(30),
    ]


def open_accounts(diary: Diary) -> list[Story]:
    """Over, and on the way: accounting, short, partly offset, waiting for confirmation."""
    return [*just_over(diary), *on_the_way(diary)]


def just_over(diary: Diary) -> list[Story]:
    """Accounting in progress; accounted and short of everything."""
    books = facts(
        "exhibition",
        "书香市集（演示）",
        "Book Market (demonstration)",
        "出版社与独立书店联合市集。",
        "锦江会展中心一号馆",
        "510100",
        6000,
        **promise(diary, 9),
    )
    music = facts(
        "performance",
        "川西草地音乐节（演示）",
        "Grassland Music Festival (demonstration)",
        "两天露天音乐演出，设露营区。",
        "若草坪露营地",
        "513200",
        7800,
        level="city",
        **promise(diary, 62),
    )
    return [
        events(diary, "books", "exhibition", 6000, 6420, (12, 9), values=books, measures=(STANDS,))
        .drafted(110)
        .planned(60)
        .accounting(3),
        events(diary, "music", "festival", 7800, 8315, (63, 62), values=music, measures=(MAINS, WATER))
        .drafted(190)
        .planned(120)
        .counted(55)
        .accounted(30),
    ]


def on_the_way(diary: Diary) -> list[Story]:
    """Partly offset and published so; all cancelled, an evaluator at work."""
    green = facts(
        "exhibition",
        "绿色建筑与材料博览会（演示）",
        "Green Building and Materials Fair (demonstration)",
        "绿色建材、装配式建筑与节能设备展。",
        "锦江会展中心",
        "510100",
        14000,
        **promise(diary, 131),
    )
    academic = facts(
        "annual_meeting",
        "云岫学术年会（演示）",
        "Yunxiu Academic Annual Meeting (demonstration)",
        "全国高校环境学科年会，分会场十二个。",
        "云岫大学图书馆报告厅",
        "510700",
        620,
        **promise(diary, 95),
    )
    return [
        events(diary, "green", "exhibition", 14000, 13240, (133, 131), values=green, measures=(STANDS, WATER))
        .drafted(300)
        .planned(200)
        .covered(199, "p90")
        .counted(120)
        .accounted(95, travellers.adopted)
        .cancelled_units(70, "bikes", 43)
        .self_committed(66)
        .stated(64, note="其余部分将在期限内分批注销。"),
        university(diary, "academic", "conference", 620, 588, (97, 95), values=academic, measures=(TRAINS, WATER))
        .drafted(260)
        .planned(170)
        .counted(88)
        .accounted(60, travellers.listed)
        .cancelled_units(38, "wood", 100)
        .evaluator_at_work(20),
    ]


def settled(diary: Diary) -> list[Story]:
    """Settled: by self-commitment, and with an evaluator's opinion."""
    marathon = facts(
        "competition",
        "锦江马拉松（演示）",
        "Jinjiang Marathon (demonstration)",
        "全程与半程马拉松，一万两千名跑者。",
        "锦江绿道起跑区",
        "510100",
        12000,
        level="national",
        **promise(diary, 224),
    )
    summit = facts(
        "meeting",
        "绿色低碳发展年会（演示）",
        "Annual Meeting on Low-Carbon Development (demonstration)",
        "政府、企业与研究机构的年度会议，到场约四百人。",
        "东湖国际会议厅",
        "510100",
        400,
        online_people=2600,
        **promise(diary, 188),
    )
    return [
        events(diary, "marathon", "race", 12000, 11380, (224, 224), values=marathon, measures=(SHIRTS, WATER))
        .drafted(420)
        .planned(320)
        .counted(210)
        .accounted(180)
        .cancelled_units(150, "biogas", 70)
        .cancelled_units(148, "wood", 31)
        .self_committed(146)
        .stated(144),
        events(diary, "summit", "conference", 400, 431, (189, 188), values=summit, measures=(TRAINS, WATER))
        .drafted(380)
        .planned(270)
        .counted(180)
        .accounted(160)
        .cancelled_units(140, "forest", 100)
        .evaluator_at_work(130)
        .evaluated(112)
        .stated(110),
    ]


def troubled(diary: Diary) -> list[Story]:
    """Overdue, doubted, withdrawn, called off."""
    return [*fallen(diary), *taken_back(diary)]


def fallen(diary: Diary) -> list[Story]:
    """Overdue and short; settled with units that later prove false."""
    lantern = facts(
        "performance",
        "河岸灯会（演示）",
        "Lantern Festival (demonstration)",
        "彩灯与民俗展演，展期十天。",
        "锦江河岸",
        "510100",
        30000,
        level="city",
        **promise(diary, 480),
    )
    forest = facts(
        "meeting",
        "林业碳汇研讨会（演示）",
        "Seminar on Forest Carbon (demonstration)",
        "林业碳汇项目开发与管理研讨。",
        "雨城宾馆",
        "511800",
        180,
        **promise(diary, 300),
    )
    return [
        Story(diary, "lantern", "lights", "le", "le", "festival", 30000, 33150, 489, 480, lantern, (MAINS,))
        .drafted(640)
        .planned(560)
        .counted(470)
        .accounted(430)
        .cancelled_units(400, "rooftops", 35, reason="赞助单位持有广东碳普惠减排量")
        .self_committed(396)
        .stated(394, note="承诺在期限内补足其余部分。"),
        university(diary, "forest", "conference", 180, 172, (301, 300), values=forest, measures=(TRAINS,))
        .drafted(460)
        .planned(380)
        .counted(290)
        .accounted(270)
        .cancelled_units(250, "doubtful", 100)
        .self_committed(246)
        .stated(244),
    ]


def taken_back(diary: Diary) -> list[Story]:
    """Withdrawn by the organizer; called off before it was held."""
    tea = facts(
        "exhibition",
        "高山茶文化展（演示）",
        "Highland Tea Fair (demonstration)",
        "茶企与茶农的产销对接与展示。",
        "雨城文化馆",
        "511800",
        3800,
        **promise(diary, 260),
    )
    relay = facts(
        "competition",
        "城际骑行接力（演示）",
        "Intercity Cycling Relay (demonstration)",
        "三座城市之间的两日骑行接力。",
        "锦江绿道",
        "510100",
        900,
        **promise(diary, 20),
    )
    return [
        university(diary, "tea", "exhibition", 3800, 3610, (262, 260), values=tea, measures=(STANDS,))
        .drafted(430)
        .planned(350)
        .counted(250)
        .accounted(230)
        .cancelled_units(215, "wood", 100)
        .self_committed(210)
        .stated(208),
        events(diary, "relay", "race", 900, 0, (21, 20), values=relay, measures=(SHIRTS,)).drafted(150).planned(90),
    ]
