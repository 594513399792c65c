"""A survey: the organizer's page, and the questions anybody answers on a phone without an account."""

import hashlib
import hmac
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Hidden
from neutrality.activities.models import Activity
from neutrality.inventory import access, listpages, operations, questionnaires, rules, surveys
from neutrality.inventory.models import Survey
from neutrality.inventory.views.filing import FILE, UNREADABLE
from neutrality.keys import new_key
from neutrality.refusals import Refusal

TOO_MANY = 429


def _mine(request: HttpRequest, code: str) -> Activity:
    return access.activity(request.user, code, rules.Kind.ACTUAL, may=FILE)


def _newest(activity: Activity) -> Survey:
    found = surveys.of(activity)
    if not found:
        raise Hidden
    return found[0]


def _address(request: HttpRequest, survey: Survey | None) -> str:
    return request.build_absolute_uri(reverse("inventory:answer", args=[survey.code])) if survey else ""


@login_required
@require_http_methods(["GET", "POST"])
def organize(request: HttpRequest, code: str) -> HttpResponse:
    """Open a survey, watch it, take it over."""
    activity = _mine(request, code)
    today = timezone.localdate()
    last = min(max(today, activity.ends_on) + surveys.AFTER, today + operations.surveys.LONGEST)
    people = activity.actual_people or activity.expected_people
    initial = {"venue": listpages.city_of(activity), "people": people, "closes_on": last.isoformat()}
    form = questionnaires.OpenForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _opened(request, activity, form):
        return redirect("inventory:survey", code)
    found = surveys.of(activity)
    newest = found[0] if found else None
    context = surveys.page(activity, _address(request, newest)) | {
        "form": form if newest is None or newest.closed_at else None,
        "people_form": questionnaires.PeopleForm(survey=newest) if newest else None,
    }
    return render(request, "inventory/survey.html", context, status=UNREADABLE if form.errors else 200)


def _opened(request: HttpRequest, activity: Activity, form: questionnaires.OpenForm) -> bool:
    data = form.cleaned_data
    try:
        operations.open_survey(
            activity=activity,
            venue=data["venue"],
            groups=data["groups"],
            basis=data["basis"],
            asks_lodging=data["lodging"],
            asks_meals=data["meals"],
            closes_on=data["closes_on"],
            by=request.user,
            at=timezone.now(),
        )
    except Refusal as refusal:
        refusal.put_on(form)
        return False
    messages.success(request, _("The survey is open. Hang up the code, or send the link."))
    return True


@login_required
@require_POST
def people(request: HttpRequest, code: str) -> HttpResponse:
    """State anew how many people there are."""
    activity = _mine(request, code)
    survey = _newest(activity)
    form = questionnaires.PeopleForm(request.POST, survey=survey)
    if form.is_valid():
        operations.state_people(
            survey=survey, people=form.people, basis=form.cleaned_data["basis"], by=request.user, at=timezone.now()
        )
        messages.success(request, _("The number of people is stated."))
        return redirect("inventory:survey", code)
    context = surveys.page(activity, _address(request, survey)) | {"people_form": form}
    return render(request, "inventory/survey.html", context, status=UNREADABLE)


@login_required
@require_POST
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Freeze the answers."""
    survey = operations.close(survey=_newest(_mine(request, code)), by=request.user, at=timezone.now())
    messages.success(request, _("The survey is closed with %(n)s answers, and frozen.") % {"n": survey.answers})
    return redirect("inventory:survey", code)


@login_required
@require_POST
def adopt(request: HttpRequest, code: str) -> HttpResponse:
    """The estimate becomes lines of a draft."""
    survey = _newest(_mine(request, code))
    kind = request.POST.get("kind", "")
    kind = kind if kind in {item.value for item in rules.Kind} else rules.Kind.ACTUAL.value
    try:
        _draft, beside = operations.adopt(survey=survey, kind=kind, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("inventory:survey", code)
    messages.success(request, _("The estimate of the survey stands in the draft, with its sampling error."))
    if beside:
        messages.warning(request, _("There are other rows of the same sources: make sure no journey counts twice."))
    return redirect("inventory:edit", code, kind)


@require_GET
def picture(request: HttpRequest, survey: str) -> HttpResponse:
    """The QR code of a survey."""
    found = get_object_or_404(Survey, code=survey)
    return HttpResponse(surveys.qr(_address(request, found)), content_type="image/svg+xml")


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, survey: str) -> HttpResponse:
    """The questions; once closed, its record."""
    found = get_object_or_404(Survey.objects.select_related("activity__organization"), code=survey)
    if found.closed_at is not None or timezone.localdate() > found.closes_on:
        return redirect("inventory:survey_record", found.code)
    form = questionnaires.AnswerForm(request.POST or None, survey=found, initial={"key": new_key()})
    if request.method == "POST" and form.is_valid():
        if not _within_limit(request, found):
            form.add_error(None, _("Many answers came from this network just now. Wait a minute and send again."))
            return _questions(request, found, form, TOO_MANY)
        try:
            operations.answer(survey=found, given=form.answer, key=form.cleaned_data["key"], at=timezone.now())
        except Refusal as refusal:
            refusal.put_on(form)
        else:
            return redirect("inventory:thanks", found.code)
    return _questions(request, found, form, UNREADABLE if form.errors else 200)


def _questions(request: HttpRequest, survey: Survey, form: Any, status: int) -> HttpResponse:
    context = {"survey": survey, "activity": survey.activity, "form": form}
    return render(request, "inventory/answer.html", context, status=status)


def _within_limit(request: HttpRequest, survey: Survey) -> bool:
    """A hall shares one network, so the limit is wide; it counts under a keyed digest, no address is kept."""
    network = get_adapter(request).get_client_ip(request)
    secret = f"survey:{settings.SECRET_KEY}".encode()
    key = hmac.new(secret, f"{survey.code}|{network}".encode(), hashlib.sha256).hexdigest()[:32]
    return bool(ratelimit.consume(request, action="answer_survey", key=key))


@require_GET
def thanks(request: HttpRequest, survey: str) -> HttpResponse:
    """It is kept; what happens with it."""
    found = get_object_or_404(Survey.objects.select_related("activity__organization"), code=survey)
    return render(request, "inventory/thanks.html", {"survey": found, "activity": found.activity})


@require_GET
def record(request: HttpRequest, survey: str) -> HttpResponse:
    """What everybody may read of a survey: the digests so far, and once closed how many answered."""
    found = get_object_or_404(Survey.objects.select_related("activity__organization"), code=survey)
    return render(request, "inventory/answered.html", surveys.record(found))
