"""What anyone may read: registries, projects, blocks, cancellations, the life of one number. No login, no cookies."""

from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from neutrality.offsets import access, facts, pages, queries, words
from neutrality.offsets.forms import SerialForm
from neutrality.offsets.models import AmountChoice, EventChoice, Project, UnitKind, VoidNotice
from neutrality.offsets.rules import Syntax, UnitFacts
from neutrality.offsets.rules.browsing import cursor_at
from neutrality.rulebook import queries as rulebooks

LATEST = 10
BLOCKS = 200


@require_safe
def registry(request: WSGIRequest) -> HttpResponse:
    """The room's front page: what is kept, by whom, and the search for a number."""
    kinds = UnitKind.objects.select_related("registry").order_by("id")
    latest = queries.cancellations(queries.Filters(), rows=LATEST)
    context = {
        "kinds": kinds,
        "latest": latest.rows,
        "totals": queries.totals(),
        "compensated": queries.compensated(),
        "reads_cases": access.reads_cases(request.user),
        "form": SerialForm(auto_id="id_%s"),
    }
    return render(request, "offsets/registry.html", context)


@require_safe
def registry_show(request: WSGIRequest, code: str) -> HttpResponse:
    found = access.registry(code)
    filters = queries.Filters(registry=found.code)
    context = {
        "registry": found,
        "feeds": [words.feed(feed) for feed in queries.feeds(timezone.localdate(), found)],
        "kinds": found.kinds.order_by("id"),
        "projects": queries.projects(filters, rows=LATEST).rows,
        "blocks": queries.blocks(filters, rows=LATEST).rows,
        "latest": queries.cancellations(filters, rows=LATEST).rows,
    }
    return render(request, "offsets/registry_show.html", context)


@require_safe
def kind(request: WSGIRequest, code: str) -> HttpResponse:
    """What the rules know of one kind of unit, and what every rule pack in force says of it."""
    found = access.kind(code)
    syntax, example = words.SYNTAXES[Syntax(found.syntax)]
    context = {"kind": found, "syntax": syntax, "example": example, "cases": _cases(facts.kind_facts(found))}
    return render(request, "offsets/kind.html", context)


@require_safe
def new_planting(request: WSGIRequest) -> HttpResponse:
    """New forest beside the kinds of units: no registry numbers it, the same rule packs judge it."""
    return render(request, "offsets/new_planting.html", {"cases": _cases(facts.NEW_PLANTING)})


def _cases(unit: UnitFacts) -> list[dict[str, Any]]:
    packs = rulebooks.current(timezone.localdate())
    return [words.eligibility(case, row) for case, row in facts.eligibility(unit, packs)]


@require_safe
def project(request: WSGIRequest, code: str) -> HttpResponse:
    found = access.project(code)
    blocks, latest = queries.of_project(found, BLOCKS, LATEST)
    likely = queries.likenesses([found.pk]).get(found.pk, [])
    context = {
        "project": found,
        "said": queries.described(found),
        "blocks": blocks,
        "latest": latest,
        "likely": likely,
        **_tabled(found),
        "runs": queries.runs_of(found, rows=LATEST),
    }
    context["amendments"] = [words.amendment(row) for row in queries.amendments(found)]
    context["may_amend"] = request.user.is_authenticated and access.runs(request.user, found.registry)
    return render(request, "offsets/project.html", context)


@require_safe
def project_tables(request: WSGIRequest, code: str) -> HttpResponse:
    """Every run the registries' own tables state for a project, each with its file and line."""
    found = access.project(code)
    cursor = cursor_at(request.GET.get("after", ""), request.GET.get("before", ""))
    page = queries.runs_of(found, cursor)
    context = {"project": found, "rows": page.rows, "links": pages.links(page, {}, cursor is not None)}
    return render(request, "offsets/project_tables.html", context | _tabled(found))


def _tabled(project: Project) -> dict[str, Any]:
    """What the registries' own tables add up to for a project, in words."""
    runs = [{**row, "words": EventChoice(row["event"]).label} for row in queries.run_totals(project)]
    amounts = [{**row, "words": AmountChoice(row["amount"]).label} for row in queries.amounts_of(project)]
    return {"run_totals": runs, "amounts": amounts}


@require_safe
def block(request: WSGIRequest, code: str) -> HttpResponse:
    """A block with its book: where every unit lies, how it came there, which claims stand on it."""
    found = access.block(code)
    context = {
        "run": found,
        "published_labels": queries.published_labels(found.numbers),
        "lying": [_lying(row) for row in queries.lying(found)],
        "story": [_moved(row) for row in queries.story(found)],
        "claims": queries.claims_on(found),
        "doubt": queries.doubtful([found]).get(found.pk, []),
        "notices": VoidNotice.objects.filter(block=found, state="confirmed").order_by("id"),
        "may_void": request.user.is_authenticated and access.runs(request.user, found.kind.registry),
    }
    return render(request, "offsets/block.html", context)


def _lying(row: Any) -> dict[str, Any]:
    return {
        "serial": row.serial,
        "units": row.units,
        "words": words.PLACES[row.state],
        "tone": words.TONES.get(row.state, ""),
        "who": row.who,
        "is_activity": row.state == "retired",
        "is_surrender": row.state == "surrendered",
    }


def _moved(row: Any) -> dict[str, Any]:
    return {
        "on": row.on,
        "serial": row.serial,
        "units": row.units,
        "words": words.MOVES[row.reason],
        "source": row.source.who,
        "target": row.target.who,
        "to_activity": row.target.state == "retired",
    }


@require_safe
def cancellation(request: WSGIRequest, number: str) -> HttpResponse:
    found = access.retirement(number)
    remaining = queries.remaining(found)
    context = {
        "row": found,
        "run": found.block,
        "units": remaining,
        "void": found.quantity - remaining,
        "timely": found.cancelled_on <= found.activity.units_deadline,
        "deadline": found.activity.units_deadline,
        "parts": found.voided_parts.select_related("notice").order_by("id"),
    }
    return render(request, "offsets/cancellation.html", context)


@require_safe
def serials(request: WSGIRequest) -> HttpResponse:
    """One number or a run: every block it lies in, and its whole life."""
    form = SerialForm(request.GET or None)
    hits = queries.found_by(form.cleaned_data["q"]) if form.is_valid() else []
    found = [
        {
            "hit": hit,
            "lying": [_lying(row) for row in queries.lying(hit.block, (hit.first, hit.last))],
            "story": [_moved(row) for row in queries.story(hit.block, (hit.first, hit.last))],
            "used": queries.used(hit.block, hit.first, hit.last),
            "notices": queries.voided(hit.block, hit.first, hit.last),
        }
        for hit in hits[:5]
    ]
    published = queries.published_by(form.cleaned_data["q"]) if form.is_valid() else []
    context = {"form": form, "found": found, "more": hits[5:], "published": published}
    return render(request, "offsets/serials.html", context)


@require_safe
def void(request: WSGIRequest, number: str) -> HttpResponse:
    """A confirmed notice: what was false, and every claim it touched."""
    found = access.confirmed_void(number)
    parts = found.parts.select_related("retirement__activity__organization").order_by("id")
    context = {"notice": found, "run": found.block, "parts": parts, "already": queries.already_void(found)}
    return render(request, "offsets/void.html", context)
