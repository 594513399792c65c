"""Lists of participants: hand one in, see how far it is, answer what it asks, stop it, take home what it came to."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from neutrality.inventory import (
    access,
    columns,
    listforms,
    listpages,
    marking,
    queries,
    rules,
    settling,
    tables,
    waiting,
)
from neutrality.inventory.models import Inventory, Roster
from neutrality.inventory.operations import rosters
from neutrality.inventory.views.filing import FILE, UNREADABLE
from neutrality.refusals import Refusal

AT_ONCE = 512 * 1024  # bytes of a list that is worked on while its sender waits
RELOAD_SECONDS = "3"
MARKED_BYTES = 5 * 1024 * 1024  # beyond, what is wrong comes as a list of its own


@login_required
@require_http_methods(["GET", "POST"])
def journeys(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Hand a list in. A short one is answered at once, a long one goes to a worker."""
    activity = access.activity(request.user, code, kind, may=FILE)
    draft = queries.draft(activity, kind)
    if draft is None:
        return redirect("inventory:show", code, kind)
    form = listforms.JourneysForm(
        request.POST or None, request.FILES or None, initial={"venue": listpages.city_of(activity)}
    )
    if request.method == "POST" and form.is_valid():
        roster = _handed_in(request, draft, form)
        if roster is not None:
            return redirect("inventory:roster", code, kind, roster.key)
    context = listpages.journeys(activity, kind) | {"form": form}
    return render(request, "inventory/journeys.html", context, status=UNREADABLE if form.errors else 200)


def _handed_in(request: HttpRequest, draft: Inventory, form: listforms.JourneysForm) -> Roster | None:
    data = form.cleaned_data
    try:
        roster = rosters.hand_in(
            inventory=draft,
            upload=data["workbook"],
            venue=data["venue"].code,
            infer=data["infer"],
            by=request.user,
            at=timezone.now(),
            most=columns.LARGEST,
        )
    except Refusal as refusal:
        refusal.put_on(form)
        return None
    _work(roster)
    return roster


def _work(roster: Roster) -> None:
    """Now when it is small; a long one is taken up by the worker's sweeper."""
    if roster.size <= AT_ONCE:
        settling.settle(roster.pk, timezone.now())


def _roster(request: HttpRequest, code: str, kind: str, key: UUID) -> Roster:
    activity = access.activity(request.user, code, kind, may=FILE)
    roster = queries.roster(activity, kind, key)
    if roster is None:
        raise access.Hidden
    return roster


@login_required
@require_http_methods(["GET", "POST"])
def roster(request: HttpRequest, code: str, kind: str, key: UUID) -> HttpResponse:
    """Where a list stands, its questions with their answers, and what it came to."""
    found = _roster(request, code, kind, key)
    form = listforms.AnswersForm(request.POST or None, roster=found)
    if request.method == "POST" and form.is_valid():
        try:
            rosters.answer(roster=found, answers=form.answers(), by=request.user, at=timezone.now())
            _work(found)
            return redirect("inventory:roster", code, kind, key)
        except Refusal as refusal:
            refusal.put_on(form)
    context = listpages.roster(found) | {"form": form}
    response = render(request, "inventory/roster.html", context, status=UNREADABLE if form.errors else 200)
    if found.state in (rules.RosterState.WAITING, rules.RosterState.WORKING):
        response["Refresh"] = RELOAD_SECONDS
    return response


@login_required
@require_POST
def stop(request: HttpRequest, code: str, kind: str, key: UUID) -> HttpResponse:
    """Stop a list; nothing of it is written."""
    rosters.cancel(roster=_roster(request, code, kind, key), by=request.user, at=timezone.now())
    return redirect("inventory:roster", code, kind, key)


@login_required
@require_GET
def marked(request: HttpRequest, code: str, kind: str, key: UUID) -> HttpResponse:
    """The person's own file with what is to be mended in it; of a very large one a list of that alone."""
    found = _roster(request, code, kind, key)
    path = waiting.path_of(found.key)
    if found.state != rules.RosterState.ASKING or not path.exists():
        raise Http404
    remarks = listpages.remarks(found)
    try:
        if found.size > MARKED_BYTES or found.layout["rows"] > rules.MOST_LINES:
            return _file(marking.listed(remarks, found.name))
        first = found.layout["first_row"]
        sheet: dict[str, Any] = {"sheet": found.layout["sheet"], "heading_row": first - 1}
        return _file(marking.marked(path.read_bytes(), found.name, remarks, **sheet))
    except tables.NotRead:
        return _file(marking.listed(remarks, found.name))


@login_required
@require_GET
def rows(request: HttpRequest, code: str, kind: str, key: UUID) -> HttpResponse:
    """What every row came to, without names; it can be handed in again and changes nothing."""
    found = _roster(request, code, kind, key)
    if not found.rows:
        raise Http404
    return _file(marking.Marked(f"{code}-{kind}.csv", marking.CSV, settling.rows_csv(found)))


def _file(given: marking.Marked) -> HttpResponse:
    response = HttpResponse(given.data, content_type=given.media_type)
    response.headers["Content-Disposition"] = marking.disposition(given.name)
    return response
