"""A list on its way: answered at once or by a worker, asked once, all or nothing, twice is once, and forgotten."""

import io
import threading
from datetime import timedelta
from decimal import Decimal as D

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from neutrality.activities.tests.factories import make_activity
from neutrality.evidence.models import File
from neutrality.inventory import operations, queries, settling, tasks, waiting
from neutrality.inventory.models import Line, Roster
from neutrality.inventory.operations import rosters
from neutrality.inventory.rules import RosterState, travel
from neutrality.inventory.tests.factories import AT, load_library, make_draft
from neutrality.inventory.tests.test_sheets import book
from neutrality.tests.processes import process
from neutrality.trail.models import Entry

HEAD = ["姓名", "手机", "出发城市", "交通方式", "人数", "间夜", "餐数"]
GOOD = [["张三", "13800000000", "北京", "高铁", 1, 2, 6], ["李四", "13900000000", "上海", "飞机", 7, 14, 42]]


@pytest.fixture
def draft(cast):
    load_library()
    return make_draft(make_activity(organization=cast.home, created_by=cast.organizer), "estimate")


def address(draft, name="journeys", *more):
    return reverse(f"inventory:{name}", args=[draft.activity.code, draft.kind, *more])


def post(cast, draft, *rows, **more):
    upload = SimpleUploadedFile(more.pop("name", "list.xlsx"), more.pop("data", None) or book(*rows))
    return cast.client("organizer").post(address(draft), {"workbook": upload, "venue": "成都", **more})


def newest():
    return Roster.objects.first()


def hand_in(draft, data=None, **more):
    upload = SimpleUploadedFile("list.xlsx", data or book(HEAD, *GOOD))
    values = {"venue": "成都", "infer": False, "by": draft.created_by, "at": AT, "most": 10**9}
    return rosters.hand_in(inventory=draft, upload=upload, **values | more)


