"""Certificates as PDF, one or all of an activity, and the page their check codes lead to.

They span rooms (what was cancelled, what was stated), so they are the shell's. The address fixes the language.
"""

import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts import access as accounts
from accounts.rules import Permission
from neutrality.activities import access as activities
from neutrality.disclosure import pages as statements
from neutrality.disclosure import queries as disclosure
from neutrality.offsets import access as offsets
from neutrality.offsets import certifying as cancelling
from neutrality.offsets.models import Retirement
from neutrality.printing import checkcodes, typesetting
from neutrality.printing.checkcodes import Kind, NotACode
from neutrality.printing.typesetting import Certificate, Frame

LANGUAGES = {"zh": "zh-hans", "en": "en"}
MOST_CANCELLATIONS = 200
MADE = (1980, 1, 1, 0, 0, 0)  # a ZIP remembers moments; one fixed moment keeps the same input the same bytes
NO_CODE = gettext_lazy(
    "This is no check code of ours. Compare it with the paper sign by sign: ten signs in two groups of five, "
    "without vowels and without the letters O, I, L, S, Z, B, G, Q and U."
)
UNKNOWN = gettext_lazy(
    "The code is well formed, but nothing here bears it. A paper with this code was not made by this portal."
)


def frame(request: HttpRequest, language: str) -> Frame:
    """The frame of everything printed for this request."""
    at = request.build_absolute_uri(reverse("portal:check"))
    return Frame(language=language, on=timezone.localdate(), checks_at=at, demonstration=settings.DEMO)


def _document(request: HttpRequest, language: str, made: Callable[[Frame], Certificate], name: str) -> HttpResponse:
    """A certificate in its language; asked again with its version, only the news that it is the same."""
    with translation.override(LANGUAGES[language]):
        certificate = made(frame(request, language))
        etag = f'"{certificate.version}"'
        answer = get_conditional_response(request, etag=etag)
        if answer is None or answer.status_code != 304:
            answer = HttpResponse(certificate.pdf(), content_type="application/pdf")
    answer["ETag"] = etag
    answer["Content-Language"] = LANGUAGES[language]
    answer["Cache-Control"] = "no-cache"
    answer["Content-Disposition"] = f'inline; filename="{name}-{language}.pdf"'
    return answer


@require_safe
def statement(request: HttpRequest, number: str, language: str) -> HttpResponse:
    """What is certified of a statement today."""
    return _document(request, language, lambda around: statements.certificate(number, around), number)


@require_safe
def cancellation(request: HttpRequest, number: str, language: str) -> HttpResponse:
    """One cancellation."""
    found = offsets.retirement(number)
    return _document(request, language, lambda around: cancelling.cancellation(found, around), found.number)


@require_safe
def cancellations(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """Everything cancelled for one activity."""
    found = activities.activity(request.user, code)
    made = cancelling.cancellations
    return _document(request, language, lambda around: made(found, around), f"{found.code}-cancellations")


@login_required
@require_safe
def all_of_one(request: HttpRequest, code: str) -> HttpResponse:
    """Every certificate of an activity in both languages, in one archive, for its organizer."""
    activity = activities.activity(request.user, code, may=Permission.VIEW)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for language, known_as in LANGUAGES.items():
            with translation.override(known_as):
                for certificate, pdf in typesetting.batch(_all(activity, frame(request, language))):
                    archive.writestr(zipfile.ZipInfo(f"{certificate.number}-{language}.pdf", MADE), pdf)
    answer = HttpResponse(packed.getvalue(), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{activity.code}-certificates.zip"'
    return answer


def _all(activity: Any, around: Frame) -> Iterator[Certificate]:
    rows = Retirement.objects.filter(activity=activity).order_by("pk")
    columns = ("activity__organization", "activity__rulebook", "block__kind__registry", "block__project")
    if rows.exists():
        yield cancelling.cancellations(activity, around)
    for row in rows.select_related(*columns, "proof", "transfer")[:MOST_CANCELLATIONS]:
        yield cancelling.cancellation(row, around)
    newest = disclosure.newest_statement(activity)
    if newest is not None:
        yield statements.certificate(newest.number, around)


class CodeForm(forms.Form):
    """What stands on a certificate, typed by hand."""

    code = forms.CharField(
        label=gettext_lazy("Check code"),
        max_length=64,
        help_text=gettext_lazy("Ten signs in two groups, such as 3DH6F-57RHN. Small letters and spaces do no harm."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )

    def clean_code(self) -> str:
        """The code as it is printed."""
        try:
            return checkcodes.code(*checkcodes.read(self.cleaned_data["code"]))
        except NotACode:
            raise forms.ValidationError(str(NO_CODE), code="no_code") from None


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Type a code, be led to what it stands for."""
    form = CodeForm(request.GET or None)
    if form.is_bound and form.is_valid():
        return redirect("portal:checked", form.cleaned_data["code"])
    return render(request, "portal/check.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def check(request: HttpRequest, code: str) -> HttpResponse:
    """The state now of what a certificate is about, to lay beside the paper."""
    try:
        kind, number = checkcodes.read(code)
        found = FOUND[kind](request, number)
    except NotACode:
        return _not_found(request, code, NO_CODE)
    except accounts.Hidden:
        return _not_found(request, code, UNKNOWN)
    return render(request, "portal/checked.html", {"code": checkcodes.code(kind, number), **found})


def _not_found(request: HttpRequest, code: str, why: Any) -> HttpResponse:
    form = CodeForm({"code": code})
    form.is_valid()
    if not form.errors:
        form.add_error("code", str(why))
    return render(request, "portal/check.html", {"form": form}, status=404)


def _statement(request: HttpRequest, number: str) -> dict[str, Any]:
    return {
        "made": statements.certificate(number, frame(request, _language())),
        "page": reverse("disclosure:statement", args=[number]),
        "document": reverse("portal:statement_certificate", args=[number, _language()]),
    }


def _cancellation(request: HttpRequest, number: str) -> dict[str, Any]:
    found = offsets.retirement(number)
    return {
        "made": cancelling.cancellation(found, frame(request, _language())),
        "page": reverse("offsets:cancellation", args=[number]),
        "document": reverse("portal:cancellation_certificate", args=[number, _language()]),
    }


def _cancellations(request: HttpRequest, number: str) -> dict[str, Any]:
    found = activities.activity(request.user, number)
    return {
        "made": cancelling.cancellations(found, frame(request, _language())),
        "page": reverse("portal:activity", args=[number]),
        "document": reverse("portal:cancellations_certificate", args=[number, _language()]),
    }


FOUND: dict[Kind, Callable[[HttpRequest, str], dict[str, Any]]] = {
    Kind.STATEMENT: _statement,
    Kind.CANCELLATION: _cancellation,
    Kind.CANCELLATIONS: _cancellations,
}


def _language() -> str:
    return "zh" if (translation.get_language() or "zh").startswith("zh") else "en"
