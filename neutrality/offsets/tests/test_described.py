"""Crediting period, verifier and labels out of registries' tables: read, kept by source, shown with file and line."""

import os
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.tests.factories import make_user
from neutrality.activities.tests.factories import make_activity
from neutrality.offsets import facts, operations, queries, recheck
from neutrality.offsets.models import BlockCard, Project, ProjectVersion, PublishedRun, RegistryFile
from neutrality.offsets.rules import sources
from neutrality.offsets.rules.browsing import Filters
from neutrality.offsets.tests.factories import (
    AT,
    VERRA_HEAD,
    VERRA_ROW,
    VERRA_SERIAL,
    Table,
    make_block,
    make_kind,
    make_project,
)

PROJECTS = "ID,Name,Proponent,Status,Country/Area,Crediting Period Start Date,Crediting Period End Date"
UNITS = f"{VERRA_HEAD},Additional Certifications,Sustainable Development Goals"
PLAIN = "登记系统,项目编号,项目名称,国家,计入期,核查机构,标签"
WINDOW = (date(2021, 1, 1), date(2030, 12, 31))


def handed(*rows, head=PROJECTS, kind="vcu", day=0):
    make_kind(kind)
    table = Table("\n".join([head, *rows]) + "\n")
    at = AT + timedelta(days=day)
    return operations.read_file(upload=table, owner_code="0" * 18, by=make_user(), at=at)


def verra(start="2021-01-01", end="2030-12-31", number=3005, status="Registered"):
    return f"{number},Tongxu Biogas,A Ltd,{status},China,{start},{end}"


def units(first, labels="", goals="", retired="2026-04-09"):
    row = VERRA_ROW.format(10, VERRA_SERIAL.format(first, first + 9), retired, "")
    return f"{row},{labels},{goals}"


def the(identifier="3005"):
    return Project.objects.get(identifier=identifier)


def window(project):
    return project.crediting_start, project.crediting_end


def tally(file):
    return file.rows, file.new, file.changed, file.same, file.bad


# ---- reading --------------------------------------------------------------------------------------------------------


def test_a_table_brings_the_period_and_a_later_one_a_new_version(db):
    handed(verra())
    assert window(the()) == WINDOW
    same = handed(verra(), "", day=1)
    assert (tally(same), ProjectVersion.objects.count()) == ((1, 0, 0, 1, 0), 1)
    assert tally(handed(verra(end="2031-06-30"), day=2)) == (1, 0, 1, 0, 0)
    assert window(the()) == (WINDOW[0], date(2031, 6, 30))
    handed(verra("", ""), day=3)
    assert window(the()) == (WINDOW[0], date(2031, 6, 30))  # a blank is not "no period"
    assert [row.facts.get("crediting_end") for row in ProjectVersion.objects.order_by("version")] == [
        "2030-12-31",
        "2031-06-30",
        None,
    ]


def test_tables_without_such_columns_write_what_they_wrote_before(db):
    """A project read before these columns were known keeps its digest: the same rows again are no change."""
    head, row = "ID,Name,Proponent,Status,Country/Area", "3005,Tongxu Biogas,A Ltd,Registered,China"
    handed(row, head=head)
    assert set(ProjectVersion.objects.get().facts).isdisjoint(
        {"crediting_start", "crediting_end", "verifier", "labels"}
    )
    assert tally(handed(row, head=f"{head},Crediting Period Start Date")) == (1, 0, 0, 1, 0)


