"""How everything is calculated, rendered from the very objects that calculate it: no number here is written by hand."""

from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from neutrality.inventory import queries as inventories
from neutrality.inventory.models import Publication
from neutrality.rulebook import queries as rulebooks
from neutrality.rulebook.models import Rulebook
from neutrality.rulebook.rules import COUNTRY
from neutrality.standing import queries as standing
from portal import formulas


@require_GET
def methodology(request):
    on = timezone.localdate()
    current = rulebooks.current(on)
    calendar = rulebooks.calendar()
    national = next((row for row in current if row.jurisdiction == COUNTRY), None)
    context = {
        "on": on,
        "amounts": formulas.amounts(),
        "clocks": formulas.clocks(calendar),
        "calendar_years": sorted(calendar.years),
        "rulebooks": current,
        "wording": national.rules.claim_words if national else (),
        "wording_of": national,
        "publications": Publication.objects.annotate(count=Count("versions")).filter(count__gt=0).order_by("-count"),
        "grid": inventories.national_grid(),
        "policy": standing.policy_on(on),
    }
    return render(request, "portal/methodology.html", context)


@require_GET
def rulebook(request, code, version=None):
    """One rulebook as it is in force, or an earlier or later version of it by its number."""
    on = timezone.localdate()
    versions = list(Rulebook.objects.filter(code=code).order_by("-effective_on", "-id"))
    if not versions:
        raise Http404
    if version is None:
        row = next((each for each in versions if each.effective_on <= on), versions[-1])
    else:
        row = get_object_or_404(Rulebook, code=code, version=version)
    context = {"row": row, "pack": row.rules, "versions": versions, "region": _region(row), "parts": _parts(row.rules)}
    return render(request, "portal/rulebook.html", context)


def _region(row: Rulebook) -> str:
    lineage = rulebooks.lineage(row.jurisdiction)
    return lineage[-1].name if lineage else _("The whole country")


def _parts(pack) -> dict:
    """Where each part of the pack comes from, by the part's code."""
    return {entry.part.value: entry for entry in pack.bases}
