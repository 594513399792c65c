"""The ledger: a model in plain Python beside it, named refusals, and raw SQL at the door."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from neutrality.appendonly import ChangeForbidden
from neutrality.ledger import operations, queries, rules
from neutrality.ledger.models import Lot, Place, Transfer
from neutrality.refusals import Refusal

pytestmark = pytest.mark.django_db
COMMON = {"reason": "test", "event_on": date(2026, 5, 18), "by": None, "at": datetime(2026, 5, 18, tzinfo=UTC)}


def by_itself():
    """Rooms above add guards of their own: what is pledged stays, what is void was found so by two people."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_transfer DISABLE TRIGGER locked_stay")


@pytest.fixture
def places(db):
    by_itself()
    return {
        "a": operations.open_place(code="held:a"),
        "b": operations.open_place(code="held:b"),
        "x": operations.open_place(code="retired:x", ending=True),
        "y": operations.open_place(code="retired:y", ending=True),
        "void": operations.open_place(code=rules.VOID, ending=True),
    }


@pytest.fixture
def block(places):
    return operations.issue(quantity=100, place=places["a"], key="issue", **COMMON)


def test_issuing_takes_fresh_numbers_in_one_piece(places, block):
    second = operations.issue(quantity=5, place=places["b"], key="issue-2", **COMMON)
    assert (block.quantity, block.last - block.first + 1) == (100, 100)
    assert second.first == block.last + 1
    assert queries.spans(places["a"]) == [(block.first, block.last)]
    assert queries.whereabouts(second.last) == places["b"]
    assert queries.whereabouts(second.last + 1) is None


def test_posting_splits_and_returning_joins(places, block):
    middle = (block.first + 10, block.first + 19)
    there = operations.post(key="k", span=middle, source=places["a"], target=places["b"], **COMMON)
    assert queries.spans(places["a"]) == [(block.first, middle[0] - 1), (middle[1] + 1, block.last)]
    assert queries.balance(places["b"], within=(block.first, middle[0] + 4)) == 5
    back = operations.post(key="k2", span=middle, source=places["b"], target=places["a"], **COMMON)
    assert queries.spans(places["a"]) == [(block.first, block.last)]
    assert queries.history(middle[0]) == [block, there, back]
    across = (block.first + 5, block.first + 30)
    operations.post(key="k3", span=across, source=places["a"], target=places["x"], **COMMON)
    assert queries.holdings((block.first, block.last)) == {
        "held:a": [(block.first, across[0] - 1), (across[1] + 1, block.last)],
        "retired:x": [across],
    }


def test_post_quantity_takes_the_lowest_numbers(places, block):
    hole = (block.first + 3, block.first + 5)
    operations.post(key="hole", span=hole, source=places["a"], target=places["b"], **COMMON)
    within = {"within": (block.first, block.last), "source": places["a"], "target": places["x"]}
    moved = operations.post_quantity(key="q", quantity=6, **within, **COMMON)
    assert [(t.first, t.last) for t in moved] == [(block.first, hole[0] - 1), (hole[1] + 1, hole[1] + 3)]
    assert operations.post_quantity(key="q", quantity=6, **within, **COMMON) == moved
    with pytest.raises(operations.NotHeld):
        operations.post_quantity(key="q2", quantity=92, **within, **COMMON)
    assert queries.balance(places["a"]) == 91


def test_the_same_key_is_one_act_and_other_content_is_refused(places, block):
    def move(first, key="k"):
        return operations.post(key=key, span=(first, first), source=places["a"], target=places["x"], **COMMON)

    assert move(block.first) == move(block.first)
    assert queries.balance(places["x"]) == 1
    with pytest.raises(operations.KeyReused):
        move(block.first + 1)
    with pytest.raises(operations.KeyReused):
        operations.issue(quantity=1, place=places["a"], key="k", **COMMON)


def test_an_ended_unit_stays_ended(places, block):
    unit = (block.first, block.first)
    retired = operations.post(key="k", span=unit, source=places["a"], target=places["x"], **COMMON)
    for number, target in enumerate((places["a"], places["y"], places["void"])):
        with pytest.raises(operations.Ended):
            operations.post(key=f"back-{number}", span=unit, source=places["x"], target=target, **COMMON)
    void = operations.reverse(key="r", transfer=retired, **COMMON)
    assert (void.reverses, void.target.code) == (retired, rules.VOID)
    with pytest.raises(operations.Ended):
        operations.post(key="out", span=unit, source=places["void"], target=places["a"], **COMMON)
    with pytest.raises(operations.Ended):
        operations.post(key="mint", span=(block.last, block.last), source=places["a"], target=mint(), **COMMON)


def mint():
    return Place.objects.get(code=rules.MINT)


def test_a_reversal_names_what_brought_the_units_there(places, block):
    one, two = (block.first, block.first), (block.first + 1, block.first + 1)
    first = operations.post(key="k1", span=one, source=places["a"], target=places["x"], **COMMON)
    operations.post(key="k2", span=two, source=places["a"], target=places["x"], **COMMON)
    with pytest.raises(operations.Ended):
        operations.reverse(key="r", transfer=first, span=two, **COMMON)


def test_a_place_does_not_change_its_nature(places):
    with pytest.raises(ValueError, match="retired:x exists"):
        operations.open_place(code="retired:x")


