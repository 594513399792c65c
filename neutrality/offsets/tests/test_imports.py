"""Importing as a whole: any order, any split, any doubling gives one state; a bad row stops nothing but itself."""

import random
from datetime import date

import numpy as np
import polars as pl
import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.tests.factories import make_user
from neutrality.offsets import frames, operations, queries, tables
from neutrality.offsets.models import (
    PublishedRun,
    SerialLine,
)
from neutrality.offsets.operations import running
from neutrality.offsets.rules import layouts, published
from neutrality.offsets.rules.cells import BadRow
from neutrality.offsets.tests.factories import AT, VERRA_HEAD, VERRA_ROW, Table, make_kind

SERIAL = "19380-{}-{}-VCS-VCU-1310-VER-CN-13-3005-01012022-31102022-0"


def verra(first, last, retired="2026-04-09", beneficiary="", units=None):
    return VERRA_ROW.format(f"{units or last - first + 1:,d}", SERIAL.format(first, last), retired, beneficiary)


def read(*rows, head=VERRA_HEAD, end="\n", **over):
    make_kind("vcu")
    table = Table("\n".join([head, *rows]) + end)
    return operations.read_file(upload=table, owner_code="0" * 18, by=make_user(), at=AT, **over)


def codes(file):
    return [(row.row, row.code) for row in file.bad_rows.order_by("row")]


# ---- one state ------------------------------------------------------------------------------------------------------


@st.composite
def true_rows(draw):
    """Rows a registry may publish: runs of each side lie apart, some used and some standing."""
    rows, at = [], 1
    for length in draw(st.lists(st.integers(1, 5000), min_size=1, max_size=12)):
        at += draw(st.integers(1, 50))
        retired = draw(st.sampled_from(["2026-04-09", "2026-05-01", ""]))
        rows.append(verra(at, at + length - 1, retired, draw(st.sampled_from(["", "某公司", "Somebody"]))))
        at += length
    return rows


def state():
    """What the registry's tables say now: the newest version of every run."""
    fields = ("serial", "event", "event_on", "beneficiary", "note", "quantity", "project__identifier")
    return sorted(PublishedRun.objects.values_list(*fields, "version"), key=str)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=true_rows(), chance=st.integers(0, 2**16))
def test_any_order_split_or_doubling_gives_one_state(db, rows, chance):
    dice = random.Random(chance)
    mixed = rows + dice.choices(rows, k=3)
    dice.shuffle(mixed)
    cut = dice.randrange(len(mixed) + 1)
    states = []
    for parts in ([rows], [mixed], [mixed[:cut], mixed[cut:]], [rows, mixed]):
        with transaction.atomic():
            for part in filter(None, parts):
                assert not read(*part).bad
            states.append(state())
            transaction.set_rollback(True)
    assert states[0] == states[1] == states[2] == states[3]


WRONG = [
    '"x,,,,',
    "x" * 3,
    ",".join('"a"b"' for _ in range(12)),
    "\x00",
    VERRA_ROW.format("5", "é", "", ""),
    '"""',
    ";;;",
]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=true_rows(), wrong=st.sampled_from(WRONG), chance=st.integers(0, 100))
def test_a_corrupted_row_never_stops_the_rest(db, rows, wrong, chance):
    place = chance % (len(rows) + 1)
    with transaction.atomic():
        file = read(*rows[:place], wrong, *rows[place:])
        assert (file.new, file.bad) == (len(rows), 1)
        assert codes(file)[0][0] == place + 2
        assert set(PublishedRun.objects.values_list("row", flat=True)) == set(range(2, len(rows) + 3)) - {place + 2}
        transaction.set_rollback(True)


def test_overlaps_inside_a_file_are_set_aside_row_by_row(db):
    """TV13: the first in the file stands; equal rows are one; what shares a number with it names it."""
    rows = [verra(1, 100), verra(50, 60), verra(1, 100), verra(1, 100, beneficiary="Another"), verra(101, 200)]
    file = read(*rows, verra(150, 160, retired=""), verra(155, 300, retired=""))
    assert (file.new, file.same, file.bad) == (3, 1, 3)
    assert codes(file) == [(3, "overlap"), (5, "twice"), (8, "overlap")]
    assert file.bad_rows.first().content["serial number"] == SERIAL.format(50, 60)
    assert file.bad_rows.first().detail == "1–100 (2)"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(runs=st.lists(st.tuples(st.integers(1, 40), st.sampled_from([1, 2, 20])), min_size=1, max_size=15))
@example(runs=[(1, 12), (2, 2), (5, 2)])  # the third meets the first alone, and stands behind the second
def test_the_first_in_the_file_stands_however_many_meet(db, runs):
    """Beside the plainest way to say it: each run is compared with all that stand."""
    stand, gone = [], 0
    for first, length in runs:
        met = [(low, high) for low, high in stand if low <= first + length - 1 and high >= first]
        if not met:
            stand.append((first, first + length - 1))
        gone += bool(met) and (first, first + length - 1) not in met
    with transaction.atomic():
        file = read(*(verra(first, first + length - 1) for first, length in runs))
        assert (file.new, file.bad) == (len(stand), gone)
        transaction.set_rollback(True)


def test_overlaps_with_what_is_known_are_set_aside_row_by_row(db):
    """Used numbers stay used as they were first read; what merely stood may be split anew."""
    read(verra(100, 199), verra(1000, 1999, retired=""))
    file = read(verra(150, 250), verra(300, 350), verra(1000, 1400), verra(1401, 1999, retired=""), verra(90, 400))
    assert codes(file) == [(2, "overlap_known"), (6, "overlap")]
    assert "(2, " in file.bad_rows.get(row=2).detail
    assert file.new == 3
    numbers = PublishedRun.objects.get(serial=SERIAL.format(1000, 1400)).numbers
    assert [run.event for run in queries.published(numbers)] == ["retired"]
    assert read(verra(90, 400)).bad_rows.get().code == "overlap_known"


