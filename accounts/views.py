"""Pages of organizations and their people. Signing in is allauth's; the demonstration's door is in `demo`."""

import logging
from smtplib import SMTPException

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import access, keypages, operations, queries, rules, words
from accounts.forms import DeclineForm, DetailsForm, InviteForm, ProfileForm, RegisterForm, RoleForm
from accounts.models import Invitation, Membership, Organization
from accounts.rules import Kind, Permission
from neutrality.refusals import Refusal
from neutrality.rulebook.models import Region

log = logging.getLogger(__name__)

PER_PAGE = 20
TOO_MANY = "too_many"


def _too_many(request, form, action) -> bool:
    """Count one try of `action`; on the one too many, say so on the form."""
    if ratelimit.consume(request, action=action, user=request.user):
        return False
    form.add_error(None, _("That was too often in a short time. Please go on in an hour."))
    return True


def _answer(request, template, context, form=None):
    """The page; 422 when the form was sent and did not pass."""
    return render(request, template, context, status=422 if form is not None and form.errors else 200)


@login_required
@require_safe
def mine(request):
    """My organizations, and what waits for me there."""
    rows = [
        {
            "organization": held.organization,
            "role_name": words.ROLES[held.role],
            "kind_name": words.KINDS[held.organization.kind],
        }
        for held in queries.mine(request.user)
    ]
    waiting = queries.pending(request.user).count()
    return render(request, "accounts/mine.html", {"rows": rows, "waiting": waiting})


@login_required
@require_http_methods(["GET", "POST"])
def profile(request):
    """My name and the language of letters to me; links to password, addresses, second factor, sessions."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        operations.describe(user=request.user, **form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("accounts:profile")
    return _answer(request, "accounts/profile.html", {"form": form}, form)


@login_required
@require_http_methods(["GET", "POST"])
def new(request):
    """Register an organization by its code."""
    form = RegisterForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and not _too_many(request, form, "register_organization"):
        given = form.cleaned_data
        try:
            made = operations.register(
                code=given["code"],
                kind=given["kind"],
                **form.facts(),
                is_demo=request.user.is_demo,
                by=request.user,
                at=timezone.now(),
            )
        except Refusal as refusal:
            refusal.put_on(form)
        else:
            messages.success(
                request, _("Registered. A regulator of the area will verify it; you can prepare meanwhile.")
            )
            if not rules.read_uscc(made.code).inner_matches:
                messages.warning(request, words.INNER_WARNING)
            return redirect("accounts:settings", made.code)
    return _answer(request, "accounts/new.html", {"form": form}, form)


def _settings_context(request, organization, **over):
    role = access.role(request.user, organization)
    region = Region.objects.filter(code=organization.region_code).first()
    return {
        "organization": organization,
        "kind": words.KINDS[organization.kind],
        "seat": region or organization.region_code,
        "members": [
            {"held": held, "role_name": words.ROLES[held.role], "self": held.user_id == request.user.pk}
            for held in queries.members(organization)
        ],
        "invitations": [
            {"sent": sent, "role_name": words.ROLES[sent.role]}
            for sent in queries.invitations(organization, timezone.now())
        ],
        "manages": access.can(request.user, Permission.MANAGE_MEMBERS, organization),
        "may_have_key": access.can(request.user, Permission.FILE_INVENTORY, organization),
        "keys": _keys(request.user, organization),
        "own_role": words.ROLES[role],
        "meanings": [(words.ROLES[each], words.ROLE_MEANINGS[each]) for each in rules.ROLES[Kind(organization.kind)]],
        "link": request.session.pop("invitation_link", None),
    } | over


def _keys(user, organization):
    """Keys in force: all of them for those who manage members, one's own for everybody else."""
    at = timezone.now()
    found = queries.keys_in(organization, at)
    if not access.can(user, Permission.MANAGE_MEMBERS, organization):
        found = found.filter(made_by=user)
    return [keypages.row(key, at) for key in found]


@login_required
@require_safe
def settings(request, code):
    """Details, verification, members, invitations, and what the roles mean."""
    organization = access.organization(request.user, code)
    return render(request, "accounts/settings.html", _settings_context(request, organization))


