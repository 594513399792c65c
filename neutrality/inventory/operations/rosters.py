"""Lists of participants: hand_in, answer, cancel by people; begin, advance, ask, refuse, take by the worker.

Whoever works on a list holds its lock (`held`), which the database lets go by itself when the worker dies; another
takes the list up from the start, since nothing is written before `take` writes everything at once.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from neutrality.activities.models import Activity
from neutrality.evidence import rules as evidence
from neutrality.inventory import columns, queries, rules, trips, waiting
from neutrality.inventory.models import Inventory, Roster
from neutrality.inventory.operations import filing
from neutrality.inventory.rules import RosterStage, RosterState
from neutrality.refusals import Problem, Refusal
from neutrality.trail import operations as trail

LOCK = 0x524F5354  # a space of advisory locks of its own
MOST_ATTEMPTS = 5
KEPT_OPEN = timedelta(hours=24)


class RosterEnded(Refusal):
    code = "roster_ended"
    message = _("This list has ended. Upload it again.")


class RosterTooLarge(Refusal):
    code = "roster_too_large"
    message = _("The file is larger than 160 MiB. Remove columns that are not needed, or split it.")


class RosterFailed(Refusal):
    code = "roster_failed"
    message = _("The list could not be worked through, several times. Split it, or copy the rows into a fresh file.")


class NoSuchCity(Refusal):
    code = "no_such_city"
    message = _("This city is not in our table, or there are several. Write a larger city nearby.")


def city(text: str) -> str:
    """The code of the one city a text names. Raises NoSuchCity."""
    found = trips.gazetteer().find(text)
    if len(found) != 1:
        raise NoSuchCity(NoSuchCity.message, field="venue")
    return str(found[0].code)


def hand_in(
    *,
    inventory: Inventory,
    upload: Any,
    venue: str,
    infer: bool,
    by: Any,
    at: datetime,
    most: int = columns.LARGEST,
) -> Roster:
    """Keep an upload until it is worked on. The same file with the same settings is the same list while it is open;
    another file takes the place of one that is. Raises NotDraft, RosterTooLarge."""
    if upload.size > most:
        raise RosterTooLarge
    key = uuid4()
    digest, size = waiting.keep(key, upload)
    try:
        name = evidence.clean_name(upload.name)
    except evidence.BadFile:
        name = "list"
    try:
        values = {"name": name, "digest": digest, "size": size, "venue": venue, "infer": infer}
        made = _handed_in(inventory, key, values, by, at)
    except BaseException:
        waiting.drop(key)
        raise
    if made.key != key:
        waiting.drop(key)
    return made


@transaction.atomic
def _handed_in(inventory: Inventory, key: Any, values: dict[str, Any], by: Any, at: datetime) -> Roster:
    activity = Activity.objects.select_for_update(of=("self",)).get(pk=inventory.activity_id)
    if queries.draft(activity, inventory.kind) is None:
        raise filing.NotDraft
    mine = Roster.objects.select_for_update(of=("self",)).filter(activity=activity, kind=inventory.kind).open()
    for other in mine:
        if all(getattr(other, name) == values[name] for name in ("digest", "venue", "infer")):
            return other
        _end(other, RosterState.CANCELLED, at)
    roster = Roster.objects.create(
        key=key, activity=activity, kind=inventory.kind, handed_in_at=at, handed_in_by=by, **values
    )
    content = {"list": str(key), "digest": values["digest"], "size": values["size"]}
    trail.record(verb="inventory.hand_in_list", subject=inventory.subject, by=by, at=at, content=content)
    return roster


@transaction.atomic
def answer(*, roster: Roster, answers: Mapping[str, str], by: Any, at: datetime) -> Roster:
    """What spellings mean, by the codes of places: the list is worked on again. Raises RosterEnded."""
    locked = _locked(roster)
    if locked.state not in (RosterState.ASKING, RosterState.WAITING):
        raise RosterEnded
    locked.answers = {**locked.answers, **answers}
    locked.state, locked.stage = RosterState.WAITING, RosterStage.ARRIVED
    locked.attempts = 0
    locked.save(update_fields=["answers", "state", "stage", "attempts"])
    content = {"list": str(locked.key), "answers": len(answers)}
    trail.record(verb="inventory.answer_list", subject=_subject(locked), by=by, at=at, content=content)
    return locked


@transaction.atomic
def cancel(*, roster: Roster, by: Any, at: datetime) -> Roster:
    """Stop a list and forget its bytes; nothing of it was written. A list that ended stays as it is."""
    locked = _locked(roster)
    if locked.is_open:
        _end(locked, RosterState.CANCELLED, at)
        content = {"list": str(locked.key)}
        trail.record(verb="inventory.cancel_list", subject=_subject(locked), by=by, at=at, content=content)
    return locked


def _locked(roster: Roster) -> Roster:
    return Roster.objects.select_for_update(of=("self",)).select_related("activity").get(pk=roster.pk)


def _subject(roster: Roster) -> str:
    draft = queries.draft(roster.activity, roster.kind)
    return draft.subject if draft is not None else f"activity:{roster.activity.code}"


def _end(roster: Roster, state: RosterState, at: datetime) -> None:
    """An end of whatever kind: the file's name is forgotten, and its bytes as soon as this is certain."""
    roster.state, roster.stage, roster.name, roster.ended_at = state, RosterStage.ENDED, "", at
    if state is not RosterState.REFUSED:
        roster.findings = []
    roster.save()
    transaction.on_commit(lambda: waiting.drop(roster.key))


