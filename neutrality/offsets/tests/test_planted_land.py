"""Land planted for an activity earns no credits afterwards: blocks and proofs of a project on it are refused."""

from datetime import date

import pytest

from neutrality.activities.tests.factories import make_activity
from neutrality.offsets.models import Block, Proof
from neutrality.offsets.operations.blocks import LandPlanted
from neutrality.offsets.tests.factories import AT, make_block, make_project, make_proof, make_retirement
from neutrality.planting import operations
from neutrality.planting.models import Planting
from neutrality.planting.tests.factories import make_planting, square

pytestmark = pytest.mark.django_db
LATER = {"vintage_start": date(2027, 1, 1), "vintage_end": date(2027, 12, 31)}
EARLIER = {"vintage_start": date(2025, 1, 1), "vintage_end": date(2025, 12, 31)}


@pytest.fixture
def project():
    """A project that a registry drew on land planted for an activity since June 2026."""
    text = square()
    planting = make_planting(text=text)
    made = make_project("ccer", identifier="CCER-9001")
    land = operations.examine(text=text, system="wgs84")
    operations.draw_project(project_code=made.code, land=land, by=planting.committed_by, at=AT)
    return made


def test_later_blocks_are_refused_and_earlier_ones_are_not(project):
    with pytest.raises(LandPlanted) as caught:
        make_block(kind="ccer", project=project, **LATER)
    assert caught.value.problems[0].field == "project"
    assert not Block.objects.exists()
    make_block(kind="ccer", project=project, **EARLIER)


def test_later_proofs_are_refused(project):
    activity = make_activity(state="committed")
    with pytest.raises(LandPlanted):
        make_proof(activity, project_id_text="CCER-9001", **LATER)
    assert not Proof.objects.exists()
    make_proof(activity, project_id_text="CCER-9002", **LATER)  # the control: another project


def test_when_the_planting_is_called_off_nothing_bars_the_project(project):
    row = Planting.objects.get()
    operations.call_off(planting=row, reason="未能造林", by=row.committed_by, at=AT)
    make_block(kind="ccer", project=project, **LATER)


def test_units_recorded_before_the_land_was_known_support_no_claim():
    """The blocks came first, the border after: what grew after the declaration is neither cancelled nor set aside."""
    text = square()
    row = make_planting(text=text)
    made = make_project("ccer", identifier="CCER-9003", forestry=True)
    activity = make_activity(state="committed")
    owner = {"owner": activity.organization, "kind": "ccer", "project": made}
    later, earlier = make_block(**owner, **LATER), make_block(**owner, **EARLIER)
    make_retirement(activity, 1, block=later)  # nobody knew yet
    land = operations.examine(text=text, system="wgs84")
    operations.draw_project(project_code=made.code, land=land, by=row.committed_by, at=AT)
    with pytest.raises(LandPlanted) as caught:
        make_retirement(activity, 1, block=later)
    assert row.plot.number in str(caught.value)
    make_retirement(activity, 1, block=earlier)
    operations.call_off(planting=row, reason="未能造林", by=row.committed_by, at=AT)
    make_retirement(activity, 1, block=later)
