"""Pledged and frozen units cannot be used on any path, and are released once (F16, R3.29a, C3)."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts.rules import Role
from accounts.tests.factories import make_member, make_organization, make_user
from neutrality.activities.tests.factories import make_activity
from neutrality.ledger import operations as ledger
from neutrality.ledger.operations import NotHeld
from neutrality.offsets import operations, places, queries, recheck
from neutrality.offsets.models import Lock
from neutrality.offsets.operations.holdings import OneOwner, TooFew
from neutrality.offsets.operations.locks import NotLocked
from neutrality.offsets.tests.factories import AT, make_block
from neutrality.offsets.tests.test_one_use import assert_sound

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledged():
    """100 units of an organizer, 70 of them pledged."""
    activity = make_activity(state="committed")
    block = make_block(activity.organization, 100)
    return activity, block, lock(block, activity.organization, 70)


def lock(block, owner, quantity, **over):
    facts = {"kind": "pledged", "holder": over.pop("holder", None) or make_organization("seller"), "basis": "贷款合同"}
    facts |= {"key": f"lock-{quantity}", "by": make_user(), "at": AT}
    return operations.lock(block=block, owner=owner, quantity=quantity, **(facts | over))


def use(activity, block, units, key="use"):
    return operations.retire(activity=activity, block=block, quantity=units, key=key, by=make_user(), at=AT)


def test_locked_units_are_neither_used_nor_handed_over(pledged):
    activity, block, _row = pledged
    owner = activity.organization
    assert queries.disposable(owner, block) == 30
    with pytest.raises(NotHeld):
        use(activity, block, 31)
    facts = {"block": block, "giver": owner, "taker": make_organization(), "side": "giver", "by": make_user(), "at": AT}
    with pytest.raises(TooFew):
        operations.ask(quantity=31, key="a", **facts)
    with pytest.raises(TooFew):
        lock(block, owner, 31)
    assert_sound(block)


@pytest.mark.parametrize("target", ["retired", "held by another"])
def test_raw_sql_cannot_use_them_either(pledged, target):
    activity, block, row = pledged
    place = places.retired(activity) if target == "retired" else places.held(make_organization())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_transfer (key, position, asked, reason, event_on, recorded_at, source_id, target_id,"
            " span, quantity) VALUES ('x', 0, '', 'retire', current_date, now(), %s, %s, int8range(%s, %s), 5)",
            [places.locked(row).pk, place.pk, block.first, block.first + 5],
        )


def test_release_returns_what_is_left_once(pledged):
    activity, block, row = pledged
    operations.release(lock=row, note="还清", by=make_user(), at=AT)
    with pytest.raises(NotLocked):
        operations.release(lock=row, note="还清", by=make_user(), at=AT)
    assert queries.disposable(activity.organization, block) == 100
    use(activity, block, 100)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE offsets_lock SET released_at = NULL, released_by_id = NULL")
    assert_sound(block)


def test_the_same_key_locks_once_and_both_sides_differ(pledged):
    activity, block, row = pledged
    assert lock(block, activity.organization, 70, holder=row.holder) == row
    assert Lock.objects.count() == 1
    with pytest.raises(OneOwner):
        lock(block, activity.organization, 5, holder=activity.organization)


def test_the_public_page_says_who_pledged(pledged, client):
    activity, block, _row = pledged
    rows = client.get(reverse("offsets:block", kwargs={"code": block.code})).context["lying"]
    assert [(row["units"], row["who"].name) for row in rows] == [
        (70, activity.organization.name),
        (30, activity.organization.name),
    ]


def test_pledge_and_release_through_the_pages(cast):
    block = make_block(cast.home, 100)
    address = reverse("offsets:pledge", kwargs={"code": cast.home.code, "block": block.code})
    form = {"key": "k", "holder": cast.elsewhere.code, "quantity": "40", "basis": "合同"}
    organizer, stranger = cast.client("organizer"), cast.client("stranger")
    assert organizer.post(address, form | {"quantity": "101"}).status_code == 422
    assert organizer.post(address, form).status_code == 302
    row = Lock.objects.get()
    page = reverse("offsets:lock", kwargs={"number": row.number})
    assert organizer.post(page, {"note": "我自己解除"}).status_code == 403
    assert stranger.post(page, {"note": ""}).status_code == 422
    assert stranger.post(page, {"note": "还清"}).status_code == 302
    assert queries.disposable(cast.home, block) == 100


def test_the_registry_desk_freezes_and_releases(cast):
    block = make_block(cast.home, 100)
    address = reverse("offsets:freeze", kwargs={"code": block.code})
    registrar = cast.client("registrar")
    form = {"key": "k", "owner": cast.home.code, "quantity": "100", "basis": "法院协助执行通知书"}
    assert cast.client("organizer").post(address, form).status_code == 404
    assert registrar.post(address, form).status_code == 302
    assert queries.disposable(cast.home, block) == 0
    page = reverse("offsets:lock", kwargs={"number": Lock.objects.get().number})
    make_member(cast.citizen, cast.registry, Role.VIEWER)
    assert cast.client("citizen").post(page, {"note": "x"}).status_code == 403
    assert registrar.post(page, {"note": "解除通知"}).status_code == 302
    assert queries.disposable(cast.home, block) == 100


def test_a_second_look_finds_units_no_row_speaks_of(pledged):
    activity, block, _row = pledged
    assert list(recheck.findings()) == []
    source, target = places.held(activity.organization), places.retired(activity)
    facts = {"reason": "retire", "event_on": AT.date(), "by": make_user(), "at": AT}
    span = (block.first + 90, block.first + 94)
    ledger.post(key="astray", span=span, source=source, target=target, **facts)
    assert [finding.table for finding in recheck.findings()] == ["ledger_lot"]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("UPDATE offsets_lock SET released_at = now(), released_by_id = locked_by_id, release_note = ''")
    assert [finding.table for finding in recheck.findings()] == ["ledger_lot", "offsets_lock"]
