"""Anyone may doubt one number of a statement; many voices about one number are one case (F18, T56)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from neutrality.disclosure import operations as disclosures
from neutrality.oversight import rules
from neutrality.oversight.models import Case, Contact, Step, Voice
from neutrality.oversight.operations.cases import advance, lock, start, state_of
from neutrality.oversight.rules import Act, Kind, Outcome
from neutrality.refusals import Refusal

PER_HOUR, PER_DAY = 5, 20
CLOSED_TO_VOICES = frozenset({rules.State.CLOSED, rules.State.CLOSING})


class TooMany(Refusal):
    code = "too_many"
    message = _("Many messages came from your network lately. Please try again in an hour; nothing you wrote was lost.")


class NoOutcome(Refusal):
    code = "no_outcome"
    message = _("Say what came of it, in words the public can read.")


@dataclass(frozen=True)
class Said:
    """What somebody wrote about one figure; name and address only if they want to hear of the outcome."""

    figure: str
    text: str
    name: str = ""
    email: str = ""


@transaction.atomic
def challenge(*, statement: Any, said: Said, network: str, by: Any, at: datetime) -> Case:
    """Doubt one figure of a statement. Joins the open case about it, or opens one; the same words twice count once."""
    hold(network)
    digest = f"{statement.number}\n{said.figure}\n{' '.join(said.text.split()).casefold()}"
    key = sha256(digest.encode()).hexdigest()
    known = Voice.objects.filter(key=key).select_related("case").first()
    if known:
        return known.case
    limit(network, at)
    earlier = about(
        statement, said.figure
    ).count()  # before looking: whoever comes second then bears the first's number
    case = open_case(statement, said.figure) or begin(statement, said.figure, earlier, at)
    voice = Voice.objects.create(case=case, key=key, figure=said.figure, text=said.text, network=network, said_at=at)
    if said.name or said.email:
        Contact.objects.create(voice=voice, name=said.name, email=said.email)
    if case.voices.count() > 1:
        advance(case=case, act=Act.JOIN, by=by, at=at, due_on=case.steps.order_by("-position")[0].due_on)
    return case


def hold(network: str) -> None:
    """Messages of one network go one after the other, so that the limit also holds in parallel."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"challenge:{network}"])


def limit(network: str, at: datetime) -> None:
    mine = Voice.objects.filter(network=network)
    hour = mine.filter(said_at__gt=at - timedelta(hours=1)).count()
    if hour >= PER_HOUR or mine.filter(said_at__gt=at - timedelta(days=1)).count() >= PER_DAY:
        raise TooMany


def open_case(statement: Any, figure: str) -> Case | None:
    """The case about this figure that still takes voices, locked."""
    rows = about(statement, figure)
    case = rows.select_for_update(of=("self",)).order_by("pk").last()
    return case if case and state_of(case) not in CLOSED_TO_VOICES else None


def about(statement: Any, figure: str) -> Any:
    return Case.objects.filter(kind=Kind.CHALLENGE, statement_number=statement.number, figure=figure)


def begin(statement: Any, figure: str, earlier: int, at: datetime) -> Case:
    """Case numbers of a figure follow each other; the unique key lets two first voices meet in one case."""
    activity = statement.activity
    return start(
        kind=Kind.CHALLENGE,
        key=f"challenge:{statement.number}:{figure}:{earlier + 1}",
        subject=activity.organization,
        region_code=activity.region_code,
        by=None,
        at=at,
        activity=activity,
        statement_number=statement.number,
        figure=figure,
    )


def propose(*, case: Case, outcome: Outcome, text: str, public_text: str, by: Any, at: datetime) -> Step:
    """Say what came of it; a second person confirms before the case is closed."""
    if not public_text.strip():
        raise NoOutcome(field="public_text")
    return advance(
        case=case, act=Act.PROPOSE, by=by, at=at, text=text, public_text=public_text, content={"outcome": outcome}
    )


REVIEWED = frozenset({Outcome.UPHELD, Outcome.PARTLY})
"""Outcomes after which the claim stands under review until the statement is corrected."""


@transaction.atomic
def confirm(*, case: Case, by: Any, at: datetime) -> Step:
    """Close as second person. Where the doubt was justified the claim says so until it is corrected; a mere complaint
    changes no word of it (T56)."""
    case = lock(case)
    proposal = case.steps.filter(act=Act.PROPOSE).order_by("position").last()
    if proposal and case.kind == Kind.CHALLENGE and proposal.content["outcome"] in REVIEWED:
        reason = proposal.public_text[:1000]
        disclosures.open_review(activity=case.activity, basis=case.number, reason=reason, by=by, at=at)
    return advance(case=case, act=Act.CONFIRM, by=by, at=at)


def end_review(*, review: Any, at: datetime) -> Any:
    """The statement was corrected or taken back: the mark of the review goes."""
    return disclosures.end_review(activity=review.activity, basis=review.basis, by=None, at=at)
