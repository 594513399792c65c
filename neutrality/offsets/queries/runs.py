"""What the registries' own tables say of a project: runs of numbered units, and tonnes without numbers (R3.34)."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from neutrality.offsets.models import Project, PublishedCount, PublishedRun
from neutrality.offsets.queries.browsing import ROWS, Page, last_first
from neutrality.offsets.rules.browsing import Cursor
from neutrality.offsets.rules.published import Amount, Event

STAY = (Event.ISSUED, Event.RETIRED, Event.CANCELLED)
"""Such runs share no number with one another, so they may be added up; what stands is split anew by every table."""
SO_FAR = (Amount.ISSUED_SO_FAR, Amount.RETIRED_SO_FAR)


def runs_of(project: Project, cursor: Cursor | None = None, rows: int = ROWS) -> Page:
    """Its runs, last read first; of a changed row the newest version."""
    return last_first(_newest_runs(project).select_related("file__evidence", "project", "registry"), cursor, rows)


def run_totals(project: Project) -> list[dict[str, Any]]:
    """Rows and units of what was issued, retired and cancelled: event, rows, units."""
    found = _newest_runs(project).filter(event__in=STAY).order_by().values("event")
    totals = {row["event"]: row for row in found.annotate(rows=Count("pk"), units=Sum("quantity"))}
    return [totals[event] for event in STAY if event in totals]


def amounts_of(project: Project) -> list[dict[str, Any]]:
    """Tonnes stated without numbers: amount, rows, tonnes. What is stated for the whole life so far is never added up:
    of such rows the newest stands."""
    newest = _newest_counts().filter(project=project)
    added = newest.exclude(amount__in=SO_FAR).order_by().values("amount")
    totals = {row["amount"]: row for row in added.annotate(rows=Count("pk"), tonnes=Sum("tonnes"))}
    for row in newest.filter(amount__in=SO_FAR).order_by("pk"):
        totals[row.amount] = {"amount": row.amount, "rows": 1, "tonnes": row.tonnes}
    return [totals[amount] for amount in Amount if amount in totals]


def every_run(after: int, limit: int, project: Project | None = None) -> list[PublishedRun]:
    """All versions of all runs, in the order they were read."""
    rows = PublishedRun.objects.filter(pk__gt=after, **({"project": project} if project else {}))
    return list(rows.select_related("registry", "project", "file__evidence").order_by("pk")[:limit])


def every_amount(after: int, limit: int, project: Project | None = None) -> list[PublishedCount]:
    """All versions of all amounts, in the order they were read."""
    rows = PublishedCount.objects.filter(pk__gt=after, **({"project": project} if project else {}))
    return list(rows.select_related("registry", "project", "file__evidence").order_by("pk")[:limit])


def _newest_runs(project: Project) -> QuerySet[PublishedRun]:
    same = Q(
        side=OuterRef("side"),
        numbers__startswith=OuterRef("numbers__startswith"),
        numbers__endswith=OuterRef("numbers__endswith"),
    )
    later = PublishedRun.objects.filter(same, version__gt=OuterRef("version"))
    return PublishedRun.objects.filter(~Exists(later), project=project)


def _newest_counts() -> QuerySet[PublishedCount]:
    same = Q(registry=OuterRef("registry"), mark=OuterRef("mark"), amount=OuterRef("amount"))
    return PublishedCount.objects.filter(~Exists(PublishedCount.objects.filter(same, version__gt=OuterRef("version"))))
