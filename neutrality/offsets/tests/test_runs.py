"""What the registries' own tables say of a project: totals of what stays, every row with its file, each row once."""

import csv
import io
import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.tests.factories import make_user
from neutrality.offsets import operations, queries
from neutrality.offsets.models import Project, UnitKind
from neutrality.offsets.rules.browsing import Cursor
from neutrality.offsets.tests.factories import AT, Table, make_kind
from neutrality.opendata.writing import BOM

pytestmark = pytest.mark.django_db
HEAD = "Registry,Project ID,Serial number,Quantity,Event,Date,Beneficiary"
CAR_HEAD = "Project ID,Project Name,Vintage,Date Issued,Total Offset Credits Issued,Offset Credits Converted to VCUs"
BERKELEY_HEAD = "Project ID,Project Name,Voluntary Registry,Country,Total Credits Issued,Total Credits Retired"


def handed_in(*rows, head=HEAD, day=0):
    facts = {"owner_code": "0" * 18, "by": make_user(), "at": AT + timedelta(days=day)}
    return operations.read_file(upload=Table("\n".join([head, *rows]) + "\n"), **facts)


def run(numbers, event, on="2026-04-01", who="", identifier="7"):
    first, last = map(int, numbers.split("-"))
    return f"cdcer,{identifier},REC-1/{numbers},{last - first + 1},{event},{on},{who}"


@pytest.fixture
def project():
    """Issued, partly used, a name corrected later; another project beside it."""
    make_kind("cdcer")
    handed_in(run("1-1000", "issued"), run("1-100", "retired", who="Old name"), run("101-150", "retired"))
    handed_in(run("1-100", "retired", who="New name"), run("151-160", "cancelled"), day=1)
    handed_in(run("5000-5999", "issued", identifier="8"), day=2)
    return Project.objects.get(identifier="7")


def test_totals_hold_what_stays_in_its_newest_version(project):
    totals = {row["event"]: (row["rows"], row["units"]) for row in queries.run_totals(project)}
    assert totals == {"issued": (1, 1000), "retired": (2, 150), "cancelled": (1, 10)}


def test_a_changed_row_is_shown_once_in_its_newest_version(project):
    shown = queries.runs_of(project).rows
    assert [(row.serial, row.beneficiary) for row in shown] == [
        ("REC-1/151-160", ""),
        ("REC-1/1-100", "New name"),
        ("REC-1/101-150", ""),
        ("REC-1/1-1000", ""),
    ]


def test_pages_there_and_back_show_every_row_once(project):
    first = queries.runs_of(project, rows=3)
    second = queries.runs_of(project, Cursor(int(first.after)), rows=3)
    assert (len(first.rows), len(second.rows), first.before, second.after) == (3, 1, "", "")
    back = queries.runs_of(project, Cursor(int(second.before), back=True), rows=3)
    assert (back.rows, back.before, bool(back.after)) == (first.rows, "", True)
    assert queries.runs_of(project, Cursor(int(second.rows[-1].pk))).rows == []


def test_amounts_are_added_up_but_totals_so_far_are_not(db):
    make_kind()
    handed_in("CAR1,Forest,2025,12/31/2025,200,", "CAR1,Forest,2025,12/30/2025,300,", head=CAR_HEAD)
    handed_in("CAR1,Forest,2025,12/30/2025,310,", head=CAR_HEAD, day=1)
    for day, units in ((2, 900), (3, 950)):
        handed_in(f"CAR1,Forest,CAR,United States,{units},0", head=BERKELEY_HEAD, day=day)
    found = {row["amount"]: row["tonnes"] for row in queries.amounts_of(Project.objects.get())}
    assert found == {"issued": Decimal(510), "issued_so_far": Decimal(950), "retired_so_far": 0}


def test_pages_say_it_with_file_and_line(project, client):
    page = client.get(reverse("offsets:project", args=[project.code]), headers={"accept-language": "en"})
    address = reverse("offsets:project_tables", args=[project.code])
    text = page.content.decode()
    assert address in text
    assert '<data value="1000">1,000</data> t' in text
    whole = client.get(address, headers={"accept-language": "en"}).content.decode()
    assert "New name" in whole
    assert "Old name" not in whole
    assert "row 2 (line 2) of the file read on" in whole
    assert "REC-1/5000-5999" not in whole


def test_a_project_without_such_rows_says_so(client):
    make_kind("cdcer")
    handed_in(run("1-10", "issued"))
    empty = Project.objects.create(registry=Project.objects.get().registry, identifier="9", code="nine", name_en="Nine")
    assert b"own tables" not in client.get(reverse("offsets:project", args=["nine"])).content
    page = client.get(reverse("offsets:project_tables", args=[empty.code]), headers={"accept-language": "en"})
    assert b"No table read here names a run of this project" in page.content


def test_downloads_hold_every_version_of_this_project_only(project, client):
    text = b"".join(client.get(reverse("opendata:project_csv", args=[project.code])).streaming_content).decode()
    table = list(csv.DictReader(io.StringIO(text.removeprefix(BOM))))
    lines = b"".join(client.get(reverse("opendata:project_jsonl", args=[project.code])).streaming_content).decode()
    rows = [json.loads(line) for line in lines.splitlines()]
    assert [(row["serial"], row["version"]) for row in table] == [(r["serial"], str(r["version"])) for r in rows]
    assert sorted(row["beneficiary"] for row in rows if row["serial"] == "REC-1/1-100") == ["New name", "Old name"]
    assert {row["project"] for row in rows} == {project.code}
    assert client.get(reverse("opendata:project_csv", args=["nobody"])).status_code == 404


def test_a_serial_two_kinds_would_write_alike_is_found_once(project, client):
    """A registry may number two kinds of units in the same way; its published row is still one row."""
    facts = {"registry": project.registry, "family": "forestry_ticket", "name_zh": "票", "name_en": "Ticket"}
    UnitKind.objects.create(code="second", syntax="ticket", **facts)
    assert [row.serial for row in queries.published_by("REC-1/120")] == ["REC-1/1-1000", "REC-1/101-150"]


def test_a_project_page_asks_the_same_however_many_rows(project, client, django_assert_max_num_queries):
    handed_in(*(run(f"{2000 + n}-{2000 + n}", "retired") for n in range(60)), day=3)
    for name in ("offsets:project", "offsets:project_tables"):
        with django_assert_max_num_queries(13):
            assert client.get(reverse(name, args=[project.code])).status_code == 200
