"""Units set aside: nobody else uses them, no path and no raw SQL; they end once, whoever is faster; nothing is lost."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.urls import reverse
from django.utils.timezone import localdate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.tests.factories import make_organization, make_user
from neutrality.activities.tests.factories import make_activity
from neutrality.disclosure.tests.factories import make_accounted
from neutrality.ledger import operations as ledger
from neutrality.ledger import queries as lots
from neutrality.ledger.models import Place, Transfer
from neutrality.offsets import operations, places, queries, recheck, tasks
from neutrality.offsets.models import Reservation
from neutrality.offsets.operations import reserving
from neutrality.offsets.operations.holdings import TooFew
from neutrality.offsets.operations.retiring import NotEligible, NotOpen
from neutrality.offsets.tests.factories import AT, ON, Upload, make_block
from neutrality.offsets.tests.test_one_use import assert_sound
from neutrality.refusals import Refusal

pytestmark = pytest.mark.django_db
LAST = ON + timedelta(days=30)
LATER = datetime(2026, 7, 11, 2, tzinfo=UTC)
"""The day after the last day of the reservations below."""


@pytest.fixture
def held():
    """An activity whose organizer holds 100 units."""
    activity = make_activity(state="committed")
    return activity, make_block(activity.organization, 100)


def reserve(activity, block, quantity=40, **over):
    facts = {"owner": activity.organization, "expires_on": LAST, "quota": 100, "key": uuid4().hex, "at": AT}
    by = over.pop("by", None) or make_user()
    return operations.reserve(activity=activity, block=block, quantity=quantity, by=by, **(facts | over))


def retire(activity, block, units, **over):
    return operations.retire(
        activity=activity, block=block, quantity=units, key=uuid4().hex, by=make_user(), at=AT, **over
    )


def test_reserved_units_are_used_for_nothing_else(held):
    activity, block = held
    reserve(activity, block)
    owner = activity.organization
    assert queries.disposable(owner, block) == 60
    assert queries.reserved_units(activity) == 40
    with pytest.raises(TooFew):
        retire(activity, block, 61)
    sides = {"block": block, "giver": owner, "taker": make_organization(), "side": "giver", "by": make_user(), "at": AT}
    with pytest.raises(TooFew):
        operations.ask(quantity=61, key="a", **sides)
    with pytest.raises(TooFew):
        reserve(activity, block, 61, quota=1000)
    pledge = {"kind": "pledged", "holder": make_organization("seller"), "basis": "x", "key": "p", "by": make_user()}
    with pytest.raises(TooFew):
        operations.lock(block=block, owner=owner, quantity=61, at=AT, **pledge)
    assert "reserved" in {row.state for row in queries.lying(block)}
    assert_sound(block)


REFUSED = {
    "today": ({"expires_on": ON}, "bad_expiry"),
    "too long": ({"expires_on": ON + timedelta(days=181)}, "bad_expiry"),
    "past the deadline of units": (
        {"expires_on": date(2027, 5, 19), "at": datetime(2027, 5, 1, tzinfo=UTC)},
        "bad_expiry",
    ),
    "more than is lacking": ({"quota": 39}, "over_quota"),
    "nothing is lacking": ({"quota": 0}, "over_quota"),
}


@pytest.mark.parametrize(("over", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_reserved(held, over, code):
    with pytest.raises(Refusal) as caught:
        reserve(*held, **over)
    assert caught.value.code == code
    assert not Reservation.objects.exists()


def test_the_quota_is_for_all_reservations_together(held):
    activity, block = held
    reserve(activity, block, 40, quota=70)
    with pytest.raises(reserving.OverQuota):
        reserve(activity, block, 31, quota=70)
    reserve(activity, block, 30, quota=70)


def test_a_draft_and_units_that_cannot_count_are_refused(held):
    activity, _block = held
    with pytest.raises(NotOpen):
        reserve(make_activity(organization=activity.organization), _block)
    with pytest.raises(NotEligible):
        reserve(activity, make_block(activity.organization, 1, kind="tcer", serial="CN-6-1-2-2-0-7014"), 1)


def test_using_it_cancels_the_units_and_returns_the_rest(held):
    activity, block = held
    row = reserve(activity, block)
    rows = operations.use(reservation=row, quantity=25, by=make_user(), at=AT)
    assert sum(one.quantity for one in rows) == 25
    assert queries.checked_units(activity) == 25
    assert queries.disposable(activity.organization, block) == 75
    assert Reservation.objects.get().ending == "used"
    for verb in (operations.unreserve, operations.use):
        with pytest.raises(reserving.NotReserved):
            verb(reservation=row, by=make_user(), at=AT, **({"quantity": 1} if verb is operations.use else {}))
    assert_sound(block)
    assert list(recheck.findings()) == []


def test_the_clock_ends_it_once_and_not_before(held):
    activity, block = held
    row = reserve(activity, block)
    last_evening = datetime(2026, 7, 10, 15, tzinfo=UTC)
    assert operations.expire_due(at=last_evening) == 0
    with pytest.raises(reserving.BadExpiry):  # nor by the verb itself
        reserving.expire(reservation=row, at=last_evening)
    assert operations.expire_due(at=LATER) == 1
    assert operations.expire_due(at=LATER) == 0
    ended = Reservation.objects.get()
    assert (ended.ending, ended.ended_by) == ("expired", None)
    assert queries.disposable(activity.organization, block) == 100
    with pytest.raises(reserving.NotReserved):
        operations.unreserve(reservation=row, by=make_user(), at=LATER)


def test_after_its_last_day_it_cannot_be_used_though_the_clock_was_late(held):
    row = reserve(*held)
    with pytest.raises(reserving.NotReserved):
        operations.use(reservation=row, quantity=1, by=make_user(), at=LATER)


def test_the_sweeper_runs_by_itself(held):
    row = reserve(*held)
    assert tasks.expire_due() == (1 if datetime.now(UTC).date() > LAST else 0)
    assert Reservation.objects.get(pk=row.pk).quantity == 40


@pytest.mark.django_db(transaction=True)
def test_hand_and_clock_at_once_release_once():
    """Eight try to end one reservation: one does, and each unit comes back once."""
    activity = make_activity(state="committed")
    block = make_block(activity.organization, 100)
    row, by = reserve(activity, block), make_user()

    def attempt(place):
        try:
            if place % 2:
                operations.unreserve(reservation=row, by=by, at=LATER)
            else:
                reserving.expire(reservation=row, at=LATER)
            return "ended"
        except reserving.NotReserved:
            return "too late"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert Counter(pool.map(attempt, range(8))) == {"ended": 1, "too late": 7}
    assert Transfer.objects.filter(reason="unreserve").count() == 1
    assert queries.disposable(activity.organization, block) == 100


TARGETS = {
    "another activity": lambda: places.retired(make_activity(state="committed")),
    "another owner": lambda: places.held(make_organization()),
    "a pledge": lambda: Place.objects.create(code="pledged:X"),
}


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS.keys())
def test_raw_sql_cannot_use_them_either(held, target):
    activity, block = held
    row = reserve(activity, block)
    source, span = places.reserved(row), lots.spans(places.reserved(row))[0]
    with pytest.raises(DatabaseError, match="set aside"):
        raw(span, source, target())
    raw(span, source, places.retired(activity))  # the control: the activity they are set aside for


def test_raw_sql_cannot_set_aside_what_others_hold(held):
    activity, block = held
    row = reserve(activity, block)
    other = make_block(make_organization(), 10)
    with pytest.raises(DatabaseError, match="set aside"):
        raw(other.within, places.held(other.owner), places.reserved(row))


def raw(span, source, target):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_transfer (key, position, asked, reason, event_on, recorded_at, source_id, target_id,"
            " span, quantity) VALUES (%s, 0, 'x', 'raw', now(), now(), %s, %s, int8range(%s, %s), %s)",
            [uuid4().hex, source.pk, target.pk, span[0], span[1] + 1, span[1] - span[0] + 1],
        )


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["reserve", "release", "use", "expire", "pledge", "unpledge", "retire", "void", "freeze"]),
        st.integers(1, 40),
    ),
    max_size=12,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_whatever_happens_every_unit_lies_in_one_place(acts):
    """Random lives of a block through every place of the ledger: units add up, ended reservations hold nothing, the
    reserved are what running reservations say, and a second look finds nothing."""
    with ledger.together():
        activity = make_activity(state="committed")
        block = make_block(activity.organization, 100)
        life = Life(activity, block)
        for name, number in acts:
            life.act(name, number)
            life.check()
        assert list(recheck.findings()) == []
        transaction.set_rollback(True)


class Life:
    """One block, one owner, one activity; an act that is refused leaves everything as it was."""

    def __init__(self, activity, block):
        self.activity, self.block, self.owner, self.by = activity, block, activity.organization, make_user()
        self.locks = []

    def act(self, name, number):
        try:
            with transaction.atomic():
                getattr(self, name)(number)
        except Refusal:
            pass

    def running(self):
        return Reservation.objects.filter(ended_at__isnull=True).first()

    def reserve(self, number):
        reserve(self.activity, self.block, number, by=self.by, quota=60)

    def release(self, _number):
        if row := self.running():
            operations.unreserve(reservation=row, by=self.by, at=AT)

    def use(self, number):
        if row := self.running():
            operations.use(reservation=row, quantity=number, by=self.by, at=AT)

    def expire(self, _number):
        operations.expire_due(at=LATER)

    def retire(self, number):
        retire(self.activity, self.block, number)

    def pledge(self, number, kind="pledged"):
        facts = {"owner": self.owner, "holder": make_organization("seller"), "basis": "x", "key": uuid4().hex}
        self.locks.append(operations.lock(kind=kind, block=self.block, quantity=number, by=self.by, at=AT, **facts))

    def freeze(self, number):
        self.pledge(number, "frozen")

    def unpledge(self, _number):
        if self.locks:
            operations.release(lock=self.locks.pop(), note="x", by=self.by, at=AT)

    def void(self, number):
        facts = {"reason": "invalid", "explanation": "x", "found_on": ON, "owner_code": self.owner.code}
        notice = operations.propose_void(
            block=self.block,
            serial_first=number,
            serial_last=number,
            upload=Upload(),
            key=uuid4().hex,
            by=self.by,
            at=AT,
            **facts,
        )
        operations.confirm_void(notice=notice, by=make_user(), at=AT)

    def check(self):
        found = {code: sum(b - a + 1 for a, b in held) for code, held in lots.holdings(self.block.within).items()}
        assert sum(found.values()) == 100
        for row in Reservation.objects.all():
            lying = found.get(f"reserved:{row.number}", 0)
            assert lying == 0 if row.ended_at else lying <= row.quantity
        assert queries.checked_units(self.activity) == found.get(f"retired:{self.activity.code}", 0)


def test_the_whole_way_through_pages(cast):
    """Reserved from the holdings, seen on the units page, used; what the activity lacks is its quota."""
    activity = make_accounted("30500", organization=cast.home, created_by=cast.organizer).activity
    block = make_block(cast.home, 100, by=cast.organizer)
    address, client = reverse("portal:reserve", args=[cast.home.code, block.code]), cast.client("organizer")
    values = {
        "key": "k",
        "activity": activity.code,
        "quantity": "32",
        "expires_on": f"{localdate() + timedelta(days=9)}",
    }
    assert client.post(address, values).status_code == 422  # 31 are owed
    assert client.post(address, values | {"quantity": "31"}).status_code == 302
    row = Reservation.objects.get()
    assert row.number in client.get(reverse("portal:units", args=[activity.code])).content.decode()
    assert row.number in client.get(reverse("offsets:holdings", args=[cast.home.code])).content.decode()
    page = reverse("offsets:reservation", args=[row.number])
    assert cast.client("colleague").post(page, {"act": "release"}).status_code == 403
    for sure in ("", "yes"):  # what will not happen is not shown as what will happen
        assert client.post(page, {"quantity": "32", "sure": sure}).status_code == 422
    foreseen = client.post(page, {"quantity": "30"})
    assert (foreseen.status_code, foreseen.context["preview"], len(foreseen.context["will"])) == (200, True, 4)
    assert queries.checked_units(activity) == 0
    assert client.post(page, {"quantity": "30", "sure": "yes"}).status_code == 302
    assert queries.checked_units(activity) == 30
