"""The public lists as pages: one shape for projects, blocks, issuances and cancellations.

A page is three layers: what stands around every list, what stands around the rows of this one, and the rows. The first
never changes. The second is kept until anything happens anywhere: every operation writes one trail entry, so the end of
the trail is the version of all the facts on it. The rows are read and printed for every page.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from neutrality.offsets import queries
from neutrality.offsets.forms import BrowseForm
from neutrality.offsets.models import UnitKind
from neutrality.offsets.rules import browsing
from neutrality.offsets.templatetags import lists
from neutrality.stencils import Kept, Stencil, blank, cut
from neutrality.trail import queries as trail

MOST_BARS = 24
SHELLS: Kept[Stencil] = Kept(64)
BODIES: Kept[Stencil] = Kept(256)
PAGERS: Kept[Stencil] = Kept(16)


@dataclass(frozen=True)
class List:
    """One public list: its words, its table and what prints its rows, the filters it has not, the dataset it is
    downloaded as."""

    name: str
    title: Any
    lead: Any
    table: str
    rows: Callable[[Any], str]
    read: Callable[..., queries.Page]
    dataset: str
    owner: Any
    none: tuple[Any, Any]
    """Title and words of the list without a row."""
    unfit: tuple[Any, Any]
    """The same when nothing fits the filters."""
    year: Any = ""
    leave_out: tuple[str, ...] = ()


BLOCK_WORDS = {
    "none": (_("No block yet"), _("Blocks stand here once a registry operator has recorded them.")),
    "unfit": (_("No block fits"), _("Try fewer filters, or part of the project's name.")),
    "year": _("By year of issue"),
    "owner": _("First owner"),
}
LISTS = {
    "projects": List(
        "projects",
        _("Offset projects"),
        _("Projects whose units are recorded here, by registry, kind and place."),
        "offsets/_projects.html",
        lists.project_rows,
        queries.projects,
        "projects",
        _("Developer"),
        (
            _("No project yet"),
            _("Projects stand here once a registry operator has recorded them or a proof names them."),
        ),
        (_("No project fits"), _("Try fewer filters, or part of the name in Chinese or English.")),
        leave_out=("vintage",),
    ),
    "blocks": List(
        "blocks",
        _("Blocks of units"),
        _("Runs of numbered units with their serial numbers, by registry, kind, place and vintage."),
        "offsets/_blocks.html",
        lists.block_rows,
        queries.blocks,
        "blocks",
        **BLOCK_WORDS,
    ),
    "issuances": List(
        "issuances",
        _("Issuances"),
        _("Every issue of units recorded here: on which day, for which project, to whom."),
        "offsets/_issuances.html",
        lists.issuance_rows,
        queries.blocks,
        "blocks",
        **BLOCK_WORDS,
    ),
    "cancellations": List(
        "cancellations",
        _("Cancellations"),
        _("Every unit cancelled for an activity, with its serial number. A unit is cancelled once."),
        "offsets/_cancellations.html",
        lists.cancellation_rows,
        queries.cancellations,
        "cancellations",
        _("Organizer"),
        (
            _("Nothing cancelled yet"),
            _("Cancellations stand here as soon as an organizer or a donor makes them, or a proof is checked."),
        ),
        (_("No cancellation fits"), _("Try fewer filters, or part of the activity's name.")),
        year=_("By year of cancellation"),
    ),
}


@dataclass(frozen=True)
class Frame:
    """What stands around the rows, the same on every page of a list: the filters with their counts, the charts."""

    form: BrowseForm
    asked: bool
    facets: queries.Facets | None
    filters: str
    charts: str


def listed(name: str, data: Any) -> dict[str, Any]:
    """The page of a list for the parameters of an address."""
    names = ("q", "registry", "kind", "place", "vintage", "method", "label", "owner")
    given = tuple((key, data[key].strip()) for key in names if key in data and data[key].strip())
    one = LISTS[name]
    if sum(len(value) for _key, value in given) > 8 * browsing.MOST_TEXT:
        frame, version = _frame_of(one, given, ""), ""  # no question; told, and not kept
    else:
        version = trail.version()
        frame = _frame(name, given, get_language(), version)
    cursor = browsing.cursor_at(data.get("after", ""), data.get("before", ""))
    page = queries.Page([])
    if frame.form.is_valid():
        page = replace(one.read(frame.form.filters(), cursor), facets=frame.facets)
    context = {"list": one, "form": frame.form, "frame": frame, "page": page, "filters": urlencode(given)}
    return context | {"body": _body(context, _kept_by(name, given, version), _more(given, cursor, page))}


def printed(name: str, request: HttpRequest, context: dict[str, Any]) -> str:
    """The whole page for a reader nothing is known of: what stands around a list is always the same."""
    large = request.COOKIES.get("text") == "large"
    key = (name, get_language(), large, request.scheme, request.get_host())
    blanks = {"body": blank("body"), "here": blank("here"), "csrf_token": blank("token")}
    shell = SHELLS.get(key, lambda: cut(render_to_string("offsets/list.html", context | blanks, request)))
    return shell.filled(body=context["body"], here=escape(request.get_full_path()), token=get_token(request))


def _kept_by(name: str, given: Any, version: str) -> tuple[Any, ...] | None:
    """What the surroundings of rows follow from; None where they are not kept."""
    return (name, given, get_language(), version) if version else None


def _body(context: dict[str, Any], kept_by: tuple[Any, ...] | None, more: str) -> str:
    page = context["page"]
    rows = context["list"].rows(page.rows)

    def surroundings() -> Stencil:
        return cut(render_to_string("offsets/_list.html", context | {"rows": blank("rows"), "more": blank("more")}))

    if kept_by is None:
        return surroundings().filled(rows=rows, more=more)
    key = (*kept_by, bool(page.rows), page.short)
    return BODIES.get(key, surroundings).filled(rows=rows, more=more)


def _more(given: Any, cursor: browsing.Cursor | None, page: queries.Page) -> str:
    """The addresses of the neighbours. There are eight kinds of pagers, by which of the three are there."""
    found = {
        "first": f"?{urlencode(given)}" if cursor else "",
        "previous": f"?{_with(given, 'before', page.before)}" if page.before else "",
        "next": f"?{_with(given, 'after', page.after)}" if page.after else "",
    }
    blanks = {name: blank(name) if address else "" for name, address in found.items()}
    key = (get_language(), *map(bool, found.values()))
    pager = PAGERS.get(key, lambda: cut(render_to_string("offsets/_more.html", {"links": blanks})))
    return pager.filled(**{name: escape(address) for name, address in found.items()})


@lru_cache(maxsize=256)
def _frame(name: str, given: Any, _language: str, version: str) -> Frame:
    return _frame_of(LISTS[name], given, version)


@lru_cache(maxsize=256)
def _counts(name: str, filters: browsing.Filters, _version: str) -> queries.Facets:
    """The counts are the same in both languages."""
    return queries.counts(name, filters)


def _frame_of(one: List, given: Any, version: str) -> Frame:
    """Without a version nothing is counted."""
    form = BrowseForm(dict(given), leave_out=one.leave_out, owner=one.owner)
    asked = form.is_valid() and form.asked()
    form.facets = facets = _counts(one.dataset, form.filters(), version) if form.is_valid() and version else None
    charts = _charts(one, form.kinds, facets, dict(given)) if facets else []
    return Frame(
        form,
        asked,
        facets,
        render_to_string("offsets/_filters.html", {"form": form, "asked": asked}),
        render_to_string("offsets/_charts.html", {"charts": charts}) if charts else "",
    )


def _with(given: Any, name: str, value: str) -> str:
    return urlencode([*given, (name, value)])


def _charts(one: List, every: list[UnitKind], facets: queries.Facets, given: dict[str, str]) -> list[dict[str, Any]]:
    """Units by vintage, kind and year, as far as they are known."""
    if not facets.known or not facets.total.rows or not facets.has("kind"):
        return []
    kinds = {str(kind.pk): kind for kind in every}

    def bars(facet: str, chosen: str) -> list[dict[str, Any]]:
        counts = facets.counts[facet].items()
        if facet == "kind":
            rows = [(kinds[key].code, kinds[key].name, count) for key, count in counts if key in kinds]
            rows.sort(key=lambda row: -row[2].units)
        else:
            rows = sorted(((key, key, count) for key, count in counts), reverse=True)
        asked = {**given, chosen: ""} if chosen else given
        link = (lambda value: f"?{urlencode(asked | {chosen: value})}") if chosen else (lambda value: "")
        return [{"label": label, "units": count.units, "url": link(value)} for value, label, count in rows]

    spread = sum(count.units for count in facets.counts["vintage"].values()) > facets.total.units
    found = [
        {
            "title": _("By vintage"),
            "rows": bars("vintage", "vintage"),
            "note": _("Units of several years stand in each of them.") if spread else "",
        },
        {"title": _("By kind"), "rows": bars("kind", "kind")},
        {"title": one.year, "rows": bars("year", "")},
    ]
    for chart in found:
        chart["more"], chart["rows"] = max(len(chart["rows"]) - MOST_BARS, 0), chart["rows"][:MOST_BARS]
    return [chart for chart in found if chart["rows"]]


def links(page: queries.Page, given: dict[str, str], deeper: bool) -> dict[str, str]:
    """Addresses of the first page, the one before and the next, with the filters kept; empty where there is none."""
    kept = {name: value for name, value in given.items() if value}
    return {
        "first": f"?{urlencode(kept)}" if deeper else "",
        "previous": f"?{urlencode(kept | {'before': page.before})}" if page.before else "",
        "next": f"?{urlencode(kept | {'after': page.after})}" if page.after else "",
    }
