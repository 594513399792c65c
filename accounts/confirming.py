"""Did this session use a second factor, and how long ago? Weighty acts ask again (W2), and lose nothing by asking."""

import time
from functools import partial, wraps

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import suspend_request
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts import factors

FRESH_S = 5 * 60
FORM_LASTS_S = 60 * 60  # for a form with files, which cannot wait: asked before it is filled in, good for this long
FACTOR_LASTS_S = 8 * 3600  # a working day; whoever acts for others then shows the factor once more (T4)


def records(request) -> list[dict]:
    """How and when the person showed who they are in this session; the demonstration's door only in its mode."""
    told = get_authentication_records(request, request.user)
    door = settings.DEMO and request.user.is_demo
    return [record for record in told if record.get("method") != "demonstration" or door]


def factor_used(request) -> bool:
    """Did this session pass a second factor today? In demonstration mode the demonstration's door counts as one."""
    oldest = time.time() - FACTOR_LASTS_S
    return any(
        record.get("method") in ("mfa", "demonstration") and record["at"] > oldest for record in records(request)
    )


def types(user) -> set[str]:
    """The second factors `user` has set up."""
    found = Authenticator.objects.filter(user=user, type__in=factors.STRONG)
    return set(found.values_list("type", flat=True))


def address(kinds: set[str]) -> str:
    """Where a person with these factors shows who they are once more."""
    if Authenticator.Type.TOTP in kinds:
        return reverse("mfa_reauthenticate")
    return reverse("mfa_reauthenticate_webauthn" if kinds else "account_reauthenticate")


def place_to_go(request) -> str:
    """Where to use a factor, or to set one up where there is none yet."""
    kinds = types(request.user)
    if not kinds:
        return reverse("accounts:second_factor")
    back = request.get_full_path() if request.method == "GET" else "/"
    return f"{address(kinds)}?{urlencode({'next': back})}"


def is_fresh(request, kinds: set[str] | None = None, within_s: int = FRESH_S) -> bool:
    """Was it in the last minutes, with a second factor where there is one? The demonstration is always fresh.

    Without `kinds` the person is looked up; who has no second factor shows the password.
    """
    kinds = types(request.user) if kinds is None else kinds
    good = {"mfa", "demonstration"} if kinds else {"mfa", "demonstration", "password", "code"}
    oldest = time.time() - within_s
    shown = [record for record in records(request) if record.get("method") in good]
    return any(record["method"] == "demonstration" or record["at"] > oldest for record in shown)


def is_fresh_for_form(request) -> bool:
    """For pages whose form takes files: fresh when it is opened, and still good when it is sent after a while."""
    return is_fresh(request, within_s=FORM_LASTS_S if request.method == "POST" else FRESH_S)


def show_again(request):
    """To the page where the person shows once more who they are, and back to this one."""
    return redirect(f"{address(types(request.user))}?{urlencode({'next': request.path})}")


def asked_again(view=None, *, when=""):
    """Decorator for weighty acts: a POST waits until the person has shown again who they are, and is then done.

    `when` names a field that makes the POST an act; without it in the form it is only a preview. Files do not survive
    the waiting, so views that take some ask otherwise.
    """
    if view is None:
        return partial(asked_again, when=when)

    @wraps(view)
    def asking(request, *arguments, **keywords):
        act = request.method == "POST" and (not when or request.POST.get(when))
        if not act or not request.user.is_authenticated:
            return view(request, *arguments, **keywords)
        kinds = types(request.user)
        if is_fresh(request, kinds):
            return view(request, *arguments, **keywords)
        messages.info(request, _("This act weighs: please show once more that it is you. It is done right afterwards."))
        return suspend_request(request, address(kinds))

    return asking