def test_a_bad_period_is_set_aside_and_costs_nothing_else(db, cast):
    file = handed(verra("2031-01-01"), verra("soon", number=3006), verra("2011-01-01 2021-01-01", number=3007))
    assert tally(file) == (3, 3, 0, 0, 0)
    assert [(row.row, row.code, row.column, row.whole) for row in file.bad_rows.order_by("row")] == [
        (2, "window_reversed", "Crediting Period End Date", False),
        (3, "window_day", "Crediting Period Start Date", False),
        (4, "window_several", "Crediting Period Start Date", False),
    ]
    assert window(the()) == window(the("3007")) == (None, None)
    assert window(the("3006")) == (None, WINDOW[1])
    page = cast.client("registrar").get(reverse("offsets:file", args=[file.digest]), headers={"accept-language": "en"})
    assert page.context["cells"] == 3
    assert "the rest of the row was taken" in page.content.decode()
    again = handed(verra("2031-01-01"), day=1)
    assert (tally(again), again.bad_rows.count()) == ((1, 0, 0, 1, 0), 1)


def test_labels_of_units_stand_with_their_row_and_gather_on_the_project(db):
    handed(units(1), units(11, "CCB-Biodiversity Gold; ICVCM CCP", "01: No Poverty; 13: Climate"), head=UNITS)
    assert list(PublishedRun.objects.order_by("row").values_list("labels", flat=True)) == [
        "",
        "CCB-Biodiversity Gold; ICVCM CCP; SDG 1; SDG 13",
    ]
    assert the().labels == "CCB-Biodiversity Gold; ICVCM CCP; SDG 1; SDG 13"
    again = handed(
        units(1), units(11, "CCB-Biodiversity Gold; ICVCM CCP", "01: No Poverty; 13: Climate"), "", head=UNITS
    )
    assert tally(again) == (2, 0, 0, 2, 0)
    later = handed(units(1, "CORSIA"), units(11, "ICVCM CCP"), head=UNITS, day=1)
    assert tally(later) == (2, 0, 2, 0, 0)
    newest = PublishedRun.objects.filter(version=2).order_by("row")
    assert [run.labels for run in newest] == ["CORSIA", "ICVCM CCP"]
    assert the().labels.endswith("CORSIA")
    assert ProjectVersion.objects.filter(layout="verra-transactions").count() == 2
    assert list(recheck.findings()) == []


def test_a_run_read_before_labels_were_known_is_told_by_the_same_digest(db):
    handed(units(1), head=UNITS)
    content = PublishedRun.objects.get().content
    row = VERRA_ROW.format(10, VERRA_SERIAL.format(1, 10), "2026-04-09", "")
    assert handed(row, head=VERRA_HEAD).same == 1
    assert PublishedRun.objects.get().content == content


ACR = "Project ID,Project Name,Vintage,ReportingPeriodBegin,ReportingPeriodEnd,Date Issued (GMT),Total Credits Issued"
ACR += (
    ",Credits Issued to Buffer Pool,Project Site Country,Project VVB,Project Crediting Period Start Date,CCP Approved"
)
ISSUE = "ACR731,CMB7-1,2025,2/1/2025,1/31/2026,{},74344,0,US,{},{},{}"


def test_issues_tell_the_verifier_of_the_latest_and_gather_labels(db):
    older, newer = ISSUE.format("3/24/2025", "SES", "1/1/2020", ""), ISSUE.format("3/24/2026", "TÜV", "1/1/2022", "Yes")
    newer = newer.replace(",2025,2/1", ",2026,2/1")
    handed(newer, head=ACR, kind="vcu")
    file = handed(older, head=ACR, kind="vcu", day=1)
    assert (tally(file), the("ACR731").verifier) == ((1, 1, 0, 0, 0), "TÜV")
    assert window(the("ACR731")) == (date(2022, 1, 1), None)
    assert the("ACR731").labels == "CCP Approved"
    assert ProjectVersion.objects.count() == 1


def test_the_two_lanes_read_the_same_labels(db):
    """The odd row goes alone through the rules (its quantity has a space); both say the same."""
    odd = units(11, '"CCB – ""Gold""&amp;; Social  Carbon"', "13").replace(',"10",', ',"1 0",')
    handed(units(1, '"CCB – ""Gold""&amp;; Social  Carbon"', "13"), odd, head=UNITS)
    assert set(PublishedRun.objects.values_list("labels", flat=True)) == {'CCB – "Gold"&; Social Carbon; SDG 13'}