def test_retired_and_cancelled_are_versions_of_one_use(db):
    read(verra(1, 100))
    row = verra(1, 100).rsplit(",", 2)[0] + ",Cancelled by request,"
    assert (read(row).changed, PublishedRun.objects.latest("version").event) == (1, "cancelled")


@pytest.mark.parametrize("guarded", [True, False])
def test_the_database_keeps_used_runs_apart(db, guarded):
    """Control: without the trigger the same statement goes through."""
    read(verra(1, 100))
    again = (
        "INSERT INTO offsets_publishedrun (registry_id, project_id, line_id, numbers, serial, quantity, side, event, "
        'event_on, beneficiary, note, version, content, file_id, "row", at_line) SELECT registry_id, project_id, '
        "line_id, int8range(lower(numbers) + 50, upper(numbers) + 50), serial, quantity, side, event, event_on, "
        "beneficiary, note, version, content, file_id, 99, 0 FROM offsets_publishedrun"
    )
    with connection.cursor() as cursor:
        if guarded:
            with pytest.raises(DatabaseError, match="share numbers"), transaction.atomic():
                cursor.execute(again)
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE offsets_publishedrun DISABLE TRIGGER published_apart")
            cursor.execute(again)
    assert PublishedRun.objects.count() == (1 if guarded else 2)


def test_the_guard_walks_many_rows_as_it_asks_for_few(db):
    """Above 20,000 rows the neighbours are walked through in order; both ways refuse the one overlap."""
    read(verra(1, 100))
    line = SerialLine.objects.get()
    many = (
        "INSERT INTO offsets_publishedrun (registry_id, project_id, line_id, numbers, serial, quantity, side, event, "
        'event_on, beneficiary, note, version, content, file_id, "row", at_line) SELECT registry_id, project_id, '
        "line_id, int8range(%s + n * 10, %s + n * 10 + 5), '', 5, 2, 'retired', event_on, '', '', 1, '', file_id, 9, 0 "
        "FROM offsets_publishedrun, generate_series(%s, 20100) AS n WHERE serial <> ''"
    )
    base = line.pk * 10**12
    with connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="share numbers"), transaction.atomic():
            cursor.execute(many, [base, base, 9])
        cursor.execute(many, [base, base, 11])
        assert cursor.rowcount > 20_000


# ---- two lanes ------------------------------------------------------------------------------------------------------

SHAPES = {
    "verra-transactions": "19380-{0}-{1}-VCS-VCU-1310-VER-CN-13-3005-01012022-31102022-0",
    "gold-standard-retirements": "GS1-1-KE-GS11603-16-2025-30256-{0}-{1}",
    "acr-retirements": "ACR-FR-1129-2025-2917-{0} to {1}",
    "car-cancellations": "CAR-ROC-US-2056-129-2283-WV-2025-8969-{0} to {1}",
    "art-retirements": "FCPF-CI-130-2023-20-{0} to {1}",
}
SPOIL = [
    "",
    " ",
    "0",
    "-",
    "a",
    "&amp;",
    "<b>",
    "\u3000",
    "2026-02-30",
    "13/13/2026",
    "CANCELled",
    "1,0",
    ".0",
    "２",
    "é",
]


@st.composite
def rows_of_runs(draw):
    name = draw(st.sampled_from(sorted(SHAPES)))
    runs = layouts.LAYOUTS[name].runs
    first = draw(st.integers(0, 3000))
    last = first + draw(st.integers(0, 3000))
    row = {
        runs.identifier: draw(st.sampled_from(["3005", "ACR1129", "10789.0"])),
        runs.name: "Some project",
        runs.serial: SHAPES[name].format(first, last),
        runs.quantity: draw(st.sampled_from(["{}", "{:,}", "{}.0"])).format(last - first + 1),
        runs.on: draw(st.sampled_from(["2026-04-09", "2026-04-09T12:35:58.8", "4/9/2026 7:10:41 PM", "04/09/2026"])),
    }
    for column in filter(None, (runs.ended, runs.reason, runs.beneficiary, *runs.notes)):
        row[column] = draw(
            st.sampled_from(["", "2026-04-10"] if column == runs.ended else ["", "Some words", "cancel"])
        )
    for column in runs.details.of_labels:
        row[column] = draw(
            st.sampled_from(["", "CCB; ICVCM CCP", "Yes", "no", "03: Health;13: Climate", "7,1", "A, B"])
        )
    for column in draw(st.lists(st.sampled_from(sorted(row)), max_size=2)):
        place = draw(st.integers(0, len(row[column])))
        row[column] = row[column][:place] + draw(st.sampled_from(SPOIL)) + row[column][place:]
    return name, row


@settings(max_examples=300, deadline=None)
@given(rows_of_runs())
def test_the_fast_lane_says_what_the_rules_say(case):
    """Whatever the fast lane takes, the rules read to the same run; whatever they refuse, it leaves to them."""
    name, row = case
    layout = layouts.LAYOUTS[name]
    cells = pl.DataFrame([list(row.values())], schema=[str(place) for place in range(len(row))], orient="row")
    chunk = tables.Chunk(cells, np.array([2]), np.array([2]))
    frame, rest = frames.clean(layout.runs, [layouts.heading(column) for column in row], chunk, date(2026, 6, 10))
    try:
        (fact,) = layout.read({layouts.heading(column): text for column, text in row.items()}, published.Context())
        told = running.staged(2, 2, fact)
    except BadRow:
        told = None
    assert bool(rest) != bool(len(frame))
    if len(frame):
        assert frame.row(0) == told
