"""Register an activity, prepare it section by section, copy last year's, call it off."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import access as accounts
from accounts.rules import Permission
from neutrality.activities import access, forms, operations, queries, rules, words
from neutrality.activities.forms import tabs
from neutrality.activities.models import Activity
from neutrality.activities.views.shared import SECTIONS, form_page, show, told
from neutrality.refusals import Refusal
from neutrality.rulebook.rules import Form

EDIT = Permission.EDIT_ACTIVITY
PER_PAGE = 20


@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """My organizations' activities, newest first."""
    page = Paginator(queries.mine(request.user), PER_PAGE).get_page(request.GET.get("page"))
    on = timezone.localdate()
    rows = [
        {
            "activity": activity,
            "draft": activity.state == rules.State.DRAFT,
            "kind_words": words.KIND[activity.kind],
            "state_words": words.STATE[activity.state],
            "phase": words.PHASE[activity.phase(on)],
        }
        for activity in page
    ]
    return render(request, "activities/mine.html", {"page": page, "rows": rows})


@login_required
def choose(request: HttpRequest) -> HttpResponse:
    """The first question: an event or an operating period?"""
    organizations = accounts.organizations(request.user, EDIT)
    context = {"may": organizations.exists(), "unverified": organizations.filter(verified_at=None).exists()}
    return render(request, "activities/choose.html", context)


@login_required
def register(request: HttpRequest, form: str) -> HttpResponse:
    """Section 1 of a new activity; saving it makes the draft."""
    organizations = accounts.organizations(request.user, EDIT)
    if form not in list(Form) or not organizations.exists():
        raise Http404
    bound = forms.RegisterForm(request.POST or None, form=form, organizations=organizations)
    if request.method == "POST" and bound.is_valid():
        try:
            activity = operations.register(by=request.user, at=timezone.now(), **bound.cleaned_data)
        except Refusal as refusal:
            refusal.put_on(bound)
        else:
            return redirect("activities:edit", activity.code, "place")
    title = _("Register an operating period") if form == Form.OPERATION else _("Register an event")
    context = {"section": SECTIONS[0], "sections": SECTIONS, "title": title, "number": 1}
    return show(request, "activities/edit.html", context, bound)


@login_required
def edit(request: HttpRequest, code: str, section: str) -> HttpResponse:
    """One section of a draft; saving goes on to the next, the last one to the measures."""
    activity = access.activity(request.user, code, EDIT)
    slugs = [each.slug for each in SECTIONS]
    if section not in slugs:
        raise Http404
    if activity.state == rules.State.COMMITTED and request.method != "POST":
        return redirect("activities:amend", code)
    form = tabs.watch(_section_form(section, activity, request.POST if request.method == "POST" else None))
    if request.method == "POST" and form.is_valid():
        changes, seen = tabs.changes(form)
        try:
            operations.edit(activity=activity, changes=changes, seen=seen, by=request.user, at=timezone.now())
        except Refusal as refusal:
            refusal.put_on(form)
            tabs.refresh(form, _section_form(section, activity, None))
        else:
            following = [*slugs[slugs.index(section) + 1 :], ""][0]
            if following:
                return redirect("activities:edit", code, following)
            return redirect("activities:measures", code)
    position = slugs.index(section)
    context = {"section": SECTIONS[position], "sections": SECTIONS, "number": position + 1, "title": activity.name}
    return show(request, "activities/edit.html", told(activity) | context, form)


def _section_form(section: str, activity: Activity, data: Any) -> Any:
    initial = {name: getattr(activity, name) for name in rules.EDITABLE}
    if section == "what":
        return forms.WhatForm(data, initial=initial, form=activity.form)
    if section == "place":
        return forms.PlaceForm(data, initial=initial)
    if section == "boundary":
        initial["rulebook"] = activity.rulebook_id
        return forms.BoundaryForm(data, initial=initial, activity=activity, on=timezone.localdate())
    return forms.PromiseForm(data, initial=initial, activity=activity)


@login_required
def copy(request: HttpRequest, code: str) -> HttpResponse:
    """A new draft from an earlier activity: ticked parts come along, a report says what did and what did not."""
    source = access.activity(request.user, code, EDIT)
    parts = [part.value for part in rules.CopyPart]
    initial = {"name_zh": source.name_zh, "name_en": source.name_en, "parts": parts}
    form = forms.CopyForm(request.POST or None, initial=initial, form=source.form)
    if request.method == "POST" and form.is_valid():
        try:
            new = operations.copy(source=source, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            refusal.put_on(form)
        else:
            return redirect("activities:copied", new.code)
    lead = _("A new draft. Figures, factors, evidence, outcomes and promises stay with the old one.")
    context = {"title": _("Copy this activity"), "lead": lead, "action": _("Make the copy")}
    return form_page(request, form, **context, **told(source))


@login_required
def copied(request: HttpRequest, code: str) -> HttpResponse:
    """What came along with a copy, what did not, and what is proposed anew."""
    activity = access.activity(request.user, code, EDIT)
    if activity.copied_from is None:
        raise Http404
    context = {"source": activity.copied_from, "lines": queries.copy_report(activity)}
    return render(request, "activities/copied.html", told(activity) | context)


@login_required
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    """Call an activity off, with a reason."""
    activity = access.activity(request.user, code, EDIT)
    form = forms.CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.cancel(activity=activity, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            refusal.put_on(form)
        else:
            messages.success(request, _("The activity is called off."))
            return redirect("activities:mine")
    will = [_("The activity is called off for good; to hold it after all, copy it.")]
    if activity.public:
        will.append(_("Its page stays public and shows that it was called off, when, and why."))
        will.append(_("What its preparation emitted may still be accounted for."))
    else:
        will.append(_("It was never published; only your organization still sees it."))
    return show(request, "activities/cancel.html", told(activity) | {"will": will}, form)
