"""What else units are for: a pledge and a lender's certificates, a reservation, a case before a court."""

from datetime import datetime
from decimal import Decimal

from neutrality.inventory import queries as inventories
from neutrality.offsets import operations
from neutrality.offsets import queries as offsets
from portal.demonstration import people, units
from portal.demonstration.diary import Diary
from portal.demonstration.story import Story


def write(diary: Diary, stories: dict[str, Story]) -> None:
    """The first certificate for the lender has gone stale by itself, as units were sold since; the second holds."""
    diary.on(170, lambda at: certify("wood", at))
    diary.on(165, pledge)
    diary.on(120, compensate)
    diary.on(12, lambda at: reserve(stories["music"], diary, at))
    diary.on(1, lambda at: certify("biogas", at))


def certify(stock: str, at: datetime) -> None:
    """A certificate that units lie free and unencumbered, for the lender."""
    operations.clear(
        block=units.block(stock),
        owner=people.body("seller"),
        reader=people.body("lender"),
        key=f"demonstration:clear:{stock}",
        by=people.somebody("lin"),
        at=at,
    )


def pledge(at: datetime) -> None:
    """A loan on units of the forest."""
    operations.lock(
        kind="pledged",
        block=units.block("forest"),
        owner=people.body("seller"),
        holder=people.body("lender"),
        quantity=600,
        basis="碳汇质押借款合同〔演示〕第 7 号",
        key="demonstration:pledge",
        by=people.somebody("lin"),
        at=at,
    )


def compensate(at: datetime) -> None:
    """Units used up for felled trees: the party masked, the fraction rounded up."""
    operations.compensate(
        block=units.block("ticket"),
        owner=people.body("seller"),
        case_number="（演示）川0000刑初7号",
        case_kind="criminal",
        authority="示范县人民法院（演示）",
        party="罗某",
        method="按被伐林木固碳量损失计算，替代性修复",
        lost_t=Decimal("18.35"),
        decided_on=Diary(at).day(3),
        key="demonstration:case",
        by=people.somebody("tang"),
        at=at,
    )


def reserve(story: Story, diary: Diary, at: datetime) -> None:
    """Set aside for a festival that lacks all it owes, until its board has met."""
    activity = story.activity
    actual = inventories.current(activity, "actual")
    operations.reserve(
        block=units.block("bikes"),
        owner=people.body("seller"),
        activity=activity,
        quantity=30,
        expires_on=diary.day(-45),
        quota=offsets.owed(activity, actual.cover.due_kg()),
        key="demonstration:reserve",
        by=people.somebody("lin"),
        at=at,
    )
