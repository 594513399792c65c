"""Files registries publish: anyone sees how old each feed is and what became of a file; the desk hands files in."""

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.handlers.wsgi import WSGIRequest
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from neutrality.offsets import access, operations, pages, queries, words
from neutrality.offsets.forms import FileForm
from neutrality.offsets.models import BadRow, Registry, RegistryFile
from neutrality.offsets.operations.feeds import AT_ONCE, REFUSALS
from neutrality.offsets.rules import browsing, readers
from neutrality.refusals import Refusal

ROWS = 100
SECONDS = 3
FORMULA = ("=", "+", "@", "\t")


@require_safe
def feeds(request: WSGIRequest) -> HttpResponse:
    """Every feed with its age, those never read last, and the files last read."""
    found = sorted(queries.feeds(timezone.localdate()), key=lambda feed: feed.read_at is None)
    rows = [words.feed(feed) for feed in found]
    return render(request, "offsets/feeds.html", {"feeds": rows, "files": queries.latest_files(most=20)})


@require_safe
def published(request: WSGIRequest) -> HttpResponse:
    """Every file of a registry that was read here, newest first."""
    registries = list(Registry.objects.all())
    asked = request.GET.get("registry", "")
    wrong = bool(asked) and asked not in {row.code for row in registries}
    cursor = browsing.cursor_at(request.GET.get("after", ""), request.GET.get("before", ""))
    page = queries.Page([]) if wrong else queries.published_files(asked, cursor)
    known = queries.ages(timezone.localdate())
    rows = [{"file": row, "feed": words.feed(known[row.layout, row.registry_id])} for row in page.rows]
    links = pages.links(page, {"registry": asked}, cursor is not None)
    context = {"rows": rows, "registries": registries, "asked": asked, "wrong": wrong, "links": links}
    return render(request, "offsets/published_files.html", context)


@require_safe
def file(request: WSGIRequest, digest: str) -> HttpResponse:
    """What became of one file. The rows set aside are counted for everybody and shown to the desk."""
    row = access.registry_file(digest)
    desk = access.may_read(request.user, row)
    page = Paginator(row.bad_rows.order_by("row", "pk"), ROWS).get_page(request.GET.get("page")) if desk else []
    context = {
        "row": row,
        "feed": words.feed(queries.feed_of(row, timezone.localdate())),
        "cells": row.bad_rows.filter(whole=False).count(),
        "reasons": [{**each, "why": words.bad_row(each["code"])} for each in queries.why_bad(row)],
        "desk": desk,
        "page": page,
        "bad": [{"row": each, "why": words.bad_row(each.code)} for each in page],
    }
    return render(request, "offsets/file.html", context)


@login_required
def files(request: WSGIRequest) -> HttpResponse:
    """The desk's files: hand one in, see what is being read and what was read."""
    registries = access.desk(request.user)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if request.method == "POST" and form.is_valid():
        try:
            return _handed_in(request, form.cleaned_data["file"], registries)
        except Refusal as refusal:
            refusal.put_on(form)
    context = {
        "form": form,
        "files": queries.latest_files(registries),
        "queue": [_reading(row) for row in queries.in_the_queue(10)],
        "feeds": [words.feed(feed) for feed in queries.feeds(timezone.localdate()) if _calls(feed, registries)],
    }
    return render(request, "offsets/files.html", context, status=422 if form.errors else 200)


def _calls(feed: queries.Feed, registries: object) -> bool:
    """Feeds of this desk that somebody should look at."""
    mine = feed.registry is None or feed.registry in registries  # type: ignore[operator]
    return mine and feed.age not in ("current", "never")


def _handed_in(request: WSGIRequest, upload: object, registries: object) -> HttpResponse:
    """A small file is read while the person waits; a large one goes to the worker."""
    body, at = access.body(request.user), timezone.now()
    facts = {"upload": upload, "owner_code": body.code, "registries": registries, "by": request.user, "at": at}
    if upload.size <= AT_ONCE:  # type: ignore[attr-defined]
        made = operations.read_file(**facts)
        if made.read_at != at:
            messages.info(request, _("This very file was read before. That it was looked at again is noted."))
        return redirect("offsets:file", made.digest)
    with transaction.atomic():
        waiting = operations.hand_in(**facts)
    return redirect("offsets:reading", waiting.number)


@login_required
@require_safe
def reading(request: WSGIRequest, number: str) -> HttpResponse:
    """How far a reading is. The page asks again by itself until it has ended; leaving it stops nothing."""
    row = access.reading(request.user, number)
    if row.state == "read":
        return redirect("offsets:file", row.file.digest)
    answer = render(request, "offsets/reading.html", {"reading": _reading(row)})
    if row.state == "waiting":
        answer["Refresh"] = str(SECONDS)
    return answer


@login_required
@require_POST
def stop_reading(request: WSGIRequest, number: str) -> HttpResponse:
    row = access.reading(request.user, number)
    operations.withdraw_reading(reading=row, by=request.user, at=timezone.now())
    return redirect("offsets:reading", number)


@login_required
@require_safe
def bad_rows(request: WSGIRequest, digest: str) -> StreamingHttpResponse:
    """The rows set aside, with their reasons, to be mended and handed in again: the reading skips the added columns."""
    row = access.run_file(request.user, digest)
    answer = StreamingHttpResponse(_csv(row), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="set-aside-{row.digest[:12]}.csv"'
    return answer


WAYS = {"waiting": "wait", "refused": "bad", "withdrawn": ""}


def _reading(row: Any) -> dict[str, Any]:
    """A file being read as a page shows it; a refusal in the words it had."""
    known = REFUSALS.get(row.refusal)
    begun = row.state == "waiting" and row.heard_at is not None
    text = _("being read") if begun else _("waiting for its turn") if row.state == "waiting" else None
    return {
        "row": row,
        "tone": WAYS.get(row.state, "good"),
        "text": text or row.get_state_display(),
        "begun": begun,
        "why": known.message if known else row.refusal,
        "open": row.state == "waiting",
    }


class _Echo:
    def write(self, text: str) -> str:
        return text


def _csv(file: RegistryFile) -> Iterator[str]:
    names = list(dict.fromkeys(name for content in _contents(file) for name in content if name))
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield writer.writerow([*names, _("Row"), _("Line"), _("Column"), _("Why it was set aside"), _("As it stood")])
    for each in file.bad_rows.order_by("row", "pk").iterator(chunk_size=1000):
        cells = [each.content.get(name, "") for name in names]
        said = [each.row, each.at_line, each.column, words.bad_row(each.code), each.detail or each.content.get("", "")]
        yield writer.writerow([_harmless(str(cell)) for cell in [*cells, *said]])


def _contents(file: RegistryFile) -> Iterator[dict[str, str]]:
    return BadRow.objects.filter(file=file).order_by("row").values_list("content", flat=True).iterator(chunk_size=1000)


def _harmless(cell: str) -> str:
    """A spreadsheet runs what begins like a formula; an apostrophe makes it text."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


@login_required
@require_safe
def template(request: WSGIRequest) -> HttpResponse:
    """The plain table for registries that publish none: its headings and one example."""
    access.desk(request.user)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="plain-table.csv"'
    answer.write("\ufeff")
    writer = csv.writer(answer)
    writer.writerows([readers.PLAIN_TEMPLATE, readers.PLAIN_EXAMPLE])
    return answer
