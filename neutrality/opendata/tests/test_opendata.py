"""The same figures as the pages, safe cells, flat pages, a true description."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neutrality.activities.tests.factories import make_activity
from neutrality.disclosure import queries as disclosure
from neutrality.disclosure.tests.factories import make_statement
from neutrality.inventory.tests.factories import load_library
from neutrality.offsets import queries as offsets
from neutrality.offsets.operations import count, offer
from neutrality.offsets.tests.factories import AT, make_block, make_kind, make_registry_file, make_retirement
from neutrality.opendata.datasets import DATASETS, Column, Kind
from neutrality.opendata.writing import BOM, cell, plain
from neutrality.rulebook import seeding as law
from neutrality.standing.tests.factories import make_listing

ON = date(2026, 9, 3)
CAR_TABLE = """Project ID,Project Name,Vintage,Date Issued,Total Offset Credits Issued,Offset Credits Converted to VCUs
CAR1568,Forest,2025,12/31/2025,22287,
"""


@pytest.fixture
def statement(db):
    return make_statement()


def csv_rows(client, name):
    answer = client.get(f"/open-data/{name}.csv")
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM))))


def json_rows(client, name):
    answer = client.get(f"/open-data/{name}.jsonl")
    return [json.loads(line) for line in b"".join(answer.streaming_content).decode().splitlines()]


def offered(units=10, **over):
    block = make_block(quantity=units, **over)
    return offer(block=block, organization=block.owner, quantity=units, price_cny=30, by=block.issued_by, at=AT)


@pytest.mark.parametrize("name", DATASETS)
def test_three_ways_say_the_same(name, client, statement):
    load_library()
    make_registry_file()
    make_registry_file(CAR_TABLE)
    count(at=AT)
    offered()
    table, lines = csv_rows(client, name), json_rows(client, name)
    pages, after = [], 0
    while after is not None:
        answer = client.get(f"/api/v1/{name}", {"after": after, "limit": 7 if name != "factors" else 1000}).json()
        pages, after = pages + answer["rows"], answer["next"]
    assert lines == pages
    columns = DATASETS[name].columns
    as_text = [{each.name: cell(each, row[each.name]) for each in columns} for row in lines]
    assert table == as_text
    assert [list(row) for row in lines] == [[each.name for each in columns]] * len(lines)
    if name != "lists":
        assert lines


def test_activities_say_what_their_pages_say(client, statement):
    (row,) = json_rows(client, "activities")
    activity = statement.activity
    assert row["code"] == activity.code
    assert row["claim"] == disclosure.claim(activity, datetime.now(UTC).date()).code
    assert Decimal(row["emitted"]) == statement.inventory.total_kg
    assert row["cancelled"] == offsets.checked_units(activity) == 104


def test_lists_hold_what_is_public_today_and_no_more(db):
    entry = make_listing()
    dataset = DATASETS["lists"]
    for day in (entry.starts_on, entry.last_on):
        assert [row[0] for row in dataset.every(day)] == [entry.number]
    assert list(dataset.every(entry.starts_on - timedelta(days=1))) == []
    assert list(dataset.every(entry.last_on + timedelta(days=1))) == []


def test_drafts_are_in_no_dataset(client, db):
    make_activity(name_zh="草稿里的秘密活动")
    for name in DATASETS:
        assert "草稿里的秘密活动" not in json.dumps(json_rows(client, name), ensure_ascii=False)
    make_activity(state="committed", name_zh="公开的活动")
    assert [row["name_zh"] for row in json_rows(client, "activities")] == ["公开的活动"]


def test_lines_add_up_to_the_statement(client, statement):
    total = sum(Decimal(row["emitted"]) for row in json_rows(client, "lines") if not row["memo"])
    assert total == statement.inventory.total_kg


@pytest.mark.parametrize("name", ["activities", "cancellations", "blocks"])
def test_a_slice_costs_the_same_for_one_and_three(name, client, db, django_assert_max_num_queries):
    counts = []
    for _ in range(2):
        make_retirement(make_activity(state="committed"), 5)
        with django_assert_max_num_queries(14) as seen:
            client.get(f"/api/v1/{name}")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_pages_show_every_row_once(client, db):
    for _ in range(5):
        make_block(quantity=2)
    seen, after = [], 0
    while after is not None:
        part = DATASETS["blocks"].slice(after, 2, ON)
        seen += [row[0] for row in part.rows]
        after = part.after
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize("query", ["after=-1", "after=x", "limit=0", "limit=1001", f"after={2**63}"])
def test_bad_paging_is_refused_in_json(client, db, query):
    answer = client.get(f"/api/v1/blocks?{query}")
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_unknown_datasets_are_not_found(client, db):
    assert client.get("/open-data/secrets.csv").status_code == 404
    assert client.get("/api/v1/secrets").status_code == 404
    assert client.post("/api/v1/blocks").status_code == 405


def test_the_description_is_openapi_3_1_and_names_every_column(client, db):
    described = client.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert set(described["paths"]) >= {f"/api/v1/{name}" for name in [*DATASETS, "serials"]}
    for name, dataset in DATASETS.items():
        row = described["components"]["schemas"][f"{name.title()}Row"]
        assert list(row["properties"]) == [column.name for column in dataset.columns]


def test_one_number_by_the_api(client, db):
    activity = make_activity(state="committed")
    block = make_block(activity.organization, 100, serial="API-1")
    make_retirement(activity, 30, block=block)
    (found,) = client.get("/api/v1/serials", {"q": "api-1/20-40"}).json()
    assert [(place["state"], place["units"]) for place in found["places"]] == [("retired", 11), ("held", 10)]
    assert client.get("/api/v1/serials", {"q": "no such"}).json() == []
    assert client.get("/api/v1/serials").status_code == 422


def test_the_dictionary_shows_every_column(client, db):
    page = client.get("/open-data/").content.decode()
    for dataset in DATASETS.values():
        assert f'id="{dataset.name}"' in page
        assert all(f"<code>{column.name}</code>" in page for column in dataset.columns)


TEXT, AMOUNT = Column("t", Kind.TEXT, "", "t"), Column("d", Kind.DECIMAL, "", "d")


@pytest.mark.parametrize("bad", ["=1+1", "+1", "-1", "@sum", "\t=1", "＝1", "\r\n=1", '=HYPERLINK("x")'])
def test_no_text_becomes_a_formula(bad):
    assert cell(TEXT, bad) == f"'{bad}"


def test_amounts_and_absences_are_plain():
    assert cell(AMOUNT, Decimal("-1.50")) == "-1.50"
    assert plain(Decimal("1E+3")) == "1000"
    assert cell(AMOUNT, None) == ""
    assert cell(TEXT, "") == ""
    assert cell(Column("b", Kind.BOOLEAN, "", "b"), False) == "false"


def test_a_name_on_the_way_may_lead_nowhere_only_where_the_column_may_be_empty():
    """A cell that must be there is never filled with nothing by accident."""
    owned, free = SimpleNamespace(owner=SimpleNamespace(code="91510000")), SimpleNamespace(owner=None)
    said = Column("owner", Kind.TEXT, "", "owner.code", empty=True)
    assert [said.of(owned), said.of(free)] == ["91510000", ""]
    assert Column("on", Kind.DAY, "", "owner.on", empty=True).of(free) is None
    with pytest.raises(AttributeError):
        Column("owner", Kind.TEXT, "", "owner.code").of(free)
    with pytest.raises(AttributeError):
        Column("owner", Kind.TEXT, "", "owner.cod", empty=True).of(owned)


@given(st.text(max_size=30))
def test_any_text_survives_csv(text):
    line = io.StringIO()
    csv.writer(line).writerow([cell(TEXT, text)])
    (row,) = csv.reader(io.StringIO(line.getvalue(), newline=""))
    assert row[0].removeprefix("'") == text.removeprefix("'")
    assert not row[0].startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("address", ["/api/v1/nothing", "/api/v2/activities", "/api/v1/own/"])
def test_unknown_addresses_of_the_interface_answer_as_programs_expect(client, db, address):
    for ask in (client.get, client.post):
        answer = ask(address)
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == "not_found"


def test_kinds_say_what_every_rule_pack_answers(client, db):
    make_kind("vcu")
    law.seed(AT)
    rows = {row["code"]: row for row in json_rows(client, "kinds")}
    answers = rows["tcer"]["eligibility"].split("; ")
    assert len(answers) == 4
    assert all(" any no " in answer and answer.endswith("R3.30") for answer in answers)
    assert {answer.split(" ")[1] for answer in rows["vcu"]["eligibility"].split("; ")} == {"in_china", "abroad"}
    assert (rows["cea"]["size"], rows["cea"]["issuer_en"]) == (1, "Ministry of Ecology and Environment")


def test_beneficiaries_download_as_they_are_searched(client, db):
    for name in ("青城会议", "江北会议"):
        make_retirement(make_activity(state="committed", name_zh=name), 5)
    count(at=AT)
    assert {row["name"][:4] for row in json_rows(client, "beneficiaries")} == {"青城会议", "江北会议"}
    found = client.get("/open-data/beneficiaries.jsonl", {"q": "青城"})
    assert [json.loads(line)["name"][:4] for line in b"".join(found.streaming_content).splitlines()] == ["青城会议"]


def test_a_filter_a_list_does_not_have_is_told_and_not_passed_over(client, db):
    assert client.get("/open-data/projects.csv", {"vintage": "2023"}).status_code == 400
    assert client.get("/open-data/blocks.csv", {"vintage": "2023"}).status_code == 200


def test_offers_download_as_the_catalogue_is_filtered(client, db):
    here = offered()
    gone = offered(20)
    make_retirement(make_activity(organization=gone.organization, state="committed"), 20, block=gone.block)
    there = offered(kind="vcu", serial="1-1-10-VCS-VCU-261-VER-CN-14-1060-01012022-31122022-0")
    assert {row["number"]: row["left"] for row in json_rows(client, "offers")} == {here.number: 10, there.number: 10}
    page = client.get("/offsets/catalogue/", {"kind": "vcu"}).content.decode()
    assert "/open-data/offers.csv?kind=vcu" in page
    found = client.get("/open-data/offers.jsonl", {"kind": "vcu"})
    assert [json.loads(line)["number"] for line in b"".join(found.streaming_content).splitlines()] == [there.number]
