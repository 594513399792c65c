"""Real cases beside the invented province: published events recalculated, kept by an archive that claims nothing."""

from datetime import datetime

from django.db import transaction

from accounts import operations
from accounts.models import Organization
from accounts.rules import Kind, Role
from neutrality.inventory.operations import cases
from portal.demonstration import people

ARCHIVE = people.Body(
    "archive",
    "XXXX0099",
    Kind.ORGANIZER,
    "510100",
    "参考案例档案室（演示）",
    "Archive of Reference Cases (demo)",
    "保存真实活动的公布数据，用来核对计算。",
    (("archivist", "安简", Role.OWNER),),
)


@transaction.atomic
def load(at: datetime) -> None:
    """The archive with its cases; a second run adds nothing."""
    archive = Organization.objects.filter(code=ARCHIVE.code).first()
    name, full_name, _ = ARCHIVE.people[0]
    archivist = people.person(name, full_name)
    if archive is None:
        archive = people.register(ARCHIVE, archivist, at)
        operations.verify(organization=archive, by=people.person(*people.BODIES[0].people[0][:2]), at=at)
    for case in cases.cases():
        if not case.scenario:
            cases.load_case(case=case, organization=archive, by=archivist, at=at)
