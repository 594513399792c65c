"""One unit, one use: on every path, by every process, and what happens when the guard is taken away."""

import multiprocessing
import random
from itertools import pairwise
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.db.backends.postgresql.psycopg_any import NumericRange

from accounts.models import Organization, User
from accounts.tests.factories import make_organization, make_user
from neutrality.activities.models import Activity
from neutrality.activities.tests.factories import make_activity
from neutrality.appendonly import ChangeForbidden
from neutrality.ledger.models import Lot, Place, Transfer
from neutrality.offsets import operations, places, queries
from neutrality.offsets.models import Block, Retirement, VoidedPart
from neutrality.offsets.tests.factories import AT, Upload, make_block, make_proof, make_retirement
from neutrality.refusals import Refusal


@pytest.fixture
def used(db):
    """A unit used for one activity, and another activity that would like it too."""
    first = make_activity(state="committed")
    other = make_activity(state="committed", organization=first.organization)
    return make_retirement(first, 10), other


def insert_transfer(row, target, **over):
    values = {"span": f"[{row.first},{row.last + 1})", "quantity": row.quantity, "source": row.transfer.target_id}
    values |= over
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_transfer (key, position, asked, reason, event_on, recorded_at, source_id, target_id,"
            " span, quantity) VALUES (%s, 0, '', 'retire', current_date, now(), %s, %s, %s, %s)",
            [uuid4().hex, values["source"], target.pk, values["span"], values["quantity"]],
        )


def test_the_verbs_refuse_a_second_use(used):
    row, other = used
    with pytest.raises(Refusal):
        operations.retire(activity=other, block=row.block, quantity=1, key="k", by=make_user(), at=AT, reason="x")


def test_raw_sql_cannot_move_a_used_unit(used):
    row, other = used
    for source in (row.transfer.target_id, row.transfer.source_id):
        with pytest.raises(DatabaseError), transaction.atomic():
            insert_transfer(row, places.retired(other), source=source)


