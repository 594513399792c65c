"""One box over activities, organizations, projects and serial numbers."""

from django.db.models import Q
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Organization
from neutrality import search as words
from neutrality.activities.models import Activity
from neutrality.offsets import queries as offsets
from neutrality.offsets.models import Project

LONGEST = 100
ROWS = 10


@require_safe
def search(request):
    """What is public and fits the text; an empty box shows what may be asked for."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    context = {"text": text, "found": False}
    if text:
        context |= found(text)
    return render(request, "portal/search.html", context)


def found(text: str) -> dict:
    """The first rows of each kind (four to six queries); `more_activities` says that the register holds others."""
    wanted = words.query(text)
    activities = Activity.objects.public().select_related("organization")
    activities = activities.filter(Q(search=wanted) | Q(code=text.upper())) if wanted else activities.none()
    organizations = Organization.objects.verified().filter(
        Q(name_zh__icontains=text) | Q(name_en__icontains=text) | Q(code=text.upper())
    )
    projects = Project.objects.select_related("registry")
    projects = projects.filter(search=wanted) if wanted else projects.none()
    rows = {
        "activities": list(activities.order_by("-starts_on", "code")[: ROWS + 1]),
        "organizations": list(organizations.order_by("code")[:ROWS]),
        "projects": list(projects.order_by("id")[:ROWS]),
        "serials": offsets.found_by(text)[:ROWS],
    }
    more = len(rows["activities"]) > ROWS
    rows["activities"] = rows["activities"][:ROWS]
    return {**rows, "found": any(rows.values()), "more_activities": more}
