"""The public library of emission factors, and the published cases recalculated."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from neutrality.inventory import forms, pages, queries
from neutrality.inventory.models import Gwp

PER_PAGE = 50


@require_GET
def factors(request: HttpRequest) -> HttpResponse:
    """The list, filtered and searched in both languages."""
    form = forms.FactorSearch(request.GET or None, **queries.filters())
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    page = Paginator(queries.browse(**asked), PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "rows": pages.factor_rows(page), "asked": any(asked.values())}
    return render(request, "inventory/factors.html", context)


@require_GET
def factor(request: HttpRequest, code: str) -> HttpResponse:
    """One factor with all its versions; the code of a version opens the factor too."""
    found = queries.factor(code)
    if found is None:
        raise Http404
    return render(request, "inventory/factor.html", pages.factor(found, code))


@require_GET
def gwps(request: HttpRequest) -> HttpResponse:
    """Warming potentials of all gases in three assessment reports (R1.46)."""
    return render(
        request, "inventory/gwps.html", {"gases": Gwp.objects.all(), "usual": "AR5 without climate-carbon feedback"}
    )


@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """Published cases reconstructed: what their sources printed, and what we calculate."""
    return render(request, "inventory/cases.html", {"cases": pages.cases()})
