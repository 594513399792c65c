"""The race in which a registry in use lost 66 of 80 accepted cancellations: eight callers, ten each, one batch.

There each call reads the batch's last balance and writes the next one in a second transaction; calls that read the
same balance write the same next one, all are accepted, and the balance falls once. The control does just that, with
all eight reading before one writes. Here every accepted cancellation is found afterwards, with units of its own.
"""

import multiprocessing

import pytest
from django.db import connection, connections

from neutrality.activities.models import Activity
from neutrality.activities.tests.factories import make_activity
from neutrality.ledger import queries as lots
from neutrality.ledger.models import Transfer
from neutrality.offsets import operations, places, queries
from neutrality.offsets.models import Block, Retirement
from neutrality.offsets.tests.factories import AT, make_block
from neutrality.refusals import Refusal

pytestmark = pytest.mark.django_db(transaction=True)
CALLERS, CALLS = 8, 10
fork = multiprocessing.get_context("fork")


def race(work):
    """`work(caller, call, meet)` by eight processes, ten calls each, every call begun by all at once; the answers."""
    connections.close_all()
    barrier, answers = fork.Barrier(CALLERS), fork.Queue()

    def caller(number):
        connections.close_all()
        said = []
        for call in range(CALLS):
            barrier.wait(60)
            said.append(work(number, call, lambda: barrier.wait(60)))
        answers.put(said)
        connections.close_all()

    processes = [fork.Process(target=caller, args=(number,)) for number in range(CALLERS)]
    for process in processes:
        process.start()
    found = [said for _process in processes for said in answers.get(timeout=180)]
    for process in processes:
        process.join(30)
    return found


def retiring(block, activity):
    """One unit for the activity under a key of the call's own: the numbers of the rows, or the refusal."""

    def work(caller, call, _meet):
        fresh = Block.objects.select_related("kind__registry", "project", "owner").get(pk=block.pk)
        rows = Activity.objects.select_related("organization", "rulebook", "created_by")
        mine = rows.get(pk=activity.pk)
        facts = {"quantity": 1, "key": f"{caller}-{call}", "by": mine.created_by, "at": AT, "reason": "nearby"}
        try:
            return [row.number for row in operations.retire(activity=mine, block=fresh, **facts)]
        except Refusal as refusal:
            return refusal.code

    return work


def found_again(block, activity, said):
    """Every accepted cancellation is there, once, with units nobody else has; and the batch fell by as many."""
    accepted = [number for numbers in said if isinstance(numbers, list) for number in numbers]
    rows = Retirement.objects.filter(block=block)
    assert sorted(rows.values_list("number", flat=True)) == sorted(accepted)
    units = [unit for row in rows for unit in range(row.first, row.last + 1)]
    assert len(units) == len(set(units)) == len(accepted)
    assert queries.checked_units(activity) == lots.balance(places.retired(activity)) == len(accepted)
    assert queries.disposable(block.owner, block) == block.quantity - len(accepted)
    assert Transfer.objects.filter(reason="retire").count() == len(accepted)
    return len(accepted)


def test_of_eighty_accepted_none_is_lost():
    activity = make_activity(state="committed")
    block = make_block(activity.organization, 100)
    assert found_again(block, activity, race(retiring(block, activity))) == CALLERS * CALLS


def test_where_only_fourteen_units_lie_fourteen_are_accepted():
    activity = make_activity(state="committed")
    block = make_block(activity.organization, 14)
    said = race(retiring(block, activity))
    assert found_again(block, activity, said) == 14
    assert said.count("too_few") == CALLERS * CALLS - 14


def test_reading_first_and_writing_then_loses_most_of_them():
    """Control: the log of balances, the newest one counting. Eight read, then eight write."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE scratch_event (number serial PRIMARY KEY, batch text, balance int)")
        cursor.execute("INSERT INTO scratch_event (batch, balance) VALUES ('one', 100)")

    def work(_caller, _call, meet):
        with connection.cursor() as cursor:
            cursor.execute("SELECT balance FROM scratch_event WHERE batch = 'one' ORDER BY number DESC LIMIT 1")
            balance = cursor.fetchone()[0]
            if balance < 1:
                return "too_few"
            meet()
            cursor.execute("INSERT INTO scratch_event (batch, balance) VALUES ('one', %s)", [balance - 1])
            return "accepted"

    try:
        said = race(work)
        with connection.cursor() as cursor:
            cursor.execute("SELECT balance FROM scratch_event ORDER BY number DESC LIMIT 1")
            fell = 100 - cursor.fetchone()[0]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE scratch_event")
    assert said.count("accepted") == CALLERS * CALLS
    assert fell == CALLS  # seventy of eighty are lost
