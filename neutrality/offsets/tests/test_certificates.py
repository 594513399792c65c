"""Certificates of cancellation tell where the units lie now, run by run."""

from dataclasses import asdict
from datetime import date, timedelta

import pytest
from django.utils.translation import override

from neutrality.activities.tests.factories import make_activity
from neutrality.offsets import access, certifying
from neutrality.offsets.models import Retirement
from neutrality.offsets.tests.factories import AT, make_block, make_retirement, make_void
from neutrality.printing import checkcodes
from neutrality.printing.typesetting import Frame

pytestmark = pytest.mark.django_db
ON = date(2026, 9, 3)


def frame(language="zh"):
    return Frame(language, ON, "https://portal.example.cn/check/")


def one(row, language="zh-hans"):
    with override(language):
        return certifying.cancellation(access.retirement(row.number), frame())


def every(activity, language="zh-hans"):
    with override(language):
        return certifying.cancellations(activity, frame())


def test_a_cancellation_is_told_whole():
    row = make_retirement(make_activity(state="committed"), 10)
    made = one(row)
    told = str(asdict(made))
    for text in (
        row.serial,
        row.beneficiary,
        row.cancelled_on.isoformat(),
        row.activity.name_zh,
        row.block.kind.name_zh,
    ):
        assert text in told
    assert "活动碳中和" in told  # the purpose, in words
    assert made.tone == "good"
    assert checkcodes.read(made.check_code) == (checkcodes.Kind.CANCELLATION, row.number)
    assert made.receipt
    assert made.version == one(row).version


def test_what_is_found_void_is_said():
    row = make_retirement(make_activity(state="committed"), 10)
    before = one(row)
    make_void(row.block, 4)
    after = one(row)
    assert (after.tone, after.sums[1][1]) == ("bad", "6")
    assert "4" in after.lead
    assert before.version != after.version
    (note,) = after.notes
    assert row.voided_parts.get().notice.number in note
    assert "2026-09-01" in note
    assert not before.notes


def test_all_of_an_activity_add_up_and_keep_their_order():
    activity = make_activity(state="committed")
    block = make_block(activity.organization, 100)
    for number in range(3):
        make_retirement(activity, 10 + number, block=block)
    made = every(activity)
    assert [row[0] for row in made.table.rows] == [row.serial for row in Retirement.objects.order_by("id")]
    assert made.table.total[1] == "33"
    assert checkcodes.read(made.check_code) == (checkcodes.Kind.CANCELLATIONS, activity.code)


@pytest.mark.parametrize("acts", [1, 2, 3])
def test_every_act_has_its_receipt(acts, monkeypatch):
    monkeypatch.setattr(certifying, "MOST_ACTS", 2)
    activity = make_activity(state="committed")
    rows = [make_retirement(activity, 5, at=AT + timedelta(minutes=act)) for act in range(acts)]
    leaves = [dict(one(row).receipt)["哈希树叶值"] for row in rows]
    told = dict(every(activity).receipt)
    assert [leaf for leaf in leaves if leaf in told.values()] == leaves[-2:]
    assert [text for text in told.values() if "另有 1 条" in text] == ([] if acts < 3 else [list(told.values())[-1]])


def test_an_activity_without_cancellations_says_nothing_is_there():
    made = every(make_activity(state="committed"))
    assert (made.tone, made.table.rows, made.receipt) == ("wait", (), ())


@pytest.mark.parametrize("runs", [1, 3])
def test_the_paper_asks_as_often_for_many_runs(runs, django_assert_num_queries):
    activity = make_activity(state="committed")
    block = make_block(activity.organization, 100)
    for _number in range(runs):
        make_retirement(activity, 5, block=block)
    with django_assert_num_queries(5):
        every(activity)
