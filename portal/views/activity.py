"""One activity for everybody: the claim in words, the book as it fills up, how far it is, what was planned and done."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import role
from neutrality.activities import access, queries
from neutrality.trail.models import Entry
from portal import account, overview, steps

TRAIL_ROWS = 8


@require_safe
def show(request, code):
    """Drafts are hidden from strangers by the getter; a called-off activity stays to be read."""
    activity = access.activity(request.user, code)
    on = timezone.localdate()
    book = account.of(activity)
    facts = overview.facts(activity, book, False, None, on)
    way = steps.steps(facts)
    context = {
        "activity": activity,
        "book": book,
        "steps": [overview.described(step, book.estimate is not None) for step in way],
        "next": steps.next_step(way),
        "member": role(request.user, activity.organization) is not None,
        "place": " ".join(region.name for region in queries.place(activity)),
        "measures": activity.measures.select_related("evidence"),
        "reduction": queries.reduction(activity),
        "families": overview.families(activity),
        "events": overview.events(activity, facts),
        "today": on,
        "entries": Entry.objects.filter(subject=f"activity:{activity.code}").order_by("-number")[:TRAIL_ROWS],
    }
    return render(request, "portal/activity.html", context)
