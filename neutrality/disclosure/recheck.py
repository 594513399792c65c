"""A second look at what was published: every digest again, against the bytes and against the trail."""

import json
from collections.abc import Iterator
from decimal import Decimal

from neutrality.disclosure.models import Plan, Statement
from neutrality.findings import Finding
from neutrality.trail.models import Entry
from neutrality.trail.rules import canonical, digest

BATCH = 500


def findings() -> Iterator[Finding]:
    """Snapshots whose bytes, digest, trail entry or inventory do not agree."""
    logged = dict(
        Entry.objects.filter(verb__in=("disclosure.publish_plan", "disclosure.publish_statement")).values_list(
            "subject", "content__digest"
        )
    )
    for row in Plan.objects.select_related("estimate").order_by("pk").iterator(chunk_size=BATCH):
        yield from _snapshot(row, "plan", "estimate", row.estimate, logged)
    for row in Statement.objects.select_related("inventory").order_by("pk").iterator(chunk_size=BATCH):
        yield from _snapshot(row, "statement", "emissions", row.inventory, logged)
        yield from _chain(row)


def _snapshot(row, name: str, part: str, inventory, logged: dict[str, str]) -> Iterator[Finding]:
    table, key = row._meta.db_table, str(row.pk)
    if digest(row.text.encode()) != row.digest:
        yield Finding(table, key, f"{row.number}: its text does not have its digest")
        return
    if canonical(json.loads(row.text)).decode() != row.text:
        yield Finding(table, key, f"{row.number}: its text is not canonical")
    if logged.get(f"{name}:{row.number}") != row.digest:
        yield Finding(table, key, f"{row.number}: its digest is not the one in the trail")
    told = row.content.get(part) or {}
    if told.get("digest") != inventory.digest or Decimal(told["total_kg"]) != inventory.total_kg:
        yield Finding(table, key, f"{row.number}: its figures are not those of its inventory")


def _chain(row: Statement) -> Iterator[Finding]:
    if row.replaces_id and Statement.objects.filter(pk=row.replaces_id).exclude(activity=row.activity_id).exists():
        yield Finding("disclosure_statement", str(row.pk), f"{row.number}: replaces a statement of another activity")
