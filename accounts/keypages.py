"""Pages of keys: one's own, a new one, the end of one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import access, keyring, queries, words
from accounts.forms import KeyForm
from accounts.models import AccessKey
from accounts.rules import Permission
from neutrality.keys import new_key
from neutrality.refusals import Refusal


def row(key, at):
    """A key as a list shows it: what it may do, and whether it still opens anything."""
    state = "revoked" if key.revoked_at else "expired" if key.expires_at <= at else "in_force"
    return {
        "key": key,
        "scopes": [words.SCOPES[scope] for scope in key.scopes],
        "state": state,
        "state_name": words.KEY_STATES[state],
    }


@login_required
@require_safe
def keys(request):
    """All keys a person ever made, those in force first, and where a new one can be made."""
    at = timezone.now()
    rows = [row(key, at) for key in queries.keys_of(request.user)]
    rows.sort(key=lambda each: each["state"] != "in_force")
    where = access.organizations(request.user, Permission.FILE_INVENTORY).order_by("code")
    return render(request, "accounts/keys.html", {"rows": rows, "organizations": where})


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
@access.asked_again
def make(request, code):
    """A new key. Its secret stands on the answer and nowhere else."""
    organization = access.organization(request.user, code, may=Permission.FILE_INVENTORY)
    form = KeyForm(request.POST or None, initial={"public_id": new_key()})
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = keyring.make(
                organization=organization, **form.cleaned_data, by=request.user, at=timezone.now()
            )
        except Refusal as refusal:
            refusal.put_on(form)
        else:
            context = {"organization": organization, "row": row(made, made.made_at), "secret": secret}
            return render(request, "accounts/key_made.html", context)
    context = {"form": form, "organization": organization}
    return render(request, "accounts/key_new.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def revoke(request, code, key):
    """End a key, after asking once more."""
    organization = access.organization(request.user, code)
    held = get_object_or_404(
        AccessKey.objects.select_related("made_by", "organization"), organization=organization, public_id=key
    )
    if not keyring.may_revoke(request.user, held):
        access.require(request.user, Permission.MANAGE_MEMBERS, organization)
    at, problems = timezone.now(), ()
    if request.method == "POST":
        try:
            keyring.revoke(key=held, by=request.user, at=at)
        except Refusal as refusal:
            problems = refusal.problems
        else:
            messages.success(request, _("The key is revoked; it opens nothing any more."))
            return redirect("accounts:keys") if held.made_by == request.user else redirect("accounts:settings", code)
    context = {"organization": organization, "row": row(held, at), "problems": problems}
    return render(request, "accounts/key_revoke.html", context, status=422 if problems else 200)
