"""Public lists: flat in depth (a keyset, no count, no offset), forward and back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from neutrality import search as words
from neutrality.offsets.models import (
    Beneficiary,
    Block,
    BlockCard,
    Compensation,
    Mark,
    Offer,
    Project,
    Retirement,
    RetirementCard,
    Row,
    UnitKind,
)
from neutrality.offsets.queries import facets, lines, offering
from neutrality.offsets.queries.asking import BLOCKS, HOME, RETIREMENTS, Listed
from neutrality.offsets.queries.catalogue import Keys, Search
from neutrality.offsets.queries.names import BENEFICIARIES, PROJECTS, NameSearch
from neutrality.offsets.rules.browsing import ABROAD, Cursor, Filters

ROWS = 50


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    after: str = ""
    """Cursor of the next page; empty on the last."""
    before: str = ""
    """Cursor of the page before; empty on the first."""
    facets: Any = None
    short: bool = False
    """The page stopped before it was full, and the next one goes on from there."""


def blocks(filters: Filters, cursor: Cursor | None = None, rows: int = ROWS, *, counts: bool = False) -> Page:
    return _listed(BLOCKS, lines.BLOCKS, filters, cursor, rows, counts)


def cancellations(filters: Filters, cursor: Cursor | None = None, rows: int = ROWS, *, counts: bool = False) -> Page:
    return _listed(RETIREMENTS, lines.CANCELLATIONS, filters, cursor, rows, counts)


def _listed(
    listed: Listed, shown: lines.Lines[Any], filters: Filters, cursor: Cursor | None, rows: int, counts: bool
) -> Page:
    search = Search(listed, filters, shown.along)
    keys = search.page(cursor, rows)
    counted = facets.of(search) if counts else None
    return _page(shown.of(keys.found, search.came), keys, cursor, counted, lambda row: row.pk)


def projects(filters: Filters, cursor: Cursor | None = None, rows: int = ROWS, *, counts: bool = False) -> Page:
    search = NameSearch(PROJECTS, filters, lines.PROJECTS.along)
    place = (cursor.key,) if cursor else None
    found, more, reached = search.page(place, rows, up=bool(cursor and cursor.back))
    keys = Keys(found, more, reached[0] if reached else None)
    counted = facets.of_projects(search) if counts else None
    return _page(lines.PROJECTS.of(found, search.came), keys, cursor, counted, lambda row: row.pk)


def of_project(project: Project, blocks: int, cancellations: int) -> tuple[list[Any], list[Any]]:
    """The newest blocks of a project and the newest cancellations of its units."""
    newest = (
        list(cards.objects.filter(project=project).order_by("-row").values_list("row", flat=True)[:most])
        for cards, most in ((BlockCard, blocks), (RetirementCard, cancellations))
    )
    of_blocks, of_cancellations = newest
    return lines.BLOCKS.of(of_blocks), lines.CANCELLATIONS.of(of_cancellations)


def every(name: str, filters: Filters, after: int, limit: int) -> tuple[list[Any], int | None]:
    """Rows of a list in the order they were recorded, for who reads all of it, and where the next ones begin."""
    if name == "projects":
        found, more, reached = NameSearch(PROJECTS, filters).page((after,), limit, ascending=True)
        rows, end = _in_order(Project.objects.select_related("registry"), found), reached[0] if reached else None
    else:
        listed, model, related = EVERY[name]
        keys = Search(listed, filters).page(Cursor(after), limit, ascending=True)
        rows, more, end = _in_order(model.objects.select_related(*related), keys.found), keys.more, keys.reached
    return rows, (end or rows[-1].pk) if more else None


EVERY: dict[str, tuple[Listed, Any, tuple[str, ...]]] = {
    "blocks": (BLOCKS, Block, ("kind__registry", "project", "owner")),
    "cancellations": (RETIREMENTS, Retirement, ("activity", "block__kind__registry", "block__project")),
}


def counts(name: str, filters: Filters) -> facets.Facets:
    """What each filter of a list would leave."""
    if name == "projects":
        return facets.of_projects(NameSearch(PROJECTS, filters))
    return facets.of(Search(EVERY[name][0], filters))


def beneficiaries(q: str, place: tuple[int, int] | None = None, back: bool = False, rows: int = ROWS) -> Page:
    """Names units were cancelled for, largest first. A cursor is "units_key"."""
    found, more, reached = NameSearch(BENEFICIARIES, Filters(q=q)).page(place, rows, up=back)
    ordered = _in_order(Beneficiary.objects.all(), found)
    end = "_".join(map(str, reached)) if reached else None
    keys, began = Keys(found, more), Cursor(0, back) if place else None
    page = _page(ordered, keys, began, None, lambda row: f"{row.units}_{row.pk}")
    return page if end is None else Page(page.rows, end, page.before, None, True)


def every_beneficiary(filters: Filters, after: int, limit: int) -> tuple[list[Beneficiary], int | None]:
    """Names in the order they were first counted, for who reads all of them, and where the next ones begin."""
    found = Beneficiary.objects.filter(pk__gt=after)
    if filters.q:
        asked = words.asked(filters.q)
        found = found.filter(search=words.search_query(asked)) if asked else found.none()
    taken = list(found.order_by("pk")[: limit + 1])
    return taken[:limit], taken[limit - 1].pk if len(taken) > limit else None


def of_beneficiary(name: str, cursor: Cursor | None = None, rows: int = ROWS) -> Page:
    """Every cancellation that prints this name, newest first."""
    found = Retirement.objects.filter(beneficiary=name).order_by("beneficiary", "-id").values_list("pk", flat=True)
    if cursor and cursor.back:
        taken = list(found.filter(pk__gt=cursor.key).order_by("beneficiary", "id")[: rows + 1])
        shown = taken[:rows][::-1]
    else:
        taken = list((found.filter(pk__lt=cursor.key) if cursor else found)[: rows + 1])
        shown = taken[:rows]
    keys = Keys([], len(taken) > rows)
    return _page(lines.CANCELLATIONS.of(shown), keys, cursor, None, lambda row: row.pk)


def last_first(found: QuerySet, cursor: Cursor | None, rows: int) -> Page:
    """A page of rows by their key, the last recorded first."""
    back = cursor is not None and cursor.back
    if cursor:
        found = found.filter(pk__gt=cursor.key) if back else found.filter(pk__lt=cursor.key)
    taken = list(found.order_by("pk" if back else "-pk")[: rows + 1])
    shown = taken[:rows][::-1] if back else taken[:rows]
    return _page(shown, Keys([], len(taken) > rows), cursor, None, lambda row: row.pk) if shown else Page([])


def counted_at() -> Any:
    """When the names were counted."""
    return Mark.objects.filter(what=Row.RETIREMENT).values_list("counted_at", flat=True).first()


def _in_order(found: QuerySet, keys: list[int]) -> list[Any]:
    rows = {row.pk: row for row in found.filter(pk__in=keys).order_by()} if keys else {}
    return [rows[key] for key in keys if key in rows]


def _page(rows: list[Any], keys: Keys, cursor: Cursor | None, counted: Any, key: Callable[[Any], Any]) -> Page:
    """The cursors of both neighbours: turning back, `more` speaks of the newer side."""
    back = cursor is not None and cursor.back
    newer = keys.more if back else cursor is not None
    older = True if back else keys.more
    if keys.reached is not None and not back:
        return Page(rows, str(keys.reached), str(key(rows[0])) if rows and newer else "", counted, True)
    first, last = (str(key(rows[0])), str(key(rows[-1]))) if rows else ("", "")
    return Page(rows, last if older else "", first if newer else "", counted)


def offers(filters: Filters, after: tuple[Any, int] | None = None, rows: int = ROWS) -> Page:
    """The open catalogue, cheapest first, each with what is `left` of it. Offers of which nothing is left are left out,
    so that a page may have fewer rows than asked for."""
    found = _open_offers(filters)
    if after:
        price, pk = after
        found = found.filter(price_cny__gte=price).filter(Q(price_cny__gt=price) | Q(price_cny=price, pk__gt=pk))
    taken = list(found.order_by("price_cny", "id")[: rows + 1])
    more = len(taken) > rows
    last = taken[rows - 1] if more else None
    return Page(offering.there(taken[:rows]), f"{last.price_cny}_{last.pk}" if last else "")


def _open_offers(filters: Filters) -> Any:
    found = offering.offered().filter(_common(filters, "block__"), state="open")
    if filters.q:
        asked = words.asked(filters.q)
        found = found.filter(block__project__search=words.search_query(asked)) if asked else found.none()
    return found


def open_offers(filters: Filters, after: int, limit: int) -> tuple[list[Offer], int | None]:
    """The open catalogue in the order offers were made, for who reads all of it, and where the next ones begin."""
    taken = list(_open_offers(filters).filter(pk__gt=after).order_by("pk")[: limit + 1])
    return offering.there(taken[:limit]), taken[limit - 1].pk if len(taken) > limit else None


def every_offer(rows: int = 500) -> Iterator[Offer]:
    """The whole open catalogue, cheapest first."""
    after = None
    while True:
        page = offers(Filters(), after, rows)
        yield from page.rows
        if not page.after:
            return
        price, _, pk = page.after.partition("_")
        after = Decimal(price), int(pk)


def _common(filters: Filters, block: str) -> Q:
    wanted = _place(filters.place, f"{block}project__")
    if filters.registry:
        wanted &= Q(**{f"{block}kind__registry__code": filters.registry})
    if filters.kind:
        wanted &= Q(**{f"{block}kind__code": filters.kind})
    if filters.vintage:
        wanted &= Q(
            **{f"{block}vintage_start__year__lte": filters.vintage, f"{block}vintage_end__year__gte": filters.vintage}
        )
    return wanted


def _place(place: str, project: str) -> Q:
    if place == ABROAD:
        return Q(**{f"{project}country__gt": ""}) & ~Q(**{f"{project}country__in": HOME})
    if place == "CN":
        return Q(**{f"{project}country__in": HOME})
    if place.isdigit():
        return Q(**{f"{project}region_code__startswith": place[:2]})
    return Q(**{f"{project}country": place}) if place else Q()


def compensated() -> tuple[int, int]:
    """Cases and units used up for compensation: all the public learns of them (R6.8)."""
    found = Compensation.objects.aggregate(cases=Count("pk"), units=Sum("quantity"))
    return found["cases"], found["units"] or 0


def totals() -> list[dict[str, Any]]:
    """Units recorded and cancelled by kind, largest first; kinds without a block are left out. Three queries."""
    issued = facets.of(Search(BLOCKS, Filters())).counts["kind"]
    used = facets.of(Search(RETIREMENTS, Filters())).counts["kind"]
    kinds = UnitKind.objects.select_related("registry").in_bulk([int(kind) for kind in issued])
    rows = [
        {
            "kind": kinds[int(kind)],
            "issued": count.units,
            "cancelled": used[kind].units if kind in used else 0,
        }
        for kind, count in issued.items()
    ]
    return sorted(rows, key=lambda row: (-row["issued"], row["kind"].pk))
