"""The public lists: projects, blocks, issuances, cancellations, beneficiaries, offers. No login, no cookies."""

from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from neutrality import stencils
from neutrality.offsets import access, pages, queries
from neutrality.offsets.forms import BrowseForm
from neutrality.offsets.rules import browsing


def _listed(request: WSGIRequest, name: str) -> HttpResponse:
    context = pages.listed(name, request.GET)
    if stencils.for_nobody(request):
        return HttpResponse(pages.printed(name, request, context))
    return render(request, "offsets/list.html", context)


@require_safe
def projects(request: WSGIRequest) -> HttpResponse:
    return _listed(request, "projects")


@require_safe
def blocks(request: WSGIRequest) -> HttpResponse:
    return _listed(request, "blocks")


@require_safe
def issuances(request: WSGIRequest) -> HttpResponse:
    return _listed(request, "issuances")


@require_safe
def cancellations(request: WSGIRequest) -> HttpResponse:
    return _listed(request, "cancellations")


@require_safe
def beneficiaries(request: WSGIRequest) -> HttpResponse:
    """Names units were cancelled for."""
    q = request.GET.get("q", "").strip()
    wrong = len(q) > browsing.MOST_TEXT
    before = _pair(request.GET.get("before", ""))
    place = before or _pair(request.GET.get("after", ""))
    page = queries.Page([]) if wrong else queries.beneficiaries(q, place, back=before is not None)
    context = {"page": page, "q": q[: browsing.MOST_TEXT], "wrong": wrong, "counted_at": queries.counted_at()}
    return render(request, "offsets/beneficiaries.html", context | {"links": pages.links(page, {"q": q}, bool(place))})


@require_safe
def beneficiary(request: WSGIRequest, code: str) -> HttpResponse:
    """Every cancellation for one name."""
    found = access.beneficiary(code)
    cursor = browsing.cursor_at(request.GET.get("after", ""), request.GET.get("before", ""))
    page = queries.of_beneficiary(found.name, cursor)
    context = {"beneficiary": found, "page": page, "links": pages.links(page, {}, cursor is not None)}
    return render(request, "offsets/beneficiary.html", context)


@require_safe
def catalogue(request: WSGIRequest) -> HttpResponse:
    """What owners offer, cheapest first."""
    form = BrowseForm(request.GET, leave_out=("method", "label", "owner"))
    page, after = queries.Page([]), request.GET.get("after", "")
    if form.is_valid():
        page = queries.offers(form.filters(), _offer_cursor(after))
        doubts = queries.doubtful(offer.block for offer in page.rows)
        for offer in page.rows:
            offer.block.doubt = doubts.get(offer.block_id, [])
    asked = form.is_valid() and form.asked()
    given = {name: value for name, value in request.GET.items() if name in form.fields}
    context = {"form": form, "page": page, "asked": asked, "links": pages.links(page, given, bool(after))}
    context["filters"] = urlencode({name: value for name, value in given.items() if value.strip()})
    return render(request, "offsets/catalogue.html", context)


def _pair(text: str) -> tuple[int, int] | None:
    """A cursor of two numbers; what is none begins at the beginning."""
    found = [browsing.cursor_at(part, "") for part in text.split("_")]
    return (found[0].key, found[1].key) if len(found) == 2 and found[0] and found[1] else None


def _offer_cursor(text: str) -> tuple[Decimal, int] | None:
    price, _, pk = text.partition("_")
    try:
        return (Decimal(price), int(pk)) if pk.isascii() and pk.isdigit() and len(pk) < 19 else None
    except InvalidOperation:
        return None
