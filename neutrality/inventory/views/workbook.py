"""The same inventory as a workbook: download, fill in, upload."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from neutrality.inventory import access, forms, marking, operations, pages, queries, reading, rules, sheets, tables
from neutrality.inventory.models import Inventory
from neutrality.inventory.views.filing import FILE, UNREADABLE, or_log_in
from neutrality.refusals import Problem, Refusal

LARGEST_LINK = 1024 * 1024


@require_GET
@or_log_in
def sheet(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The draft for those who fill it in, else the inventory that stands, as a workbook."""
    activity = access.activity(request.user, code, kind)
    draft = queries.draft(activity, kind) if access.may_file(request.user, activity) else None
    inventory = draft or queries.current(activity, kind)
    if inventory is None:
        return redirect("inventory:show", code, kind)
    response = HttpResponse(sheets.write(inventory), content_type=marking.XLSX)
    response["Content-Disposition"] = f'attachment; filename="{code}-{kind}.xlsx"'
    return response


@login_required
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Take a filled workbook: all of it, or nothing and every error, in the page and in the person's own file."""
    activity = access.activity(request.user, code, kind, may=FILE)
    draft = queries.draft(activity, kind)
    if draft is None:
        return redirect("inventory:show", code, kind)
    form = forms.WorkbookForm(request.POST or None, request.FILES or None)
    found = Found()
    if request.method == "POST" and form.is_valid():
        found = take(request, draft, form)
        if found.marked and "check" in request.POST:
            return _file(found.marked)
        if not found.problems and not form.errors:
            return redirect("inventory:upload" if "check" in request.POST else "inventory:edit", code, kind)
    context = {"activity": activity, "kind": kind, "words": pages.words_of(kind), "form": form}
    context |= {"problems": found.problems, "marked": found.marked, "link": _link(found.marked)}
    wrong = found.problems or form.errors
    return render(request, "inventory/upload.html", context, status=UNREADABLE if wrong else 200)


@dataclass(frozen=True)
class Found:
    """What stands in the way of a file, by row, and the file itself with all of it on its cells."""

    problems: tuple[Problem, ...] = ()
    marked: marking.Marked | None = None


def take(request: HttpRequest, draft: Inventory, form: forms.WorkbookForm) -> Found:
    """Save the rows of the file, or only look at them; returns every problem, by row of the file."""
    try:
        incoming = sheets.read(form.cleaned_data["workbook"], draft)
        if incoming.edition not in (None, draft.edition) and not form.cleaned_data["replace"]:
            form.add_error("replace", _("The draft was changed on the page after this workbook was downloaded."))
            return Found()
        outcome = reading.read_rows(draft, incoming.raws)
        if outcome.faults:
            problems = pages.fault_problems(outcome.faults, incoming.first_row - 1)
            return Found(tuple(problems), _marked(form.cleaned_data["workbook"], incoming, outcome))
        if "check" in request.POST:
            messages.info(request, _("Nothing is wrong in this file. Nothing was taken over; upload it to do so."))
            return Found()
        _replaced(request, draft, outcome.lines)
        return Found()
    except Refusal as refusal:
        return Found(refusal.problems)


def _marked(upload: UploadedFile, incoming: sheets.Incoming, outcome: reading.Outcome) -> marking.Marked | None:
    """The file with its errors; None where it could be read but not written again."""
    try:
        return sheets.marked(upload, incoming, outcome.faults)
    except tables.NotRead:
        return None


def _file(marked: marking.Marked) -> HttpResponse:
    answer = HttpResponse(marked.data, content_type=marked.media_type)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=marked.name)
    return answer


def _link(marked: marking.Marked | None) -> str:
    """The file inside the page itself: nothing has to be kept for it, and nobody else can fetch it."""
    if marked is None or len(marked.data) > LARGEST_LINK:
        return ""
    return f"data:{marked.media_type.split(';')[0]};base64,{base64.b64encode(marked.data).decode()}"


def _replaced(request: HttpRequest, draft: Inventory, lines: tuple[rules.Line, ...]) -> None:
    before = [row.facts for row in queries.lines(draft)]
    if by_key(lines) == by_key(before):
        messages.info(request, _("The workbook says the same as the draft; nothing was changed."))
        return
    operations.save_draft(inventory=draft, lines=lines, edition=draft.edition, by=request.user, at=timezone.now())
    messages.success(request, _("The workbook is taken over: %(n)s rows.") % {"n": len(lines)})


def by_key(lines: Iterable[rules.Line]) -> dict[str, rules.Line]:
    """What the lines say, whatever their order."""
    return {line.key: replace(line, position=0) for line in lines}
