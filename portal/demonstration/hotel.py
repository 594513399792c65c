"""A hotel that settles its operation period after period."""

from datetime import date
from typing import Any

from portal.demonstration.activities import facts, promise
from portal.demonstration.diary import Diary
from portal.demonstration.story import Story

HEAT_PUMP: dict[str, Any] = {
    "stage": "operation",
    "source": "stationary_fuel",
    "title": "热水改用空气源热泵",
    "description": "客房热水由燃气锅炉改为空气源热泵。",
    "responsible": "工程部",
    "planned_kg": "21000",
}


def write(diary: Diary) -> None:
    """A hotel, period after period: one claim expired, one settled, the present period planned."""
    month = diary.today.month - 4
    present = diary.today.replace(year=diary.today.year - (month < 0), month=month % 12 + 1, day=1)
    firsts = [present.replace(year=present.year + shift) for shift in (-2, -1, 0, 1)]
    days = [(diary.today - first).days for first in firsts]
    told = [
        period(diary, f"hotel{number}", firsts[number], (days[number], days[number + 1] + 1)) for number in range(3)
    ]
    for story, ended in zip(told, days[1:3], strict=False):
        settle_period(story, ended)


def period(diary: Diary, key: str, first: date, days: tuple[int, int]) -> Story:
    """Twelve months of the hotel, planned before they began."""
    values = facts(
        "hotel",
        f"栖山酒店 {first.year}–{first.year + 1} 运营期（演示）",
        f"Qishan Hotel, operating period {first.year}–{first.year + 1} (demonstration)",
        "酒店一年的全部运营排放：能源、用水、餐饮、废弃物与员工通勤。",
        "栖山酒店主楼与餐厅",
        "511100",
        24000,
        level="county",
        floor_area_m2="8600",
        **promise(diary, days[1], months=9),
    )
    story = Story(diary, key, "hotel", "gao", "gao", "hotel", 24000, 22870, *days, values, (HEAT_PUMP,))
    return story.drafted(days[0] + 40).planned(days[0] + 10)


def settle_period(story: Story, ended: int) -> None:
    """Counted, cancelled and stated in the weeks after the period ended."""
    story.counted(ended - 12).accounted(ended - 30).cancelled_units(ended - 40, "own_roof", 36)
    story.cancelled_units(ended - 44, "biogas", 65).self_committed(ended - 50).stated(ended - 52)