def test_raw_sql_cannot_write_a_second_retirement(used):
    row, other = used
    columns = [field.column for field in Retirement._meta.concrete_fields if field.column != "id"]
    for change in ({"activity_id": other.pk}, {"activity_id": other.pk, "transfer_id": row.transfer_id}):
        picked = ", ".join(str(change.get(name, f'"{name}"')) for name in columns if name != "number")
        names = ", ".join(name for name in columns if name != "number")
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO offsets_retirement (number, {names}) SELECT 'X', {picked} FROM offsets_retirement"
            )
    assert queries.checked_units(other) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE offsets_retirement SET activity_id = (SELECT max(id) FROM activities_activity)",
        "DELETE FROM offsets_retirement",
        "UPDATE ledger_transfer SET target_id = source_id",
        "DELETE FROM ledger_transfer",
        "UPDATE ledger_lot SET place_id = (SELECT min(id) FROM ledger_place)",
        "DELETE FROM ledger_lot",
        "UPDATE offsets_block SET quantity = quantity + 1, serial_last = serial_last + 1",
        "UPDATE offsets_block SET numbers = int8range(1, 11)",
        "UPDATE ledger_place SET ending = false",
    ],
)
def test_raw_sql_cannot_undo_a_use(used, statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_orm_and_the_admin_cannot_either(used):
    row, other = used
    row.activity = other
    for act in (row.save, row.delete, Retirement.objects.all().delete, row.block.delete):
        with pytest.raises(ChangeForbidden):
            act()
    with pytest.raises(ChangeForbidden):
        Retirement.objects.update(activity=other)


def test_without_the_guard_the_second_use_would_succeed(used):
    """The negative control: it is the database's guards that refuse, not the test's luck."""
    row, other = used
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_transfer DISABLE TRIGGER ledger_move")
    insert_transfer(row, places.retired(other))
    assert Transfer.objects.filter(span__overlap=row.span, target__ending=True).count() == 2


def test_a_proof_decided_stays_decided_in_raw_sql(db):
    proof = make_proof(make_activity(state="committed"))
    operations.check_proof(proof=proof, by=make_user(), at=AT)
    for statement in (
        "UPDATE offsets_proof SET state = 'submitted', decided_at = NULL, decided_by_id = NULL",
        "UPDATE offsets_proof SET quantity = 1",
        "DELETE FROM offsets_proof",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_serials_meet_once_in_the_table_too(db):
    block = make_block(quantity=10, serial="T-1")
    twin = {field.attname: getattr(block, field.attname) for field in Block._meta.concrete_fields}
    twin |= {"id": None, "code": "OTHER", "key": "other", "house": NumericRange(10**15, 10**15 + 10)}
    with pytest.raises(IntegrityError), transaction.atomic():
        Block.objects.create(**twin)


# ---- invariants over random lives (V1 to V5) ------------------------------------------------------------------------


def partition(block):
    """The spans of a block's units by the ledger, lowest first."""
    lots = Lot.objects.filter(span__overlap=block.house).order_by("span")
    return [(lot.span.lower, lot.span.upper) for lot in lots]


def assert_sound(block):
    """V1, V2: the lots of a block partition it; V3, V5: used runs are disjoint and are what retirements say."""
    spans = partition(block)
    assert spans[0][0] == block.house.lower
    assert spans[-1][1] == block.house.upper
    assert all(left[1] == right[0] for left, right in pairwise(spans))
    used = sorted(
        (row.span.lower, row.span.upper, row.activity.code) for row in block.retirements.select_related("activity")
    )
    assert all(left[1] <= right[0] for left, right in pairwise(used))
    void = sum(
        VoidedPart.objects.filter(notice__block=block, retirement__isnull=False).values_list("quantity", flat=True)
    )
    ended = Lot.objects.filter(span__overlap=block.house, place__code__startswith="retired:")
    assert sum(lot.span.upper - lot.span.lower for lot in ended) == sum(high - low for low, high, _ in used) - void


@pytest.mark.parametrize("seed", range(6))
def test_random_lives_keep_every_unit(db, seed):
    dice = random.Random(seed)
    owners = [make_organization() for _ in range(3)]
    activities = [make_activity(state="committed", organization=owner) for owner in owners]
    block, by, second = make_block(owners[0], 200), make_user(), make_user()
    for step in range(40):
        act, units, key = dice.choice("hhrrrv"), dice.randint(1, 60), f"{seed}-{step}"
        giver, taker = dice.sample(owners, 2)
        try:
            if act == "h":
                facts = {"block": block, "giver": giver, "taker": taker, "quantity": units, "side": "giver"}
                operations.accept(handover=operations.ask(key=key, by=by, at=AT, **facts), by=by, at=AT)
            elif act == "r":
                activity = dice.choice(activities)
                facts = {"block": block, "quantity": units, "holder": giver, "reason": "x"}
                operations.retire(activity=activity, key=key, by=by, at=AT, **facts)
            else:
                first = dice.randint(1, 200)
                facts = {"serial_first": first, "serial_last": dice.randint(first, 200), "reason": "invalid"}
                facts |= {"explanation": "x", "upload": Upload(), "owner_code": owners[0].code, "found_on": AT.date()}
                found = operations.propose_void(block=block, key=key, by=by, at=AT, **facts)
                operations.confirm_void(notice=found, by=second, at=AT)
        except Refusal:
            pass
        assert_sound(block)
    for activity in activities:
        place = Lot.objects.filter(place__code=places.retired_code(activity))
        assert queries.checked_units(activity) == sum(lot.span.upper - lot.span.lower for lot in place)


def test_the_soundness_check_can_fail(db):
    """The negative control: the known fault of split runs (the child one number too long) is seen."""
    block = make_block(quantity=10)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_lot DISABLE TRIGGER only_by_transfer")
        cursor.execute("UPDATE ledger_lot SET span = int8range(lower(span), upper(span) - 1)")
    with pytest.raises(AssertionError):
        assert_sound(block)


# ---- races with real processes --------------------------------------------------------------------------------------


def racing(barrier, answers, seed, block, activities, attempts):
    """One process: retire at random, count what was accepted."""
    for alias in connections:
        connections[alias].close()
    dice = random.Random(seed)
    block = Block.objects.select_related("kind__registry", "project").get(pk=block)
    activities = list(Activity.objects.select_related("organization", "rulebook").filter(pk__in=activities))
    by, holder = User.objects.order_by("pk").first(), Organization.objects.get(pk=block.owner_id)
    barrier.wait()
    taken = deadlocks = 0
    for number in range(attempts):
        units = dice.randint(1, 5)
        try:
            facts = {"activity": dice.choice(activities), "quantity": units, "holder": holder, "reason": "x"}
            operations.retire(block=block, key=f"{seed}-{number}", by=by, at=AT, **facts)
            taken += units
        except Refusal:
            pass
        except DatabaseError:
            deadlocks += 1
    answers.put((taken, deadlocks))
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_eight_processes_retire_one_hot_block():
    """The race in which a registry in use accepted 80 and moved 14: here what is accepted is what moved (C1, C4)."""
    activities = [make_activity(state="committed") for _ in range(4)]
    block = make_block(quantity=300)
    context = multiprocessing.get_context("fork")
    barrier, answers = context.Barrier(8), context.Queue()
    arguments = (block.pk, [activity.pk for activity in activities], 30)
    connection.close()
    workers = [context.Process(target=racing, args=(barrier, answers, seed, *arguments)) for seed in range(8)]
    for worker in workers:
        worker.start()
    said = [answers.get(timeout=120) for _ in workers]
    for worker in workers:
        worker.join(timeout=30)
    accepted = sum(taken for taken, _ in said)
    assert sum(deadlocks for _, deadlocks in said) == 0
    assert_sound(block)
    assert accepted == sum(queries.checked_units(activity) for activity in activities)
    assert accepted == 300 - queries.disposable(block.owner, block)
    assert accepted > 0


def same_key(barrier, answers, block, activity):
    for alias in connections:
        connections[alias].close()
    block = Block.objects.select_related("kind__registry", "project").get(pk=block)
    activity = Activity.objects.select_related("organization", "rulebook").get(pk=activity)
    by = User.objects.order_by("pk").first()
    barrier.wait()
    rows = operations.retire(activity=activity, block=block, quantity=7, key="one", by=by, at=AT, reason="x")
    answers.put([row.number for row in rows])
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_eight_equal_sends_are_one_act():
    activity = make_activity(state="committed")
    block = make_block(activity.organization, 100)
    context = multiprocessing.get_context("fork")
    barrier, answers = context.Barrier(8), context.Queue()
    connection.close()
    workers = [context.Process(target=same_key, args=(barrier, answers, block.pk, activity.pk)) for _ in range(8)]
    for worker in workers:
        worker.start()
    said = [answers.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join(timeout=30)
    assert len({tuple(numbers) for numbers in said}) == 1
    assert Retirement.objects.get().quantity == 7
    assert Place.objects.filter(code=places.retired_code(activity)).count() == 1