@login_required
@require_http_methods(["GET", "POST"])
def edit(request, code):
    """Correct the details."""
    organization = access.organization(request.user, code, may=Permission.MANAGE_MEMBERS)
    form = DetailsForm(request.POST or None, instance=organization, initial={"seat": organization.region_code})
    if request.method == "POST" and form.is_valid():
        try:
            operations.edit(organization=organization, **form.facts(), by=request.user, at=timezone.now())
        except Refusal as refusal:
            refusal.put_on(form)
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:settings", code)
    return _answer(request, "accounts/edit.html", {"form": form, "organization": organization}, form)


def _assignable(user, organization):
    """The roles `user` may give in `organization`, most powerful first."""
    own = access.role(user, organization)
    return [role for role in rules.ROLES[Kind(organization.kind)] if rules.may_assign(own, role)]


@login_required
@require_http_methods(["GET", "POST"])
@access.asked_again
def invite(request, code):
    """Offer a role by letter. The answer is the same whether the address is known here or not."""
    organization = access.organization(request.user, code, may=Permission.MANAGE_MEMBERS)
    form = InviteForm(request.POST or None, roles=_assignable(request.user, organization))
    if request.method == "POST" and form.is_valid() and not _too_many(request, form, "invite"):
        try:
            invitation, token = operations.invite(
                organization=organization, **form.cleaned_data, by=request.user, at=timezone.now()
            )
        except Refusal as refusal:
            refusal.put_on(form)
        else:
            link = request.build_absolute_uri(reverse("accounts:invitation", args=[token]))
            _send_invitation(request, invitation, link)
            request.session["invitation_link"] = link
            return redirect("accounts:settings", code)
    return _answer(request, "accounts/invite.html", {"form": form, "organization": organization}, form)


def _sent(request, letter, email, **facts) -> bool:
    """Send a letter; what was done stays done when the post fails, and the log says so."""
    try:
        get_adapter(request).send_mail(letter, email, facts)
    except (SMTPException, OSError):
        log.exception("a letter could not be sent")
        return False
    return True


def _tell(request, held, role_name=""):
    """Write to a member whose role somebody else changed or ended (W8)."""
    if held.user != request.user:
        facts = {"organization": held.organization, "actor": request.user, "role_name": role_name}
        _sent(request, "account/email/membership", held.user.email, **facts)


def _send_invitation(request, invitation, link):
    facts = {"invitation": invitation, "link": link, "role": words.ROLES[invitation.role], "inviter": request.user}
    if not _sent(request, "account/email/invitation", invitation.email, **facts):
        messages.warning(request, _("The letter could not be sent. Hand the link below over yourself."))
    else:
        messages.success(request, _("Invitation sent."))


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request, code, invitation):
    """Take an invitation back, after asking once more."""
    organization = access.organization(request.user, code, may=Permission.MANAGE_MEMBERS)
    sent = get_object_or_404(Invitation.objects.open(timezone.now()), organization=organization, public_id=invitation)
    problems = ()
    if request.method == "POST":
        try:
            operations.withdraw(invitation=sent, by=request.user, at=timezone.now())
        except Refusal as refusal:
            problems = refusal.problems
        else:
            messages.success(request, _("The invitation is withdrawn."))
            return redirect("accounts:settings", code)
    context = {"organization": organization, "sent": sent, "problems": problems}
    return render(request, "accounts/withdraw.html", context, status=422 if problems else 200)


@login_required
@require_http_methods(["GET", "POST"])
@access.asked_again
def member(request, code, person):
    """Another role for a member."""
    organization = access.organization(request.user, code, may=Permission.MANAGE_MEMBERS)
    held = get_object_or_404(queries.members(organization), user__public_id=person)
    roles = _assignable(request.user, organization)
    form = RoleForm(request.POST or None, roles=roles, initial={"role": held.role})
    if request.method == "POST" and form.is_valid():
        try:
            operations.grant(
                user=held.user, organization=organization, **form.cleaned_data, by=request.user, at=timezone.now()
            )
        except Refusal as refusal:
            refusal.put_on(form)
        else:
            _tell(request, held, words.ROLES[form.cleaned_data["role"]])
            messages.success(request, _("The role is changed; it holds from this moment."))
            return redirect("accounts:settings", code)
    return _answer(request, "accounts/member.html", {"form": form, "organization": organization, "held": held}, form)


