"""What goes wrong and what is asked: false units, a withdrawal, a call-off, a challenge, a waiting proof, an order."""

from datetime import datetime

from neutrality.activities import operations as activities
from neutrality.disclosure import operations as disclosure
from neutrality.offsets import operations as offsets
from neutrality.offsets.models import UnitKind
from neutrality.oversight import operations as oversight
from portal.demonstration import people, units
from portal.demonstration.diary import Diary
from portal.demonstration.story import Paper, Story


def write(diary: Diary, stories: dict[str, Story]) -> None:
    """Each trouble at its day."""
    diary.on(150, lambda at: doubt_units(stories["forest"], diary, at))
    diary.on(170, lambda at: take_back(stories["tea"], at))
    diary.on(60, lambda at: call_off(stories["relay"], at))
    diary.on(9, lambda at: challenge(stories["green"], at))
    diary.on(8, lambda at: outside_proof(stories["music"], diary, at))
    diary.on(3, order)


def doubt_units(story: Story, diary: Diary, at: datetime) -> None:
    """The issuer revokes units that were already cancelled for an account: two persons move them to void."""
    block = units.block("doubtful")
    notice = offsets.propose_void(
        block=block,
        serial_first=block.serial_first,
        serial_last=block.serial_first + 299,
        reason="invalid",
        explanation="登记机构公告：该林地与另一项目重复登记，相应减排量撤销。",
        upload=Paper("登记机构公告.pdf", b"%PDF-1.4\n%demonstration notice\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"),
        owner_code=people.body("registry").code,
        found_on=diary.day(152),
        key="demonstration:void",
        by=people.somebody("tang"),
        at=at,
    )
    offsets.confirm_void(notice=notice, by=people.somebody("sun"), at=at)


def take_back(story: Story, at: datetime) -> None:
    """The organizer finds its own mistake and withdraws the statement in the open."""
    disclosure.withdraw(
        statement=story.statement,
        reason="复核发现两家参展商的货运未计入，待更正核算后重新公布。",
        by=people.somebody(story.signatory),
        at=at,
    )


def call_off(story: Story, at: datetime) -> None:
    """A published activity that does not take place."""
    activities.cancel(
        activity=story.activity, reason="主办城市道路施工，活动取消。", by=people.somebody(story.signatory), at=at
    )


def challenge(story: Story, at: datetime) -> None:
    """A citizen doubts a figure."""
    oversight.challenge(
        statement=story.statement,
        said=oversight.Said(
            figure="total", text="展期三天，现场看到多台柴油叉车，清单里没有活动用车燃料，请核实。", name="刘阳"
        ),
        network="demonstration",
        by=people.somebody("liu"),
        at=at,
    )


def outside_proof(story: Story, diary: Diary, at: datetime) -> None:
    """A cancellation made in another registry waits to be checked."""
    activity = story.activity
    offsets.record_proof(
        activity=activity,
        kind=UnitKind.objects.get(code="ccer"),
        project_id_text="DEMO-OUTSIDE-01",
        project_name="外地风电项目（演示）",
        country="CN",
        vintage_start=diary.day(700).replace(month=1, day=1),
        vintage_end=diary.day(700).replace(month=12, day=31),
        serial="",
        quantity=25,
        certificate_number="DEMO-ZX-000025",
        cancelled_on=diary.day(11),
        account_holder=activity.organization.name_zh,
        beneficiary=activity.name_zh,
        stated_purpose="event",
        document_kind="registry_certificate",
        final=True,
        upload=Paper("注销证明.pdf", b"%PDF-1.4\n%demonstration proof\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"),
        reason="",
        key="demonstration:proof",
        by=people.somebody(story.preparer),
        at=at,
    )


def order(at: datetime) -> None:
    """An order for units that the seller has not answered yet."""
    block = units.block("wood")
    offsets.ask(
        block=block,
        giver=block.owner,
        taker=people.body("events"),
        side="taker",
        quantity=60,
        key="demonstration:order",
        by=people.somebody("xu"),
        at=at,
    )