# --- by the worker


@contextmanager
def held(pk: int) -> Iterator[bool]:
    """Whether this connection alone works on the list; the lock goes with the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", (LOCK, pk))
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", (LOCK, pk))


def begin(*, roster: Roster) -> bool:
    """Take a list up: waiting becomes working. False when it has ended. Raises RosterFailed when it was taken up too
    often: then it is the list that ends its workers."""
    changed = Roster.objects.filter(pk=roster.pk, state__in=(RosterState.WAITING, RosterState.WORKING)).update(
        state=RosterState.WORKING, stage=RosterStage.READING, attempts=F("attempts") + 1
    )
    if roster.attempts >= MOST_ATTEMPTS:
        raise RosterFailed
    return changed == 1


def advance(*, roster: Roster, stage: RosterStage) -> bool:
    """Say how far a list is; False when somebody has stopped it meanwhile."""
    return Roster.objects.filter(pk=roster.pk, state=RosterState.WORKING).update(stage=stage) == 1


@transaction.atomic
def ask(*, roster: Roster, findings: Sequence[Mapping[str, Any]], layout: Mapping[str, Any]) -> bool:
    """Leave a list with its questions to the person who handed it in."""
    locked = _locked(roster)
    if locked.state != RosterState.WORKING:
        return False
    locked.state, locked.layout = RosterState.ASKING, dict(layout)
    locked.findings, locked.found = list(findings[: rules.FINDINGS]), len(findings)
    locked.save(update_fields=["state", "layout", "findings", "found"])
    return True


@transaction.atomic
def refuse(*, roster: Roster, problems: Sequence[Problem], at: datetime) -> bool:
    """End a list that cannot be read at all."""
    locked = _locked(roster)
    if locked.state != RosterState.WORKING:
        return False
    locked.findings = [{"code": problem.code, "message": str(problem.message)} for problem in problems]
    locked.found = len(problems)
    _end(locked, RosterState.REFUSED, at)
    content = {"list": str(locked.key), "code": problems[0].code}
    trail.record(verb="inventory.refuse_list", subject=_subject(locked), by=None, at=at, content=content)
    return True


@transaction.atomic
def take(
    *,
    roster: Roster,
    lines: Sequence[rules.Line],
    mine: frozenset[str],
    summary: Mapping[str, Any],
    kinds: bytes,
    rows: bytes,
    at: datetime,
) -> bool:
    """Write everything a list came to at once: the lines of the draft, what is kept of the rows, the trail. `mine` are
    the keys earlier lists used. Lines that say what the draft says already change nothing."""
    locked = _locked(roster)
    if locked.state != RosterState.WORKING:
        return False
    draft = queries.draft(locked.activity, locked.kind)
    if draft is None:
        raise filing.NotDraft
    before = [row.facts for row in queries.lines(draft)]
    after = _merged(before, lines, mine)
    changed = _said(before) != _said(after)
    if changed:
        by = roster.handed_in_by
        filing.save_draft(inventory=draft, lines=after, edition=draft.edition, by=by, at=at)
    earlier = Roster.objects.filter(activity=locked.activity, kind=locked.kind, state=RosterState.DONE)
    earlier.update(kinds=b"", rows=b"")
    locked.summary = {**summary, "changed": changed}
    locked.kinds, locked.rows = kinds, rows
    _end(locked, RosterState.DONE, at)
    content = {"list": str(locked.key), "digest": locked.digest, "rows": summary["rows"], "people": summary["people"]}
    trail.record(verb="inventory.take_list", subject=draft.subject, by=roster.handed_in_by, at=at, content=content)
    return True


def _merged(before: Sequence[rules.Line], fresh: Sequence[rules.Line], mine: frozenset[str]) -> list[rules.Line]:
    """The lines of the draft with those of the list: earlier lists are replaced, other rows stay."""
    counted = {line.source for line in fresh}
    kept = [
        line
        for line in before
        if line.key not in mine
        and not (line.source in counted and line.treatment not in rules.COUNTED and line.quantity is None)
    ]
    return [*kept, *fresh]


def _said(lines: Sequence[rules.Line]) -> dict[str, rules.Line]:
    """What lines say, whatever their order and however a number is written."""
    return {line.key: replace(line, position=0, quantity=line.quantity and line.quantity.normalize()) for line in lines}


def expire(*, before: datetime, at: datetime) -> int:
    """End lists whose questions nobody answered within a day: their bytes are not kept longer."""
    old = Roster.objects.filter(state=RosterState.ASKING, handed_in_at__lt=before - KEPT_OPEN)
    count = 0
    for roster in old.select_related("activity"):
        with transaction.atomic():
            locked = _locked(roster)
            if locked.state == RosterState.ASKING:
                _end(locked, RosterState.CANCELLED, at)
                content = {"list": str(locked.key), "reason": "not answered"}
                trail.record(verb="inventory.expire_list", subject=_subject(locked), by=None, at=at, content=content)
                count += 1
    return count
