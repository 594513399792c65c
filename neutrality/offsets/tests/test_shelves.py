"""The catalogue: counts that are always right, pages that miss nothing, names in every script."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.urls import reverse

from neutrality.activities.tests.factories import make_activity
from neutrality.offsets import operations, queries, recheck
from neutrality.offsets.models import Block, BlockCard, Mark, Project, Tally
from neutrality.offsets.queries import catalogue
from neutrality.offsets.queries.asking import labelled
from neutrality.offsets.tests.factories import AT, make_block, make_kind, make_project, make_retirement
from neutrality.search import tokens
from neutrality.trail import operations as trail

pytestmark = pytest.mark.django_db
Filters = queries.Filters


@pytest.fixture
def two(cast):
    """A block of Sichuan and one of Kenya."""
    home = make_project(
        region_code="510100",
        country="CN",
        name_zh="川西林盘保护",
        name_en="",
        methodology="CDCER-02",
        developer="林盘公司",
    )
    kenya = make_project(
        "vcu", country="KE", name_zh="", name_en="Kasigau Mangrove Grove", methodology="VM0033", developer="Amapá Ltda"
    )
    serial = "1-1-10-VCS-VCU-261-VER-KE-3-1060-01012022-31122022-0"
    years = {"vintage_start": date(2022, 1, 1), "vintage_end": date(2022, 12, 31)}
    return (
        make_block(cast.home, 100, project=home, by=cast.organizer),
        make_block(cast.elsewhere, 10, kind="vcu", serial=serial, project=kenya, by=cast.organizer, **years),
    )


ASKED = {
    "林盘": 0,
    "linpan": 0,
    "lin pan": 0,
    "baohu": 0,
    "sichuan": 0,
    "四川": 0,
    "grove": 1,
    "MANGROVE": 1,
    "ｍａｎｇｒｏｖｅ": 1,
    "amapa": 1,
    "肯尼亚": 1,
    "kenya": 1,
    "vm0033": 1,
}


@pytest.mark.parametrize("text", ASKED)
def test_names_are_found_in_any_script_and_by_any_part(text, two):
    for read in (queries.blocks, queries.projects):
        (row,) = read(Filters(q=text)).rows
        assert getattr(row, "project", row).code == two[ASKED[text]].project.code


def test_method_and_owner_are_asked_apart(two, cast):
    assert [row.pk for row in queries.blocks(Filters(method="vm0033")).rows] == [two[1].pk]
    assert queries.blocks(Filters(method="grove")).rows == []
    assert [row.pk for row in queries.blocks(Filters(owner=cast.home.code)).rows] == [two[0].pk]
    assert [row.pk for row in queries.projects(Filters(owner="linpan")).rows] == [two[0].project_id]
    assert queries.blocks(Filters(q="!!!")).rows == []


def total(read, filters=None):
    return read(filters or Filters(), counts=True).facets.total


def test_counts_are_exact_before_and_after_they_are_taken(two, cast):
    activity = make_activity(organization=cast.home, state="committed", created_by=cast.organizer)
    make_retirement(activity, 30, block=two[0], by=cast.organizer)
    for counted in (False, True, True):
        if counted:
            operations.count(at=AT)
        assert (total(queries.blocks).rows, total(queries.blocks).units) == (2, 110)
        assert (total(queries.cancellations).rows, total(queries.cancellations).units) == (1, 30)
        facets = queries.blocks(Filters(kind="vcu"), counts=True).facets
        assert facets.total.units == 10
        assert {value: count.rows for value, count in facets.counts["place"].items()} == {"KE ": 1}
        assert {value: count.rows for value, count in facets.counts["kind"].items()} == {
            str(make_kind(code).pk): 1 for code in ("cdcer", "vcu")
        }
    make_block(cast.home, 7, by=cast.organizer)
    assert total(queries.blocks).rows == 3
    assert list(recheck.findings()) == []


def test_a_tally_written_by_any_hand_is_read_again(two):
    """What was counted is kept in memory under a name; whoever writes a tally changes the name."""
    operations.count(at=AT)
    assert total(queries.blocks).units == 110
    tally = Tally.objects.filter(what="block", units=10)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE offsets_tally SET units = 11 WHERE id = %s", [tally.get().pk])
        assert total(queries.blocks).units == 111
        cursor.execute("DELETE FROM offsets_tally WHERE units = 11")
    assert total(queries.blocks).units == 100


def test_control_without_another_name_the_counts_would_stay(two):
    operations.count(at=AT)
    assert total(queries.blocks).units == 110
    mark = Mark.objects.get(what="block")
    Tally.objects.filter(what="block", units=10).update(units=11)
    mark.save(update_fields=["turn"])
    assert total(queries.blocks).units == 110


FILTERS = (
    Filters(),
    Filters(kind="vcu"),
    Filters(registry="cdcer"),
    Filters(place="CN"),
    Filters(place="abroad"),
    Filters(place="510000"),
    Filters(vintage=2022),
    Filters(kind="vcu", place="CN", vintage=2022),
    Filters(q="grove", place="KE"),
    Filters(owner="nobody at all"),
)


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_the_total_is_what_a_reader_of_every_page_counts(filters, two, cast):
    operations.count(at=AT)
    make_block(cast.home, 7, project=two[0].project, by=cast.organizer)  # behind the mark, on a shelf that is known
    make_block(cast.home, 9, by=cast.organizer, vintage_start=date(2019, 1, 1), vintage_end=date(2020, 12, 31))
    page = queries.blocks(filters, counts=True)
    assert (page.facets.total.rows, page.facets.total.units) == (len(page.rows), sum(row.quantity for row in page.rows))


def test_a_project_that_moves_takes_its_counts_along(two):
    operations.count(at=AT)
    project = Project.objects.get(pk=two[1].project_id)
    project.country = "UG"
    project.save()
    facets = queries.blocks(Filters(), counts=True).facets
    assert {value: count.rows for value, count in facets.counts["place"].items()} == {"CN 51": 1, "UG ": 1}
    assert [row.pk for row in queries.blocks(Filters(place="UG")).rows] == [two[1].pk]
    assert queries.projects(Filters(place="KE"), counts=True).facets.total.rows == 0
    assert list(recheck.findings()) == []


def test_the_recheck_finds_a_false_tally_and_a_lost_card(two):
    operations.count(at=AT)
    Tally.objects.filter(units=10).update(units=11)
    BlockCard.objects.filter(pk=two[0].pk).delete()
    found = {(finding.table, finding.text) for finding in recheck.findings()}
    assert ("offsets_blockcard", "is missing") in found
    assert ("offsets_tally", "does not add up") in found


@pytest.mark.parametrize("counted", [False, True])
@pytest.mark.parametrize("read", [0, 2, 20_000])
@pytest.mark.parametrize("walk", [1, 3, 2000])
def test_every_way_to_a_page_shows_the_same_rows(walk, read, counted, two, cast, monkeypatch):
    """Short walks force the reading of shelves, projects and owners, little reading their merging; forward and back,
    each row once, in order; whether what stands on the shelves is known by then or not."""
    for name in ("BRIEF_WALK", "WALK", "LONG_WALK"):
        monkeypatch.setattr(catalogue, name, walk)
    monkeypatch.setattr(catalogue, "MOST_READ", read)
    for number in range(9):
        make_block(
            cast.home, 5, project=two[number % 2].project, kind=("cdcer", "vcu")[number % 2], serial=_serial(number)
        )
    kenya = list(Block.objects.filter(kind__code="vcu").order_by("-pk").values_list("pk", flat=True))
    assert len(kenya) == 5
    if counted:
        operations.count(at=AT)
    asked = (Filters(kind="vcu"), Filters(place="KE"), Filters(kind="vcu", place="KE"), Filters(registry="verra"))
    for filters in (*asked, Filters(q="grove"), Filters(q="grove", vintage=2024)):
        wanted = kenya if not filters.vintage else kenya[:-1]
        assert _forward(filters) == wanted
        assert _back(filters, wanted[-1]) == wanted[-3:-1]
    assert _forward(Filters(owner=cast.elsewhere.code)) == [two[1].pk]
    assert _forward(Filters(owner=cast.home.code, kind="vcu")) == kenya[:-1]


@pytest.mark.parametrize("most", [0, 3000])
def test_more_owners_than_can_be_gathered_lose_no_row(most, two, cast, monkeypatch):
    """Every organization with the words in its name counts, however many there are."""
    monkeypatch.setattr(catalogue, "MOST_NAMES", most)
    monkeypatch.setattr(catalogue, "BRIEF_WALK", 1)
    monkeypatch.setattr(catalogue, "LONG_WALK", 2)
    for number in range(5):
        make_block(cast.elsewhere if number % 2 else cast.home, 5, serial=f"O-{number}")
    mine = list(Block.objects.filter(owner=cast.home).order_by("-pk").values_list("pk", flat=True))
    assert len(mine) == 4
    assert _forward(Filters(owner=cast.home.name_zh)) == mine
    assert _forward(Filters(owner=cast.home.name_zh, kind="cdcer")) == mine


def test_projects_of_a_place_and_a_registry_are_paged_forward_and_back(two, cast):
    more = [make_project("vcu", country="KE", name_en=f"Stove {number}", name_zh="") for number in range(4)]
    make_project("vcu", country="UG", name_en="Uganda", name_zh="")
    wanted = [project.pk for project in reversed(more)] + [two[1].project_id]
    for filters in (Filters(place="KE"), Filters(place="KE", registry="verra"), Filters(place="KE", kind="vcu")):
        seen, cursor = [], None
        while True:
            page = queries.projects(filters, cursor, rows=2)
            seen += [row.pk for row in page.rows]
            if not page.after:
                break
            cursor = queries.Cursor(int(page.after))
        assert seen == wanted
        back = queries.projects(filters, queries.Cursor(wanted[-1], back=True), rows=2)
        assert [row.pk for row in back.rows] == wanted[-3:-1]
    assert queries.projects(Filters(place="KE", registry="ccer")).rows == []


def _serial(number: int) -> str:
    first = 1000 + 10 * number
    return f"1-{first}-{first + 4}-VCS-VCU-261-VER-KE-3-1060-01012024-31122024-0" if number % 2 else f"S-{number}"


def _forward(filters: Filters) -> list[int]:
    seen, cursor = [], None
    while True:
        page = queries.blocks(filters, cursor, rows=2)
        seen += [row.pk for row in page.rows]
        if not page.after:
            return seen
        cursor = queries.Cursor(int(page.after))


def _back(filters: Filters, key: int) -> list[int]:
    return [row.pk for row in queries.blocks(filters, queries.Cursor(key, back=True), rows=2).rows]


def test_words_too_common_to_gather_make_short_pages_that_lose_nothing(two, monkeypatch, cast):
    for name, value in (("BRIEF_WALK", 1), ("LONG_WALK", 2), ("MOST_NAMES", 0)):
        monkeypatch.setattr(catalogue, name, value)
    for number in range(6):
        make_block(cast.home, 5, serial=f"T-{number}")
    seen, cursor, short = [], None, 0
    while True:
        page = queries.blocks(Filters(q="grove"), cursor, rows=2)
        seen, short = seen + [row.pk for row in page.rows], short + page.short
        if not page.after:
            break
        cursor = queries.Cursor(int(page.after))
    assert seen == [two[1].pk]
    assert short


def test_beneficiaries_are_counted_named_and_keep_their_address(two, cast, client):
    activity = make_activity(organization=cast.home, state="committed", created_by=cast.organizer)
    rows = [make_retirement(activity, units, block=two[0], by=cast.organizer) for units in (3, 4)]
    operations.count(at=datetime(2026, 7, 1, tzinfo=UTC))
    code = operations.beneficiary_code(rows[0].beneficiary)
    page = client.get(reverse("offsets:beneficiary", args=[code]))
    assert [row.pk for row in page.context["page"].rows] == [rows[1].pk, rows[0].pk]
    (found,) = queries.beneficiaries(rows[0].beneficiary[:3]).rows
    assert (found.cancellations, found.units, found.code) == (2, 7, code)
    assert client.get(reverse("offsets:beneficiaries"), {"q": "x" * 10_000}).status_code == 200


def test_a_further_page_of_a_search_reads_its_rows_only(two, client, django_assert_num_queries):
    """Version and rows: which projects fit is kept until anything happens."""
    more = [make_project("vcu", country="KE", name_en=f"Grove {number}", name_zh="") for number in range(3)]
    address = reverse("offsets:projects")
    client.get(address, {"q": "grove"})
    with django_assert_num_queries(2):
        page = client.get(address, {"q": "grove", "after": more[1].pk})
    text = page.content.decode()
    assert [project.code in text for project in more] == [True, False, False]
    trail.record(verb="offsets.record_block", subject="block", by=None, at=AT)
    Project.objects.filter(pk=more[0].pk).update(search="")
    assert more[0].code not in client.get(address, {"q": "grove", "after": more[1].pk}).content.decode()


def test_a_view_downloads_as_it_is_filtered(two, client):
    for name, kept in (("blocks", two[1].code), ("projects", two[1].project.code)):
        lines = b"".join(client.get(f"/open-data/{name}.csv?place=KE&q=grove").streaming_content).decode().splitlines()
        assert len(lines) == 2
        assert lines[1].startswith(kept)
        assert client.get(f"/open-data/{name}.jsonl?place=nowhere").status_code == 400
    assert client.get("/open-data/blocks.csv?colour=red").status_code == 400
    assert client.get("/open-data/lists.csv?kind=vcu").status_code == 400


def test_a_long_search_is_told_and_not_run(two, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        page = client.get(reverse("offsets:blocks"), {"q": "x" * 10_000})
    assert page.status_code == 200
    assert page.context["form"].errors
    assert page.context["page"].rows == []


def test_a_kept_page_changes_with_the_facts(two, client, cast):
    address = reverse("offsets:blocks")
    assert len(client.get(address).context["page"].rows) == 2
    make_block(cast.home, 5, by=cast.organizer)
    assert len(client.get(address).context["page"].rows) == 3


def test_rows_inserted_by_any_hand_get_their_card(two):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM offsets_block b LEFT JOIN offsets_blockcard c ON c.row_id = b.id WHERE c IS NULL"
        )
        assert cursor.fetchone() == (0,)


LABELLED = {
    "CORSIA": {"A"},
    "corsia - first phase": {"A"},
    "First Phase": {"A"},
    "phase first": set(),
    "SDG 1": {"B"},
    "SDG 13": {"A"},
    "相应调整": {"B"},
    "kenya": set(),
    "ＣＯＲＳＩＡ": {"A"},
    "ACM0002": set(),
    "!!!": set(),
}


@pytest.mark.parametrize("text", LABELLED)
def test_a_label_is_asked_by_its_words_and_by_nothing_else(text, cast):
    """By the words of one label in their order: SDG 1 is not SDG 13, and a place of that name is no label."""
    owner = cast.home
    made = {
        "A": make_project(labels="CORSIA - First Phase, 2024-2026 Scope; SDG 13", country="KE", methodology="ACM0002"),
        "B": make_project(labels="相应调整; SDG 1", country="CN", region_code="510000"),
        "C": make_project(name_en="CORSIA First Phase 相应调整 SDG 1", country="KE"),
    }
    activity = make_activity(organization=owner, state="committed", created_by=cast.organizer)
    for project in made.values():
        make_retirement(activity, 5, block=make_block(owner, 10, project=project, by=cast.organizer), by=cast.organizer)
    expected = {made[name].code for name in LABELLED[text]}
    filters = Filters(label=text)
    assert {row.code for row in queries.projects(filters).rows} == expected
    assert {row.project.code for row in queries.blocks(filters).rows} == expected
    for read in (queries.projects, queries.blocks, queries.cancellations):
        page = read(filters, counts=True)
        assert len(page.rows) == len(expected) == page.facets.total.rows


def test_the_name_of_an_activity_is_no_label(cast):
    activity = make_activity(organization=cast.home, state="committed", created_by=cast.organizer)
    activity.__class__.objects.filter(pk=activity.pk).update(search=tokens("绿色会议"))
    for labels in ("CORSIA", ""):
        block = make_block(cast.home, 10, project=make_project(labels=labels), by=cast.organizer)
        made = make_retirement(activity, 5, block=block, by=cast.organizer)
    assert len(queries.cancellations(Filters(q="绿色会议")).rows) == 2
    assert queries.cancellations(Filters(q="绿色会议", label="corsia")).rows == []
    assert made.pk in {row.pk for row in queries.cancellations(Filters(q="绿色会议")).rows}


def test_labels_narrow_with_the_other_filters_and_in_downloads(client):
    here, there = (make_project(labels="CORSIA", country=country) for country in ("CN", "KE"))
    for project in (here, there):
        make_block(project=project)
    assert [row.code for row in queries.projects(Filters(label="corsia", place="CN")).rows] == [here.code]
    assert [row.project.code for row in queries.blocks(Filters(label="corsia", place="KE")).rows] == [there.code]
    page = client.get("/offsets/projects/", {"label": "corsia", "place": "CN"}, headers={"accept-language": "en"})
    text = page.content.decode()
    assert here.code in text
    assert there.code not in text
    assert "label=corsia" in text  # the downloads of this view
    for name, rows in (("projects", 1), ("blocks", 1), ("cancellations", 0)):
        lines = client.get(f"/open-data/{name}.jsonl", {"label": "corsia", "place": "CN"})
        assert b"".join(lines.streaming_content).count(b"\n") == rows


def test_a_label_reads_its_index(db):
    """The condition is the index's own expression; any other reads all projects."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            f"EXPLAIN SELECT id FROM offsets_project project WHERE {labelled('project')}",
            {"label": "corsia"},
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "offsets_project_labelled" in plan
        cursor.execute("EXPLAIN SELECT id FROM offsets_project project WHERE lower(labels) LIKE '%corsia%'")
        assert "offsets_project_labelled" not in "\n".join(line for (line,) in cursor.fetchall())
