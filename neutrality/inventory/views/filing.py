"""Pages of filing: read an inventory, fill the grid, submit, correct."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Hidden
from accounts.rules import Permission
from neutrality.activities.models import Activity
from neutrality.evidence import operations as evidence
from neutrality.inventory import access, asking, comparing, forms, operations, pages, queries, rules
from neutrality.inventory.models import Inventory
from neutrality.refusals import Problem, Refusal

FILE = Permission.FILE_INVENTORY
UNREADABLE = 422


def or_log_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The anonymous may have a right once they are known: what is hidden from them leads to the entrance."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Hidden:
            if request.user.is_authenticated:
                raise
            return redirect_to_login(request.get_full_path())

    return asked


@require_GET
@or_log_in
def show(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """An inventory to read: the one that stands, or where it is on its way."""
    activity = access.activity(request.user, code, kind)
    return render(request, "inventory/show.html", pages.show(request.user, activity, kind))


@require_GET
@or_log_in
def changes(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Why the figures changed: between versions, and from estimate to actual."""
    activity = access.activity(request.user, code, kind)
    return render(request, "inventory/changes.html", pages.changes(activity, kind))


@require_GET
@or_log_in
def compare(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """How the total would read under other potentials or editions."""
    activity = access.activity(request.user, code, kind)
    return render(request, "inventory/compare.html", comparing.page(activity, kind, request.GET.get("until", "")))


@login_required
@require_POST
def start(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Open a draft and go to its grid."""
    activity = access.activity(request.user, code, kind, may=FILE)
    try:
        operations.start(activity=activity, kind=kind, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("inventory:show", code, kind)
    return redirect("inventory:edit", code, kind)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The grid of the open draft."""
    activity = access.activity(request.user, code, kind, may=FILE)
    draft = queries.draft(activity, kind)
    if draft is None:
        return redirect("inventory:show", code, kind)
    if request.method == "POST":
        return _posted(request, activity, draft)
    rows = [forms.texts_of(line) for line in queries.lines(draft)[: forms.MOST_ROWS]]
    return _grid(request, activity, draft, forms.Grid(draft, rows))


def _posted(request: HttpRequest, activity: Activity, draft: Inventory) -> HttpResponse:
    rows = forms.sent(request.POST)
    gwp_set = request.POST.get("gwp_set", "")
    gwp_set = gwp_set if gwp_set in {code.value for code in rules.GWP_CHOICES} else draft.gwp_set
    problems = _deposit(request, activity)
    if {"add", "remove", "deposit", "nothing_else"} & set(request.POST):
        grid = forms.Grid(draft, _rearranged(request, rows, forms.Grid(draft, [], gwp_set=gwp_set)), gwp_set=gwp_set)
        return _grid(request, activity, draft, grid, problems, status=UNREADABLE if problems else 200)
    grid = forms.Grid(draft, rows, gwp_set=gwp_set)
    if grid.problems or problems:
        return _grid(request, activity, draft, grid, problems, status=UNREADABLE)
    return _save(request, activity, draft, grid)


def _deposit(request: HttpRequest, activity: Activity) -> list[Problem]:
    """Keep an evidence file at once, whatever else is wrong with the page: a chosen file is never lost."""
    upload = request.FILES.get("file")
    if upload is None:
        return []
    try:
        kept = evidence.deposit(
            upload=upload, owner_code=activity.organization.code, by=request.user, at=timezone.now()
        )
    except Refusal as refusal:
        return [Problem(problem.code, problem.message, "file") for problem in refusal.problems]
    messages.success(request, _("“%(name)s” is kept. Choose it beside the rows it proves.") % {"name": kept.name})
    return []


def _rearranged(request: HttpRequest, rows: list[dict[str, str]], grid: forms.Grid) -> list[dict[str, str]]:
    """The rows after “add a row” or “remove”; nothing is saved yet."""
    if "nothing_else" in request.POST:
        return asking.nothing_else(rows, grid.questions)
    source, number = request.POST.get("add", ""), request.POST.get("remove", "")
    if source in grid.codes() and len(rows) < forms.MOST_ROWS:
        return [*rows, grid.fresh(source, sum(row["source"] == source for row in rows))]
    if number.isascii() and number.isdigit():
        return [row for place, row in enumerate(rows, start=1) if place != int(number)]
    return rows


def _save(request: HttpRequest, activity: Activity, draft: Inventory, grid: forms.Grid) -> HttpResponse:
    edition = request.POST.get("edition", "")
    try:
        operations.save_draft(
            inventory=draft,
            lines=grid.outcome.lines,
            edition=int(edition) if edition.isascii() and edition.isdigit() else -1,
            gwp_set=grid.gwp_set,
            by=request.user,
            at=timezone.now(),
        )
    except Refusal as refusal:
        draft.refresh_from_db()
        return _grid(request, activity, draft, grid, list(refusal.problems), status=UNREADABLE)
    if "check" in request.POST:
        return redirect("inventory:submit", activity.code, draft.kind)
    messages.success(request, _("The draft is saved."))
    return redirect("inventory:edit", activity.code, draft.kind)


def _grid(
    request: HttpRequest,
    activity: Activity,
    draft: Inventory,
    grid: forms.Grid,
    problems: list[Problem] | None = None,
    status: int = 200,
) -> HttpResponse:
    return render(request, "inventory/edit.html", pages.edit(activity, draft, grid, problems or []), status=status)


@login_required
@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """What is still open, what freezing means, and the act itself."""
    activity = access.activity(request.user, code, kind, may=FILE)
    draft = queries.draft(activity, kind)
    if draft is None:
        return redirect("inventory:show", code, kind)
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            operations.submit(inventory=draft, by=request.user, at=timezone.now())
        except Refusal as refusal:
            problems = list(refusal.problems)
        else:
            messages.success(request, _("The inventory is submitted and frozen."))
            return redirect("inventory:show", code, kind)
    context = pages.submit(activity, draft, timezone.localdate(), problems)
    return render(request, "inventory/submit.html", context, status=UNREADABLE if problems else 200)


@login_required
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Start a correction: a new version linked to the one that stands or was sent back."""
    activity = access.activity(request.user, code, kind, may=FILE)
    newest = queries.newest(activity, kind)
    if newest is None or newest.state == rules.State.DRAFT:
        return redirect("inventory:show", code, kind)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.correct(inventory=newest, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
            return redirect("inventory:edit", code, kind)
        except Refusal as refusal:
            refusal.put_on(form)
    context = {"activity": activity, "kind": kind, "inventory": newest, "form": form, "words": pages.words_of(kind)}
    return render(request, "inventory/correct.html", context, status=UNREADABLE if form.errors else 200)


@login_required
@require_POST
def discard(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Throw the draft of a correction away; what was submitted stands."""
    activity = access.activity(request.user, code, kind, may=FILE)
    draft = queries.draft(activity, kind)
    if draft is not None:
        operations.discard(inventory=draft, by=request.user, at=timezone.now())
        messages.success(request, _("The draft was thrown away."))
    return redirect("inventory:show", code, kind)
