"""Files of every making, and how they are handed in, read by the worker, stopped, mended, and shown."""

import io
import time
import zipfile
from datetime import date, timedelta
from uuid import uuid4

import openpyxl
import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import make_user
from neutrality.offsets import operations, queries
from neutrality.offsets.models import (
    Project,
    ProjectVersion,
    PublishedCount,
    PublishedRun,
    Reading,
    Registry,
    RegistryFile,
)
from neutrality.offsets.operations import feeds
from neutrality.offsets.tests.factories import AT, VERRA_HEAD, VERRA_ROW, Table, make_kind, make_reading
from neutrality.refusals import Refusal
from neutrality.tests.processes import process
from neutrality.trail.models import Entry

SERIAL = "19380-{}-{}-VCS-VCU-1310-VER-CN-13-3005-01012022-31102022-0"


def verra(first, last, retired="2026-04-09", beneficiary="", units=None):
    return VERRA_ROW.format(f"{units or last - first + 1:,d}", SERIAL.format(first, last), retired, beneficiary)


def read(*rows, head=VERRA_HEAD, end="\n", **over):
    make_kind("vcu")
    table = Table("\n".join([head, *rows]) + end)
    return operations.read_file(upload=table, owner_code="0" * 18, by=make_user(), at=AT, **over)


def codes(file):
    return [(row.row, row.code) for row in file.bad_rows.order_by("row")]


# ---- files of every making ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        ("<!doctype html><html><body>Log in</body></html>", "export.csv", "web_page"),
        ("", "export.csv", "no_rows"),
        (VERRA_HEAD + "\n", "export.csv", "no_rows"),
        ("a,b\n1,2\n", "export.csv", "unknown_layout"),
        ("%PDF-1.4 \x00\x01", "export.csv", "unknown_layout"),
        ("x", "export.pdf", "not_a_table"),
        ("not a workbook", "export.xlsx", "bad_sheet"),
    ],
)
def test_what_is_no_table_is_refused_in_words(db, text, name, code):
    make_kind("vcu")
    with pytest.raises(Refusal) as caught:
        operations.read_file(upload=Table(text, name=name), owner_code="0" * 18, by=make_user(), at=AT)
    assert caught.value.problems[0].code == code
    assert not RegistryFile.objects.exists()
    assert not Reading.objects.exists()


def test_a_huge_file_is_refused_before_it_is_read(db):
    table = Table("x")
    table.size = 600 * 1024 * 1024
    with pytest.raises(feeds.TooLarge):
        operations.read_file(upload=table, owner_code="0" * 18, by=make_user(), at=AT)


def test_a_workbook_that_swells_is_refused(db):
    """600 MB of nothing in a small archive."""
    make_kind("vcu")
    book = openpyxl.Workbook()
    for row in (VERRA_HEAD.split(","), verra(1, 1).split(",")):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    table = Table("", name="bomb.xlsx")
    table.write(swollen(stream.getvalue()))
    table.size = table.tell()
    table.seek(0)
    with pytest.raises(Refusal):
        operations.read_file(upload=table, owner_code="0" * 18, by=make_user(), at=AT)
    assert not RegistryFile.objects.exists()


def swollen(data):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for part in old.infolist():
            new.writestr(part.filename, old.read(part))
        with new.open("xl/media/nothing.xml", "w") as part:
            for _piece in range(300):
                part.write(bytes(1 << 20))
    return out.getvalue()


