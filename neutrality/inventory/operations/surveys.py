"""The life of a survey: open, state how many people there are, answer, seal, close, and take over into an inventory."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.db.models import Max, Sum
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neutrality import codes
from neutrality.activities.models import Activity
from neutrality.activities.rules import State as ActivityState
from neutrality.inventory import queries, rules, words
from neutrality.inventory.models import Headcount, Inventory, Survey, SurveyAnswer, SurveyBatch, SurveyGroup
from neutrality.inventory.operations import filing
from neutrality.inventory.rules import sampling, travel
from neutrality.inventory.rules.places import Place
from neutrality.inventory.rules.uncertainty import QUANTITY_PERCENT
from neutrality.refusals import Refusal
from neutrality.trail import operations as trail
from neutrality.trail import rules as trail_rules

BATCH = 50  # answers after which a digest is written at once; the sweeper seals what is left over
LONGEST = timedelta(days=400)
MOST_GROUPS = 8
PLACE = Decimal("0.1")
SOURCES = {travel.LODGING: "lodging", travel.MEAL: "catering"}


class SurveyOpen(Refusal):
    code = "survey_open"
    message = gettext_lazy("A survey of this activity is open already. Close it before you open another.")


class BadDay(Refusal):
    code = "bad_day"
    message = gettext_lazy("The last day lies between today and 400 days from now.")


class SurveyClosed(Refusal):
    code = "survey_closed"
    message = gettext_lazy("The survey is closed and takes no more answers. Thank you for your time.")


class Flooded(Refusal):
    code = "flooded"
    message = gettext_lazy("There are more answers than people, so the survey takes no more. Tell the organizer.")


class NotClosed(Refusal):
    code = "not_closed"
    message = gettext_lazy("Close the survey first: only frozen answers go into an inventory.")


class NotEstimable(Refusal):
    code = "not_estimable"
    message = gettext_lazy("Nothing can be estimated from these answers yet.")


@transaction.atomic
def open_survey(
    *,
    activity: Activity,
    venue: Place,
    groups: Sequence[tuple[str, str, int]],
    basis: str,
    asks_lodging: bool,
    asks_meals: bool,
    closes_on: date,
    by: Any,
    at: datetime,
) -> Survey:
    """Open a survey. `groups`: names in Chinese and English and people of each, at least one.

    Raises ActivityCancelled, SurveyOpen, BadDay."""
    locked = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    today = localdate(at)
    if locked.state == ActivityState.CANCELLED:
        raise filing.ActivityCancelled
    if Survey.objects.filter(activity=locked, closed_at__isnull=True).exists():
        raise SurveyOpen
    if not today <= closes_on <= today + LONGEST:
        raise BadDay(BadDay.message, field="closes_on")
    made = Survey.objects.create(
        activity=locked,
        code=codes.new_code(),
        venue=venue.name_zh or venue.name_en,
        venue_domestic=venue.domestic,
        asks_lodging=asks_lodging,
        asks_meals=asks_meals,
        opened_at=at,
        opened_by=by,
        closes_on=closes_on,
    )
    for number, (name_zh, name_en, people) in enumerate(groups[:MOST_GROUPS], start=1):
        group = SurveyGroup.objects.create(survey=made, number=number, name_zh=name_zh, name_en=name_en)
        Headcount.objects.create(group=group, people=people, basis=basis, stated_at=at, stated_by=by)
    content = {
        "activity": locked.code,
        "closes_on": closes_on,
        "basis": basis,
        "people": [people for _zh, _en, people in groups[:MOST_GROUPS]],
    }
    trail.record(verb="survey.open", subject=made.subject, by=by, at=at, content=content, public=True)
    return made


@transaction.atomic
def state_people(*, survey: Survey, people: Sequence[int], basis: str, by: Any, at: datetime) -> None:
    """State anew how many people each group has, in the order of the groups. Earlier statements stay."""
    groups = list(SurveyGroup.objects.filter(survey=survey).order_by("number"))
    for group, number in zip(groups, people, strict=True):
        Headcount.objects.create(group=group, people=number, basis=basis, stated_at=at, stated_by=by)
    content = {"basis": basis, "people": list(people)}
    trail.record(verb="survey.people", subject=survey.subject, by=by, at=at, content=content, public=True)


@transaction.atomic
def answer(*, survey: Survey, given: rules.survey.Answer, key: str, at: datetime) -> SurveyAnswer:
    """Keep one answer; the same form sent twice is one answer. Raises SurveyClosed, Flooded.

    The trail hears of it with its batch: a line of its own would tell when a person answered."""
    locked = Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    held = SurveyAnswer.objects.filter(survey=locked, key=key).first()
    if held is not None:
        return held
    if locked.closed_at is not None or localdate(at) > locked.closes_on:
        raise SurveyClosed
    number = _last(locked) + 1
    if rules.survey.flooded(number - 1, sum(people or 0 for people in populations(locked).values())):
        raise Flooded
    made = SurveyAnswer.objects.create(
        survey=locked,
        group=SurveyGroup.objects.get(survey=locked, number=given.group),
        number=number,
        key=key,
        answered_on=localdate(at),
        people=given.people,
        origin=given.origin,
        domestic=given.domestic,
        km=given.km,
        stated=given.stated,
        there=given.there.value,
        back=given.back.value,
        sharing=given.sharing,
        room_nights=given.room_nights,
        meals=given.meals,
    )
    if number - _sealed(locked) >= BATCH:
        _seal(locked, at)
    return made


def _last(survey: Survey) -> int:
    return SurveyAnswer.objects.filter(survey=survey).aggregate(last=Max("number"))["last"] or 0


def _sealed(survey: Survey) -> int:
    return SurveyBatch.objects.filter(survey=survey).aggregate(last=Max("last"))["last"] or 0


def populations(survey: Survey) -> dict[int, int | None]:
    """People of each group by its number, as stated last."""
    found: dict[int, int | None] = dict.fromkeys(survey.groups.values_list("number", flat=True))
    stated = Headcount.objects.filter(group__survey=survey).order_by("pk")
    return found | dict(stated.values_list("group__number", "people"))


def digest_of(survey: Survey, first: int, last: int, salt: str, before: str) -> str:
    """The digest of a run of answers, chained to the one before it."""
    rows = survey.given.filter(number__gte=first, number__lte=last).select_related("group").order_by("number")
    answers = [
        {
            "number": row.number,
            "group": row.group.number,
            "on": row.answered_on,
            "people": row.people,
            "origin": row.origin,
            "domestic": row.domestic,
            "km": row.km,
            "stated": row.stated,
            "there": row.there,
            "back": row.back,
            "sharing": row.sharing,
            "room_nights": row.room_nights,
            "meals": row.meals,
        }
        for row in rows
    ]
    content = {"survey": survey.code, "before": before, "answers": answers}
    return trail_rules.commitment(salt, trail_rules.plain(content))


def _seal(survey: Survey, at: datetime) -> SurveyBatch | None:
    """Fix what was answered since the last batch; None where that is nothing."""
    newest = SurveyBatch.objects.filter(survey=survey).order_by("number").last()
    first, last = (newest.last if newest else 0) + 1, _last(survey)
    if last < first:
        return None
    salt = secrets.token_hex(16)
    batch = SurveyBatch.objects.create(
        survey=survey,
        number=newest.number + 1 if newest else 1,
        first=first,
        last=last,
        salt=salt,
        digest=digest_of(survey, first, last, salt, newest.digest if newest else ""),
        sealed_at=at,
    )
    content = {"batch": batch.number, "first": first, "last": last, "digest": batch.digest}
    trail.record(verb="survey.seal", subject=survey.subject, by=None, at=at, content=content, public=True)
    return batch


@transaction.atomic
def seal(*, survey: Survey, at: datetime) -> None:
    """Seal what waits, and close a survey whose last day is past: the sweeper's two duties."""
    locked = Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    if locked.closed_at is not None:
        return
    _seal(locked, at)
    if localdate(at) > locked.closes_on:
        _close(locked, None, at)