@login_required
@require_http_methods(["GET", "POST"])
def leave(request, code, person):
    """End a membership, after asking once more: another's for those who manage members, one's own for everybody."""
    own = str(request.user.public_id) == str(person)
    organization = access.organization(request.user, code, may=Permission.VIEW if own else Permission.MANAGE_MEMBERS)
    held = get_object_or_404(queries.members(organization), user__public_id=person)
    problems = ()
    if request.method == "POST":
        try:
            operations.revoke(membership=held, by=request.user, at=timezone.now())
        except Refusal as refusal:
            problems = refusal.problems
        else:
            _tell(request, held)
            messages.success(request, _("The membership has ended."))
            return redirect("accounts:mine") if own else redirect("accounts:settings", code)
    context = {"organization": organization, "held": held, "own": own, "problems": problems}
    return render(request, "accounts/leave.html", context, status=422 if problems else 200)


@require_http_methods(["GET", "POST"])
def invitation(request, token):
    """Take up an invitation. To the anonymous every token looks alike; to others only their own opens."""
    if not request.user.is_authenticated:
        return render(request, "accounts/invitation_anonymous.html", {"here": request.path})
    at = timezone.now()
    found = operations.readable(token, request.user, at)
    problems = () if found else (operations.InvitationClosed().problems[0],)
    if request.method == "POST" and found:
        try:
            membership = operations.accept(token=token, by=request.user, at=at)
        except Refusal as refusal:
            problems = refusal.problems
        else:
            messages.success(request, _("Welcome. You are a member now."))
            return redirect("accounts:settings", membership.organization.code)
    context = {"invitation": found, "problems": problems}
    if found:
        context |= {"role": words.ROLES[found.role], "meaning": words.ROLE_MEANINGS[found.role]}
    return render(request, "accounts/invitation.html", context, status=200 if found and not problems else 404)


@login_required
@require_safe
def pending(request):
    """Organizations of my area that wait to be verified."""
    _require_officer(request.user)
    page = Paginator(queries.pending(request.user), PER_PAGE).get_page(request.GET.get("page"))
    names = {row.code: row.name for row in Region.objects.filter(code__in={each.region_code for each in page})}
    rows = [
        {
            "organization": each,
            "kind_name": words.KINDS[each.kind],
            "seat": names.get(each.region_code, each.region_code),
        }
        for each in page
    ]
    return render(request, "accounts/pending.html", {"page": page, "rows": rows})


def _require_officer(user):
    """Only those who verify anything at all learn that this queue exists."""
    if not (user.is_superuser or access.organizations(user, Permission.VERIFY_ORGANIZATION).exists()):
        raise access.Hidden


@login_required
@require_http_methods(["GET", "POST"])
@access.asked_again
def judge(request, code):
    """Verify an organization, or say what keeps one from it."""
    _require_officer(request.user)
    organization = get_object_or_404(Organization.objects.select_related("registered_by"), code=code)
    if not access.verifies(request.user, organization):
        raise access.Hidden
    declining = request.POST.get("verdict") == "decline"
    form = DeclineForm(request.POST if declining else None)
    problems = ()
    if request.method == "POST" and (not declining or form.is_valid()):
        try:
            _judge(organization, form, declining, request.user)
        except Refusal as refusal:
            problems = refusal.problems
        else:
            messages.success(request, _("Noted. Its members see it at once."))
            return redirect("accounts:pending")
    context = {
        "organization": organization,
        "kind": words.KINDS[organization.kind],
        "seat": Region.objects.filter(code=organization.region_code).first() or organization.region_code,
        "inner_warning": None if rules.read_uscc(organization.code).inner_matches else words.INNER_WARNING,
        "form": form,
        "problems": problems,
    }
    return render(request, "accounts/judge.html", context, status=422 if problems or form.errors else 200)


def _judge(organization, form, declining, by):
    at = timezone.now()
    if declining:
        operations.decline(organization=organization, reason=form.cleaned_data["reason"], by=by, at=at)
    else:
        operations.verify(organization=organization, by=by, at=at)


@login_required
@require_safe
def second_factor(request):
    """Why a password is not enough here, and how to set up more."""
    held = Membership.objects.acting_for_others().filter(user=request.user).select_related("organization")
    return render(
        request,
        "accounts/second_factor.html",
        {"memberships": held, "needed": access.needs_second_factor(request.user)},
    )
