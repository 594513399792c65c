"""How people came: a list of journeys behind one account, a survey behind another, and one that is still open."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from neutrality.inventory import operations, queries, questionnaires, settling
from neutrality.inventory.models import Survey
from neutrality.inventory.operations import rosters
from neutrality.inventory.rules import survey as polling
from neutrality.inventory.rules import travel
from neutrality.inventory.rules.places import great_circle_km
from portal.demonstration import people
from portal.demonstration.diary import Diary
from portal.demonstration.story import Paper, Story

MOST = 1_000_000  # bytes of a list here
CAME = (  # city, how, people, room nights, meals: for each dozen of rows
    ("北京", "飞机", 3, 6, 9),
    ("成都", "高铁", 12, 4, 24),
    ("重庆", "高铁", 9, 9, 18),
    ("西安", "高铁", 6, 6, 15),
    ("武汉", "飞机", 4, 8, 12),
    ("德阳", "高铁", 20, 0, 20),
    ("昆明", "飞机", 2, 4, 6),
    ("广州", "飞机", 3, 6, 9),
    ("南充", "汽车", 8, 0, 8),
    ("贵阳", "高铁", 5, 5, 15),
)
ROUNDS = 8
ASKED = (  # city, how, people of the party, room nights, meals; most visitors live in the city of the fair
    ("成都", travel.Mode.METRO, 2, 0, 2),
    ("成都", travel.Mode.METRO, 1, 0, 0),
    ("重庆", travel.Mode.HIGH_SPEED_RAIL, 2, 1, 3),
    ("成都", travel.Mode.BUS, 3, 0, 2),
    ("成都", travel.Mode.METRO, 2, 0, 1),
    ("德阳", travel.Mode.CAR, 4, 0, 4),
    ("成都", travel.Mode.ELECTRIC_CAR, 2, 0, 2),
    ("成都", travel.Mode.METRO, 4, 0, 0),
    ("绵阳", travel.Mode.HIGH_SPEED_RAIL, 3, 0, 3),
    ("成都", travel.Mode.TAXI, 2, 0, 1),
    ("成都", travel.Mode.METRO, 1, 0, 1),
    ("乐山", travel.Mode.COACH, 5, 0, 5),
    ("上海", travel.Mode.PLANE, 1, 2, 4),
    ("成都", travel.Mode.OWN_LEGS, 2, 0, 0),
)
BY_CAR = (travel.Mode.CAR, travel.Mode.ELECTRIC_CAR, travel.Mode.TAXI)
WITHIN_KM = Decimal(11)  # what people of the city say


def write(diary: Diary, stories: dict[str, Story]) -> None:
    """Both surveys; `listed` and `adopted` are told by the accounts they belong to."""
    surveyed(stories["green"], 133)
    held: list[Survey] = []
    diary.on(11, lambda at: held.append(opened(stories["books"], diary.day(-10), at)))
    for number, given in enumerate(answers("成都", 9)):
        diary.on(10, lambda at, given=given, key=f"open{number}": told(held[0], given, key, at))


def listed(story: Story, at: datetime) -> None:
    """Hand in the list and let it be worked on, as the worker does."""
    inventory = queries.draft(story.activity, "actual")
    rows = ["出发城市,交通方式,人数,间夜,餐数", *(",".join(map(str, row)) for row in CAME * ROUNDS)]
    upload = Paper("参会名单.csv", "\n".join(rows).encode())
    by = people.somebody(story.preparer)
    roster = rosters.hand_in(inventory=inventory, upload=upload, venue="绵阳", infer=False, by=by, at=at, most=MOST)
    settling.settle(roster.pk, at)


def surveyed(story: Story, doors: int) -> None:
    """Opened with the doors, answered, closed."""
    diary, held = story.diary, []
    diary.on(doors, lambda at: held.append(opened(story, diary.day(doors - 5), at)))
    for number, given in enumerate(answers("成都", 42)):
        diary.on(doors - 1, lambda at, given=given, key=f"{number}": told(held[0], given, key, at))
    diary.on(doors - 4, lambda at: operations.close(survey=held[0], by=people.somebody(story.preparer), at=at))


def adopted(story: Story, at: datetime) -> None:
    """What the answers stand for goes into the draft."""
    survey = Survey.objects.get(activity=story.activity)
    operations.adopt(survey=survey, kind="actual", by=people.somebody(story.preparer), at=at)


def opened(story: Story, closes_on: date, at: datetime) -> Survey:
    """One group, everybody who came."""
    return operations.open_survey(
        activity=story.activity,
        venue=questionnaires.place("成都"),
        groups=[(*questionnaires.ONE_GROUP, story.came)],
        basis="counted",
        asks_lodging=True,
        asks_meals=True,
        closes_on=closes_on,
        by=people.somebody(story.preparer),
        at=at,
    )


def told(survey: Survey, given: polling.Answer, key: str, at: datetime) -> None:
    operations.answer(survey=survey, given=given, key=key, at=at)


def answers(venue: str, count: int) -> Iterator[polling.Answer]:
    """So many parties, over and over from the same cities."""
    here = questionnaires.place(venue)
    for number in range(count):
        city, mode, heads, nights, meals = ASKED[number % len(ASKED)]
        there, local = questionnaires.place(city), city == venue
        yield polling.Answer(
            group=1,
            people=heads,
            origin=city,
            domestic=True,
            km=WITHIN_KM if local else great_circle_km(there, here),
            stated=local,
            there=mode,
            back=mode,
            sharing=heads if mode in BY_CAR else None,
            room_nights=Decimal(nights),
            meals=Decimal(meals),
        )
