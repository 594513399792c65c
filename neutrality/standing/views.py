"""Public lists, organization pages and the method; recommending an entry; applying for repair."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.handlers.wsgi import WSGIRequest
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import access as people
from accounts.models import Organization
from neutrality.activities.models import Activity
from neutrality.disclosure import queries as disclosures
from neutrality.disclosure.models import Statement
from neutrality.evaluation.models import Evaluation
from neutrality.oversight import access as cases
from neutrality.oversight.rules import Kind
from neutrality.refusals import Refusal
from neutrality.standing import access, operations, queries, rules, show
from neutrality.standing.forms import DayForm, ListForm, RecognizeForm, RepairForm
from neutrality.standing.models import Policy

PAGE, FEW = 25, 10
form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def index(request: WSGIRequest) -> HttpResponse:
    """The green and the black list as of a day, and the organizations with a public face."""
    today = timezone.localdate()
    form = DayForm({"on": today, **request.GET.dict()}, today=today)
    valid = form.is_valid()
    on = form.cleaned_data["on"] if valid else today
    asked = form.cleaned_data["q"].strip() if valid else ""
    rows = queries.listed(on, today).select_related("policy", "ending")
    if asked:
        words = Q(subject_name_zh__icontains=asked) | Q(subject_name_en__icontains=asked)
        rows = rows.filter(words | Q(subject_code=asked.upper()))
    parts = {
        "green": rows.filter(list=rules.List.GREEN).order_by("-starts_on", "pk"),
        "black": rows.filter(list=rules.List.BLACK).order_by("-starts_on", "pk"),
        "organizations": faces(asked),
    }
    part = request.GET.get("part", "")
    chosen = {part: parts[part]} if part in parts else parts
    pages = {
        name: Paginator(found, PAGE if part else FEW).get_page(request.GET.get("page") if part else 1)
        for name, found in chosen.items()
    }
    context = {"form": form, "on": on, "today": today, "part": part, "pages": pages}
    context |= {name: [show.entry(row) for row in pages[name]] for name in ("green", "black") if name in pages}
    return render(request, "standing/index.html", context, status=200 if valid else 422)


def faces(asked: str) -> Any:
    """Organizations with a published activity, by name."""
    rows = Organization.objects.filter(pk__in=Activity.objects.public().values("organization"))
    if asked:
        rows = rows.filter(Q(name_zh__icontains=asked) | Q(name_en__icontains=asked) | Q(code=asked.upper()))
    return rows.order_by("name_zh", "code")


@require_safe
def organization(request: WSGIRequest, code: str) -> HttpResponse:
    """The public page of an organization: what it did, how it scores and why, where it is listed."""
    found, on = access.organization(code), timezone.localdate()
    activities = Activity.objects.public().filter(organization=found).select_related("organization", "rulebook")
    page = Paginator(activities, PAGE).get_page(request.GET.get("page"))
    claims = disclosures.claims(list(page), on)
    latest = queries.latest_score(found)
    context = {
        "organization": found,
        "page": page,
        "activities": [(activity, claims[activity.pk]) for activity in page],
        "statements": Statement.objects.filter(activity__organization=found).select_related("activity")[:PAGE],
        "opinions": Evaluation.objects.filter(
            assignment__organization=found, activity__committed_at__isnull=False
        ).select_related("activity")[:PAGE],
        "score": latest,
        "criteria": show.score(latest),
        "entries": [show.entry(row) for row in queries.entries(on, None, found).select_related("policy", "ending")],
        "suspended": queries.suspended(found, on),
    }
    return render(request, "standing/organization.html", context)


@require_safe
def listing(request: WSGIRequest, number: str) -> HttpResponse:
    """One entry with everything it must show (R4.37)."""
    on = timezone.localdate()
    found = access.listing(request.user, number, on)
    state = found.case.steps.order_by("-position").values_list("state", flat=True)[0]
    own = request.user.is_authenticated and people.role(request.user, found.organization) in cases.SPEAKS
    context = {
        "entry": show.entry(found, state),
        "public_now": rules.shown(found.term, getattr(getattr(found, "ending", None), "ended_on", None), on),
        "repairable": own and found.list == rules.List.BLACK and on >= found.repair_from,
        "own": own,
        "inside": request.user.is_authenticated and cases.sees_all(request.user, found.case),
    }
    return render(request, "standing/listing.html", context)


@login_required
@form_page
def repair(request: WSGIRequest, number: str) -> HttpResponse:
    """Apply for repair: free of charge, a right from its day on."""
    found = access.own_listing(request.user, number)
    form = RepairForm(request.POST) if request.method == "POST" else RepairForm()
    if request.method == "POST" and form.is_valid():
        text, at = form.cleaned_data["text"], timezone.now()
        try:
            case = operations.apply_for_repair(listing=found, text=text, by=request.user, at=at)
        except Refusal as refusal:
            refusal.put_on(form)
        else:
            messages.success(request, _("Received. It is checked within 3 working days and decided by two people."))
            return redirect("oversight:case", case.number)
    context = {"listing": found, "form": form}
    return render(request, "standing/repair.html", context, status=422 if form.errors else 200)


@login_required
@form_page
def recommend(request: WSGIRequest, number: str) -> HttpResponse:
    """Put an entry before the second person."""
    case, on = access.proposal(request.user, number), timezone.localdate()
    policy = queries.policy_on(on)
    black = case.kind == Kind.LISTING
    extra = {"policy": policy and policy.rules} if black else {}
    form_class = ListForm if black else RecognizeForm
    initial = {"violation": case.content.get("violation"), "grade": case.content.get("grade")}
    form = form_class(request.POST, **extra) if request.method == "POST" else form_class(initial=initial, **extra)
    if request.method == "POST" and form.is_valid():
        findings = dict(form.cleaned_data)
        text, at = findings.pop("text"), timezone.now()
        try:
            operations.recommend(case=case, findings=findings, text=text, by=request.user, at=at)
        except Refusal as refusal:
            refusal.put_on(form)
        else:
            return redirect("oversight:case", number)
    context = {"case": case, "form": form, "policy": policy, "black": black}
    return render(request, "standing/recommend.html", context, status=422 if form.errors else 200)


@require_safe
def policy(request: WSGIRequest, version: int | None = None) -> HttpResponse:
    """The method, rendered from the objects that count; every version stays readable (R4.29)."""
    versions = list(Policy.objects.order_by("-effective_on", "-version"))
    on = timezone.localdate()
    chosen = next((row for row in versions if row.version == version), None)
    if version is not None and chosen is None:
        raise access.Hidden
    current = chosen or next((row for row in versions if row.effective_on <= on), None)
    context = {"method": show.method(current) if current else None, "versions": versions}
    return render(request, "standing/policy.html", context)
