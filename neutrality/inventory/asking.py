"""The questions of the grid, read from seeds/questions.csv, and how they part the page."""

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from neutrality.activities.models import Activity
from neutrality.inventory import rules
from neutrality.wording import pick

FILE = Path(settings.BASE_DIR) / "seeds" / "questions.csv"


@cache
def rows() -> tuple[dict[str, str], ...]:
    """The rows of the file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(line for line in file if not line.startswith("#")))


def of(activity: Activity) -> dict[str, rules.Question]:
    """The questions for an activity by source, in the order in which they are asked."""
    people = activity.actual_people if activity.actual_people is not None else activity.expected_people
    return {question.source: question for question in rules.asked(rows(), activity.kind, people)}


def ordered(codes: Iterable[str], questions: Mapping[str, rules.Question]) -> list[str]:
    """Sources in the order in which they are asked; those without a question stay behind."""
    place = {code: number for number, code in enumerate(questions)}
    return sorted(codes, key=lambda code: place.get(code, len(place)))


def words(question: rules.Question | None) -> str:
    """The question in the reader's language, "" where there is none."""
    return pick(question.ask_zh, question.ask_en) if question else ""


def parted(sections: Iterable[Any], questions: Mapping[str, rules.Question]) -> dict[str, Any]:
    """Sections asked first, and the others; whether the others must stand open because something is written there."""
    found = list(sections)
    first = [one for one in found if one.code in questions and questions[one.code].first]
    others = [one for one in found if one not in first]
    written = any(row.errors or row.texts["treatment"] or row.texts["quantity"] for one in others for row in one.rows)
    return {"first": first, "others": others, "others_open": written or not first}


def nothing_else(texts: list[dict[str, str]], questions: Mapping[str, rules.Question]) -> list[dict[str, str]]:
    """The rows, those asked later and still blank answered “does not occur”: a person said so with one button."""
    return [
        row | {"treatment": rules.Treatment.NOT_OCCURRING.value}
        if row["source"] in questions and not questions[row["source"]].first and rules.is_blank(row)
        else row
        for row in texts
    ]
