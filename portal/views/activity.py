"""One activity for everybody: the claim in words, the book as it fills up, how far it is, what was planned and done."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import role
from neutrality.activities import access, queries
from neutrality.disclosure import queries as disclosure
from neutrality.disclosure.models import Statement
from neutrality.disclosure.rules import claim
from neutrality.evaluation.models import Evaluation, SelfCommitment
from neutrality.oversight.models import Case
from neutrality.oversight.rules import PUBLIC_KINDS
from neutrality.trail.models import Entry
from portal import account, doors, overview, steps
from portal.views.units import plantings

TRAIL_ROWS = 8


@require_safe
def show(request, code):
    """Drafts are hidden from strangers by the getter; a called-off activity stays to be read."""
    activity = access.activity(request.user, code)
    on = timezone.localdate()
    known = disclosure.live(activity, on)
    filed = overview.filed_of([activity])[activity.pk]
    facts = overview.facts(activity, known, on, filed)
    way = steps.steps(facts)
    coming = steps.next_step(way)
    context = {
        "activity": activity,
        "claim": claim(known),
        "book": account.of(activity, known),
        "steps": [overview.described(step, filed.estimate_kg is not None) for step in way],
        "next": coming,
        "next_url": doors.door(coming.code, activity.code) if coming else "",
        "member": role(request.user, activity.organization) is not None,
        "place": queries.place_name(activity),
        "measures": activity.measures.select_related("evidence"),
        "reduction": queries.reduction(activity),
        "families": overview.families(activity),
        "events": overview.events(activity, facts),
        "plantings": plantings(activity, on),
        "today": on,
        "event": structured(activity, request),
        **records(activity),
    }
    return render(request, "portal/activity.html", context)


def structured(activity, request) -> dict:
    """The activity for search engines: what, when, where, by whom; no claim (I6)."""
    return {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": activity.name,
        "startDate": activity.starts_on.isoformat(),
        "endDate": activity.ends_on.isoformat(),
        "location": {"@type": "Place", "name": activity.place_name or queries.place_name(activity)},
        "organizer": {"@type": "Organization", "name": activity.organization.name},
        "url": request.build_absolute_uri(request.path),
    }


def records(activity) -> dict:
    """What was signed, published, asked and written down about the activity."""
    statements = Statement.objects.filter(activity=activity).select_related("withdrawal", "successor").defer("text")
    return {
        "statements": statements,
        "evaluations": Evaluation.objects.filter(activity=activity).select_related("assignment__organization"),
        "commitments": SelfCommitment.objects.filter(activity=activity),
        "amendments": activity.amendments.count() if activity.public else 0,
        "cases": Case.objects.with_state().filter(activity=activity, kind__in=PUBLIC_KINDS),
        "entries": Entry.objects.filter(subject=f"activity:{activity.code}").order_by("-number")[:TRAIL_ROWS],
    }