@pytest.mark.django_db
def test_a_short_list_is_answered_at_once_and_no_person_is_kept(cast, draft, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        page = post(cast, draft, HEAD, *GOOD)
    roster = newest()
    assert page.status_code == 302
    assert page.url == address(draft, "roster", roster.key)
    lines = {line.factor.code: line for line in queries.sheet(draft).lines}
    assert "不足五人" in lines["cpcd.travel.hsr.pkm"].description
    assert lines["cpcd.travel.hsr.pkm"].quantity % 1000 == 0
    assert "14 人次，来自 1 地" in lines["cpcd.travel.air_domestic.pkm"].description
    assert lines[travel.LODGING].quantity == 16
    stored = " ".join(str(value) for model in (Line, Roster) for row in model.objects.values_list() for value in row)
    stored += str(bytes(roster.rows)) + str(bytes(roster.kinds))
    assert not any(secret in stored for secret in ("张三", "李四", "13800000000", "13900000000", "list.xlsx"))
    assert File.objects.count() == 0
    assert not waiting.path_of(roster.key).exists()
    text = cast.client("organizer").get(page.url).content.decode()
    assert "8 人" in text
    assert "北京" not in text  # one person
    assert "上海" not in text  # seven, but the one could be told from them and the total


@pytest.mark.django_db
def test_a_second_list_replaces_the_first_and_the_same_again_changes_nothing(cast, draft):
    post(cast, draft, HEAD, ["", "", "北京", "高铁", 10])
    first = queries.sheet(draft)
    post(cast, draft, HEAD, ["", "", "北京", "高铁", 10])
    draft.refresh_from_db()
    assert (queries.sheet(draft).total_kg, draft.edition) == (first.total_kg, 1)
    assert newest().summary["changed"] is False
    post(cast, draft, HEAD, ["", "", "上海", "飞机", 10])
    assert [line.factor.code for line in queries.sheet(draft).lines] == ["cpcd.travel.air_domestic.pkm"]
    assert [bool(roster.rows) for roster in Roster.objects.all()] == [True, False, False]


@pytest.mark.django_db
def test_rows_handed_out_and_in_again_change_nothing(cast, draft):
    rows = [["", "", "辽宁朝阳", "高铁", 7, 1.5, 3], ["", "", "CTU", "自驾", 9], ["", "", "东京", "NH947", 5, 2]]
    post(
        cast,
        draft,
        [*HEAD, "舱位", "同车人数", "单程公里"],
        [*rows[0]],
        [*rows[1], "", "", "", 3, 120.5],
        [*rows[2], "", "公务舱"],
    )
    before = [row.facts for row in queries.lines(draft)]
    data = cast.client("organizer").get(address(draft, "roster_rows", newest().key)).content
    assert "朝阳市" in data.decode("utf-8-sig")
    assert post(cast, draft, name="rows.csv", data=data).status_code == 302
    assert newest().state == RosterState.DONE, newest().findings
    assert newest().summary["changed"] is False
    assert [row.facts for row in queries.lines(draft)] == before
    kg = sum(D(line.rsplit(",", 1)[1]) for line in data.decode("utf-8-sig").splitlines()[1:])
    assert abs(kg - queries.sheet(draft).total_kg) < D("0.001")


@pytest.mark.django_db
def test_questions_are_asked_once_and_answered_on_the_page(cast, draft, django_capture_on_commit_callbacks):
    rows = [["", "", "Suzhou", "高铁", 8], ["", "", "suzhou", "高铁", 9], ["", "", "云南", "高铁", 9]]
    page = post(cast, draft, HEAD, *rows)
    client, roster = cast.client("organizer"), newest()
    shown = client.get(page.url)
    text = shown.content.decode()
    assert roster.state == RosterState.ASKING
    assert "2 行" in text
    assert "宿州" in text
    assert draft.lines.count() == 0
    assert waiting.path_of(roster.key).exists()
    assert client.post(page.url, {"place-0": "苏州", "place-1": "某某村"}).status_code == 422
    assert client.post(page.url, {"place-0": "苏州"}).status_code == 302
    roster.refresh_from_db()
    assert [each["written"] for each in roster.findings] == ["云南"]
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(page.url, {"place-0": "昆明市"}).status_code == 302
    roster.refresh_from_db()
    assert (roster.state, roster.summary["people"]) == (RosterState.DONE, 26)
    assert not waiting.path_of(roster.key).exists()


@pytest.mark.django_db
def test_a_way_over_the_sea_is_asked_on_the_page_and_answered_there(cast, draft):
    page = post(
        cast, draft, HEAD, ["", "", "东京", "高铁", 8], ["", "", "东京", "高铁", 3], ["", "", "北京", "高铁", 5]
    )
    client, roster = cast.client("organizer"), newest()
    text = client.get(page.url).content.decode()
    assert "隔海" in text
    assert "东京 · 高铁" in text
    assert draft.lines.count() == 0
    assert client.post(page.url, {"way-0": "high_speed_rail"}).status_code == 422
    assert client.post(page.url, {"way-0": "plane"}).status_code == 302
    roster.refresh_from_db()
    assert (roster.state, roster.answers) == (RosterState.DONE, {"way:high_speed_rail:东京": "plane"})
    (abroad,) = (line for line in draft.lines.all() if line.factor_version.code.startswith("defra2025.air"))
    assert "22" in abroad.description


@pytest.mark.django_db
def test_every_fault_of_every_row_also_as_comments_in_the_file(cast, draft):
    page = post(cast, draft, ["年会"], HEAD, *GOOD, ["x", "", "吉林", "火箭", "about 3", "-1", "1.448,5"])
    client, roster = cast.client("organizer"), newest()
    assert {(each["code"], tuple(each["rows"])) for each in roster.findings} == {
        ("place_province", (5,)),
        ("mode_unknown", (5,)),
        ("number_rough", (5,)),
        ("number_negative", (5,)),
        ("number_decimal_comma", (5,)),
    }
    assert "火箭" in client.get(page.url).content.decode()
    given = client.get(address(draft, "marked_roster", roster.key))
    sheet = openpyxl.load_workbook(io.BytesIO(given.content)).worksheets[0]
    assert [bool(sheet[f"{column}5"].comment) for column in "ABCDEFG"] == [False, False, True, True, True, True, True]
    assert sheet["A3"].value == "张三"
    assert draft.lines.count() == 0


@pytest.mark.django_db
def test_what_cannot_be_read_is_said_and_forgotten(cast, draft, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        page = post(cast, draft, ["a"], ["b"])
    assert newest().state == RosterState.REFUSED
    assert not waiting.path_of(newest().key).exists()
    assert "表头" in cast.client("organizer").get(page.url).content.decode()


@pytest.mark.django_db
def test_the_same_upload_twice_is_one_list_and_another_takes_its_place(draft):
    upload = book(HEAD, *GOOD)  # written once: a workbook carries the second it was made in
    first, second = hand_in(draft, upload), hand_in(draft, upload)
    assert first == second
    assert len(list(waiting.folder().iterdir())) >= 1
    other = hand_in(draft, book(HEAD, GOOD[0]))
    first.refresh_from_db()
    assert (first.state, other.state) == (RosterState.CANCELLED, RosterState.WAITING)
    assert settling.settle(other.pk, AT)
    assert not settling.settle(other.pk, AT)
    assert not settling.settle(first.pk, AT)
    assert draft.lines.count() == 3


@pytest.mark.django_db
def test_a_stopped_list_writes_nothing_even_when_it_was_nearly_done(cast, draft, monkeypatch):
    roster = hand_in(draft)
    original = settling.packed

    def stopped_meanwhile(*args):
        rosters.cancel(roster=roster, by=draft.created_by, at=AT)
        return original(*args)

    monkeypatch.setattr(settling, "packed", stopped_meanwhile)
    assert settling.settle(roster.pk, AT) is False
    roster.refresh_from_db()
    assert (roster.state, draft.lines.count()) == (RosterState.CANCELLED, 0)


@pytest.mark.django_db
def test_a_draft_submitted_or_discarded_meanwhile_is_left_alone(draft):
    roster = hand_in(draft)
    operations.discard(inventory=draft, by=draft.created_by, at=AT)
    settling.settle(roster.pk, AT)
    roster.refresh_from_db()
    assert (roster.state, roster.findings[0]["code"]) == (RosterState.REFUSED, "not_draft")


@pytest.mark.django_db
def test_a_long_list_waits_for_the_worker_and_the_page_reloads_itself(cast, draft, monkeypatch):
    monkeypatch.setattr("neutrality.inventory.views.journeys.AT_ONCE", 10)
    page = post(cast, draft, HEAD, *GOOD)
    shown = cast.client("organizer").get(page.url)
    assert shown["Refresh"] == "3"
    assert "<progress" in shown.content.decode()
    assert draft.lines.count() == 0
    assert tasks.settle_lists_due() == 1
    assert draft.lines.count() == 4
    assert "Refresh" not in cast.client("organizer").get(page.url)


@pytest.mark.django_db
def test_what_nobody_answers_is_forgotten_after_a_day(draft, django_capture_on_commit_callbacks):
    roster = hand_in(draft, book(HEAD, ["", "", "Suzhou", "高铁", 8]))
    settling.settle(roster.pk, AT)
    assert rosters.expire(before=AT + timedelta(hours=23), at=AT) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert rosters.expire(before=AT + timedelta(hours=25), at=AT) == 1
    assert not waiting.path_of(roster.key).exists()
    stray = waiting.folder() / "stray"
    stray.write_text("x")
    assert stray in waiting.strangers(set(), AT + timedelta(days=10_000))
    assert stray not in waiting.strangers({"stray"}, AT + timedelta(days=10_000))
    stray.unlink()


@pytest.mark.django_db
def test_a_list_that_ends_its_workers_is_given_up(draft):
    roster = hand_in(draft)
    Roster.objects.filter(pk=roster.pk).update(attempts=rosters.MOST_ATTEMPTS)
    settling.settle(roster.pk, AT)
    roster.refresh_from_db()
    assert (roster.state, roster.findings[0]["code"]) == (RosterState.REFUSED, "roster_failed")


@pytest.mark.django_db
def test_every_act_stands_in_the_trail(draft):
    roster = hand_in(draft)
    settling.settle(roster.pk, AT)
    verbs = list(Entry.objects.order_by("pk").values_list("verb", flat=True))
    assert [verb for verb in verbs if verb.endswith("_list")] == ["inventory.hand_in_list", "inventory.take_list"]


# --- a killed worker

WORKER = """
from neutrality.inventory import settling
from neutrality.inventory.tests.factories import AT
settling.packed = halt
settling.settle({pk}, AT)
"""


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_nothing_and_another_takes_the_list_up(cast):
    load_library()
    draft = make_draft(make_activity(organization=cast.home, created_by=cast.organizer), "estimate")
    roster = hand_in(draft)
    with process(WORKER.format(pk=roster.pk)) as worker:
        assert worker.stdout.readline() == b"here\n"
        assert settling.settle(roster.pk, AT) is False  # somebody works on it
    roster.refresh_from_db()
    assert (roster.state, roster.stage, draft.lines.count()) == (RosterState.WORKING, "writing", 0)
    for _ in range(50):
        if tasks.settle_lists_due():
            break
    roster.refresh_from_db()
    assert (roster.state, draft.lines.count()) == (RosterState.DONE, 4)


def together(*works):
    """Do all of them at the same moment, each on a connection of its own; raises what one of them raised."""
    ready, wrong = threading.Barrier(len(works)), []

    def do(work):
        try:
            ready.wait()
            work()
        except BaseException as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(work,)) for work in works]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if wrong:
        raise wrong[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same", [True, False], ids=["the same list twice", "two lists"])
def test_of_two_lists_at_the_same_moment_one_is_current_and_whole(cast, same):
    load_library()
    draft = make_draft(make_activity(organization=cast.home, created_by=cast.organizer), "estimate")
    first = book(HEAD, *GOOD)
    files = [first, first if same else book(HEAD, ["", "", "广州", "高铁", 9, 9, 9])]
    together(*(lambda data=data: settling.settle(hand_in(draft, data).pk, AT) for data in files))
    for waiting_one in Roster.objects.filter(state__in=(RosterState.WAITING, RosterState.WORKING)):
        settling.settle(waiting_one.pk, AT)
    lists = list(Roster.objects.all())
    assert {each.state for each in lists} <= {RosterState.DONE, RosterState.CANCELLED}
    (current,) = [each for each in lists if bytes(each.rows)]
    sums = {code: D(amount) for code, (amount, _people) in current.summary["sums"].items()}
    lines = {line.factor_version.code: line.quantity for line in draft.lines.select_related("factor_version")}
    assert lines.keys() == sums.keys()
    assert lines[travel.LODGING] == sums[travel.LODGING] == (9 if current.summary["people"] == 9 else 16)
    assert not any(waiting.path_of(each.key).exists() for each in lists)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_moment_take_a_list_once(cast):
    load_library()
    draft = make_draft(make_activity(organization=cast.home, created_by=cast.organizer), "estimate")
    roster, got = hand_in(draft), []
    together(*[lambda: got.append(settling.settle(roster.pk, AT))] * 2)
    roster.refresh_from_db()
    assert (roster.state, sorted(got)) == (RosterState.DONE, [False, True])
    assert Entry.objects.filter(verb="inventory.take_list").count() == 1
    assert draft.lines.count() == 4
