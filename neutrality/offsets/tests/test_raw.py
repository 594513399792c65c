"""Every table of ledger, trail and use against every way into a table that goes around the verbs: raw UPDATE, DELETE,
TRUNCATE, COPY, MERGE, ON CONFLICT, triggers switched off by role, and the admin."""

import psycopg
import pytest
from django.apps import apps
from django.contrib import admin
from django.db import DatabaseError, connection, transaction

from accounts.tests.factories import make_organization, make_user
from neutrality.activities.tests.factories import make_activity
from neutrality.appendonly import NEVER_EMPTIED, InsertOnly
from neutrality.ledger.models import Place
from neutrality.offsets import operations, places
from neutrality.offsets.models import Lock
from neutrality.offsets.tests.factories import AT, ON, Upload, make_block, make_retirement, make_void
from neutrality.trail import operations as trail

pytestmark = pytest.mark.django_db
LEDGER, TRAIL = ["ledger_place", "ledger_transfer", "ledger_lot"], ["trail_entry", "trail_checkpoint"]
USE = ["offsets_serialline", "offsets_block", "offsets_retirement", "offsets_voidedpart", "offsets_lock"]
USE += ["offsets_compensation", "offsets_proof", "offsets_voidnotice"]


@pytest.fixture
def row():
    """A retirement of ten units, four of them void, and ten pledged; the tables around it hold rows."""
    activity = make_activity(state="committed")
    block = make_block(activity.organization, 100)
    made = make_retirement(activity, 10, block=block)
    facts = {"block": block, "owner": activity.organization, "holder": make_organization(), "quantity": 10}
    operations.lock(kind="pledged", basis="x", key="k", by=make_user(), at=AT, **facts)
    make_void(block, 4)
    trail.checkpoint(at=AT)
    return made


