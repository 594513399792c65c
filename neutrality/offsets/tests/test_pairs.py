"""Every pair of verbs that want the same units, in both orders: while the first has moved them and has not committed,
the second comes. One of them gets the units, nobody waits for ever, and whatever is confirmed is wholly done."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from django.db import IntegrityError, connection, connections, transaction

from accounts.tests.factories import make_organization, make_user
from neutrality.activities.tests.factories import make_activity
from neutrality.ledger import operations as ledger
from neutrality.ledger import queries as lots
from neutrality.ledger import recheck as ledger_recheck
from neutrality.ledger.models import Place
from neutrality.ledger.operations import KeyReused
from neutrality.offsets import operations, recheck
from neutrality.offsets.operations import reserving, voids
from neutrality.offsets.operations.holdings import TooFew
from neutrality.offsets.tests.factories import AT, Upload, make_block
from neutrality.offsets.tests.test_one_use import assert_sound
from neutrality.refusals import Refusal

pytestmark = pytest.mark.django_db(transaction=True)
UNITS, LAST = 10, date(2026, 7, 1)
AFTER = AT + timedelta(days=60)


class Stage:
    """One activity, one block of ten units of its organizer, and everybody who may want them."""

    def __init__(self):
        self.activity = make_activity(state="committed")
        self.owner = self.activity.organization
        self.block = make_block(self.owner, UNITS)
        self.other, self.by, self.second = make_organization("seller"), make_user(), make_user()
        self.common = {"block": self.block, "quantity": UNITS, "by": self.by, "at": AT}

    def retire(self):
        return operations.retire, {
            "activity": self.activity,
            "key": f"retire-{self.block.pk}",
            "reason": "x",
            **self.common,
        }

    def accept(self):
        facts = {"giver": self.owner, "taker": self.other, "side": "giver", "key": f"ask-{self.block.pk}"}
        return operations.accept, {"handover": operations.ask(**facts, **self.common), "by": self.second, "at": AT}

    def reserve(self):
        facts = {"owner": self.owner, "activity": self.activity, "expires_on": LAST, "quota": UNITS}
        return operations.reserve, {"key": f"reserve-{self.block.pk}", **facts, **self.common}

    def lock(self, kind):
        facts = {"kind": kind, "owner": self.owner, "holder": self.other, "basis": "x"}
        return operations.lock, {"key": f"{kind}-{self.block.pk}", **facts, **self.common}

    def pledge(self):
        return self.lock("pledged")

    def freeze(self):
        return self.lock("frozen")

    def surrender(self):
        facts = {"owner": self.owner, "purpose": "public_benefit", "beneficiary": "x", "period": "2026"}
        return operations.surrender, {"key": f"surrender-{self.block.pk}", **facts, **self.common}

    def compensate(self):
        facts = {"case_number": "1", "case_kind": "civil", "authority": "x", "party": "张某", "method": "x"}
        facts |= {"owner": self.owner, "lost_t": Decimal("9.5"), "decided_on": date(2026, 5, 1)}
        facts |= {"key": f"case-{self.block.pk}", "block": self.block, "by": self.by, "at": AT}
        return operations.compensate, facts

    def void(self):
        facts = {"serial_first": self.block.serial_first, "serial_last": self.block.serial_last, "reason": "invalid"}
        facts |= {"explanation": "x", "upload": Upload(), "owner_code": self.owner.code, "found_on": AT.date()}
        facts |= {"block": self.block, "key": f"void-{self.block.pk}", "by": self.by, "at": AT}
        return operations.confirm_void, {"notice": operations.propose_void(**facts), "by": self.second, "at": AT}

    def reserved(self):
        """The units lie in a reservation from now on."""
        self.reservation = self.done(self.reserve)

    def locked(self):
        self.lock_row = self.done(self.pledge)

    def use(self):
        return operations.use, {"reservation": self.reservation, "quantity": UNITS, "by": self.by, "at": AT}

    def unreserve(self):
        return operations.unreserve, {"reservation": self.reservation, "by": self.by, "at": AT}

    def expire(self):
        return reserving.expire, {"reservation": self.reservation, "at": AFTER}

    def release(self):
        return operations.release, {"lock": self.lock_row, "note": "x", "by": self.by, "at": AT}

    def done(self, verb):
        act, facts = verb()
        return act(**facts)


def blocked(pid):
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [pid])
        return cursor.fetchone()[0]


def meeting(first, second):
    """Both acts, the second begun after the first has done everything but its commit, and waiting for it: what became
    of each, None or the refusal. Anything else is raised."""
    done, commit, pids = threading.Event(), threading.Event(), []

    def leads():
        verb, facts = first
        try:
            with transaction.atomic():
                verb.__wrapped__(**facts)
                done.set()
                assert commit.wait(30)
        except Refusal as refusal:
            return refusal
        finally:
            done.set()
            connections.close_all()

    def follows():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pids.append(cursor.fetchone()[0])
        verb, facts = second
        try:
            verb(**facts)
        except Refusal as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(leads)
        assert done.wait(30)
        two = pool.submit(follows)
        until = time.monotonic() + 20
        while not two.done() and not (pids and blocked(pids[0])) and time.monotonic() < until:
            time.sleep(0.01)
        commit.set()
        return one.result(30), two.result(30)


def lying(block):
    """Units of the block by what their place is: held, reserved, retired..."""
    found = {}
    for code, spans in lots.holdings(block.within).items():
        kind = code.split(":")[0]
        found[kind] = found.get(kind, 0) + sum(last - first + 1 for first, last in spans)
    return found


def assert_whole(stage):
    assert_sound(stage.block)
    assert list(ledger_recheck.findings()) == []
    assert [found for found in recheck.findings() if found.table != "offsets_tally"] == []


WANT = {
    "retire": "retired",
    "accept": "held",
    "reserve": "reserved",
    "pledge": "pledged",
    "freeze": "frozen",
    "surrender": "surrendered",
    "compensate": "judicial",
}


def test_of_two_who_want_the_same_units_the_first_gets_them():
    for one, two in product(WANT, WANT):
        if one != two:
            stage = Stage()
            first, second = getattr(stage, one)(), getattr(stage, two)()
            won, lost = meeting(first, second)
            assert (one, two, won) == (one, two, None)
            assert lost.code == ("too_few" if two == "retire" else "not_held"), (one, two)
            assert lying(stage.block) == {WANT[one]: UNITS}, (one, two)
            assert_sound(stage.block)


@pytest.mark.parametrize("one", WANT)
def test_what_moves_while_a_notice_is_confirmed_is_void_too(one):
    stage = Stage()
    notice = stage.void()
    assert meeting(getattr(stage, one)(), notice) == (None, None)
    assert lying(stage.block) == {"void": UNITS}
    assert sum(notice[1]["notice"].parts.values_list("quantity", flat=True)) == UNITS
    assert_whole(stage)


def test_without_a_second_look_units_escape_a_notice(monkeypatch):
    """Control: places looked up, then locked, as one would write it first. Half of the run moves on in between."""

    def naive(within):
        return list(Place.objects.filter(code__in=list(lots.holdings(within))).order_by("pk").select_for_update())

    monkeypatch.setattr(voids, "_locked", naive)
    stage = Stage()
    stage.common["quantity"] = UNITS // 2
    assert meeting(stage.retire(), stage.void()) == (None, None)
    assert lying(stage.block) == {"retired": UNITS // 2, "void": UNITS // 2}


@pytest.mark.parametrize("two", WANT)
def test_void_units_are_used_by_nobody_who_comes_later(two):
    stage = Stage()
    second = getattr(stage, two)()
    won, lost = meeting(stage.void(), second)
    assert (won, lost.code) == (None, "too_few" if two == "retire" else "not_held")
    assert lying(stage.block) == {"void": UNITS}
    assert_whole(stage)


ENDS = {"use": "retired", "unreserve": "held", "expire": "held"}


@pytest.mark.parametrize(("one", "two"), [(one, two) for one in ENDS for two in ENDS])
def test_a_reservation_ends_once_whoever_is_faster(one, two):
    stage = Stage()
    stage.reserved()
    won, lost = meeting(getattr(stage, one)(), getattr(stage, two)())
    assert (won, lost.code) == (None, "not_reserved")
    assert lying(stage.block) == {ENDS[one]: UNITS}
    assert_whole(stage)


@pytest.mark.parametrize("end", ENDS)
def test_a_reservation_ends_while_a_notice_is_confirmed(end):
    stage = Stage()
    stage.reserved()
    assert meeting(getattr(stage, end)(), stage.void()) == (None, None)
    assert lying(stage.block) == {"void": UNITS}
    assert_whole(stage)


@pytest.mark.parametrize("end", ENDS)
def test_a_notice_is_confirmed_while_a_reservation_ends(end):
    stage = Stage()
    stage.reserved()
    ends = getattr(stage, end)
    won, lost = meeting(stage.void(), ends())
    assert (won, lost.code) == (None, "not_held")  # what it had looked at is gone; asked again, it knows
    if end == "use":
        with pytest.raises(TooFew):
            stage.done(ends)
    else:
        assert stage.done(ends).ended_at
    assert lying(stage.block) == {"void": UNITS}
    assert_whole(stage)


def test_a_pledge_is_released_once_and_a_notice_meanwhile_takes_all():
    stage = Stage()
    stage.locked()
    won, lost = meeting(stage.release(), stage.release())
    assert (won, lost.code) == (None, "not_locked")
    assert lying(stage.block) == {"held": UNITS}
    for first_is_void in (True, False):
        stage = Stage()
        stage.locked()
        acts = [stage.release(), stage.void()]
        won, lost = meeting(*(acts[::-1] if first_is_void else acts))
        assert (won, lost and lost.code) == (None, "not_held" if first_is_void else None)
        if first_is_void:
            assert stage.done(stage.release).released_at
        assert lying(stage.block) == {"void": UNITS}
        assert_whole(stage)


@pytest.mark.parametrize("verb", [*WANT, "void"])
def test_the_same_click_twice_at_once_is_one_act(verb):
    """The second arrives before the first is told; it gets the first one's answer, and no error."""
    stage = Stage()
    act, facts = getattr(stage, verb)()
    said = meeting((act, facts), (act, facts))
    assert said[0] is None
    assert said[1] is None or said[1].code == "not_waiting"
    assert lying(stage.block) == {WANT.get(verb, "void"): UNITS}
    assert_sound(stage.block)


