"""Find pairs of projects that may be one, and write down what a person decided about them."""

from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import transaction
from django.db.models import Max, Min
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext_lazy as _

from neutrality.offsets import geography
from neutrality.offsets.models import Mark, Project, Row, Twin, TwinDecision
from neutrality.offsets.operations.shelving import last_row
from neutrality.offsets.rules import twins
from neutrality.refusals import Refusal
from neutrality.search import LONGEST_WORD, pinyin
from neutrality.trail import operations as trail

TOGETHER = 200
NEAR = 40
SHORT = 4


class NoReason(Refusal):
    code = "no_reason"
    message = _("Say what shows it; the reason is printed beside the decision.")


def described(project: Project, years: tuple[int, int] | None) -> twins.Described:
    """What the rules compare."""
    return twins.Described(
        name_zh=project.name_zh,
        name_en=project.name_en,
        spelt=" ".join(pinyin(project.name_zh)),
        country=project.country,
        place=" ".join(geography.provinces().get(project.region_code[:2], (project.place_name,))),
        method=project.methodology,
        developer=project.developer,
        years=years,
    )


def find_twins(*, at: datetime) -> int:
    """Compare projects that came since the last time with those of other registries; returns how many pairs are new."""
    last = last_row("offsets_project")
    with transaction.atomic():
        mark, _made = Mark.objects.select_for_update().get_or_create(what=Row.PROJECT)
        fresh = list(Project.objects.filter(pk__gt=mark.last, pk__lte=last).order_by("pk")[:TOGETHER])
        found = [twin for project in fresh for twin in _twins_of(project, at)]
        Twin.objects.bulk_create(found, ignore_conflicts=True)
        if fresh:
            mark.last, mark.counted_at = fresh[-1].pk, at
            mark.save(update_fields=["last", "counted_at"])
        if found:
            content = {"pairs": [f"{twin.first.code} {twin.second.code}" for twin in found]}
            trail.record(verb="offsets.find_twins", subject="offsets", by=None, at=at, content=content)
    return len(found)


def _twins_of(project: Project, at: datetime) -> list[Twin]:
    near = _near(project)
    years = _years([project, *near])
    mine = twins.marks(described(project, years.get(project.pk)))
    found = []
    for other in near:
        said = twins.compare(mine, twins.marks(described(other, years.get(other.pk))))
        if said.likely:
            first, second = sorted((project, other), key=lambda one: one.pk)
            reasons = [reason.value for reason in said.reasons]
            found.append(Twin(first=first, second=second, points=said.points, reasons=reasons, found_at=at))
    return found


def _near(project: Project) -> list[Project]:
    """Projects of other registries that share a word of the name, in either script, in the same country."""
    marks = twins.marks(described(project, None))
    latin = marks.words | {word for word in marks.spelt if len(word) > SHORT}
    words = [f"{word[:LONGEST_WORD]}:*" for word in sorted(latin) if len(word) >= SHORT] + sorted(marks.han)
    if not words:
        return []
    asked = SearchQuery(" | ".join(words[:NEAR]), config="simple", search_type="raw")
    others = Project.objects.filter(search=asked, pk__lt=project.pk).exclude(registry=project.registry_id)
    if project.country:
        others = others.filter(country__in=(project.country, ""))
    return list(others.order_by("-pk")[: NEAR * 10])


def _years(projects: list[Project]) -> dict[int, tuple[int, int]]:
    rows = Project.objects.filter(pk__in=[project.pk for project in projects], blocks__isnull=False).order_by()
    rows = rows.annotate(first=Min(ExtractYear("blocks__vintage_start")), last=Max(ExtractYear("blocks__vintage_end")))
    spans = rows.values_list("pk", "first", "last")
    return {pk: (first, last) for pk, first, last in spans}


@transaction.atomic
def decide_twin(*, twin: Twin, same: bool, reason: str, body: Any, by: Any, at: datetime) -> TwinDecision:
    """A registry operator says whether two projects are one. A later decision takes the place of an earlier one."""
    twin = Twin.objects.select_for_update().get(pk=twin.pk)
    if not reason.strip():
        raise NoReason(field="reason")
    made = TwinDecision.objects.create(
        twin=twin, same=same, reason=reason.strip(), body=body, decided_at=at, decided_by=by
    )
    projects = [twin.first.code, twin.second.code]
    content = {"projects": projects, "same": same, "reason": made.reason, "body": body.code}
    trail.record(verb="offsets.decide_twin", subject=f"twin:{twin.number}", by=by, at=at, content=content, public=True)
    return made
