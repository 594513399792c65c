"""A password alone opens nothing for those who act for others (T1)."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts import access, confirming

# Open without the second factor: the doors themselves, and what is needed to set one up.
DOORS = ("account_", "mfa_", "usersessions_")
OPEN = {
    "set_language",
    "accounts:second_factor",
    "accounts:demo",
    "accounts:enter",
    "portal:health",
    "portal:text_size",
}
# Of the doors, those through which a demonstration person may go: they have no password to change.
DEMO_DOORS = {"account_logout", "account_login", "account_signup"}


class SecondFactorMiddleware:
    """Deny by default: whoever needs a second factor and has not used one reaches only the pages to do so."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, arguments, keywords):
        name = request.resolver_match.view_name or ""
        if not request.user.is_authenticated or name in OPEN:
            return None
        if request.user.is_demo and name.startswith(DOORS) and name not in DEMO_DOORS:
            messages.info(request, _("People of the demonstration have no password, address or keys to change."))
            return redirect("accounts:mine")
        if name.startswith(DOORS) or confirming.factor_used(request) or not access.needs_second_factor(request.user):
            return None
        return redirect(confirming.place_to_go(request))
