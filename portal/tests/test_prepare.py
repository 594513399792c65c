"""Databases of earlier days: one with the whole old history goes on unchanged, one that stopped half-way is told."""

import pytest
from django.core.management import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from portal.management.commands import prepare

pytestmark = pytest.mark.django_db


@pytest.fixture
def earlier():
    """Its records name the old steps instead of the ones that replace them."""
    recorder = MigrationRecorder(connection)
    for key, migration in MigrationExecutor(None).loader.replacements.items():
        recorder.record_unapplied(*key)
        for old in migration.replaces:
            recorder.record_applied(*old)
    return recorder


def waiting():
    executor = MigrationExecutor(connection)
    return executor.migration_plan(executor.loader.graph.leaf_nodes())


def test_a_database_of_the_old_history_lacks_nothing(earlier):
    prepare.need_whole_history()
    assert waiting() == []


@pytest.mark.parametrize("step", [("offsets", "0016_covering_indexes"), ("standing", "0003_ending_reasons")])
def test_a_database_that_stopped_half_way_is_refused(earlier, step):
    """Control: where nothing depends on a room, Django alone says nothing about the missing step."""
    earlier.record_unapplied(*step)
    with pytest.raises(CommandError, match=f"lacks 1 steps .*first: {'.'.join(step)}"):
        prepare.need_whole_history()


def test_an_empty_history_is_no_half_one():
    recorder = MigrationRecorder(connection)
    recorder.migration_qs.all().delete()
    prepare.need_whole_history()
    assert len(waiting()) > 40
