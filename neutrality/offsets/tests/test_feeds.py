"""Files of registries: read once, traced to file and line, bad rows set aside without stopping the rest."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts.tests.factories import make_user
from neutrality.offsets import operations, queries, recheck
from neutrality.offsets.models import Project, PublishedRun, RegistryFile
from neutrality.offsets.rules import cells, layouts
from neutrality.offsets.tables import NoRows, NotText, UnknownLayout
from neutrality.offsets.tests.factories import (
    AT,
    VERRA_HEAD,
    VERRA_ROW,
    Table,
    make_kind,
    make_registry_file,
)
from neutrality.trail.models import Entry

SERIAL = "19380-{}-{}-VCS-VCU-1310-VER-CN-13-3005-01012022-31102022-0"
GOLD_HEAD = (
    "Vintage,Credit Status,Quantity,GSID,Project Name,Project Developer,Country,Issuance Date,Retirement Date,"
    "Serial Number,Note,Use Case,Using Entity"
)


def verra(first, last, retired="2026-04-09", beneficiary="", units=None):
    units = f"{units or last - first + 1:,d}"
    return VERRA_ROW.format(units, SERIAL.format(first, last), retired, beneficiary)


def read(*rows, head=VERRA_HEAD, **over):
    make_kind("vcu")
    table = Table("\n".join([head, *rows]) + "\n", **over)
    return operations.read_file(upload=table, owner_code="0" * 18, by=over.pop("by", None) or make_user(), at=AT)


def tally(file):
    return file.rows, file.new, file.changed, file.same, file.bad


# ---- pure -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"), [("56,373", 56373), ("1.448.500", 1448500), ("546.0", 546), (" 7 ", 7), ("1,454,054", 1454054)]
)
def test_whole_numbers_as_registries_write_them(text, number):
    assert cells.whole(text, "Quantity") == number


@pytest.mark.parametrize("text", ["", "12.5", "1,5", "-3", "1e3", "٣", "1_000", "n/a"])
def test_what_is_no_whole_number(text):
    with pytest.raises(cells.BadRow, match="number"):
        cells.whole(text, "Quantity")


@pytest.mark.parametrize(
    "text", ["2026-04-09", "2026-04-09T12:35:58.842275", "4/9/2026", "04/09/2026", "4/9/2026 7:10:41 PM"]
)
def test_days_as_registries_write_them(text):
    assert cells.day(text, "Date") == date(2026, 4, 9)


@pytest.mark.parametrize("text", ["", "9.4.2026", "2026-04-091", "2026-13-01", "31/31/2026", "yesterday"])
def test_what_is_no_day(text):
    with pytest.raises(cells.BadRow, match="day"):
        cells.day(text, "Date")


def test_cells_lose_their_markup():
    assert cells.cell(" <b>Solar</b>&nbsp;&amp;\n wind ") == "Solar & wind"


def test_each_layout_is_recognised_by_its_own_columns():
    for layout in layouts.LAYOUTS.values():
        assert layouts.recognise([name.upper().replace(" ", "\n") for name in layout.columns]) is layout
    assert layouts.recognise(["Name", "Price"]) is None


# ---- reading --------------------------------------------------------------------------------------------------------


def test_the_same_bytes_are_read_once(db):
    first, again = read(verra(1, 100)), read(verra(1, 100))
    assert first == again
    assert tally(first) == (1, 1, 0, 0, 0)
    assert PublishedRun.objects.count() == 1
    assert Entry.objects.filter(verb="registry.read").count() == 1


def test_known_rows_are_skipped_and_changed_ones_are_new_versions(db):
    read(verra(1, 100), verra(101, 200))
    file = read(verra(1, 100), verra(101, 200, beneficiary="Somebody else"), verra(201, 300))
    assert tally(file) == (3, 1, 1, 1, 0)
    versions = PublishedRun.objects.filter(serial=SERIAL.format(101, 200)).order_by("version")
    assert [(run.version, run.beneficiary, run.row) for run in versions] == [(1, "", 3), (2, "Somebody else", 3)]
    (shown,) = queries.published(versions[0].numbers)
    assert shown.beneficiary == "Somebody else"


def test_bad_rows_are_set_aside_one_by_one(db):
    file = read(
        verra(1, 100),
        verra(101, 200, units=99),
        verra(201, 300, retired="soon"),
        VERRA_ROW.format("5", "hello", "2026-04-09", ""),
        ",,,,,,,,,,,",
        verra(301, 400),
    )
    assert (file.new, file.bad) == (2, 3)
    assert [(row.row, row.code, row.column) for row in file.bad_rows.all()] == [
        (3, "serial_quantity", "Serial Number"),
        (4, "day", "Retirement/Cancellation Date"),
        (5, "serial_fields", "Serial Number"),
    ]
    assert file.bad_rows.first().content["quantity issued"] == "99"


SPELLINGS = [("\ufeff", ",", "utf-8"), ("", ";", "utf-8"), ("", "\t", "gb18030")]


@pytest.mark.parametrize(("mark", "separator", "encoding"), SPELLINGS)
def test_marks_separators_and_encodings(db, mark, separator, encoding):
    head = mark + VERRA_HEAD.replace(",", separator).replace("Quantity Issued", '"Quantity\nIssued"')
    row = verra(1, 100, beneficiary="某某公司").replace(",", separator)
    file = read(row, head=head, encoding=encoding)
    assert tally(file) == (1, 1, 0, 0, 0)
    assert PublishedRun.objects.get().beneficiary == "某某公司"


def test_gold_standard_retirements_with_a_cer_among_them(db):
    days = "2026-03-31,2026-04-10"
    gold = f"2025,Retired,5354,11603,Stoves,ECC,Kenya,{days},GS1-1-KE-GS11603-16-2025-30256-110-5463,,Voluntary,Hilti"
    run = "RW-5-1459975-2-2-0-7014 - RW-5-1460107-2-2-0-7014"
    cer = f"2019,Retired,133,4823,Stoves,X,Rwanda,{days},{run},,Voluntary,"
    file = read(gold, cer, head=GOLD_HEAD)
    assert (file.layout, file.new, file.bad) == ("gold-standard-retirements", 2, 0)
    assert Project.objects.get(identifier="11603").country == "KE"


def test_projects_are_brought_up_to_date(db):
    head = "ID,Name,Proponent,Project Type,Methodology,Status,Country/Area"
    read("3005,Tongxu Biogas,A Ltd,Energy,ACM0010,Registered,China", head=head)
    file = read("3005,Tongxu Biogas,B Ltd,Energy,ACM0010,Registered,China", "3006,Other,,,,,Kenya", head=head)
    assert tally(file) == (2, 1, 1, 0, 0)
    project = Project.objects.get(identifier="3005")
    assert (project.developer, project.country, project.registry_status) == ("B Ltd", "CN", "Registered")


@pytest.mark.parametrize(("text", "refusal"), [("a,b\n1,2\n", UnknownLayout), ("", NoRows)])
def test_other_tables_are_refused(db, text, refusal):
    make_kind("vcu")
    with pytest.raises(refusal):
        operations.read_file(upload=Table(text), owner_code="0" * 18, by=make_user(), at=AT)
    assert not RegistryFile.objects.exists()


def test_bytes_that_are_no_text_are_refused(db):
    make_kind("vcu")
    table = Table("x", encoding="latin-1")
    table.write(b"\xff\xfe\xff\xff\x80")
    table.seek(0)
    with pytest.raises(NotText):
        operations.read_file(upload=table, owner_code="0" * 18, by=make_user(), at=AT)


@pytest.mark.parametrize("table", ["offsets_publishedrun", "offsets_registryfile", "offsets_badrow"])
def test_what_was_read_is_never_changed(db, table):
    read(verra(1, 100), verra(101, 200, units=99))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")


# ---- pages ----------------------------------------------------------------------------------------------------------


def test_the_search_shows_the_registrys_own_table(client, db):
    make_registry_file()
    page = client.get(reverse("offsets:serials"), {"q": "941382600"})
    assert [row.beneficiary for row in page.context["published"]] == ["Somebody Ltd"]
    assert client.get(reverse("offsets:serials"), {"q": "941382742"}).context["published"] == []


def test_the_desk_reads_a_file(cast):
    make_kind("vcu")
    client, address = cast.client("registrar"), reverse("offsets:files")
    text = "\n".join([VERRA_HEAD, verra(1, 100), verra(101, 200, units=99)])
    answer = client.post(address, {"file": Table(text)})
    assert answer.status_code == 302
    assert [each["row"].row for each in client.get(answer["Location"]).context["bad"]] == [3]
    assert client.post(address, {"file": Table("a,b\n1,2\n")}).status_code == 422
    assert client.post(address, {}).status_code == 422


@pytest.mark.parametrize(
    ("corruption", "told"),
    [
        ("line_id = 987654321", "names a line that is not there"),
        ("file_id = 987654321", "names a file that is not there"),
        ("registry_id = 987654321", "names a registry that is not there"),
        ("quantity = quantity + 1", "says another quantity than it has numbers"),
    ],
)
def test_the_second_look_names_a_published_run_that_hangs_in_the_air(db, corruption, told):
    read(verra(1, 100))
    assert list(recheck.findings()) == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE offsets_publishedrun DISABLE TRIGGER USER")
        cursor.execute(f"UPDATE offsets_publishedrun SET {corruption}")
    run = PublishedRun.objects.get()
    assert [(each.key, each.text) for each in recheck.findings()] == [(str(run.pk), told)]
