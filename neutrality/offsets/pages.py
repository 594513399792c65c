"""The public lists as pages: one shape for projects, blocks, issuances and cancellations.

A page is kept until anything happens anywhere: every operation writes one trail entry, so the end of the trail is the
version of all the facts on it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from neutrality.offsets import queries
from neutrality.offsets.forms import BrowseForm
from neutrality.offsets.models import UnitKind
from neutrality.offsets.rules import browsing
from neutrality.trail import queries as trail

MOST_BARS = 24


@dataclass(frozen=True)
class List:
    """One public list: its words, the template of its rows, the filters it has not, the dataset it is downloaded as."""

    name: str
    title: Any
    lead: Any
    rows: str
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
        queries.blocks,
        "blocks",
        **BLOCK_WORDS,
    ),
    "issuances": List(
        "issuances",
        _("Issuances"),
        _("Every issue of units recorded here: on which day, for which project, to whom."),
        "offsets/_issuances.html",
        queries.blocks,
        "blocks",
        **BLOCK_WORDS,
    ),
    "cancellations": List(
        "cancellations",
        _("Cancellations"),
        _("Every unit cancelled for an activity, with its serial number. A unit is cancelled once."),
        "offsets/_cancellations.html",
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
    names = ("q", "registry", "kind", "place", "vintage", "method", "owner")
    given = tuple((key, data[key].strip()) for key in names if key in data and data[key].strip())
    if sum(len(value) for _key, value in given) > 8 * browsing.MOST_TEXT:
        return _page(LISTS[name], given, None, _frame_of(LISTS[name], given, ""))  # no question; told, and not kept
    cursor = browsing.cursor_at(data.get("after", ""), data.get("before", ""))
    return _kept(name, given, cursor, get_language(), trail.version())


@lru_cache(maxsize=256)
def _kept(name: str, given: Any, cursor: Any, language: str, version: str) -> dict[str, Any]:
    return _page(LISTS[name], given, cursor, _frame(name, given, language, version))


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


def _page(one: List, given: Any, cursor: browsing.Cursor | None, frame: Frame) -> dict[str, Any]:
    page = queries.Page([])
    if frame.form.is_valid():
        page = replace(one.read(frame.form.filters(), cursor), facets=frame.facets)
    filters = urlencode(given)
    context = {
        "list": one,
        "form": frame.form,
        "frame": frame,
        "page": page,
        "links": {
            "first": f"?{filters}" if cursor else "",
            "previous": f"?{_with(given, 'before', page.before)}" if page.before else "",
            "next": f"?{_with(given, 'after', page.after)}" if page.after else "",
        },
        "filters": filters,
    }
    return context | {"body": render_to_string("offsets/_list.html", context)}


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
        return [{"label": label, "units": count.units, "url": link(value)} for value, label, count in rows[:MOST_BARS]]

    found = [
        {"title": _("By vintage"), "rows": bars("vintage", "vintage")},
        {"title": _("By kind"), "rows": bars("kind", "kind")},
        {"title": one.year, "rows": bars("year", "")},
    ]
    return [chart for chart in found if chart["rows"]]


def links(page: queries.Page, given: dict[str, str], deeper: bool) -> dict[str, str]:
    """Addresses of the first page, the one before and the next, with the filters kept; empty where there is none."""
    kept = {name: value for name, value in given.items() if value}
    return {
        "first": f"?{urlencode(kept)}" if deeper else "",
        "previous": f"?{urlencode(kept | {'before': page.before})}" if page.before else "",
        "next": f"?{urlencode(kept | {'after': page.after})}" if page.after else "",
    }
