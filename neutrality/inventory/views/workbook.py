"""The same inventory as a workbook: download, fill in, upload."""

from collections.abc import Iterable
from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from neutrality.inventory import access, forms, operations, pages, queries, reading, rules, sheets
from neutrality.inventory.models import Inventory
from neutrality.inventory.views.filing import FILE, UNREADABLE, redirect_to_login
from neutrality.refusals import Problem, Refusal

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def sheet(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The draft for those who fill it in, else the inventory that stands, as a workbook."""
    try:
        activity = access.activity(request.user, code, kind)
    except access.Hidden:
        if request.user.is_authenticated:
            raise
        return redirect_to_login(request)
    draft = queries.draft(activity, kind) if access.may_file(request.user, activity) else None
    inventory = draft or queries.current(activity, kind)
    if inventory is None:
        return redirect("inventory:show", code, kind)
    response = HttpResponse(sheets.write(inventory), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{code}-{kind}.xlsx"'
    return response


@login_required
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Take a filled workbook: all of it, or nothing and every error with the row of the file."""
    activity = access.activity(request.user, code, kind, may=FILE)
    draft = queries.draft(activity, kind)
    if draft is None:
        return redirect("inventory:show", code, kind)
    form = forms.WorkbookForm(request.POST or None, request.FILES or None)
    problems: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        problems = take(request, draft, form)
        if not problems and not form.errors:
            return redirect("inventory:edit", code, kind)
    context = {"activity": activity, "kind": kind, "words": pages.words_of(kind), "form": form, "problems": problems}
    return render(request, "inventory/upload.html", context, status=UNREADABLE if problems or form.errors else 200)


def take(request: HttpRequest, draft: Inventory, form: forms.WorkbookForm) -> list[Problem]:
    """Save the rows of the file; returns every problem, by row of the file."""
    try:
        incoming = sheets.read(form.cleaned_data["workbook"], draft)
        if incoming.edition not in (None, draft.edition) and not form.cleaned_data["replace"]:
            form.add_error("replace", _("The draft was changed on the page after this workbook was downloaded."))
            return []
        outcome = reading.read_rows(draft, incoming.raws)
        if outcome.faults:
            return pages.fault_problems(outcome.faults, incoming.first_row - 1)
        return _replaced(request, draft, outcome.lines)
    except Refusal as refusal:
        return list(refusal.problems)


def _replaced(request: HttpRequest, draft: Inventory, lines: tuple[rules.Line, ...]) -> list[Problem]:
    before = [row.facts for row in queries.lines(draft)]
    if by_key(lines) == by_key(before):
        messages.info(request, _("The workbook says the same as the draft; nothing was changed."))
        return []
    operations.save_draft(inventory=draft, lines=lines, edition=draft.edition, by=request.user, at=timezone.now())
    messages.success(request, _("The workbook is taken over: %(n)s rows.") % {"n": len(lines)})
    return []


def by_key(lines: Iterable[rules.Line]) -> dict[str, rules.Line]:
    """What the lines say, whatever their order."""
    return {line.key: replace(line, position=0) for line in lines}