def test_without_the_lock_of_its_key_the_second_click_is_an_error(monkeypatch):
    """Control: looking for the earlier row is not enough, as long as the other sending is not committed."""
    monkeypatch.setattr(ledger, "once", lambda rows, key, **said: rows.objects.filter(key=key).first())
    stage = Stage()
    with pytest.raises(IntegrityError):
        meeting(stage.pledge(), stage.pledge())


@pytest.mark.parametrize("verb", [*WANT, "void"])
def test_a_form_changed_and_sent_again_is_told_so(verb):
    """Somebody goes back in the browser, changes the form and sends it again: nothing happens, and they are told."""
    stage = Stage()
    if verb == "accept":
        facts = {"giver": stage.owner, "taker": stage.other, "side": "giver", "key": "k", **stage.common}
        act, change = operations.ask, {"quantity": 3}
    elif verb == "void":
        _confirm, facts = stage.void()
        act, change = operations.propose_void, {"explanation": "y"}
        facts = {"serial_first": stage.block.serial_first, "serial_last": stage.block.serial_last, "reason": "invalid"}
        facts |= {"explanation": "x", "upload": Upload(), "owner_code": stage.owner.code, "found_on": AT.date()}
        facts |= {"block": stage.block, "key": f"void-{stage.block.pk}", "by": stage.by, "at": AT}
    else:
        act, facts = getattr(stage, verb)()
        change = {"lost_t": Decimal("3")} if verb == "compensate" else {"quantity": 3}
    one = act(**facts)
    assert act(**facts) == one
    with pytest.raises(KeyReused):
        act(**facts | change)
