"""The register: every activity whose plan was ever published, newest first, with what may be said about it now."""

import base64
import binascii
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from neutrality import search
from neutrality.activities.models import Activity
from neutrality.disclosure import rules
from neutrality.disclosure.models import Statement
from neutrality.disclosure.queries.live import facts as live_facts
from neutrality.rulebook.rules import ClaimCode

PAGE = 20
SCAN = 400  # a filter by claim is answered from at most so many activities a page


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; empty means anything. `after` is where the last page ended."""

    text: str = ""
    kind: str = ""
    year: int | None = None
    region: str = ""
    claim: str = ""
    after: str = ""


@dataclass(frozen=True)
class Row:
    """One activity in the list: what it is, what may be said, its book, its newest statement."""

    activity: Activity
    claim: rules.Claim
    balance: rules.Balance
    total_kg: Decimal | None
    units: int
    statement: Statement | None


@dataclass(frozen=True)
class Page:
    """Some rows, and the mark where the next page begins ("" on the last)."""

    rows: tuple[Row, ...]
    after: str


def page(wanted: Wanted, on: date, size: int = PAGE) -> Page:
    """One page of the register as of `on`. Keyset paging: a page costs the same however far back it lies."""
    rows: list[Row] = []
    mark, scanned = _read(wanted.after), 0
    step = max(size, SCAN // 4) if wanted.claim else size  # words are computed, so a filter by them has to look further
    while True:
        found = list(_before(_wanted(wanted), mark)[: step + 1])
        batch = found[:step]
        rows += [row for row in _rows(batch, on) if not wanted.claim or row.claim.code == wanted.claim]
        more, scanned = len(found) > step, scanned + len(batch)
        mark = (batch[-1].ends_on, batch[-1].pk) if batch else mark
        if len(rows) >= size or not more or scanned >= SCAN:
            break
    if len(rows) > size:
        rows, more = rows[:size], True
        mark = (rows[-1].activity.ends_on, rows[-1].activity.pk)
    return Page(tuple(rows), _mark(mark) if more and mark else "")


def _wanted(wanted: Wanted) -> QuerySet[Activity]:
    rows = Activity.objects.public().select_related("organization", "rulebook").order_by("-ends_on", "-pk")
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.year:
        rows = rows.filter(ends_on__year=wanted.year)
    if wanted.region:
        rows = rows.filter(region_code__startswith=_area(wanted.region))
    if wanted.text.strip():
        rows = rows.filter(_matches(wanted.text))
    return rows


def _area(region: str) -> str:
    """The leading digits that every division inside a region shares."""
    return region[:2] if region.endswith("0000") else region[:4] if region.endswith("00") else region


def _matches(text: str) -> Q:
    """By words of name, place or organizer, or by the number of an activity or a statement."""
    number = text.strip().upper()
    found = Q(code=number) | Q(statements__number=number) | Q(plan__number=number)
    query = search.query(text)
    return found | Q(search=query) if query is not None else found


def _before(rows: QuerySet[Activity], mark: tuple[date, int] | None) -> QuerySet[Activity]:
    if mark is None:
        return rows
    day, key = mark
    return rows.filter(Q(ends_on__lt=day) | Q(ends_on=day, pk__lt=key))


def _rows(activities: list[Activity], on: date) -> list[Row]:
    facts = live_facts(activities, on)
    statements = {
        row.activity_id: row for row in Statement.objects.newest().filter(activity__in=activities).defer("text")
    }
    return [_row(each, facts[each.pk], statements.get(each.pk)) for each in activities]


def _row(activity: Activity, facts: rules.ClaimFacts, statement: Statement | None) -> Row:
    book = facts if facts.ended else replace(facts, total_kg=None)
    return Row(
        activity,
        rules.claim(facts),
        rules.balance(book.due_kg, book.units, partial=book.partial),
        book.total_kg,
        book.units,
        statement,
    )


def years() -> list[int]:
    """Years in which a public activity ended, newest first."""
    return [day.year for day in Activity.objects.public().dates("ends_on", "year", order="DESC")]


def _mark(mark: tuple[date, int]) -> str:
    return base64.urlsafe_b64encode(f"{mark[0].isoformat()}/{mark[1]}".encode()).decode().rstrip("=")


def _read(text: str) -> tuple[date, int] | None:
    """The mark in an address; a mark somebody made up begins at the beginning."""
    try:
        day, key = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().split("/")
        return date.fromisoformat(day), int(key)
    except (ValueError, binascii.Error):
        return None


CLAIMS = tuple(code for code in ClaimCode if code is not ClaimCode.NONE)
