"""One act, one transaction: the trail's lock is the last one taken, so nobody waits for anything behind it."""

import ast
import multiprocessing
from pathlib import Path

import pytest
from django.db import DatabaseError, connections, transaction

from accounts.tests.factories import make_user
from neutrality.activities.tests.factories import make_activity
from neutrality.ledger import operations as ledger
from neutrality.offsets import operations, places, queries
from neutrality.offsets.tests.factories import AT, ON, make_block
from neutrality.refusals import Refusal
from neutrality.trail import operations as trail

ROOM = "neutrality.offsets.operations"
FOLDER = Path(operations.__file__).parent
MOVES = {"ledger.issue", "ledger.post", "ledger.post_quantity", "ledger.reverse"}
fork = multiprocessing.get_context("fork")


def retire(activity, block, key):
    facts = {"quantity": 1, "key": key, "by": activity.created_by, "at": AT, "reason": "nearby", "holder": block.owner}
    return operations.retire(activity=activity, block=block, **facts)


@pytest.mark.django_db
def test_a_second_act_in_one_transaction_is_refused():
    activity = make_activity(state="committed")
    block = make_block(activity.organization, 10)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        retire(activity, block, "one")
    assert queries.checked_units(activity) == 0
    retire(activity, block, "one")
    retire(activity, block, "two")
    assert queries.checked_units(activity) == 2


@pytest.mark.django_db(transaction=True)
def test_many_acts_together_hold_off_everybody_else():
    activity = make_activity(state="committed")
    block = make_block(activity.organization, 10)
    with ledger.together():
        retire(activity, block, "one")
        retire(activity, block, "two")

        def other(_meet):
            with connections["default"].cursor() as cursor:
                cursor.execute("SET lock_timeout = '200ms'")
            retire(activity, block, "three")

        [error] = in_processes(other)
    facts = {"activity": activity, "block": block, "key": "five", "by": activity.created_by, "at": AT}
    assert "lock timeout" in error
    assert queries.checked_units(activity) == 2
    with pytest.raises(Refusal), ledger.together():  # all of them or none
        _kept = [retire(activity, block, "four"), operations.retire(**facts | {"quantity": 0})]
    assert queries.checked_units(activity) == 2
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():  # and the guard is back
        retire(activity, block, "five")


def in_processes(*works):
    """Run each in a process of its own, with a barrier between them; what the database said against each."""
    barrier, answers = fork.Barrier(len(works)), fork.Queue()

    def run(number, work):
        for alias in connections:
            connections[alias].connection = None  # the parent's: neither used nor closed here
        try:
            work(lambda: barrier.wait(30))
            answers.put((number, ""))
        except DatabaseError as error:
            answers.put((number, str(error)))
        connections.close_all()

    processes = [fork.Process(target=run, args=each) for each in enumerate(works)]
    for process in processes:
        process.start()
    found = dict(answers.get(timeout=60) for _process in processes)
    for process in processes:
        process.join(30)
    return [found[number] for number in range(len(works))]


@pytest.mark.django_db(transaction=True)
def test_without_the_guard_two_acts_of_two_meet_in_a_deadlock():
    """Control: one has retired and wants a second place; another has that place and wants to tell the trail."""
    activities = [make_activity(state="committed") for _ in range(2)]
    blocks = [make_block(activity.organization, 10) for activity in activities]
    by = make_user()
    unguarded = operations.retire.__wrapped__
    facts = {"quantity": 1, "by": by, "at": AT, "reason": "nearby"}

    def twice(meet):
        with transaction.atomic():
            unguarded(activity=activities[0], block=blocks[0], holder=blocks[0].owner, key="first", **facts)
            meet()
            unguarded(activity=activities[0], block=blocks[1], holder=blocks[1].owner, key="second", **facts)

    def once(meet):
        with transaction.atomic():
            ends = {"source": places.held(blocks[1].owner), "target": places.retired(activities[1])}
            more = {"reason": "retire", "event_on": ON, "by": by, "at": AT}
            ledger.post_quantity(key="third", within=blocks[1].within, quantity=1, **ends, **more)
            meet()
            trail.record(verb="units.retire", subject="x", by=by, at=AT)

    said = in_processes(twice, once)
    assert sum("deadlock detected" in error for error in said) == 1


# ---- which verbs are acts -------------------------------------------------------------------------------------------


def functions(sources):
    """Of every function of these modules (name -> source): what it calls, by module and name, and its decorators."""
    found = {}
    for module, source in sources.items():
        nodes = list(ast.walk(ast.parse(source)))
        own = {node.name: f"{module}.{node.name}" for node in nodes if isinstance(node, ast.FunctionDef)}
        imported = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module.startswith(ROOM)]
        for node in imported:
            own |= {alias.name: f"{node.module.rpartition('.')[2]}.{alias.name}" for alias in node.names}
        for node in nodes:
            if isinstance(node, ast.FunctionDef):
                said = [ast.unparse(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)]
                decorators = {ast.unparse(each) for each in node.decorator_list}
                found[f"{module}.{node.name}"] = {own.get(name, name) for name in said}, decorators
    return found


def not_acts(found, verbs):
    """Verbs that move units, by themselves or through others, and are no acts. Who only calls acts moves nothing."""
    inner = {name: called for name, (called, decorators) in found.items() if "ledger.act" not in decorators}
    moves = {name for name, called in inner.items() if called & MOVES}
    while more := {name for name, called in inner.items() if called & moves} - moves:
        moves |= more
    return sorted({name.rpartition(".")[2] for name in moves} & set(verbs))


def test_every_verb_that_moves_units_is_an_act():
    found = functions({path.stem: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.py"))})
    acts = {name.rpartition(".")[2] for name, (_called, decorators) in found.items() if "ledger.act" in decorators}
    assert acts >= {"retire", "accept", "issue_block", "check_proof", "confirm_void", "lock", "release", "use"}
    assert not_acts(found, operations.__all__) == []


def test_a_verb_that_is_no_act_is_seen():
    """Control: moved through a helper, and by itself."""
    source = "def helper(): ledger.post()\ndef one(): helper()\n@ledger.act\ndef two(): helper()\ndef three(): two()"
    other = f"from {ROOM}.here import helper\ndef four(): helper()"
    assert not_acts(functions({"here": source, "there": other}), ["one", "two", "three", "four"]) == ["four", "one"]