@transaction.atomic
def close(*, survey: Survey, by: Any, at: datetime) -> Survey:
    """Take no more answers: all are sealed, counted and frozen. Closing twice is closing once."""
    locked = Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    if locked.closed_at is None:
        _seal(locked, at)
        _close(locked, by, at)
    return locked


def _close(survey: Survey, by: Any, at: datetime) -> None:
    newest = SurveyBatch.objects.filter(survey=survey).order_by("number").last()
    survey.closed_at, survey.answers = at, _last(survey)
    survey.digest = newest.digest if newest else trail_rules.digest(b"")
    survey.save(update_fields=["closed_at", "answers", "digest"])
    people = survey.given.aggregate(all=Sum("people"))["all"] or 0
    content = {"answers": survey.answers, "people": people, "digest": survey.digest}
    trail.record(verb="survey.close", subject=survey.subject, by=by, at=at, content=content, public=True)


def estimate(survey: Survey) -> tuple[sampling.Estimate, dict[str, rules.Factor]]:
    """What the answers so far stand for, and the factors used. Raises sampling.NoEstimate."""
    rows = survey.given.select_related("group").order_by("number")
    parties = [
        sampling.Party(row.group.number, row.people, rules.survey.amounts(row.facts, domestic=survey.venue_domestic))
        for row in rows
    ]
    library = queries.factors({code for party in parties for code in party.amounts})
    found = sampling.estimate(parties, populations(survey), {code: one.value for code, one in library.items()})
    return found, library


