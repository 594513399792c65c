"""What pages and other rooms ask about activities."""

from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet

from accounts import access as accounts
from neutrality import wording
from neutrality.activities import rules, words
from neutrality.activities.models import Activity, Measure
from neutrality.rulebook import queries as rulebooks
from neutrality.rulebook.models import Region


def plan_facts(activity: Activity, estimate_kg: Decimal | None) -> rules.PlanFacts:
    """What the plan says so far. The estimate is told from above: inventories stand on activities."""
    return rules.PlanFacts(
        summary=activity.summary,
        place_name=activity.place_name,
        region_code=activity.region_code,
        expected_people=activity.expected_people,
        stages=tuple(activity.stages),
        mandatory_stages=activity.rulebook.rules.mandatory_stages(activity.form),
        estimate_kg=estimate_kg,
        measures=activity.measures.exclude(state=rules.MeasureState.DROPPED).count(),
        offset_method=activity.offset_method,
        offset_families=tuple(activity.offset_families),
        ends_on=activity.ends_on,
        promised_on=activity.promised_on,
        disclose_on=activity.disclose_on,
        units_deadline=activity.units_deadline,
        forest_deadline=activity.forest_deadline,
        verified=activity.organization.verified,
    )


def plan_gaps(activity: Activity, estimate_kg: Decimal | None) -> tuple[rules.Gap, ...]:
    """What keeps the plan from being published; disclosure passes the total of the submitted estimate."""
    return rules.plan_gaps(plan_facts(activity, estimate_kg))


def mine(user: Any) -> QuerySet[Activity]:
    """The activities of the organizations `user` belongs to, newest first, each with `measures_count`."""
    held = Activity.objects.of(accounts.organizations(user)).select_related("organization", "rulebook")
    counted = Count("measures", filter=~Q(measures__state=rules.MeasureState.DROPPED))
    return held.annotate(measures_count=counted).order_by("-starts_on", "code")


def place(activity: Activity) -> list[Region]:
    """The divisions the activity lies in, widest first."""
    return rulebooks.lineage(activity.region_code)


def place_name(activity: Activity) -> str:
    """The divisions in the reader's language, as people write them: 四川省成都市, or Chengdu, Sichuan."""
    lineage = place(activity)
    zh = "".join(region.name_zh for region in lineage)
    return wording.pick(zh, ", ".join(region.name_en for region in reversed(lineage)))


class CopyLine(NamedTuple):
    """One part of a copy: whether it came along, and how many things did where they are counted."""

    part: rules.CopyPart
    words: Any
    along: bool
    count: int | None


def copy_report(activity: Activity) -> list[CopyLine]:
    """What a copy has of each part its source had, as it stands now; parts the source did not have are left out."""
    source = activity.copied_from
    lines = []
    for part, names in rules.COPIED.items():
        if part is rules.CopyPart.MEASURES:
            planned = source.measures.exclude(state=rules.MeasureState.DROPPED).count()
            count = activity.measures.count()
            if planned:
                lines.append(CopyLine(part, words.COPY_PART[part], count > 0, count))
        elif any(getattr(source, name) for name in names):
            along = any(getattr(activity, name) for name in names)
            lines.append(CopyLine(part, words.COPY_PART[part], along, None))
    return lines


def reduction(activity: Activity) -> rules.Reduction:
    """What the measures plan and what they achieved, known figures only, with how many are unknown (R1.7, F20)."""
    return rules.reduction(tuple(_effect(measure) for measure in activity.measures.all()))


def _effect(measure: Measure) -> rules.Effect:
    return rules.Effect(measure.state, measure.planned_kg, measure.achieved_kg, measure.cost_cny)


def cost_curve(activity: Activity) -> list[tuple[Measure, rules.Step]]:
    """The measures whose cost and effect are known, cheapest tonne first."""
    measures = {measure.number: measure for measure in activity.measures.all()}
    steps = rules.cost_curve((number, _effect(measure)) for number, measure in measures.items())
    return [(measures[step.number], step) for step in steps]
