"""Rows of the public lists. A page prints fifty of them and nobody keeps them for long, so all rows are one format
string and all their cells are escaped together: a template would spend most of the page's time on them.

{% block_rows rows %}   {% issuance_rows rows %}   {% cancellation_rows rows %}   {% project_rows rows %}
{% options choice %}    the options of a filter with how many rows each would leave
"""

import html
from collections.abc import Callable, Iterable, Sequence
from functools import cache, wraps
from itertools import chain
from typing import Any
from urllib.parse import quote

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from neutrality.offsets.queries import BlockLine, CancellationLine, ProjectLine

register = template.Library()

NONE = "—"
MARK = "0-0"
# In a shape `{}` is one of the words above a column, `%s` a cell.
PROJECT_LINK = '<a href="%s">%s</a>'
BLOCK = (
    '<tr><th scope="row"><a class="code" href="%s">%s</a></th><td data-label="{}">%s</td><td data-label="{}">PROJECT'
    '</td><td data-label="{}">%s</td><td class="num" data-label="{}" data-unit="t"><data value="%s">%s</data></td></tr>'
)
ISSUANCE = (
    '<tr><td data-label="{}"><time datetime="%s">%s</time></td><th scope="row"><a class="code" href="%s">%s</a></th>'
    '<td data-label="{}">%s</td><td data-label="{}">PROJECT</td><td data-label="{}">%s</td>'
    '<td class="num" data-label="{}" data-unit="t"><data value="%s">%s</data></td></tr>'
)
CANCELLATION = (
    '<tr><td data-label="{}"><time datetime="%s">%s</time></td>'
    '<th scope="row">%s<span class="book-line-note">%s</span>VOID</th><td data-label="{}">%s</td>'
    '<td data-label="{}"><a class="code" href="%s">%s</a></td>'
    '<td class="num" data-label="{}" data-unit="t"><data value="%s">%s</data></td></tr>'
)
VOID = '<span class="book-line-note book-void">%s</span>'
PROJECT = (
    '<tr><th scope="row"><a href="%s">%s</a><span class="book-line-note">%s</span></th><td data-label="{}">%s</td>'
    '<td data-label="{}">%s</td><td data-label="{}">%s</td><td data-label="{}">%s</td></tr>'
)
Rows = Sequence[Any] | SafeString
"""Lines, or what stands for rows that are put in later."""


@cache
def _around(name: str) -> tuple[str, str]:
    before, _mark, after = reverse(name, args=[MARK]).partition(MARK)
    return before, after


def _doors(name: str, codes: Iterable[str]) -> list[str]:
    """The addresses of pages by the codes in them; Django is asked once, not for every row."""
    before, after = _around(name)
    return [f"{before}{code}{after}" for code in quote("\0".join(codes), safe="\0").split("\0")]


def _printed(shapes: list[str], cells: Iterable[Iterable[str]], between: str = "\n") -> SafeString:
    """Rows in these shapes, every cell escaped. A NUL parts the cells meanwhile: no text of the database can hold one,
    and if one ever did, there would be a cell too many and no page."""
    if not shapes:
        return SafeString("")
    escaped = html.escape("\0".join(chain.from_iterable(cells))).split("\0")
    return SafeString(between.join(shapes) % tuple(escaped))


def _shape(shape: str, words: tuple[str, ...]) -> str:
    return shape.format(*(html.escape(word).replace("%", "%%") for word in words))


def _both(shape: str, words: tuple[str, ...]) -> tuple[str, str]:
    """With a project and without one."""
    return _shape(shape.replace("PROJECT", PROJECT_LINK), words), _shape(shape.replace("PROJECT", NONE), words)


@cache
def _block_shapes(_language: str) -> tuple[str, str]:
    return _both(BLOCK, (_("Kind of unit"), _("Project"), _("Vintage"), _("Units")))


