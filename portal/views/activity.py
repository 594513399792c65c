"""One activity for everybody: the claim in words, the book as it fills up, how far it is, what was planned and done."""

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import can, role
from accounts.rules import Permission
from neutrality.activities import access, queries
from neutrality.activities.models import Activity
from neutrality.activities.rules import State
from neutrality.evaluation import queries as evaluations
from neutrality.rulebook.rules import FamilyCode
from neutrality.trail.models import Entry
from portal import account, steps
from portal.timeline import event
from portal.words import STEPS

TRAIL_ROWS = 8


@require_safe
def show(request, code):
    activity = access.activity(request.user, code)
    on = timezone.localdate()
    book = account.of(activity)
    confirmation = evaluations.confirmation(activity)
    facts = step_facts(activity, book, confirmation, on)
    way = steps.steps(facts)
    context = {
        "activity": activity,
        "book": book,
        "confirmation": confirmation,
        "steps": [described(step, activity) for step in way],
        "next": steps.next_step(way),
        "member": role(request.user, activity.organization) is not None,
        "may_edit": can(request.user, Permission.EDIT_ACTIVITY, activity.organization),
        "place": " ".join(region.name for region in queries.place(activity)),
        "measures": activity.measures.select_related("evidence"),
        "reduction": queries.reduction(activity),
        "families": families(activity),
        "events": events(activity, facts),
        "today": on,
        "entries": Entry.objects.filter(subject=f"activity:{activity.code}").order_by("-number")[:TRAIL_ROWS],
    }
    return render(request, "portal/activity.html", context)
