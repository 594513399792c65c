"""What the pages of this room share."""

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from neutrality.activities import words
from neutrality.activities.models import Activity

UNPROCESSABLE = 422


class Section(NamedTuple):
    """One step of preparing an activity."""

    slug: str
    title: Any
    lead: Any


SECTIONS = (
    Section("what", _("What, when, where"), _("Saved as a draft at once; nothing is published yet.")),
    Section("place", _("Place and people"), _("What you do not know yet can stay blank for now.")),
    Section("boundary", _("Rulebook and boundary"), _("What is counted, and by whose rules.")),
    Section("promise", _("The promise"), _("What the plan will say about offsetting, and by when.")),
)


def show(request: HttpRequest, template: str, context: dict[str, Any], form: Any = None) -> HttpResponse:
    """The page; with status 422 when its form was sent and something is wrong with it."""
    wrong = form is not None and form.is_bound and bool(form.errors)
    return render(request, template, {**context, "form": form}, status=UNPROCESSABLE if wrong else 200)


def form_page(request: HttpRequest, form: Any, **context: Any) -> HttpResponse:
    """A page that is one form: title, lead, action (the button), activity, optionally notice and back."""
    return show(request, "activities/form.html", context, form)


def told(activity: Activity) -> dict[str, Any]:
    """What every page about an activity shows of it."""
    return {"activity": activity, "kind": words.KIND[activity.kind], "state": words.STATE[activity.state]}