@cache
def _issuance_shapes(_language: str) -> tuple[str, str]:
    return _both(ISSUANCE, (_("Day of issue"), _("Registry"), _("Project"), _("First owner"), _("Units")))


@cache
def _cancellation_shapes(_language: str) -> tuple[str, str]:
    """With units found void and without."""
    words = (_("Day"), _("Kind of unit"), _("Serial number"), _("Units"))
    return _shape(CANCELLATION.replace("VOID", VOID), words), _shape(CANCELLATION.replace("VOID", ""), words)


@cache
def _project_shape(_language: str) -> str:
    return _shape(PROJECT, (_("Registry"), _("Place"), _("Methodology"), _("Developer")))


def _tag(print_rows: Callable[[Sequence[Any]], SafeString]) -> Callable[[Rows], SafeString]:
    """The tag of that name; what stands for rows stays as it is."""

    @wraps(print_rows)
    def tag(rows: Rows) -> SafeString:
        if isinstance(rows, SafeString):
            return rows
        return print_rows(rows) if rows else SafeString("")

    return register.simple_tag(tag)


def _projects(rows: Sequence[BlockLine]) -> list[tuple[str, ...]]:
    """Address and name of each row's project, or nothing."""
    doors = _doors("offsets:project", [row.project.code if row.project else "" for row in rows])
    return [(door, row.project.name) if row.project else () for door, row in zip(doors, rows, strict=True)]


@_tag
def block_rows(rows: Sequence[BlockLine]) -> SafeString:
    with_project, without = _block_shapes(get_language())
    codes = [row.code for row in rows]
    cells = (
        (at, row.serial, row.kind, *project, row.vintage, str(row.quantity), f"{row.quantity:,d}")
        for row, at, project in zip(rows, _doors("offsets:block", codes), _projects(rows), strict=True)
    )
    return _printed([with_project if row.project else without for row in rows], cells)


@_tag
def issuance_rows(rows: Sequence[BlockLine]) -> SafeString:
    with_project, without = _issuance_shapes(get_language())
    codes = [row.code for row in rows]
    cells = (
        (day := str(row.issued_on), day, at, row.serial, row.registry, *project, row.owner or NONE, str(row.quantity),
         f"{row.quantity:,d}")
        for row, at, project in zip(rows, _doors("offsets:block", codes), _projects(rows), strict=True)
    )  # fmt: skip
    return _printed([with_project if row.project else without for row in rows], cells)


@_tag
def cancellation_rows(rows: Sequence[CancellationLine]) -> SafeString:
    with_void, without = _cancellation_shapes(get_language())
    cells = (
        (day := str(row.cancelled_on), day, row.activity, row.organizer, *_void(row), row.kind, at, row.serial,
         str(row.quantity), f"{row.quantity:,d}")
        for row, at in zip(rows, _doors("offsets:cancellation", [row.number for row in rows]), strict=True)
    )  # fmt: skip
    return _printed([with_void if row.void else without for row in rows], cells)


def _void(row: CancellationLine) -> tuple[str, ...]:
    return (_("%(units)s t found void") % {"units": f"{row.void:,d}"},) if row.void else ()


@_tag
def project_rows(rows: Sequence[ProjectLine]) -> SafeString:
    cells = (
        (at, row.name, row.identifier, row.registry, row.place, row.methodology or NONE,
         row.developer or NONE)
        for row, at in zip(rows, _doors("offsets:project", [row.code for row in rows]), strict=True)
    )  # fmt: skip
    return _printed([_project_shape(get_language())] * len(rows), cells)


@register.simple_tag
def options(choice: dict[str, Any]) -> SafeString:
    """value, words, how many rows ("" when not counted), chosen."""
    rows = choice["options"]
    shapes = [f'<option value="%s"{" selected" if chosen else ""}>%s%s</option>' for *_rest, chosen in rows]
    return _printed(
        shapes, ((value, str(label), f" ({count})" if count else "") for value, label, count, _chosen in rows), ""
    )