def why_not(survey: Survey, none: sampling.NoEstimate) -> str:
    """Why there is no estimate, in words."""
    names = {group.number: str(group) for group in survey.groups.all()}
    return str(words.NO_ESTIMATE[none.code] % {"fewest": sampling.FEWEST, "group": names.get(none.group or 0, "")})


@transaction.atomic
def adopt(*, survey: Survey, kind: str, by: Any, at: datetime) -> tuple[Inventory, bool]:
    """Take the estimate of a closed survey over into a draft: one line for every factor, with its sampling error.

    Lines of an earlier survey of the activity are replaced, other rows stay; the second value says whether there are
    other counted rows of the same sources, which may tell of the same journeys. Raises NotClosed, NotEstimable, what
    `start` and `save_draft` raise."""
    if survey.closed_at is None:
        raise NotClosed
    try:
        found, library = estimate(survey)
    except sampling.NoEstimate as none:
        raise NotEstimable(why_not(survey, none)) from none
    if not found.amounts:
        raise NotEstimable
    draft = filing.start(activity=survey.activity, kind=kind, by=by, at=at)
    fresh = [_line(draft, survey, found, code, one, library[code]) for code, one in sorted(found.amounts.items())]
    every = set(travel.factors())
    mine = {_key(draft, code) for code in every}
    sources = {line.source for line in fresh}
    kept = [
        facts
        for facts in (row.facts for row in queries.lines(draft))
        if facts.key not in mine and not (facts.source in sources and facts.quantity is None)
    ]
    beside = any(line.source in sources and line.counted for line in kept)
    draft = filing.save_draft(inventory=draft, lines=[*kept, *fresh], edition=draft.edition, by=by, at=at)
    content = {"inventory": draft.subject, "digest": survey.digest, "total_kg": found.kg, "people": found.population}
    trail.record(verb="survey.adopt", subject=survey.subject, by=by, at=at, content=content, public=True)
    return draft, beside


def _line(
    draft: Inventory,
    survey: Survey,
    found: sampling.Estimate,
    code: str,
    one: sampling.Amount,
    factor: rules.Factor,
) -> rules.Line:
    stages = draft.activity.stages
    said = _("Survey %(code)s: estimated for %(people)s people from %(answers)s answers, ± %(percent)s %% by sampling")
    # Sampling is one error, what people remember and write down is another: neither hides the other.
    spread = rules.root_sum(one.percent, QUANTITY_PERCENT[rules.Tier.CALCULATED])
    values = {"code": survey.code, "people": found.population, "answers": found.answers, "percent": one.percent}
    return rules.Line(
        key=_key(draft, code),
        position=0,
        source=SOURCES.get(code, "participant_travel"),
        stage="holding" if "holding" in stages else stages[0],
        treatment=rules.Treatment.ESTIMATED,
        description=said % values,
        quantity=one.amount,
        unit=factor.unit,
        factor=factor,
        tier=rules.Tier.CALCULATED,
        spread_percent=spread.quantize(PLACE, ROUND_CEILING),
    )


def _key(draft: Inventory, code: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"{draft.activity.code}/survey/{code}"))
