"""The yearly look at a planting, and the decision of a competent body that makes growth count."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from neutrality.evidence import operations as evidence
from neutrality.ledger import operations as ledger
from neutrality.planting.models import Survey, Verification
from neutrality.planting.operations.commitments import locked
from neutrality.planting.rules import Outcome, year_begins
from neutrality.refusals import Problem, Refusal
from neutrality.trail import operations as trail


class NotReported(Refusal):
    code = "not_reported"
    message = _("This survey cannot be handed in.")


class NotVerified(Refusal):
    code = "not_verified"
    message = _("This survey cannot be decided on.")


class Decided(Refusal):
    code = "decided"
    message = _("This survey was decided on already. Reload the page to see how.")


class NoFile(Refusal):
    code = "no_file"
    message = _("Add the document itself as a file.")


@transaction.atomic
def report(
    *,
    planting: Any,
    year: int,
    surveyed_on: date,
    alive_percent: int,
    method: str,
    grown_from: date,
    grown_to: date,
    claimed_kg: Decimal,
    note: str,
    body: Any,
    upload: Any,
    key: str,
    by: Any,
    at: datetime,
) -> Survey:
    """Hand in one survey with its evidence to the body that is to verify it. Nothing counts yet."""
    if done := ledger.once(Survey, key, planting=planting, year=year, surveyed_on=surveyed_on, claimed_kg=claimed_kg):
        return done
    row = locked(planting)
    if not upload:
        raise NoFile(field="evidence")
    problems = [*early(row, year, surveyed_on), *periods(row, grown_from, grown_to, surveyed_on, localdate(at))]
    if row.surveys.filter(verification__isnull=True).exists():
        problems.append(Problem("waiting", _("An earlier survey still waits for its body. One is decided at a time.")))
    if body.pk == row.activity.organization_id:
        problems.append(Problem("own_body", _("Nobody verifies growth of their own (R1.23)."), "body"))
    if problems:
        raise NotReported.many(problems)
    owner = row.activity.organization.code
    made = Survey.objects.create(
        key=key,
        planting=row,
        year=year,
        surveyed_on=surveyed_on,
        alive_percent=alive_percent,
        method=method,
        grown_from=grown_from,
        grown_to=grown_to,
        claimed_kg=claimed_kg,
        note=note,
        body=body,
        evidence=evidence.deposit(upload=upload, owner_code=owner, by=by, at=at),
        reported_at=at,
        reported_by=by,
    )
    content = {"survey": made.number, "year": year, "claimed_kg": str(claimed_kg), "digest": made.evidence.digest}
    trail.record(verb="planting.survey", subject=f"planting:{row.number}", by=by, at=at, content=content, public=True)
    return made


def early(row: Any, year: int, surveyed_on: date) -> list[Problem]:
    """A survey said to be of a year that has not begun: it would silence the reminder of that year."""
    begins = year_begins(row.planted_on, year)
    if surveyed_on >= begins:
        return []
    words = _("Year %(year)s of this planting begins on %(day)s. Choose the year the survey was made in.")
    return [Problem("year", words % {"year": year, "day": begins}, "year")]


def periods(row: Any, grown_from: date, grown_to: date, surveyed_on: date, on: date) -> list[Problem]:
    """What is wrong with the days of a survey."""
    found = []
    if grown_from >= grown_to:
        found.append(Problem("order", _("Growth ends after it begins."), "grown_to"))
    if grown_from < row.planted_on:
        words = _("Nothing grew before the planting on %(day)s.")
        found.append(Problem("before", words % {"day": row.planted_on}, "grown_from"))
    if grown_to > surveyed_on:
        found.append(Problem("ahead", _("A survey cannot see growth after its own day."), "grown_to"))
    if surveyed_on > on:
        found.append(Problem("future", _("The survey lies in the future. Enter it once it is done."), "surveyed_on"))
    last = row.verifications.filter(increment_kg__gt=0).order_by("-grown_to").first()
    if last is not None and grown_from < last.grown_to:
        words = _("Growth until %(day)s is verified already; a stretch of growth counts once.")
        found.append(Problem("twice", words % {"day": last.grown_to}, "grown_from"))
    return found


@transaction.atomic
def verify(
    *,
    survey: Survey,
    outcome: str,
    increment_kg: Decimal,
    competence: str,
    report_number: str,
    note: str,
    upload: Any,
    key: str,
    by: Any,
    at: datetime,
) -> Verification:
    """The body a survey names decides what grew, or was lost (below zero). Access decides that `by` acts for it and has
    no seat with the organizer."""
    if done := ledger.once(Verification, key, survey=survey, outcome=outcome, report_number=report_number):
        return done
    row = locked(survey.planting)
    look = Survey.objects.select_related("body").get(pk=survey.pk)
    if Verification.objects.filter(survey=look).exists():
        raise Decided
    if not upload:
        raise NoFile(field="report")
    decided = Outcome(outcome)
    amount = increment_kg if decided is Outcome.VERIFIED else Decimal(0)
    if problems := undecidable(row, look, decided, amount, report_number, localdate(at)):
        raise NotVerified.many(problems)
    made = Verification.objects.create(
        key=key,
        survey=look,
        planting=row,
        body=look.body,
        outcome=decided.value,
        increment_kg=amount,
        grown_from=look.grown_from,
        grown_to=look.grown_to,
        competence=competence,
        report_number=report_number,
        report=evidence.deposit(upload=upload, owner_code=look.body.code, by=by, at=at),
        note=note,
        decided_at=at,
        decided_by=by,
        decided_on=localdate(at),
    )
    content = {"planting": row.number, "survey": look.number, "body": look.body.code, "outcome": decided.value}
    content |= {"increment_kg": str(amount), "grown_to": look.grown_to.isoformat(), "digest": made.report.digest}
    trail.record(
        verb="planting.verify", subject=f"activity:{row.activity.code}", by=by, at=at, content=content, public=True
    )
    return made


def undecidable(row: Any, look: Survey, outcome: Outcome, amount: Decimal, number: str, on: date) -> list[Problem]:
    """Why a decision cannot be written down, if so."""
    found = []
    if outcome is Outcome.VERIFIED and not amount:
        words = _("Enter what grew, or choose that nothing is verified.")
        found.append(Problem("nothing", words, "increment_t"))
    if amount > 0 and max(on, look.grown_to) > row.horizon:
        words = _("The six years ended on %(day)s: growth that came or was certified later never counts (R1.22).")
        found.append(Problem("late", words % {"day": row.horizon}, "increment_t"))
    if amount > 0 and amount > look.claimed_kg:
        found.append(Problem("more", _("More cannot be verified than the organizer reported."), "increment_t"))
    if Verification.objects.filter(body=look.body, report_number=number).exists():
        found.append(Problem("report", _("Your body used this report number already."), "report_number"))
    return found
