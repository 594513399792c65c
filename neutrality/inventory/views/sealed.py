"""Sealed inventories by their digest: the page, the dossier, the checker."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from neutrality.inventory import access, comparing, pages

CHECKER = "dossier/check.py"
SCHEMA = "dossier/schema.json"


@require_GET
def sealed(request: HttpRequest, digest: str) -> HttpResponse:
    """The frozen account that a digest stands for."""
    return render(request, "inventory/sealed.html", pages.sealed(access.sealed(digest)))


@require_GET
def compare(request: HttpRequest, digest: str) -> HttpResponse:
    """How its total would read under other potentials or editions."""
    page = comparing.sealed(access.sealed(digest), request.GET.get("until", ""))
    return render(request, "inventory/compare.html", page)


@require_GET
def dossier(request: HttpRequest, digest: str) -> HttpResponse:
    """The very bytes whose SHA-256 is the digest."""
    inventory = access.sealed(digest)
    response = HttpResponse(inventory.seal.text.encode(), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{digest}.json"'
    return response


@require_GET
def checker(request: HttpRequest) -> HttpResponse:
    """The program that recomputes a dossier: plain Python, nothing to install."""
    return _static(CHECKER, "check.py", "text/x-python")


@require_GET
def schema(request: HttpRequest) -> HttpResponse:
    """The JSON Schema of a dossier."""
    return _static(SCHEMA, "schema.json", "application/schema+json")


def _static(name: str, filename: str, media_type: str) -> HttpResponse:
    path = finders.find(name)
    if path is None:
        raise Http404
    response = HttpResponse(Path(path).read_bytes(), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