# ---- person and table -----------------------------------------------------------------------------------------------


def entered(**over):
    values = {"identifier": "3005", "name_en": "Tongxu", "country": "CN", "registry": make_kind("vcu").registry}
    return operations.register_project(facts=values | over, by=make_user(), at=AT)


def test_neither_person_nor_table_writes_over_the_other(db, client):
    entered(verifier="SGS", crediting_start=date(2011, 1, 1), crediting_end=date(2020, 12, 31), labels="CCB")
    file = handed(verra(), day=1)
    project = the()
    assert (window(project), project.verifier, project.labels) == (WINDOW, "SGS", "CCB")
    told = queries.described(project)
    assert [(one.start, one.stands, one.sources[0].file) for one in told.windows] == [
        (WINDOW[0], True, file),
        (date(2011, 1, 1), False, None),
    ]
    page = client.get(
        reverse("offsets:project", args=[project.code]), headers={"accept-language": "en"}
    ).content.decode()
    for text in ("2021-01-01 – 2030-12-31", "otherwise:", "2011-01-01 – 2020-12-31", "Where sources differ"):
        assert text in page
    assert "Verra: projects" in page
    assert f"row 2 (line 2) of the file read on {file.read_at:%Y-%m-%d}" in page
    assert "entered at the registry desk on 2026-06-10" in page
    assert list(recheck.findings()) == []


def test_what_a_person_entered_stands_where_no_table_speaks(db, client):
    entered(crediting_start=WINDOW[0], crediting_end=WINDOW[1])
    handed(verra("", ""), day=1)
    assert window(the()) == WINDOW
    assert not queries.described(the()).differs
    page = client.get(reverse("offsets:project", args=[the().code])).content.decode()
    assert "2021-01-01 – 2030-12-31" in page
    assert "登记台录入" in page


def test_the_recheck_names_a_project_that_says_otherwise_than_its_sources(db):
    handed(verra())
    assert list(recheck.findings()) == []
    Project.objects.update(crediting_end=date(2040, 1, 1))
    assert [each.text for each in recheck.findings()] == ["says otherwise than its sources"]


BERKELEY = (
    "Project ID,Project Name,Voluntary Registry,Country,Total Credits Issued,Total Credits Retired,Verifier,CORSIA"
)


def test_collections_by_others_fill_what_nobody_nearer_says(db):
    row = "VCS3005,Tongxu,VCS,China,10,1,{},Yes"
    handed(row.format("TÜV"), head=BERKELEY)
    assert (the().verifier, the().labels) == ("TÜV", "CORSIA")
    handed("verra,3005,Tongxu,CN,SGS", head="Registry,Project ID,Project name,Country,Verifier", day=1)
    handed(row.format("Aster"), head=BERKELEY, day=2)
    assert (the().verifier, the().labels) == ("SGS", "CORSIA")
    assert [one.text for one in queries.described(the()).verifiers] == ["SGS", "Aster"]


def test_what_was_entered_before_sources_were_kept_becomes_one(db):
    project = make_project("vcu", verifier="SGS", crediting_end=WINDOW[1])
    make_project("vcu", verifier="")
    migration = import_module("neutrality.offsets.migrations.0005_labels_and_sources")
    with connection.cursor() as cursor:
        cursor.execute(migration.ENTERED)
    (version,) = ProjectVersion.objects.all()
    assert (version.project, version.layout) == (project, sources.DESK)
    assert version.facts == {"verifier": "SGS", "crediting_end": "2030-12-31"}
    assert list(recheck.findings()) == []


