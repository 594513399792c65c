"""The land of a project of the offset registry: open to everybody, drawn by the registry's operator.

It spans two rooms (the project is offsets', land is planting's), so it is the shell's.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from neutrality.offsets import access
from neutrality.planting import operations, rules, words
from neutrality.planting.forms import LandForm
from neutrality.planting.models import Plot
from neutrality.refusals import Refusal


def project_land(request: WSGIRequest, code: str) -> HttpResponse:
    """What is recorded of a project's land, and, for who runs its registry's desk, the form to record it."""
    project = access.project(code)
    plot = Plot.objects.filter(project_code=project.code, freed_at__isnull=True).first()
    may = plot is None and access.runs(request.user, project.registry)
    if request.method == "POST" and not may:
        raise PermissionDenied
    form = LandForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("system", "source_name")}
        try:
            land = operations.examine(text=form.cleaned_data["corners"], **given)
            facts = {"project_code": project.code, "land": land, "by": request.user, "at": timezone.now()}
            operations.draw_project(**facts)
            messages.success(request, _("The land is recorded."))
            return redirect("portal:project_land", project.code)
        except Refusal as refusal:
            refusal.put_on(form)
    context = {"project": project, "plot": plot, "may": may, "form": form}
    if plot is not None:
        met = Plot.objects.filter(number__in=[row["plot"] for row in plot.conflicts]).select_related("planting")
        context |= {"sketch": rules.sketch(plot.land), "corners": rules.rows(plot.land), "met": met}
        context["error_words"] = words.ERRORS_M[plot.system]
    return render(request, "portal/project_land.html", context, status=422 if form.errors else 200)
