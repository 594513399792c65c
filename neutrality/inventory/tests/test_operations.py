"""The life of an inventory: happy path, every refusal, the trail, the second call."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal as D

import pytest
from django.db import DatabaseError, connection, transaction

from neutrality.activities.tests.factories import make_activity
from neutrality.appendonly import ChangeForbidden
from neutrality.inventory import operations, queries, rules, seeding
from neutrality.inventory.models import FactorVersion, Gwp, Inventory, Line, Result, Seal
from neutrality.inventory.tests import factories
from neutrality.inventory.tests.factories import AT, make_draft, make_evidence, make_lines, make_submitted_inventory
from neutrality.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def activity():
    return make_activity()


@pytest.fixture
def lines(activity):
    return make_lines(activity, evidence_digest=make_evidence(activity, activity.created_by))


def save(inventory, lines, **over):
    values = {"edition": inventory.edition, "by": inventory.created_by, "at": AT} | over
    return operations.save_draft(inventory=inventory, lines=lines, **values)


def submit(inventory, at=AT):
    return operations.submit(inventory=inventory, by=inventory.created_by, at=at)


def verbs():
    return list(Entry.objects.filter(verb__startswith="inventory.").order_by("number").values_list("verb", flat=True))


def test_the_whole_way(activity):
    first = make_submitted_inventory(activity, kg="103150")
    assert (str(first.total_kg), first.state, first.partial) == ("103150.0000", "submitted", False)
    assert queries.current(activity, "actual") == first
    assert Result.objects.get(line__inventory=first).kg == D("103150.0000")
    second = operations.correct(inventory=first, reason="the meter was read wrong", by=activity.created_by, at=AT)
    assert (second.version, second.replaces, second.lines.count()) == (2, first, 16)
    assert queries.current(activity, "actual") == first
    facts = [row.facts for row in queries.lines(second)]
    facts[0] = replace(facts[0], quantity=D("99"))
    submit(save(second, facts))
    assert queries.current(activity, "actual") == second
    first.refresh_from_db()
    assert (first.state, str(first.total_kg)) == ("submitted", "103150.0000")
    assert verbs() == [
        "inventory.start",
        "inventory.save",
        "inventory.submit",
        "inventory.correct",
        "inventory.save",
        "inventory.submit",
    ]


def test_actual_figures_begin_with_the_rows_of_the_estimate(activity):
    make_submitted_inventory(activity, "estimate", kg="90000")
    actual = make_draft(activity, "actual")
    rows = {row.source: row for row in queries.lines(actual)}
    assert (rows["electricity"].quantity, rows["electricity"].treatment) == (None, "")
    assert rows["electricity"].own_value == 1
    assert rows["heat"].treatment == "not_occurring"
    assert {gap.code for gap in queries.sheet(actual).gaps} == {"source_unanswered", "treatment_missing"}


def test_start_twice_is_once(activity):
    assert make_draft(activity) == make_draft(activity)
    assert verbs() == ["inventory.start"]


def test_start_refuses_a_second_first_version_and_a_cancelled_activity(activity):
    make_submitted_inventory(activity)
    with pytest.raises(operations.AlreadySubmitted):
        make_draft(activity)
    with pytest.raises(operations.ActivityCancelled):
        make_draft(make_activity(state="cancelled"))


def test_a_draft_holds_gaps_and_never_faults(activity, lines):
    draft = make_draft(activity)
    saved = save(draft, [replace(lines[0], quantity=None)])
    assert queries.sheet(saved).total_kg == 0
    assert queries.lines(saved)[0].quantity is None
    with pytest.raises(operations.Faulty) as refusal:
        save(saved, [replace(lines[0], unit="km"), replace(lines[1], quantity=D(1))])
    assert [(p.code, p.row) for p in refusal.value.problems] == [("units_differ", 1), ("quantity_not_expected", 2)]
    assert len(queries.lines(saved)) == 1


def test_two_windows_do_not_overwrite_each_other(activity, lines):
    draft = make_draft(activity)
    save(draft, lines)
    with pytest.raises(operations.Stale):
        save(draft, lines[:1], edition=0)
    assert draft.lines.count() == len(lines)


def test_too_many_lines(activity, lines, monkeypatch):
    monkeypatch.setattr(rules, "MOST_LINES", 3)
    with pytest.raises(operations.TooManyLines):
        save(make_draft(activity), lines)


def test_an_incomplete_inventory_names_every_gap(activity, lines):
    draft = save(make_draft(activity), lines[:3])
    with pytest.raises(operations.Incomplete) as refusal:
        submit(draft)
    assert len(refusal.value.problems) == len(lines) - 3
    assert Result.objects.count() == Seal.objects.count() == 0


def test_actual_figures_wait_for_the_end(activity, lines):
    draft = save(make_draft(activity), lines)
    end = datetime(2026, 5, 18, 15, 59, tzinfo=UTC)  # 23:59 in Chengdu on the last day
    with pytest.raises(operations.NotEnded):
        submit(draft, at=end)
    assert submit(draft, at=end + timedelta(minutes=1)).state == "submitted"


def test_an_estimate_may_come_before(activity):
    assert make_submitted_inventory(activity, "estimate").submitted_at == AT


def test_submitting_twice_is_refused_and_changes_nothing(activity):
    done = make_submitted_inventory(activity)
    with pytest.raises(operations.NotDraft):
        submit(done)
    with pytest.raises(operations.NotDraft):
        save(done, [])
    assert Seal.objects.count() == 1


def test_sent_back_no_longer_stands_and_can_be_corrected(activity):
    done = make_submitted_inventory(activity)
    with pytest.raises(operations.NoReason):
        operations.return_(inventory=done, reason="  ", by=activity.created_by, at=AT)
    back = operations.return_(inventory=done, reason="no freight", by=activity.created_by, at=AT)
    assert (back.state, queries.current(activity, "actual")) == ("returned", None)
    with pytest.raises(operations.NotSubmitted):
        operations.return_(inventory=done, reason="again", by=activity.created_by, at=AT)
    new = operations.correct(inventory=back, reason="freight added", by=activity.created_by, at=AT)
    assert new.replaces == back
    assert operations.correct(inventory=back, reason="twice", by=activity.created_by, at=AT) == new


def test_only_the_newest_version_is_sent_back_or_corrected(activity):
    first = make_submitted_inventory(activity)
    second = submit(operations.correct(inventory=first, reason="x", by=activity.created_by, at=AT))
    with pytest.raises(operations.NotSubmitted):
        operations.return_(inventory=first, reason="x", by=activity.created_by, at=AT)
    with pytest.raises(operations.NotSubmitted):
        operations.correct(inventory=first, reason="x", by=activity.created_by, at=AT)
    with pytest.raises(operations.NoReason):
        operations.correct(inventory=second, reason="", by=activity.created_by, at=AT)


def test_a_draft_can_be_thrown_away_and_a_submitted_one_cannot(activity, lines):
    draft = save(make_draft(activity), lines)
    operations.discard(inventory=draft, by=activity.created_by, at=AT)
    assert Inventory.objects.count() == 0
    done = make_submitted_inventory(activity)
    with pytest.raises(operations.NotDraft):
        operations.discard(inventory=done, by=activity.created_by, at=AT)


# --- frozen means frozen, in code and in the database


def refused(sql, *values):
    with pytest.raises(DatabaseError, match=r"frozen|insert-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_nothing_moves_a_submitted_figure_even_by_sql(activity):
    done = make_submitted_inventory(activity)
    refused("UPDATE inventory_inventory SET total_kg = 0 WHERE id = %s", done.pk)
    refused("UPDATE inventory_inventory SET state = 'draft' WHERE id = %s", done.pk)
    refused("DELETE FROM inventory_inventory WHERE id = %s", done.pk)
    refused("UPDATE inventory_line SET quantity = 0 WHERE inventory_id = %s", done.pk)
    refused("DELETE FROM inventory_line WHERE inventory_id = %s", done.pk)
    refused("UPDATE inventory_result SET kg = 0")
    refused("DELETE FROM inventory_seal")
    row = Line.objects.filter(inventory=done).first()
    row.pk, row.key, row.position = None, "another", 999
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Line.objects.bulk_create([row])
    with pytest.raises(ChangeForbidden):
        Result.objects.update(kg=0)


def test_a_draft_moves_freely(activity, lines):
    """The control of the guard above."""
    draft = save(make_draft(activity), lines)
    assert Line.objects.filter(inventory=draft).update(quantity=None) == len(lines)


def test_frozen_figures_are_read_not_calculated_again(activity, monkeypatch):
    done = make_submitted_inventory(activity)
    monkeypatch.setattr(rules, "calculate", lambda *a, **k: pytest.fail("calculated again"))
    assert queries.sheet(done).total_kg == D("103150.0000")


# --- the library


def test_the_library_loads_whole_and_twice_without_harm():
    factories.load_library()
    factories.load_library()
    assert (FactorVersion.objects.count(), Gwp.objects.count()) == (1223 + 78, 106)
    assert Entry.objects.filter(verb="library.factors").count() == 1


def test_a_new_edition_adds_a_version_and_moves_nothing():
    factories.load_library()
    row = next(row for row in seeding.factor_rows() if row["code"] == "mee.grid.cn_51.2023.kwh")
    newer = row | {"code": "mee.grid.cn_51.2024.kwh", "year": "2024", "source_year": "2027", "value": "0.15"}
    assert operations.load_factors(rows=[newer], by=None, at=AT) == 1
    assert queries.factors([row["code"]])[row["code"]].value == D("0.1564")
    found = queries.factor("mee.grid.cn_51.2024.kwh")
    assert found is not None
    assert found.versions.count() == 4
    with pytest.raises(operations.FigureMoved):
        operations.load_factors(rows=[row | {"value": "0.2"}], by=None, at=AT)


def test_every_value_of_the_seed_is_in_the_database_exactly():
    factories.load_library()
    stored = dict(FactorVersion.objects.values_list("code", "value"))
    assert all(stored[row["code"]] == D(row["value"]) for row in seeding.factor_rows())
