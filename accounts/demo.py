"""The demonstration's door: one click enters as one of its invented people. Reached only where settings.DEMO is on."""

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import activate, get_language
from django.views.decorators.http import require_POST, require_safe

from accounts import queries, words

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def _only_in_demonstration():
    # The addresses are not even listed outside the mode; this second lock holds should somebody list them.
    if not settings.DEMO:
        raise Http404


@require_safe
def people(request):
    """Everybody one may enter as, by what their organization does, and what can be tried there."""
    _only_in_demonstration()
    groups = {kind: [] for kind in words.KIND_TASKS}
    for person in queries.demonstration_people():
        held = [each for each in person.memberships.all() if each.ended_at is None]
        row = {"person": person, "held": [(words.ROLES[each.role], each.organization) for each in held]}
        groups[held[0].organization.kind if held else ""].append(row)
    told = [(words.KINDS.get(kind), words.KIND_TASKS[kind], rows) for kind, rows in groups.items() if rows]
    return render(request, "accounts/demo.html", {"groups": told})


@require_POST
def enter(request, person):
    """Leave whoever one was and enter as `person`, who is of the demonstration or not found."""
    _only_in_demonstration()
    found = queries.demonstration_people().filter(public_id=person).first()
    if found is None:
        raise Http404
    language = get_language()
    logout(request)
    login(request, found, backend=BACKEND)
    record_authentication(request, found, "demonstration")
    activate(language)
    return redirect("portal:desk")
