"""Eight processes against one block (C1, C2, C4): nothing ends twice. Control: with the guards off, it does."""

import importlib
import multiprocessing
import random
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, connections, transaction

from neutrality.ledger import operations, queries, rules
from neutrality.ledger.models import Transfer
from neutrality.refusals import Refusal

pytestmark = pytest.mark.django_db(transaction=True)
COMMON = {"reason": "race", "event_on": date(2026, 5, 18), "by": None, "at": datetime(2026, 5, 18, tzinfo=UTC)}
PROCESSES = 8
fork = multiprocessing.get_context("fork")

# What one would write first: look whether the units are there, then move them. No lock, no constraint.
NAIVE = """
ALTER TABLE ledger_lot DROP CONSTRAINT ledger_lot_one_place;
CREATE OR REPLACE FUNCTION ledger_move() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE there bigint;
BEGIN
  SELECT count(*) INTO there FROM ledger_lot WHERE place_id = NEW.source_id AND span @> NEW.span;
  IF there = 0 AND NOT EXISTS (SELECT 1 FROM ledger_place WHERE id = NEW.source_id AND code = 'issued:') THEN
    RAISE EXCEPTION 'not there' USING ERRCODE = 'QZ001';
  END IF;
  PERFORM pg_sleep(0.02);
  INSERT INTO ledger_lot (place_id, span) VALUES (NEW.target_id, NEW.span);
  RETURN NULL;
END $$;
"""
GUARDED = """
DROP TRIGGER ledger_move ON ledger_transfer; DROP FUNCTION ledger_move(); TRUNCATE ledger_lot;
ALTER TABLE ledger_lot ADD CONSTRAINT ledger_lot_one_place EXCLUDE USING gist (span WITH &&);
"""


def in_processes(work):
    """Run work(number) in eight processes that start together; their answers."""
    connections.close_all()
    barrier, answers = fork.Barrier(PROCESSES), fork.Queue()

    def run(number):
        connections.close_all()
        barrier.wait(30)
        try:
            answers.put((number, work(number)))
        finally:
            connections.close_all()

    processes = [fork.Process(target=run, args=(number,)) for number in range(PROCESSES)]
    for process in processes:
        process.start()
    found = dict(answers.get(timeout=60) for _ in processes)
    for process in processes:
        process.join(30)
    return [found[number] for number in range(PROCESSES)]


def retire_random_spans(block, attempts):
    """Each process retires for its own activity; a refusal is an answer, anything else is a failure."""

    def work(number):
        source = operations.open_place(code="held:seller")
        target = operations.open_place(code=f"retired:{number}", ending=True)
        dice, won = random.Random(number), 0
        for attempt in range(attempts):
            first = dice.randint(block.first, block.last - 10)
            span = (first, first + dice.randint(0, 9))
            try:
                operations.post(key=f"{number}-{attempt}", span=span, source=source, target=target, **COMMON)
                won += rules.count(span)
            except Refusal:
                continue
        return won

    return work


def ended_twice():
    """Numbers that were moved into ending places more than once."""
    ended = Transfer.objects.filter(target__ending=True).values_list("span", flat=True)
    numbers = [number for span in ended for number in range(span.lower, span.upper)]
    return len(numbers) - len(set(numbers))


def issue(quantity=300):
    return operations.issue(quantity=quantity, place=operations.open_place(code="held:seller"), key="i", **COMMON)


def test_no_unit_ends_twice():
    block = issue()
    won = in_processes(retire_random_spans(block, 60))
    held = queries.holdings((block.first, block.last))
    retired = sum(rules.count(span) for place, spans in held.items() if place != "held:seller" for span in spans)
    assert ended_twice() == 0
    assert sum(won) == retired > 0
    assert sum(rules.count(span) for spans in held.values() for span in spans) == block.quantity


def test_with_the_guards_off_units_end_twice():
    """Control: the same race without lock and constraint breaks, so the test above can fail."""
    block = issue(20)
    with connection.cursor() as cursor:
        cursor.execute(NAIVE)
    try:
        in_processes(retire_random_spans(block, 3))
        assert ended_twice() > 0
    finally:
        with connection.cursor() as cursor:
            cursor.execute(GUARDED)
            moves = importlib.import_module("neutrality.ledger.migrations.0002_moves")
            cursor.execute(moves.MOVE + moves.BY_ITSELF)


def test_sent_eight_times_at_once_counts_once():
    block = issue()
    operations.open_place(code="retired:one", ending=True)

    def work(number):
        transfers = operations.post_quantity(
            key="the same",
            within=(block.first, block.last),
            quantity=7,
            source=operations.open_place(code="held:seller"),
            target=operations.open_place(code="retired:one", ending=True),
            **COMMON,
        )
        return [transfer.number for transfer in transfers]

    answers = in_processes(work)
    assert all(answer == answers[0] for answer in answers)
    assert queries.balance(operations.open_place(code="retired:one", ending=True)) == 7


def test_several_blocks_at_once_in_one_order_never_deadlock():
    sellers = [operations.open_place(code=f"held:{name}") for name in "abcd"]
    blocks = {seller.code: operations.issue(quantity=40, place=seller, key=seller.code, **COMMON) for seller in sellers}

    def work(number):
        target = operations.open_place(code=f"retired:{number}", ending=True)
        won = 0
        for attempt in range(5):
            try:
                with transaction.atomic():
                    for seller in sellers:
                        block = blocks[seller.code]
                        operations.post_quantity(
                            key=f"{number}-{attempt}-{seller.code}",
                            within=(block.first, block.last),
                            quantity=2,
                            source=seller,
                            target=target,
                            **COMMON,
                        )
                won += 1
            except operations.NotHeld:
                continue
            except DatabaseError as error:
                return repr(error)
        return won

    answers = in_processes(work)
    assert sum(answers) == 20
    assert all(queries.balance(seller) == 0 for seller in sellers)
