"""The feeds: one kind of table of one registry each, how old it is, what is being read, what was set aside."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Q
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from neutrality.offsets.models import Reading, Registry, RegistryFile
from neutrality.offsets.models.feeds import LAYOUT_NAMES
from neutrality.offsets.queries.browsing import ROWS, Page, last_first
from neutrality.offsets.rules import freshness, layouts
from neutrality.offsets.rules.browsing import Cursor, Filters

PLAIN = ("plain-runs", "plain-projects")


@dataclass(frozen=True)
class Feed:
    """`read_at` is when somebody last looked, `own_on` the newest day the table itself states, `moved_at` when it last
    brought anything new."""

    layout: str
    registry: Registry | None
    read_at: datetime | None
    own_on: date | None
    moved_at: datetime | None
    age: freshness.Age

    @property
    def name(self) -> str:
        return str(LAYOUT_NAMES[self.layout])

    @property
    def every(self) -> int:
        return layouts.LAYOUTS[self.layout].every


def feeds(today: date, registry: Registry | None = None) -> list[Feed]:
    """Every feed that was ever read and every one there should be, or those of one registry, in fixed order."""
    files = RegistryFile.objects.all() if registry is None else RegistryFile.objects.filter(registry=registry)
    said = files.order_by().values("layout", "registry")
    rows = said.annotate(
        looked=Greatest(Max("read_at"), Coalesce(Max("readings__ended_at"), Max("read_at"))),
        moved=Max("read_at", filter=Q(new__gt=0) | Q(changed__gt=0)),
        own=Max("newest_on"),
    )
    registries = {row.pk: row for row in ([registry] if registry else Registry.objects.all())}
    codes = {row.code: row for row in registries.values()}
    found = {(row["layout"], row["registry"]): row for row in rows}
    for layout in layouts.TABLES:
        if layout.registry in codes:
            found.setdefault((layout.name, codes[layout.registry].pk), {})
    order = {name: place for place, name in enumerate(layouts.LAYOUTS)}
    keys = sorted(found, key=lambda key: (order[key[0]], key[1] or 0))
    return [_feed(name, registries.get(pk), found[name, pk], today) for name, pk in keys]


def _feed(name: str, registry: Registry | None, row: dict[str, Any], today: date) -> Feed:
    layout, looked, moved = layouts.LAYOUTS[name], row.get("looked"), row.get("moved")
    age = freshness.age(
        read_on=timezone.localtime(looked).date() if looked else None,
        own_on=row.get("own"),
        moved_on=timezone.localtime(moved).date() if moved else None,
        today=today,
        every=layout.every,
        moves=layout.moves,
    )
    return Feed(name, registry, looked, row.get("own"), moved, age)


def feed_of(file: RegistryFile, today: date) -> Feed:
    """The feed a file belongs to."""
    mine = (feed for feed in feeds(today, file.registry) if feed.layout == file.layout)
    return next(feed for feed in mine if (feed.registry and feed.registry.pk) == file.registry_id)


def latest_files(registries: Any = None, most: int = 50) -> list[RegistryFile]:
    """Files read, newest first; of these registries and of none in particular."""
    rows = RegistryFile.objects.select_related("registry", "evidence")
    if registries is not None:
        rows = rows.filter(Q(registry__in=registries) | Q(registry__isnull=True))
    return list(rows[:most])


def published_files(registry: str = "", cursor: Cursor | None = None, rows: int = ROWS) -> Page:
    """Files read, newest first, of one registry by its code or of all."""
    return last_first(_files(registry), cursor, rows)


def every_file(filters: Filters, after: int, limit: int) -> tuple[list[RegistryFile], int | None]:
    """Files in the order they were read, for who reads all of them, and where the next ones begin."""
    taken = list(_files(filters.registry).filter(pk__gt=after).order_by("id")[: limit + 1])
    return taken[:limit], taken[limit - 1].pk if len(taken) > limit else None


def _files(registry: str) -> Any:
    rows = RegistryFile.objects.select_related("registry")
    return rows.filter(registry__code=registry) if registry else rows


def ages(today: date) -> dict[tuple[str, int | None], Feed]:
    """Every feed by its layout and the number of its registry."""
    return {(feed.layout, feed.registry.pk if feed.registry else None): feed for feed in feeds(today)}


def in_the_queue(most: int = 50) -> list[Reading]:
    """Readings that wait or did not end well, newest first."""
    rows = Reading.objects.exclude(state="read").select_related("evidence", "asked_by")
    return list(rows.order_by("-id")[:most])


def waiting(most: int) -> list[Reading]:
    """What a worker may take up, oldest first."""
    return list(Reading.objects.filter(state="waiting").select_related("asked_by").order_by("id")[:most])


def why_bad(file: RegistryFile) -> list[dict[str, Any]]:
    """Reasons of a file's rows set aside, with how many and the first row; most frequent first."""
    rows = file.bad_rows.order_by().values("code", "column").annotate(rows=Count("pk"))
    return sorted(rows, key=lambda row: (-row["rows"], row["code"], row["column"]))
