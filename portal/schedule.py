"""The worker's timetable, one row per sweeper. Seconds between runs; sweepers find what is due by themselves.

A row expires before the next one is made, so a pause of the worker leaves one message behind and not a flood.
"""

from typing import Any


def every(seconds: int, task: str) -> dict[str, Any]:
    return {"task": task, "schedule": float(seconds), "options": {"expires": seconds}}


SCHEDULE = {
    "trail checkpoint": every(120, "neutrality.trail.tasks.checkpoint_due"),
    "pulse": every(60, "portal.tasks.pulse_due"),
    "second look": every(3600, "portal.tasks.verify_due"),
    "twins": every(300, "neutrality.offsets.tasks.twins_due"),
    "shelves": every(60, "neutrality.offsets.tasks.count_due"),
    "reservations": every(300, "neutrality.offsets.tasks.expire_due"),
    "evaluation": every(120, "neutrality.evaluation.tasks.evaluate_due"),
    "registry files": every(15, "neutrality.offsets.tasks.read_due"),
    "lists": every(10, "neutrality.inventory.tasks.settle_lists_due"),
    "cases": every(120, "neutrality.oversight.tasks.follow_due"),
    "surveys": every(600, "neutrality.inventory.tasks.seal_due"),
    "scores": every(600, "neutrality.standing.tasks.score_due"),
    "settling": every(300, "neutrality.standing.tasks.settle_due"),
}
