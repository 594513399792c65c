"""My desk: what waits for the person who logged in."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render


@login_required
def desk(request):
    return render(request, "portal/desk.html")
