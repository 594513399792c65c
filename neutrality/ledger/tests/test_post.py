"""The function in the database: it takes the lowest numbers, costs the same in any batch, and its known faults show."""

import importlib
import json
from itertools import pairwise

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from neutrality.ledger import operations, queries
from neutrality.ledger.models import Lot
from neutrality.ledger.tests import test_operations
from neutrality.ledger.tests.test_operations import COMMON
from neutrality.ledger.tests.test_rules import disjoint, numbers

pytestmark = pytest.mark.django_db
MIGRATION = importlib.import_module("neutrality.ledger.migrations.0002_moves")


def ask(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()[0]


def run(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)


def lay(place, sql, *params):
    """Put lots into a place as no guard would let us."""
    run("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE ledger_lot DISABLE TRIGGER only_by_transfer")
    run(f"INSERT INTO ledger_lot (place_id, span) SELECT {place.pk}, {sql}", *params)
    run("ALTER TABLE ledger_lot ENABLE TRIGGER only_by_transfer")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(disjoint(), disjoint(), st.integers(1, 220), st.integers(0, 200), st.integers(1, 60))
def test_the_lowest_numbers_of_a_place_are_taken(db, mine, others, first, length, wanted):
    """Against plain sets: the lowest `wanted` numbers inside a run, in runs that do not touch, or nothing."""
    with transaction.atomic():
        place, other = operations.open_place(code="held:lowest"), operations.open_place(code="held:others")
        taken = numbers(mine)
        for low, high in mine:
            lay(place, "int8range(%s, %s)", low, high + 1)
        for number in numbers(others) - taken:
            lay(other, "int8range(%s, %s)", number, number + 1)
        found = ask("SELECT ledger_lowest(%s, int8range(%s, %s), %s)", place.pk, first, first + length, wanted)
        expected = sorted(taken & set(range(first, first + length)))[:wanted]
        assert queries.spans(place, (first, first + length)) == queries.rules.merged(
            queries.rules.clipped(mine, (first, first + length))
        )
        transaction.set_rollback(True)
    if len(expected) < wanted:
        assert found is None
    else:
        assert sorted(numbers([(each.lower, each.upper - 1) for each in found])) == expected
        assert all(left.upper < right.lower for left, right in pairwise(found))


# ---- the same cost in every batch ------------------------------------------------------------------------------------

SPLITS = 2000


def pages(block, key):
    """How many pages of the database one retirement of five units reads, triggers and constraints included."""
    values = f"'{key}', '', 'held:a', false, 'retired:x', true, '[{block.first},{block.last + 1})', 5"
    sql = f"SELECT * FROM ledger_post({values}, 'r', current_date, now(), null, null)"
    plan = ask(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}")
    found = (plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"]
    assert found["Actual Rows"] > 0
    return found["Shared Hit Blocks"] + found["Shared Read Blocks"]


def batch(place, quantity, key):
    return operations.issue(quantity=quantity, place=place, key=key, **COMMON)


def crowd(block):
    """Half of the batch lies elsewhere in pieces of one unit, so that the other half lies in as many."""
    place, other = operations.open_place(code="held:a"), operations.open_place(code="retired:y", ending=True)
    run("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE ledger_lot DISABLE TRIGGER only_by_transfer")
    run("DELETE FROM ledger_lot WHERE span = %s", block.span)
    lay(other, "int8range(%s + 10 * n + 9, %s + 10 * n + 10) FROM generate_series(0, %s) n", *[block.first] * 2, SPLITS)
    lay(place, "int8range(%s + 10 * n, %s + 10 * n + 9) FROM generate_series(0, %s) n", *[block.first] * 2, SPLITS)


def test_the_size_of_the_batch_and_its_pieces_do_not_matter():
    place = operations.open_place(code="held:a")
    operations.open_place(code="retired:x", ending=True)
    sizes = {size: batch(place, size, f"size-{size}") for size in (10**4, 10**5, 10**6, 10**7)}
    hot = batch(place, 10 * SPLITS + 10, "hot")
    for size, block in sizes.items():  # the first cut lays the rest down in pieces, once
        pages(block, f"first-{size}")
    costs = [pages(block, f"second-{size}") for size, block in sizes.items()]
    assert max(costs) <= min(costs) + 8
    crowd(hot)
    run("ANALYZE ledger_lot")
    assert pages(hot, "hot") <= min(costs) + 40  # deeper indexes, and nothing that grows with the pieces


def test_without_the_index_the_pieces_matter():
    """Control: found by their span alone, all lots of the batch are read."""
    place = operations.open_place(code="held:a")
    operations.open_place(code="retired:x", ending=True)
    block = batch(place, 10 * SPLITS + 10, "hot")
    crowd(block)
    with_index = pages(block, "with")
    run("DROP INDEX ledger_lot_by_place")
    connection.cursor().execute("DISCARD PLANS")
    assert pages(block, "without") > 2 * with_index


def test_the_rest_of_a_long_lot_lies_in_pieces_each_twice_as_long():
    """So that a new lot never overlaps the ghosts of all earlier ones in the span index."""
    place, other = operations.open_place(code="held:a"), operations.open_place(code="held:b")
    block = batch(place, 1_000_000, "long")
    for number in range(3):
        within = {"within": (block.first, block.last), "source": place, "target": other}
        operations.post_quantity(key=f"k{number}", quantity=5, **within, **COMMON)
    lengths = [lot.span.upper - lot.span.lower for lot in Lot.objects.filter(place=place)]
    assert lengths[:4] == [246, 512, 1024, 2048]
    assert len(lengths) < 15
    assert queries.spans(place) == [(block.first + 15, block.last)]


# ---- the known off-by-one faults of splitting, planted ---------------------------------------------------------------

LEFT, RIGHT = "int8range(lower(lot.span), lower(NEW.span))", "next := upper(NEW.span);"
SPLIT_WRONG = {
    "the left rest keeps a number that went": (LEFT, LEFT.replace("NEW.span))", "NEW.span) + 1)")),
    "the left rest lacks its last number": (LEFT, LEFT.replace("NEW.span))", "NEW.span) - 1)")),
    "the right rest begins with a number that went": (RIGHT, RIGHT.replace(";", " - 1;")),
    "the right rest lacks its first number": (RIGHT, RIGHT.replace(";", " + 1;")),
}


# One block, a piece out of its middle and back again, then the lowest numbers of two runs.
STEPS = [("issue", "a", "a", 0, 15), ("post", "a", "b", 5, 4), ("post", "b", "a", 5, 4), ("quantity", "a", "b", 3, 6)]


def model():
    """The property test of the ledger, with these steps."""
    places = {name: operations.open_place(code=f"held:{name}") for name in "ab"}
    places |= {name: operations.open_place(code=f"retired:{name}", ending=True) for name in "xy"}
    places["void"] = operations.open_place(code="void:", ending=True)
    test_operations.by_itself()
    test_operations.test_the_ledger_agrees_with_a_model_after_every_step.hypothesis.inner_test(places, STEPS)


@pytest.mark.parametrize("fault", SPLIT_WRONG)
@pytest.mark.parametrize("constraint", [True, False])
def test_the_known_faults_of_splitting_are_caught(fault, constraint):
    """By the property test; and where two runs would overlap, by the exclusion constraint before that."""
    model()
    right, wrong = SPLIT_WRONG[fault]
    assert right in MIGRATION.MOVE
    run(MIGRATION.MOVE.replace(right, wrong))
    if not constraint:
        run("ALTER TABLE ledger_lot DROP CONSTRAINT ledger_lot_one_place")
    with pytest.raises((AssertionError, DatabaseError), match=r"assert|ledger_lot_|range lower bound"):
        model()
