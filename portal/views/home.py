"""The first page: search, what was settled lately, what is short or overdue, and how the book is read."""

from django.shortcuts import render


def home(request):
    return render(request, "portal/home.html")
