"""A reader that the system kills in the middle of a file: nothing stays by halves, and the next one reads it whole."""

import time

import pytest
from django.db import connection, transaction
from django.utils import timezone

from neutrality.offsets import operations
from neutrality.offsets.models import BadRow, Project, PublishedRun, Reading, Registry, RegistryFile, SerialLine
from neutrality.offsets.tests.factories import VERRA_HEAD, VERRA_ROW, make_reading
from neutrality.tests.processes import kill, process
from neutrality.trail.models import Entry

SERIAL = "19380-{}-{}-VCS-VCU-1310-VER-CN-13-{}-01012022-31102022-0"
READER = """
from django.utils import timezone
from neutrality.offsets import operations, records
from neutrality.offsets.models import Reading, Registry
from neutrality.offsets.operations import feeds, running, taking
records.TOGETHER = 1500  # a small file in many blocks
def after(module, name, times=1):
    real, seen = getattr(module, name), []
    def halted(*args, **named):
        done = real(*args, **named)
        seen.append(1)
        if len(seen) == times:
            halt()
        return done
    setattr(module, name, halted)
def instead(module, name):
    setattr(module, name, halt)
{plant}
operations.read_waiting(reading=Reading.objects.get(), registries=Registry.objects.all(), now=timezone.now)
"""
POINTS = {
    "before the first row": 'instead(running, "stage")',
    "between two blocks": 'after(running.Stage, "frame", 3)',
    "lines and projects are made": 'after(running, "_numbered")',
    "rows are judged": 'after(running, "_apart")',
    "rows are written": 'after(running, "store")',
    "bad rows are written": 'after(taking, "store_bad")',
    "the trail is told": 'after(feeds, "_read")',
}
SLOWLY = 'running.PUT = running.PUT.replace("WHERE", "WHERE pg_sleep(0.05) IS NULL OR")'
COMMITTED = 'after(feeds, "read")'
TORN = """
real = running.store
def store(*args):
    done = real(*args)
    connection.cursor().execute("COMMIT")
    halt()
running.store = store
"""


def table():
    """Sixty runs of four projects, one that meets another, one whose count is not its range."""
    rows = []
    for number in range(60):
        serial = SERIAL.format(number * 1000 + 1, number * 1000 + 100, 3005 + number % 4)
        row = VERRA_ROW.format(100, serial, "2026-04-09" if number % 2 else "", f"Somebody {number}")
        rows.append(row.replace(",3005,", f",{3005 + number % 4},"))
    rows.insert(20, VERRA_ROW.format(100, SERIAL.format(1050, 1149, 3005), "2026-04-09", ""))
    rows.insert(40, VERRA_ROW.format(99, SERIAL.format(90001, 90100, 3005), "2026-04-09", ""))
    return "\n".join([VERRA_HEAD, *rows]) + "\n"


def state():
    """All that a file leaves, without what tells one reading from another: numbers of rows, times."""
    facts = (
        "serial",
        "event",
        "event_on",
        "beneficiary",
        "version",
        "content",
        "row",
        "at_line",
        "project__identifier",
    )
    return {
        "runs": sorted(PublishedRun.objects.values_list(*facts), key=str),
        "projects": sorted(Project.objects.values_list("identifier", "name_en", "country")),
        "lines": sorted(SerialLine.objects.values_list("text", flat=True)),
        "bad": sorted(BadRow.objects.values_list("row", "at_line", "code", "detail", "content"), key=str),
        "files": list(RegistryFile.objects.values_list("digest", "rows", "new", "changed", "same", "bad")),
        "told": Entry.objects.filter(verb="registry.read").count(),
    }


def undisturbed(reading):
    """What stands before and after a reading that nobody kills; it is taken back."""
    before = state()
    with transaction.atomic():
        operations.read(reading=reading, registries=Registry.objects.all(), at=timezone.now())
        after = state()
        transaction.set_rollback(True)
    assert len(after["runs"]) == 60
    assert [row[2] for row in after["bad"]] == ["overlap", "serial_quantity"]
    return before, after


def again(reading):
    """The next worker, who waits until the database has noticed the death."""
    for _try in range(100):
        if operations.read_waiting(reading=reading, registries=Registry.objects.all(), now=timezone.now):
            return True
        time.sleep(0.1)
    return False


def killed(plant):
    with process(READER.format(plant=plant)) as reader:
        assert reader.stdout.readline() == b"here\n"
        kill(reader)
        assert reader.returncode == -9


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", POINTS)
def test_a_killed_reading_leaves_nothing_and_the_next_one_all(point):
    reading = make_reading(table())
    before, after = undisturbed(reading)
    killed(POINTS[point])
    assert state() == before
    assert Reading.objects.get().state == "waiting"
    assert again(reading)
    assert state() == after
    assert (Reading.objects.get().state, Reading.objects.get().attempts) == ("read", 2)


@pytest.mark.django_db(transaction=True)
def test_killed_while_the_database_writes():
    """The server is in the middle of the statement that writes the rows when its client dies."""
    reading = make_reading(table())
    before, after = undisturbed(reading)
    with process(READER.format(plant=SLOWLY)) as reader:
        assert writing(reader)
        kill(reader)
    assert state() == before
    assert again(reading)
    assert state() == after


def writing(reader):
    asked = (
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' "
        "AND pid <> pg_backend_pid() AND query LIKE %s"
    )
    while reader.poll() is None:
        with connection.cursor() as cursor:
            cursor.execute(asked, ["%INSERT INTO offsets_publishedrun%"])
            if cursor.rowcount:
                return True
        time.sleep(0.05)
    return False


@pytest.mark.django_db(transaction=True)
def test_killed_after_the_commit_nothing_is_read_twice():
    reading = make_reading(table())
    _before, after = undisturbed(reading)
    killed(COMMITTED)
    assert state() == after
    assert Reading.objects.get().state == "read"
    assert operations.read_waiting(reading=reading, registries=Registry.objects.all(), now=timezone.now) is False
    assert state() == after


@pytest.mark.django_db(transaction=True)
def test_a_reading_torn_in_two_is_seen():
    """Control: with a commit planted before the kill, halves do stay, and the same questions see them."""
    reading = make_reading(table())
    before, after = undisturbed(reading)
    killed(TORN)
    assert state() != before
    assert state() != after