def test_a_file_cut_in_the_middle_keeps_all_but_its_last_row(db):
    whole = verra(101, 200)
    file = read(verra(1, 100), whole[: len(whole) // 2], end="")
    assert (file.new, codes(file)) == (1, [(3, "cut")])


def test_damaged_signs_cost_their_row_alone(db):
    make_kind("vcu")
    text = "\n".join([VERRA_HEAD, *(verra(at * 10, at * 10 + 5, beneficiary="Ärzte") for at in range(1, 40))])
    data = text.encode()
    at = data.index("Ärzte".encode())
    table = Table("")
    table.write(data[: at + 1] + data[at + 2 :])
    table.size = table.tell()
    table.seek(0)
    file = operations.read_file(upload=table, owner_code="0" * 18, by=make_user(), at=AT)
    assert (file.new, codes(file)) == (38, [(2, "damaged")])


def test_lines_and_rows_are_told_apart(db):
    """A line break in a cell makes the next row stand one line lower."""
    broken = verra(1, 100).replace("Tongxu Biogas", '"Tongxu\nBiogas"')
    read(broken, verra(101, 200))
    assert list(PublishedRun.objects.order_by("row").values_list("row", "at_line")) == [(2, 2), (3, 4)]
    assert [run.text_line for run in PublishedRun.objects.order_by("row")] == [2, 4]
    assert Project.objects.get().name_en == "Tongxu Biogas"


def test_a_day_to_come_is_set_aside(db):
    tomorrow = AT.date() + timedelta(days=1)
    assert codes(read(verra(1, 100, retired=f"{tomorrow}"), verra(101, 200))) == [(2, "ahead")]


def test_a_workbook_with_its_heading_further_down(db):
    """As the Berkeley database prints it: a title above, line breaks in headings, numbers as numbers."""
    make_kind("vcu")
    book = openpyxl.Workbook()
    book.active.append(["Voluntary Registry Offsets Database"])
    book.active.append([])
    book.active.append([])
    heads = ["Project ID", "Project Name", "Voluntary Registry", "Country", "Total Credits \nIssued"]
    book.active.append([*heads, "Total Credits \nRetired"])
    book.active.append(["VCS1340", "Bale Mountains", "VCS", "Ethiopia", 1454054, 425])
    book.active.append(["XX1", "Nowhere", "XX", "", 1, 1])
    stream = io.BytesIO()
    book.save(stream)
    table = Table("", name="vrod.xlsx")
    table.write(stream.getvalue())
    table.size = table.tell()
    table.seek(0)
    file = operations.read_file(upload=table, owner_code="0" * 18, by=make_user(), at=AT)
    assert (file.layout, file.registry, file.new, codes(file)) == ("berkeley-projects", None, 1, [(6, "registry")])
    rows = {(count.row, count.text_line) for count in PublishedCount.objects.all()}
    assert rows == {(5, None)}  # a workbook has rows and no lines
    facts = {"file": file, "row": 5}
    assert "（文本第4行）" in render_to_string("offsets/_where.html", facts | {"line": 4})
    assert "工作簿第5行" in render_to_string("offsets/_where.html", facts | {"line": None})
    assert dict(PublishedCount.objects.values_list("amount", "tonnes")) == {
        "issued_so_far": 1454054,
        "retired_so_far": 425,
    }
    # The registry's own table stands before the collection's words, and the collection's before nothing.
    head = "ID,Name,Proponent,Project Type,Methodology,Status,Country/Area"
    read("1340,Bale Mountains Eco-region,A Ltd,Forest,VM0015,Registered,Ethiopia", head=head)
    project = Project.objects.get(identifier="1340")
    assert (project.name_en, project.developer) == ("Bale Mountains Eco-region", "A Ltd")
    assert sorted(ProjectVersion.objects.values_list("layout", "version")) == [
        ("berkeley-projects", 1),
        ("verra-projects", 1),
    ]


def test_equal_marks_are_told_apart_in_any_order_and_changes_are_versions(db):
    """CAR issued twice to one project on one day: two amounts, not one and not a change of the other."""
    head = "Project ID,Project Name,Vintage,Date Issued,Total Offset Credits Issued,Offset Credits Converted to VCUs"
    rows = [f"CAR1568,Forest,2025,12/31/2025,{units}," for units in (22287, 118084)]
    assert read(*rows, rows[0], head=head).new == 2
    assert read(*reversed(rows), head=head).same == 2
    file = read(rows[0], "CAR1568,Forest,2025,12/31/2025,118085,", head=head)
    assert (file.changed, file.same) == (1, 1)
    newest = PublishedCount.objects.order_by("mark", "-version").distinct("mark").values_list("tonnes", flat=True)
    assert sum(newest) == 22287 + 118085


# ---- desks, workers, pages ------------------------------------------------------------------------------------------


def test_a_file_of_another_desk_is_refused(cast):
    make_kind("vcu")
    Registry.objects.filter(code="verra").update(operator=cast.elsewhere)
    others = Registry.objects.exclude(code="verra")
    with pytest.raises(feeds.OtherDesk):
        read(verra(1, 100), registries=others)
    head = "Registry,Project ID,Serial number,Quantity,Event,Date"
    verras = f"verra,3005,{SERIAL.format(1, 100)},100,issued,2026-06-01"
    rows = ["cdcer,1,REC-1,10,issued,2026-06-01", verras]
    file = read(*rows, head=head, registries=others)
    assert (file.new, codes(file)) == (1, [(3, "desk")])


def claim(reading):
    return operations.read_waiting(reading=reading, registries=Registry.objects.all(), now=timezone.now)


@pytest.mark.django_db(transaction=True)
def test_what_waits_is_read_once():
    reading = make_reading()
    assert claim(reading) is True
    assert claim(reading) is False
    reading.refresh_from_db()
    assert (reading.state, reading.file.new, reading.percent, reading.attempts) == ("read", 1, 100, 1)


@pytest.mark.django_db(transaction=True)
def test_a_killed_reader_leaves_nothing_and_the_next_one_begins_anew(monkeypatch):
    """The fault falls after the rows were written and before the file was: all of it is gone, the file still waits."""
    reading = make_reading()
    entries = Entry.objects.count()
    with monkeypatch.context() as broken:
        broken.setattr(feeds.taking, "store_bad", crash)
        with pytest.raises(KeyboardInterrupt):
            claim(reading)
    assert (PublishedRun.objects.count(), RegistryFile.objects.count(), Entry.objects.count()) == (0, 0, entries)
    reading.refresh_from_db()
    assert (reading.state, reading.attempts, reading.rows_done) == ("waiting", 1, 1)
    assert claim(reading) is True
    assert PublishedRun.objects.count() == 1


def crash(*_args):
    raise KeyboardInterrupt


@pytest.mark.django_db(transaction=True)
def test_a_reading_that_is_stopped_keeps_nothing(monkeypatch):
    reading = make_reading()
    real = feeds.taking.take

    def stopped(table, knows, tell):
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("UPDATE offsets_reading SET state = 'withdrawn', ended_at = now()")
        other.close()
        return real(table, knows, tell)

    monkeypatch.setattr(feeds.taking, "take", stopped)
    assert claim(reading) is False
    assert not PublishedRun.objects.exists()
    assert Reading.objects.get().state == "withdrawn"


def test_what_fails_three_times_is_given_up(db):
    reading = make_reading()
    Reading.objects.update(attempts=3)
    assert claim(reading) is False
    assert (Reading.objects.get().state, Reading.objects.get().refusal) == ("refused", "gave_up")


def test_a_large_file_waits_for_the_worker_and_shows_how_far_it_is(cast, monkeypatch):
    make_kind("vcu")
    monkeypatch.setattr("neutrality.offsets.views.feeding.AT_ONCE", 10)
    client = cast.client("registrar")
    answer = client.post(reverse("offsets:files"), {"file": Table("\n".join([VERRA_HEAD, verra(1, 100)]))})
    page = client.get(answer["Location"])
    assert (page["Refresh"], page.context["reading"]["open"]) == ("3", True)
    number = Reading.objects.get().number
    assert client.post(reverse("offsets:stop_reading", args=[number])).status_code == 302
    assert client.get(reverse("offsets:reading", args=[number])).context["reading"]["open"] is False
    assert b"Nothing of it was kept" in client.get(reverse("offsets:files"), headers={"accept-language": "en"}).content


@pytest.mark.django_db(transaction=True)
def test_a_worker_takes_a_file_from_the_broker(cast, redis_url, monkeypatch):
    """Page, row, scheduler, Redis, a worker process of its own: nobody here calls the task."""
    make_kind("vcu")
    monkeypatch.setattr("neutrality.offsets.views.feeding.AT_ONCE", 10)
    client = cast.client("registrar")
    text = "\n".join([VERRA_HEAD, *(verra(at * 10, at * 10 + 5) for at in range(1, 200)), verra(1, 5, units=4)])
    page = client.post(reverse("offsets:files"), {"file": Table(text)})["Location"]
    assert client.get(page).context["reading"]["open"] is True
    with process(WORKER.format(queue=f"qz{uuid4().hex[:8]}"), REDIS_URL=redis_url):
        end = time.monotonic() + 90
        while (answer := client.get(page)).status_code == 200 and time.monotonic() < end:
            time.sleep(0.3)
    file = RegistryFile.objects.get()
    assert answer["Location"] == reverse("offsets:file", args=[file.digest])
    assert (file.new, file.bad, PublishedRun.objects.count()) == (199, 1, 199)
    assert (Reading.objects.get().state, Reading.objects.get().attempts) == ("read", 1)


WORKER = """
from portal.celery import app
app.conf.task_default_queue = {queue!r}
app.conf.beat_schedule = {{"read": {{"task": "neutrality.offsets.tasks.read_due", "schedule": 0.5}}}}
schedule = f"{{settings.EVIDENCE_ROOT}}/schedule"
app.worker_main(["worker", "--beat", "--pool", "solo", "--schedule", schedule, "--loglevel", "WARNING"])
"""


def test_rows_set_aside_come_back_mended(cast):
    """The desk downloads them with their reasons, mends a cell, and hands in the same file."""
    make_kind("vcu")
    client = cast.client("registrar")
    text = "\n".join([VERRA_HEAD, verra(1, 100), verra(101, 200, units=99, beneficiary="=HYPERLINK(1)")])
    answer = client.post(reverse("offsets:files"), {"file": Table(text)})
    file = RegistryFile.objects.get()
    download = client.get(reverse("offsets:bad_rows", args=[file.digest]))
    body = b"".join(download.streaming_content).decode()
    assert "'=HYPERLINK(1)" in body
    mended = Table(body.replace("99", "100", 1))
    answer = client.post(reverse("offsets:files"), {"file": mended})
    assert RegistryFile.objects.get(digest=answer["Location"].split("/")[-2]).new == 1
    assert PublishedRun.objects.count() == 2


def test_the_public_sees_reasons_and_no_content(client, cast):
    file = read(verra(1, 100), verra(101, 200, units=99, beneficiary="Private Person"))
    page = client.get(reverse("offsets:file", args=[file.digest]))
    assert page.context["reasons"][0]["rows"] == 1
    assert b"Private Person" not in page.content
    assert b"Private Person" not in client.get(reverse("offsets:feeds")).content
    assert client.get(reverse("offsets:bad_rows", args=[file.digest])).status_code == 302


def test_a_feed_read_again_without_news_is_looked_at_and_stands_still(db):
    """A silent freeze: good answers, the same bytes (F22)."""
    make_kind("vcu")
    text = "\n".join([VERRA_HEAD, verra(1, 100)])
    by = make_user()
    for days in (0, 7, 40):
        at = AT + timedelta(days=days)
        operations.read_file(upload=Table(text), owner_code="0" * 18, by=by, at=at)
    assert RegistryFile.objects.count() == 1
    registry = Registry.objects.get(code="verra")

    def feed(on):
        return next(each for each in queries.feeds(on, registry) if each.layout == "verra-transactions")

    today = (AT + timedelta(days=41)).date()
    assert (feed(today).age, feed(today).read_at, feed(today).own_on) == (
        "frozen",
        AT + timedelta(days=40),
        date(2026, 4, 9),
    )
    assert feed(today + timedelta(days=30)).age == "stale"
    assert {each.age for each in queries.feeds(today, registry)} == {"frozen", "never"}


def test_pages_of_feeds_ask_few_questions(client, cast, django_assert_max_num_queries):
    read(*(verra(at, at) for at in range(1, 50, 2)))
    with django_assert_max_num_queries(8):
        client.get(reverse("offsets:feeds"))
