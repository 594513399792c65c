"""What a serial number itself says cannot be overwritten by what somebody writes beside it."""

from datetime import date

import pytest

from neutrality.activities.tests.factories import make_activity
from neutrality.offsets.models import Block, Proof
from neutrality.offsets.operations.blocks import SerialDenies, SerialRefused
from neutrality.offsets.tests.factories import VCU, make_block, make_kind, make_project, make_proof

pytestmark = pytest.mark.django_db
YEAR = {"vintage_start": date(2022, 1, 1), "vintage_end": date(2022, 12, 31)}


def at(refusal):
    return [problem.field for problem in refusal.value.problems]


def test_a_block_is_of_the_project_and_vintage_its_number_names():
    """A number of project 1060 recorded under one in China would make a foreign tonne a domestic one (R1.17(4))."""
    other, late = make_project("vcu", identifier="3005"), {"vintage_start": date(2023, 1, 1)}
    for over, fields in (
        ({"project": other, **YEAR}, ["project"]),
        ({"project": make_project("vcu", identifier="1060"), **YEAR, **late, "vintage_end": date(2023, 12, 31)}, None),
        ({"project": other, **YEAR, "vintage_end": date(2023, 12, 31)}, ["project", "vintage_start"]),
    ):
        with pytest.raises(SerialDenies) as refused:
            make_block(quantity=10, kind="vcu", serial=VCU.format(1, 10), **over)
        assert at(refused) == (fields or ["vintage_start"])
        assert "1060" in str(refused.value) or "2022-01-01 – 2022-12-31" in str(refused.value)
    assert not Block.objects.exists()
    made = make_block(quantity=10, kind="vcu", serial=VCU.format(1, 10))
    assert (made.project.identifier, made.vintage_start) == ("1060", YEAR["vintage_start"])


def test_a_proof_is_held_to_its_number_alike():
    activity = make_activity(state="committed")
    facts = {"kind": make_kind("vcu"), "serial": VCU.format(1, 40), "reason": "国内项目", "country": "CN"}
    with pytest.raises(SerialDenies) as refused:
        make_proof(activity, **facts, project_id_text="3005")
    assert at(refused) == ["project_id_text"]
    with pytest.raises(SerialDenies):
        make_proof(activity, **facts, vintage_end=date(2023, 12, 31))
    assert not Proof.objects.exists()
    make_proof(activity, **facts)


@pytest.mark.parametrize(("kind", "unit", "refused"), [("cer", 5, False), ("cer", 6, True), ("tcer", 6, False)])
def test_an_expiring_unit_is_no_plain_one(kind, unit, refused):
    """R3.30: the unit type stands in the number; a tCER entered as a CER would count behind a claim."""
    serial, facts = f"CN-{unit}-1-2-2-0-7014 - CN-{unit}-40-2-2-0-7014", {"quantity": 40, "kind": kind}
    if not refused:
        assert make_block(serial=serial, **facts).quantity == 40
        return
    with pytest.raises(SerialRefused) as found:
        make_block(serial=serial, **facts)
    assert found.value.code == "serial_expiring"
    assert not Block.objects.exists()
