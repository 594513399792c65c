"""What the pages of a survey are given, and the picture that leads to it."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import qrcode
import qrcode.image.svg
from django.db.models import Sum

from neutrality.activities.models import Activity
from neutrality.inventory import pages, rules, trips, words
from neutrality.inventory.models import FactorVersion, Survey, SurveyAnswer
from neutrality.inventory.operations import surveys as operations
from neutrality.inventory.rules import sampling
from neutrality.inventory.rules import survey as polling
from neutrality.inventory.rules.travel import Mode
from neutrality.wording import pick

MOST_ORIGINS = 12
AFTER = timedelta(days=14)


def of(activity: Activity) -> list[Survey]:
    """The surveys of an activity, newest first."""
    return list(Survey.objects.filter(activity=activity).order_by("-opened_at", "-pk"))


def qr(address: str) -> bytes:
    """An SVG picture of an address, dark on white, with its quiet zone."""
    made = qrcode.make(address, image_factory=qrcode.image.svg.SvgPathFillImage, box_size=12, border=4)
    return bytes(made.to_string())


def page(activity: Activity, address: str) -> dict[str, Any]:
    """The organizer's page: the newest survey with what came in, and those before it."""
    found = of(activity)
    newest = found[0] if found else None
    return {
        "activity": activity,
        "survey": newest,
        "address": address,
        "before": found[1:],
        "state": state(newest) if newest else None,
        "kinds": [(kind.value, pages.words_of(kind.value)) for kind in rules.Kind],
    }


def state(survey: Survey) -> dict[str, Any]:
    """What came in so far. While it is open only counts and how sure the whole is: who watches the page while somebody
    answers learns nothing. Closed, what it comes to; never a single answer, never fewer than five."""
    answers = list(SurveyAnswer.objects.filter(survey=survey).select_related("group"))
    populations = operations.populations(survey)
    found = {
        "answers": len(answers),
        "people": sum(row.people for row in answers),
        "population": sum(people or 0 for people in populations.values()),
        "groups": _groups(survey, answers, populations),
        "batches": list(survey.batches.order_by("number")),
        "smallest": polling.SMALLEST,
        **_estimate(survey),
    }
    if survey.closed_at is None:
        return found
    origins = [row for row in answers if row.origin]
    return found | {
        "modes": _table(answers, lambda row: words.MODES[Mode(row.there)]),
        "origins": _table(origins, lambda row: _city(row.origin), most=MOST_ORIGINS),
    }


def _groups(survey: Survey, answers: list[SurveyAnswer], populations: dict[int, int | None]) -> list[dict[str, Any]]:
    """Each group with the people stated; how many answered it only where nobody can be told from it."""
    last = {head.group_id: head for group in survey.groups.all() for head in group.headcounts.order_by("pk")}
    counts = {group.number: sum(row.group_id == group.pk for row in answers) for group in survey.groups.all()}
    whole = all(count == 0 or count >= polling.SMALLEST for count in counts.values())
    return [
        {
            "group": group,
            "population": populations[group.number],
            "basis": words.HEADCOUNT_BASES[polling.HeadcountBasis(last[group.pk].basis)] if group.pk in last else "",
            "answers": counts[group.number] if whole else None,
        }
        for group in survey.groups.all()
    ]


def _table(answers: Iterable[SurveyAnswer], name: Any, most: int = 20) -> dict[str, Any]:
    """Groups of five and more with their share, the rest in one sum."""
    rows, rest = polling.shown([str(name(row)) for row in answers])
    rest += sum(count for _name, count in rows[most:])
    whole = sum(count for _name, count in rows[:most]) + rest
    return {
        "rows": [(label, count, 100 * count // whole) for label, count in rows[:most]],
        "rest": rest,
    }


def _estimate(survey: Survey) -> dict[str, Any]:
    """The estimate in words, or why there is none."""
    try:
        found, library = operations.estimate(survey)
    except sampling.NoEstimate as none:
        return {"estimate": None, "why_not": operations.why_not(survey, none)}
    names = {group.number: str(group) for group in survey.groups.all()}
    versions = FactorVersion.objects.select_related("factor").filter(code__in=found.amounts)
    series = {version.code: version.factor.name for version in versions}
    return {
        "estimate": found,
        "per_head": (found.kg / found.population).quantize(Decimal("0.1")),
        "sure": int(100 * (found.high_kg - found.low_kg) / (2 * found.kg)) + 1 if found.kg else 0,
        "few": sampling.FEW if found.few else 0,
        "pooled": ["、".join(names[number] for number in stratum.groups) for stratum in found.pooled],
        "lines": [
            {
                "code": code,
                "name": series.get(code, code),
                "amount": one.amount,
                "unit": words.unit(library[code].unit),
                "percent": one.percent,
            }
            for code, one in found.amounts.items()
        ],
    }


def _city(name: str) -> str:
    """A city in the reader's language."""
    found = trips.gazetteer().find(name)
    return pick(found[0].name_zh, found[0].name_en) if found else name


def record(survey: Survey) -> dict[str, Any]:
    """What everybody may read of a survey once it is closed."""
    people = SurveyAnswer.objects.filter(survey=survey).aggregate(all=Sum("people"))["all"] or 0
    return {
        "survey": survey,
        "activity": survey.activity,
        "people": people,
        "population": sum(count or 0 for count in operations.populations(survey).values()),
        "batches": list(survey.batches.order_by("number")),
    }
