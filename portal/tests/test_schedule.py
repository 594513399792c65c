"""The timetable and the sweepers agree."""

from celery import current_app
from django.conf import settings


def swept():
    current_app.loader.import_default_modules()
    return {name for name in current_app.tasks if name.endswith("_due")}


def test_every_sweeper_is_on_the_timetable_and_nothing_else():
    assert {row["task"] for row in settings.CELERY_BEAT_SCHEDULE.values()} == swept()


def test_a_sweep_expires_before_the_next_one():
    for row in settings.CELERY_BEAT_SCHEDULE.values():
        assert 0 < row["options"]["expires"] <= row["schedule"]