@pytest.mark.parametrize("wrong", ["file_id = NULL", "layout = 'desk'", "said_at = now()"])
def test_every_version_is_said_by_a_file_or_at_the_desk(db, wrong):
    handed(verra())
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE offsets_projectversion DISABLE TRIGGER USER")
        with pytest.raises(IntegrityError, match="said_by_file_or_desk"), transaction.atomic():
            cursor.execute(f"UPDATE offsets_projectversion SET {wrong}")


# ---- eligibility ----------------------------------------------------------------------------------------------------

VINTAGES = [(2023, 2023, False), (2023, 2024, True), (2020, 2021, True)]


@pytest.mark.parametrize("way", ["table", "form"])
@pytest.mark.parametrize(("first", "last", "outside"), VINTAGES)
def test_a_unit_from_outside_the_period_is_judged_alike_whoever_said_it(db, way, first, last, outside):
    """R3.15 for CCER; each case has its control inside the period."""
    if way == "table":
        handed("ccer,CCER-0017,某某造林,中国,2021年1月1日至2023年12月31日,中环联合,", head=PLAIN, kind="ccer")
        project = the("CCER-0017")
        assert project.verifier == "中环联合"
    else:
        period = {"crediting_start": date(2021, 1, 1), "crediting_end": date(2023, 12, 31)}
        project = entered(registry=make_kind("ccer").registry, identifier="CCER-0017", **period)
    days = {"vintage_start": date(first, 9, 23), "vintage_end": date(last, 12, 31)}
    verdict = facts.block_verdict(make_activity(), make_block(kind="ccer", project=project, **days))
    assert verdict.refused is outside
    assert (verdict.rule == "R3.15") is outside


def test_a_foreign_unit_outside_the_published_period_is_a_question(db):
    handed(verra(end="2023-12-31"))
    days = {"vintage_start": date(2024, 1, 1), "vintage_end": date(2024, 12, 31)}
    serial = "1-1-10-VCS-VCU-261-VER-CN-14-3005-01012024-31122024-0"
    block = make_block(quantity=10, kind="vcu", project=the(), serial=serial, **days)
    verdict = facts.block_verdict(make_activity(), block)
    assert (verdict.refused, "outside_window" in verdict.notes) == (False, True)


# ---- pages and lists ------------------------------------------------------------------------------------------------


def test_projects_and_blocks_are_found_by_label(db):
    handed(units(1, "CCB-Biodiversity Gold", "13"), head=UNITS)
    handed(verra(number=3009))
    labelled = the()
    assert [line.code for line in queries.projects(Filters(q="biodiversity")).rows] == [labelled.code]
    block = make_block(quantity=10, kind="vcu", project=labelled, serial=VERRA_SERIAL.format(1, 10))
    assert BlockCard.objects.exists()
    assert [line.code for line in queries.blocks(Filters(q="ccb")).rows] == [block.code]
    assert queries.projects(Filters(q="corsia")).rows == []
    handed("verra,3005,Tongxu Biogas,CN,CORSIA", head="Registry,Project ID,Project name,Country,Labels")
    assert [line.code for line in queries.projects(Filters(q="corsia biodiversity tongxu")).rows] == [labelled.code]
    handed("verra,3005,Tongxu Biogas,CN,", head="Registry,Project ID,Project name,Country,Labels")
    assert queries.projects(Filters(q="corsia")).rows == []
    assert [line.code for line in queries.projects(Filters(q="biodiversity tongxu")).rows] == [labelled.code]


def test_the_block_shows_the_labels_of_the_registrys_table(db, client):
    file = handed(units(1, "CCB-Biodiversity Gold"), head=UNITS)
    block = make_block(quantity=10, kind="vcu", project=the(), serial=VERRA_SERIAL.format(1, 10), labels="CORSIA")
    page = client.get(reverse("offsets:block", args=[block.code]), headers={"accept-language": "en"}).content.decode()
    assert (
        "Labels in the registry's own table".replace("'", "&#x27;") in page
        or "Labels in the registry's own table" in page
    )
    for text in ("CCB-Biodiversity Gold", "CORSIA", file.digest):
        assert text in page
    found = client.get(reverse("offsets:serials"), {"q": VERRA_SERIAL.format(1, 10)}).content.decode()
    assert "CCB-Biodiversity Gold" in found


