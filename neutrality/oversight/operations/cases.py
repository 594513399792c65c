"""The one way a case moves: opened once, then step by step along the dictionary of the rules."""

from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from neutrality.codes import new_code
from neutrality.oversight import access, rules, words
from neutrality.oversight.models import Case, Exhibit, Step
from neutrality.oversight.rules import Act, Actor, Bar, Kind, State
from neutrality.periods import Calendar, CalendarMissing, working_days_after
from neutrality.refusals import Refusal
from neutrality.rulebook import queries as rulebooks
from neutrality.trail import operations as trail


class Barred(Refusal):
    code = "barred"


class Unexplained(Refusal):
    code = "unexplained"
    message = _("Say why: the reason stays with the case.")


class CalendarUnknown(Refusal):
    code = "calendar_unknown"

    def __init__(self, year: int):
        text = _("The official calendar of working days for %(year)s is not loaded yet, so no term can be counted.")
        super().__init__(self.code, text % {"year": year})


class StaleExhibit(Refusal):
    code = "stale_exhibit"
    message = _("This piece of evidence was already taken back.")


def lock(case: Case) -> Case:
    """The case, locked until the transaction ends: two people never move it at once."""
    return Case.objects.select_for_update(of=("self",)).select_related("subject").get(pk=case.pk)


def state_of(case: Case) -> State:
    return State(case.steps.order_by("-position").values_list("state", flat=True)[0])


def clock_due(day: date, days: int | None) -> date | None:
    """When the next step of our own work is due. Where the calendar is not loaded yet, Monday to Friday are counted:
    earlier than the law would have it, never later."""
    if days is None:
        return None
    calendar = rulebooks.calendar()
    try:
        return working_days_after(day, days, calendar)
    except CalendarMissing:
        years = frozenset(range(day.year, day.year + 2))
        return working_days_after(day, days, Calendar(frozenset(), frozenset(), years))


def legal_term(day: date, days: int) -> date:
    """The last day of a legal term; refuses where the official calendar is missing: no guess shortens a right."""
    try:
        return working_days_after(day, days, rulebooks.calendar())
    except CalendarMissing as missing:
        raise CalendarUnknown(missing.year) from missing


def start(*, kind: Kind, key: str, subject: Any, region_code: str, by: Any, at: datetime, **about: Any) -> Case:
    """Open a case once per `key`: the second call returns the first one's case and changes nothing (V46)."""
    case, new = Case.objects.get_or_create(
        key=key,
        defaults={
            "number": new_code("C"),
            "kind": kind,
            "subject": subject,
            "subject_code": subject.code,
            "subject_name_zh": subject.name_zh,
            "subject_name_en": subject.name_en,
            "region_code": region_code,
            "opened_at": at,
            "opened_by": by,
            **about,
        },
    )
    if new:
        opener = rules.OPENERS[kind]
        due = clock_due(timezone.localdate(at), opener.days)
        Step.objects.create(case=case, position=1, act=Act.OPEN, state=opener.to, at=at, by=by, due_on=due)
        content = {"kind": kind, "subject": subject.code, "key": key}
        trail.record(verb="oversight.open", subject=f"case:{case.number}", by=by, at=at, content=content)
    return case


@transaction.atomic
def advance(
    *,
    case: Case,
    act: Act,
    by: Any,
    at: datetime,
    text: str = "",
    public_text: str = "",
    content: dict[str, Any] | None = None,
    file: Any = None,
    due_on: date | None = None,
) -> Step:
    """Take one step. Who may, from which state, and what bars them stands in `rules.STEPS`; asked here under lock."""
    case = lock(case)
    state = state_of(case)
    barred = rules.bar(Kind(case.kind), state, act, access.person(by, case))
    if barred is not None:
        raise Barred(barred, words.BARS[barred])
    if act not in rules.WORDLESS and not (text.strip() or public_text.strip()):
        raise Unexplained(field="text")
    found = rules.move(Kind(case.kind), state, act)
    on = timezone.localdate(at)
    step = Step.objects.create(
        case=case,
        position=case.steps.count() + 1,
        act=act,
        state=found.to,
        at=at,
        by=by,
        prepared_by=preparer(case, act),
        due_on=due_on or clock_due(on, found.days),
        text=text,
        public_text=public_text,
        content=content or {},
        file=file,
    )
    # What people wrote may name people: the log that nobody can erase keeps the digest, the case keeps the words.
    told = {"act": act, "state": found.to, "text": sha256(text.encode()).hexdigest(), "public_text": public_text}
    told |= {"content": content or {}}
    told |= {"file": file.digest} if file else {}
    trail.record(verb=f"oversight.{act}", subject=f"case:{case.number}", by=by, at=at, content=told)
    return step


def preparer(case: Case, act: Act) -> Any:
    """Whose proposal a decision is about; None for acts that decide nothing."""
    if act not in rules.DECISIONS:
        return None
    return case.steps.filter(act=rules.PREPARES[act]).order_by("position").last().by


def demand_officer(case: Case, by: Any) -> None:
    """Evidence is gathered by the portal itself or by officers of the area."""
    if not {Actor.OFFICER, Actor.SYSTEM} & access.actors(by, case):
        raise Barred(Bar.NOT_YOURS, words.BARS[Bar.NOT_YOURS])


@transaction.atomic
def exhibit(
    *, case: Case, title: str, digest: str, by: Any, at: datetime, reference: str = "", file: Any = None,
    subject_code: str = "",
) -> Exhibit:  # fmt: skip
    """Add a piece of evidence; `subject_code` is the code number it bears, the subject's own when not given."""
    case = lock(case)
    demand_officer(case, by)
    row = Exhibit.objects.create(
        case=case,
        subject_code=subject_code or case.subject_code,
        title=title,
        reference=reference,
        digest=digest,
        file=file,
        added_at=at,
        added_by=by,
    )
    content = {"title": title, "digest": digest, "code": row.subject_code}
    trail.record(verb="oversight.exhibit", subject=f"case:{case.number}", by=by, at=at, content=content)
    return row


@transaction.atomic
def take_back(*, exhibit: Exhibit, reason: str, by: Any, at: datetime) -> Exhibit:
    """Take a piece of evidence back; it stays readable and no longer counts."""
    case = lock(exhibit.case)
    if Exhibit.objects.filter(withdraws=exhibit).exists() or exhibit.withdraws_id is not None:
        raise StaleExhibit
    if not reason.strip():
        raise Unexplained(field="reason")
    demand_officer(case, by)
    row = Exhibit.objects.create(
        case=case,
        subject_code=exhibit.subject_code,
        title=exhibit.title,
        digest=exhibit.digest,
        withdraws=exhibit,
        reason=reason,
        added_at=at,
        added_by=by,
    )
    content = {"digest": exhibit.digest, "reason": reason}
    trail.record(verb="oversight.take_back", subject=f"case:{case.number}", by=by, at=at, content=content)
    return row


def within(day: date, days: int, on: date) -> bool:
    """Whether `on` still lies in a plain term of `days` after `day`."""
    return on <= day + timedelta(days=days)
