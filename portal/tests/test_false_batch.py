"""Half a block proves false that was split over seven retirements and five events: every place that shows a claim,
kept pages among them, says so at its next reading, and says the old words again once the units are replaced (F4)."""

import csv
import io
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import make_organization, make_user
from neutrality.disclosure.tests.factories import make_accounted, publish
from neutrality.evaluation.tests.factories import make_commitment
from neutrality.offsets import operations
from neutrality.offsets.models import Retirement
from neutrality.offsets.tests.factories import FOUND, Upload, make_block, make_retirement
from neutrality.oversight.models import Case
from neutrality.oversight.tasks import follow_due
from neutrality.refusals import Refusal

pytestmark = pytest.mark.django_db
# (event, units) as they were cancelled out of one block of 200, and what of each event lies in its first half.
RETIREMENTS = [(0, 20), (1, 30), (2, 10), (0, 25), (3, 15), (4, 40), (1, 20)]
USED, LOST = [45, 50, 10, 15, 40], [45, 30, 10, 15, 0]
REVIEW = "Claim under review since 2026-09-01, short by {0} t: {0} t of the units behind it were found invalid"
GOOD = "Carbon neutrality achieved, self-declared"


@pytest.fixture
def block():
    return make_block(make_organization("seller"), 200, serial="FALSE-1")


@pytest.fixture
def statements(block):
    found = [make_accounted(f"{units}000", name_en=f"Event {number}") for number, units in enumerate(USED)]
    for number, (event, units) in enumerate(RETIREMENTS):
        make_retirement(found[event].activity, units, block=block, holder=block.owner, key=f"r{number}")
    for inventory in found:
        make_commitment(inventory)
    return [publish(inventory.activity) for inventory in found]


@pytest.fixture
def read():
    """A page in English, by somebody who reads it again and again."""
    site = Client(headers={"accept-language": "en"})

    def text(address):
        answer = site.get(address)
        assert answer.status_code == 200, address
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return " ".join(body.decode().split())

    return text


def report(block, first=1, last=100, key="n"):
    """The registry's message arrives, and a second person confirms it."""
    facts = {"reason": "over_issued", "explanation": "签发过量", "found_on": date(2026, 9, 1), "key": key}
    facts |= {"upload": Upload(), "owner_code": block.owner.code, "by": make_user(), "at": FOUND}
    notice = operations.propose_void(block=block, serial_first=first, serial_last=last, **facts)
    return operations.confirm_void(notice=notice, by=make_user(), at=FOUND)


def places(statement):
    """Every address that shows the claim of one activity in words."""
    activity = statement.activity
    return [
        reverse("disclosure:statement", args=[statement.number]),
        reverse("portal:activity", args=[activity.code]),
        reverse("disclosure:plan", args=[activity.plan.number]),
        reverse("standing:organization", args=[activity.organization.code]),
        reverse("disclosure:register") + f"?q={activity.code}",
    ]


def badge(read, statement):
    address = reverse("disclosure:badge", kwargs={"number": statement.number, "language": "en", "tones": ""})
    return read(address).partition("</title>")[0].partition("<title>")[2]


def table(read, name):
    rows = csv.DictReader(io.StringIO(raw(name)))
    return list(rows)


def raw(name):
    answer = Client().get(f"/open-data/{name}.csv")
    return b"".join(answer.streaming_content).decode("utf-8-sig") if answer.streaming else answer.content.decode()


def say(read, statements, words):
    """Each claim reads the words given for it, wherever it is shown."""
    for statement, said in zip(statements, words, strict=True):
        assert {address: said in read(address) for address in places(statement)} == dict.fromkeys(
            places(statement), True
        )
        assert badge(read, statement).startswith(said)
    codes = ["under_review" if "review" in said else "neutral_self_declared" for said in words]
    assert [row["claim"] for row in table(read, "activities")] == codes
    assert [row["claim"] for row in table(read, "statements")] == codes


def test_every_claim_reads_under_review_and_by_how_much(block, statements, read):
    say(read, statements, [GOOD] * 5)
    frozen = [read(reverse("disclosure:statement_json", args=[one.number])) for one in statements]
    report(block)
    say(read, statements, [REVIEW.format(lost) if lost else GOOD for lost in LOST])
    assert [(int(row["void"]), int(row["short"])) for row in table(read, "activities")] == [(n, n) for n in LOST]
    assert [read(reverse("disclosure:statement_json", args=[one.number])) for one in statements] == frozen


def test_the_block_the_number_and_the_notice_list_them(block, statements, read):
    notice = report(block)
    for address in (reverse("offsets:block", args=[block.code]), reverse("offsets:void", args=[notice.number])):
        page = read(address)
        assert [f"/activities/{one.activity.code}/" in page for one in statements[:4]] == [True] * 4
    life = read(reverse("offsets:serials") + "?q=FALSE-1/61")
    assert f"/activities/{statements[0].activity.code}/" in life
    assert reverse("offsets:void", args=[notice.number]) in life
    listed = read(reverse("offsets:cancellations"))
    assert listed.count("found void") == 5  # of seven; two lie in the other half


def test_each_exactly_once_though_the_message_comes_twice(block, statements):
    notice = report(block)
    for again in (lambda: report(block, key="again"), lambda: report(block, 40, 60, key="part")):
        with pytest.raises(Refusal):
            again()
    with pytest.raises(Refusal):
        operations.confirm_void(notice=notice, by=make_user(), at=FOUND)
    assert [follow_due() for _ in range(3)] == [4, 0, 0]
    cases = {case.activity_id: case for case in Case.objects.all()}
    assert [cases[one.activity_id].content["units"] for one in statements[:4]] == LOST[:4]
    assert all(case.steps.get().due_on > FOUND.date() for case in cases.values())


@pytest.mark.parametrize("pieces", [[(81, 100), (1, 30), (25, 60), (50, 85)], [(50, 100), (1, 60)]])
def test_in_pieces_and_out_of_order_it_comes_to_the_same(block, statements, read, pieces):
    for number, piece in enumerate(pieces):
        report(block, *piece, key=f"n{number}")
    say(read, statements, [REVIEW.format(lost) if lost else GOOD for lost in LOST])
    follow_due()
    told = [sum(case.content["units"] for case in Case.objects.filter(activity=one.activity)) for one in statements]
    assert told == LOST


def test_replacement_restores_each_claim_and_nothing_short_of_it(block, statements, read):
    report(block)
    follow_due()
    for statement, lost in zip(statements[:4], LOST, strict=False):
        make_retirement(statement.activity, lost - 1)
    one_less = [REVIEW.replace("{0}", "1", 1).format(lost) if lost else GOOD for lost in LOST]
    say(read, statements, one_less)
    assert follow_due() == 0
    for statement in statements[:4]:
        make_retirement(statement.activity, 1)
    say(read, statements, [GOOD] * 5)
    assert [follow_due() for _ in range(2)] == [4, 0]
    assert {case.steps.last().state for case in Case.objects.all()} == {"closed"}


def test_the_past_stays_readable_as_it_was(block, statements, read):
    first = Retirement.objects.order_by("pk")[0]
    report(block)
    page = read(reverse("disclosure:statement", args=[statements[0].number]))
    assert "Balance when published: settled" in page
    assert "45 t" in page
    cancelled = read(reverse("offsets:cancellation", args=[first.number]))
    assert "20 t of it were found void" in cancelled


def test_the_control_units_that_stay_good_change_no_claim(block, statements, read):
    """The other half holds forty units nobody used."""
    report(block, 161, 200)
    say(read, statements, [GOOD] * 5)
    assert follow_due() == 0