def test_open_data_has_the_fields(db, client):
    entered(verifier="SGS", labels="CCB; CORSIA")
    handed(verra(), day=1)
    lines = b"".join(client.get(reverse("opendata:jsonl", args=["projects"])).streaming_content).decode()
    for text in ('"crediting_start":"2021-01-01"', '"verifier":"SGS"', '"labels":"CCB; CORSIA"'):
        assert text in lines.replace(": ", ":").replace("CCB;CORSIA", "CCB; CORSIA")


def test_a_project_page_asks_the_same_however_many_versions(db, client, django_assert_max_num_queries):
    for day, year in enumerate(range(2030, 2036)):
        handed(verra(end=f"{year}-12-31"), day=day)
    address = reverse("offsets:project", args=[the().code])
    with django_assert_max_num_queries(13):
        assert client.get(address).status_code == 200


# ---- the real files -------------------------------------------------------------------------------------------------

COUNTS = {
    "acr-cancellations": (0, 0, 43, 50),
    "acr-issuances": (86, 86, 86, 0),
    "acr-projects": (50, 47, 50, 0),
    "acr-retirements": (0, 0, 23, 100),
    "arb-issuances": (0, 38, 15, 0),
    "art-cancellations": (0, 0, 1, 3),
    "art-issuances": (0, 1, 1, 0),
    "art-projects": (28, 8, 0, 0),
    "art-retirements": (0, 0, 1, 3),
    "car-issuances": (0, 94, 56, 0),
    "car-projects": (0, 9, 1, 0),
    "car-retirements": (0, 0, 19, 52),
    "cercarbono-issuances": (0, 0, 10, 0),
    "cercarbono-projects": (0, 43, 0, 0),
    "gold-standard-issuances": (0, 0, 49, 90),
    "gold-standard-projects": (0, 0, 50, 0),
    "gold-standard-retirements": (0, 0, 32, 98),
    "isometric-projects": (45, 43, 0, 0),
    "verra-projects": (43, 0, 0, 0),
    "verra-transactions": (0, 0, 17, 69),
}
"""By layout: projects with a period (or one end of it), with a verifier, with labels; runs of units with labels."""
BLANK = {"crediting_start": None, "crediting_end": None, "verifier": "", "labels": ""}
IN_ALL = (746, {"crediting_start": 240, "crediting_end": 138, "verifier": 356, "labels": 394})


def test_the_real_files_say_what_they_say(db):
    folder = os.environ.get("REGISTRY_SAMPLES")
    if not folder:
        pytest.skip("REGISTRY_SAMPLES names no folder")
    make_kind("vcu")
    found = {}
    for path in sorted(Path(folder).glob("*/*.csv")):
        table = Table(path.read_text(encoding="utf-8-sig"), name=path.name)
        file = operations.read_file(upload=table, owner_code="0" * 18, by=make_user(), at=AT)
        assert not file.bad_rows.filter(whole=False).exists()
        newest = {row.project_id: row for row in ProjectVersion.objects.filter(layout=file.layout).order_by("version")}
        told = [sources.told_of(row.facts) for row in newest.values()]
        runs = PublishedRun.objects.filter(file=file).exclude(labels="").count()
        row = (sum(each.windowed for each in told), sum(bool(each.verifier) for each in told))
        found[file.layout] = (*row, sum(bool(each.labels) for each in told), runs)
    assert {name: row for name, row in found.items() if any(row)} == COUNTS
    said = {name: Project.objects.exclude(**{name: blank}).count() for name, blank in BLANK.items()}
    assert (Project.objects.count(), said) == IN_ALL
    assert RegistryFile.objects.count() == 24
    assert list(recheck.findings()) == []
