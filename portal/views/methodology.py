"""How everything is calculated, from the very objects that calculate it."""

from django.shortcuts import render


def methodology(request):
    return render(request, "portal/methodology.html")