@pytest.mark.parametrize("quantity", [0, -1])
def test_no_empty_acts(places, block, quantity):
    with pytest.raises(rules.BadSpan):
        operations.issue(quantity=quantity, place=places["a"], key="none", **COMMON)
    with pytest.raises(rules.BadSpan):
        operations.post_quantity(
            key="none", quantity=quantity, within=(1, 2), source=places["a"], target=places["b"], **COMMON
        )


def test_rows_are_only_added(places, block):
    for change in (block.save, block.delete, Transfer.objects.all().delete, lambda: Place.objects.update(ending=True)):
        with pytest.raises(ChangeForbidden):
            change()


RAW = {
    "transfer changed": "UPDATE ledger_transfer SET quantity = 1",
    "transfer removed": "DELETE FROM ledger_transfer",
    "place changed": "UPDATE ledger_place SET ending = false",
    "lot moved": "UPDATE ledger_lot SET place_id = {y}",
    "lot removed": "DELETE FROM ledger_lot",
    "lot added": "INSERT INTO ledger_lot (place_id, span) VALUES ({y}, {unit})",
    "lot invented": "INSERT INTO ledger_lot (place_id, span) VALUES ({y}, int8range(900000000, 900000001))",
    "ended unit posted": "{insert} {x}, {y}, {unit}, 1, NULL)",
    "not held": "{insert} {b}, {y}, {unit}, 1, NULL)",
    "issued twice": "{insert} {mint}, {y}, {unit}, 1, NULL)",
    "more than the span": "{insert} {a}, {y}, {unit}, 2, NULL)",
    "void without reversal": "{insert} {x}, {void}, {unit}, 1, NULL)",
}
INSERT = """INSERT INTO ledger_transfer
(key, position, asked, reason, event_on, recorded_at, source_id, target_id, span, quantity, reverses_id)
VALUES ('raw', 0, '', 'r', now(), now(),"""


@pytest.mark.parametrize("name", RAW)
def test_raw_sql_is_refused(places, block, name):
    operations.post(key="k", span=(block.first, block.first), source=places["a"], target=places["x"], **COMMON)
    before = queries.holdings((block.first, block.last))
    ids = {code: place.pk for code, place in places.items()} | {"mint": mint().pk}
    sql = RAW[name].format(insert=INSERT, unit=f"int8range({block.first}, {block.first + 1})", **ids)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert queries.holdings((block.first, block.last)) == before


def test_the_constraint_is_the_last_line(places, block):
    """Control: even with the guard of the lots off, no number lies in two places."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_lot DISABLE TRIGGER only_by_transfer")
    taken = Lot.objects.get(place=places["a"]).span
    with pytest.raises(IntegrityError, match="ledger_lot_one_place"), transaction.atomic():
        Lot.objects.create(place=places["y"], span=taken)


steps = st.lists(
    st.tuples(
        st.sampled_from(["issue", "post", "quantity", "reverse"]),
        st.sampled_from(["a", "b", "x", "y"]),
        st.sampled_from(["a", "b", "x", "y", "void"]),
        st.integers(0, 40),
        st.integers(1, 15),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_the_ledger_agrees_with_a_model_after_every_step(places, steps):
    """Model: a map from number to place. Conservation: what was issued is somewhere, once."""
    with transaction.atomic():
        base = operations.issue(quantity=1, place=places["a"], key="base", **COMMON).first
        where = {base: "a"}
        for number, step in enumerate(steps):
            model_step(where, places, base, f"step-{number}", *step)
            actual = queries.holdings((base, base + 1000))
            assert {each: place for place, spans in actual.items() for each in each_of(spans)} == {
                each: places[name].code for each, name in where.items()
            }
        moves = Transfer.objects.filter(number__gt=0).select_related("source", "target")
        held, impossible = rules.replay(
            rules.Move(t.number, t.source.code, t.target.code, (t.first, t.last)) for t in moves
        )
        assert impossible == []
        assert held == queries.holdings((1, 2**60))
        transaction.set_rollback(True)


def each_of(spans):
    return [number for first, last in spans for number in range(first, last + 1)]


def model_step(where, places, base, key, act, source, target, offset, length):
    """Do the step in the ledger and in the model; both accept or both refuse."""
    span = (base + offset, base + offset + length - 1)
    moved = each_of([span])
    ended = source in ("x", "y")
    try:
        with transaction.atomic():
            if act == "issue":
                issued = operations.issue(quantity=length, place=places[source], key=key, **COMMON)
                where.update(dict.fromkeys(range(issued.first, issued.last + 1), source))
                return
            if act == "reverse":
                last = Transfer.objects.filter(target=places[source]).order_by("-number").first()
                if last is None:
                    return
                moved, target = each_of([(last.first, last.last)]), "void"
                operations.reverse(key=key, transfer=last, **COMMON)
            elif source == target:
                return
            elif act == "post":
                operations.post(key=key, span=span, source=places[source], target=places[target], **COMMON)
            else:
                moved = sorted(each for each in moved if where.get(each) == source)[: max(1, length // 2)]
                operations.post_quantity(
                    key=key,
                    within=span,
                    quantity=max(1, length // 2),
                    source=places[source],
                    target=places[target],
                    **COMMON,
                )
        accepted = True
    except Refusal:
        accepted = False
    enough = bool(moved) and all(where.get(each) == source for each in moved)
    enough = enough and (act != "quantity" or len(moved) == max(1, length // 2))
    assert accepted == (enough and (act == "reverse" or not ended))
    if accepted:
        where.update(dict.fromkeys(moved, target))