def run(sql, params=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


def ask(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def refused(sql, params=None):
    with pytest.raises(DatabaseError) as told, transaction.atomic():
        run(sql, params)
    return str(told.value)


def columns(table):
    (model,) = [model for model in apps.get_models() if model._meta.db_table == table]
    return [field.column for field in model._meta.concrete_fields]


@pytest.mark.parametrize("table", [*LEDGER, *TRAIL, "offsets_serialline", "offsets_block", "offsets_retirement"])
def test_no_column_is_changed_and_no_row_removed(row, table):
    for column in columns(table):
        refused(f'UPDATE {table} SET "{column}" = "{column}"')
    refused(f"DELETE FROM {table}")
    refused(f"MERGE INTO {table} USING (SELECT 1) one ON true WHEN MATCHED THEN DELETE")
    with transaction.atomic():  # the control: it is the triggers that refuse
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        column = columns(table)[-1]
        assert run(f'UPDATE {table} SET "{column}" = "{column}"') > 0
        transaction.set_rollback(True)


@pytest.mark.parametrize("table", [*LEDGER, *TRAIL, *USE])
def test_no_table_is_emptied(row, table):
    """Outside databases made for tests; here the exception is taken away for a moment."""
    with transaction.atomic():
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run(f"TRUNCATE {table} CASCADE")  # the control: with the exception, tests may flush
        transaction.set_rollback(True)
    with transaction.atomic():
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run(NEVER_EMPTIED.replace("NOT LIKE 'test\\_%'", "IS NOT NULL"))
        assert "never emptied" in refused(f"TRUNCATE {table} CASCADE")
        transaction.set_rollback(True)


def copied(table, row):
    """COPY the values in; what the database said."""
    names = ", ".join(f'"{name}"' for name in row)

    def copy():
        said = f"COPY {table} ({names}) FROM STDIN"
        with transaction.atomic(), connection.cursor() as cursor, cursor.copy(said) as stream:
            stream.write_row(tuple(row.values()))

    with pytest.raises((psycopg.Error, DatabaseError)) as told:
        copy()
    return str(told.value)


TRANSFER = {"position": 0, "asked": "", "reason": "raw", "event_on": "2026-01-01", "recorded_at": "2026-01-01T00:00Z"}


def test_copy_meets_the_same_guards(row):
    other = places.retired(make_activity(state="committed"))
    unit = {"span": f"[{row.last},{row.last + 1})", "quantity": 1, "key": "copied"}
    for source in (row.transfer.target_id, row.transfer.source_id):
        copied("ledger_transfer", TRANSFER | unit | {"source_id": source, "target_id": other.pk})
    assert "transfers only" in copied("ledger_lot", {"place_id": other.pk, "span": "[900000000,900000001)"})
    entry = {"number": 10**6, "verb": "x.y", "subject": "", "at": "2026-01-01T00:00Z", "content": "{}"}
    entry |= {"public": False, "salt": "", "nodes": b"\x00" * 32}
    assert "trail_append only" in copied("trail_entry", entry)
    twin = {name: getattr(row, name) for name in columns("offsets_retirement") if name != "id"}
    twin |= {"number": "TWIN", "span": f"[{row.first},{row.last + 1})", "activity_id": row.activity_id + 1}
    copied("offsets_retirement", {name: value for name, value in twin.items() if value is not None})


VOID = "INSERT INTO ledger_transfer (key, position, asked, reason, event_on, recorded_at, by_id, source_id, target_id,"
VOID += " span, quantity, reverses_id) VALUES (%(key)s, 0, '', 'void', current_date, now(), %(by)s, %(source)s,"
VOID += " (SELECT id FROM ledger_place WHERE code = 'void:'), int8range(%(first)s, %(first)s + 1), 1, %(reverses)s)"


@pytest.mark.parametrize("state", ["retired", "held", "pledged"])
def test_one_person_alone_declares_nothing_void(row, state):
    """Whoever writes to the table must name a notice that somebody else proposed, and that covers the units."""
    block, lock = row.block, Lock.objects.get()
    first, source, reverses = {
        "retired": (block.first + 6, row.transfer.target_id, row.transfer_id),
        "pledged": (block.first + 12, places.locked(lock).pk, None),
        "held": (block.last, places.held(block.owner).pk, None),
    }[state]
    one, two = make_user(), make_user()
    facts = {"source": source, "first": first, "reverses": reverses}
    last = block.last - block.first + block.serial_first
    said = {
        "reason": "invalid",
        "explanation": "x",
        "owner_code": block.owner.code,
        "found_on": ON,
        "by": one,
        "at": AT,
    }
    wanted = {"block": block, "key": "n", "serial_first": block.serial_first, "serial_last": last, "upload": Upload()}
    notice = operations.propose_void(**wanted, **said)
    other = operations.propose_void(
        **wanted | {"key": "o", "serial_first": last - 1, "serial_last": last - 1, "upload": Upload()}, **said
    )
    for key, by in ((notice.number, one.pk), (notice.number, None), (other.number, two.pk), ("nothing", two.pk)):
        assert "second person" in refused(VOID, facts | {"key": f"void:{key}:1", "by": by})
    with transaction.atomic():  # the control: with a notice and a second person it is what confirming does
        assert run(VOID, facts | {"key": f"void:{notice.number}:1", "by": two.pk}) == 1
        transaction.set_rollback(True)
    operations.drop_void(notice=notice, by=two, at=AT)
    assert "second person" in refused(VOID, facts | {"key": f"void:{notice.number}:1", "by": two.pk})


@pytest.mark.parametrize("end", ["surrendered:X", "judicial:X", "frozen:X", "outside:X"])
def test_pledged_units_end_nowhere(row, end):
    lock = Lock.objects.get()
    target = Place.objects.create(code=end, ending=end < "outside" and not end.startswith("frozen"))
    values = TRANSFER | {"key": "out", "quantity": 1, "target_id": target.pk}
    first = row.block.first + 12
    assert "holds these units" in copied(
        "ledger_transfer", values | {"source_id": places.locked(lock).pk, "span": f"[{first},{first + 1})"}
    )


@pytest.mark.parametrize(
    "clause",
    ["(key, position) DO UPDATE SET source_id = EXCLUDED.target_id", "(number) DO UPDATE SET quantity = 1"],
)
def test_an_upsert_changes_nothing(row, clause):
    same = ", ".join(f'"{name}"' for name in columns("ledger_transfer"))
    refused(f"INSERT INTO ledger_transfer ({same}) SELECT {same} FROM ledger_transfer ON CONFLICT {clause}")


def test_an_ordinary_role_cannot_switch_the_triggers_off(row):
    """`session_replication_role` silences triggers; only a super-user may set it, and the portal's role is none
    (reliability: four roles). A role that does not own the tables cannot drop their guards either; who runs the tests
    without being a super-user owns them, so that half needs a super-user."""
    with transaction.atomic():
        run("SET CONSTRAINTS ALL IMMEDIATE")
        if super_user := ask("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
            run("CREATE ROLE ordinary_role_of_a_test")
            run("GRANT ALL ON ALL TABLES IN SCHEMA public TO ordinary_role_of_a_test")
            run("GRANT USAGE ON SCHEMA public TO ordinary_role_of_a_test")
            run("SET LOCAL ROLE ordinary_role_of_a_test")
        assert "permission denied" in refused("SET LOCAL session_replication_role = replica")
        for table in [*LEDGER, "trail_entry", "offsets_retirement"]:
            refused(f"DELETE FROM {table}")
            if super_user:
                assert "must be owner" in refused(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        transaction.set_rollback(True)


def test_the_admin_writes_no_row_that_counts(client):
    """Nothing of ledger, trail and offsets is registered; and an insert-only model that ever is, is read-only."""
    request = type("Request", (), {"user": make_user(is_staff=True, is_superuser=True)})()
    for model, site in admin.site._registry.items():
        assert model._meta.app_label not in ("ledger", "trail", "offsets")
        if issubclass(model, InsertOnly):
            asked = (site.has_add_permission, site.has_change_permission, site.has_delete_permission)
            assert not any(may(request) for may in asked), model
    client.force_login(request.user)
    assert client.get("/admin/").status_code == 200
    for address in ("ledger/transfer/", "ledger/lot/add/", "trail/entry/", "offsets/retirement/1/change/"):
        assert client.get(f"/admin/{address}").status_code == 404
