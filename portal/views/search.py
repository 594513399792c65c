"""One box over activities, organizations, projects and serial numbers."""

from django.shortcuts import render


def search(request):
    return render(request, "portal/search.html", {"query": request.GET.get("q", "").strip()[:100]})
