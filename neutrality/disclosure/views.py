"""The register, statements, plans; and the organizer's pages that publish and withdraw them."""

import hashlib

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import access as people
from neutrality.disclosure import access, book, forms, operations, pages, queries
from neutrality.refusals import Refusal

ON_ONE_PAGE = 500


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Every activity whose plan was published, newest first; filters that make no sense are ignored."""
    form = forms.Search(request.GET, years=queries.years())
    year = form.value("year")
    wanted = queries.Wanted(
        text=form.value("q"),
        kind=form.value("kind"),
        year=int(year) if year else None,
        region=form.value("region"),
        claim=form.value("claim"),
        after=request.GET.get("after", ""),
    )
    page = pages.register(wanted, timezone.localdate())
    return render(request, "disclosure/register.html", {"form": form, "page": page, "wanted": wanted})


@require_safe
def statement(request: HttpRequest, number: str) -> HttpResponse:
    """The statement of account: figures as published, words as of now."""
    context = pages.statement(number, timezone.localdate())
    context["badge_address"] = request.build_absolute_uri(_badge_path(number, get_language()))
    context["embed"] = _embed(request, number)
    context["may_publish"] = access.may_publish(request.user, context["activity"])
    return render(request, "disclosure/statement.html", context)


@require_safe
def then(request: HttpRequest, number: str) -> HttpResponse:
    """What could be said on an earlier day, as it was known then."""
    found, today = access.statement(number), timezone.localdate()
    first = timezone.localdate(found.published_at)
    form = forms.AsOf({"on": request.GET.get("on") or first}, first=first, last=today)
    context = {"statement": found, "content": found.content, "form": form, "first": first}
    if form.is_valid():
        context |= {"on": form.cleaned_data["on"], **pages.then(found, form.cleaned_data["on"], today)}
    return render(request, "disclosure/then.html", context, status=422 if form.errors else 200)


def _badge_path(number: str, language: str | None) -> str:
    known = "zh" if (language or "zh").startswith("zh") else "en"
    return reverse("disclosure:badge", kwargs={"number": number, "language": known, "tones": ""})


def _embed(request: HttpRequest, number: str) -> str:
    """What somebody copies into a page of theirs, a line for each language: the badge, leading to the statement."""
    page = request.build_absolute_uri(request.path)
    badges = [request.build_absolute_uri(_badge_path(number, language)) for language in ("zh", "en")]
    line = '<a href="{}"><img src="{}" alt="{}" width="360"></a>'
    return "\n".join(format_html(line, page, badge, number) for badge in badges)


@require_safe
def statement_json(request: HttpRequest, number: str) -> HttpResponse:
    """The very bytes whose digest is printed on the page."""
    return _bytes(access.statement(number))


@require_safe
def badge(request: HttpRequest, number: str, language: str, tones: str) -> HttpResponse:
    """The state now as a picture for anybody's page. Kept by whom it may, but asked for anew each time it is shown."""
    spoken = "zh-hans" if language == "zh" else "en"
    with translation.override(spoken):
        drawn = pages.badge(number, timezone.localdate(), monochrome=bool(tones)).encode()
    etag = f'"{hashlib.sha256(drawn).hexdigest()}"'
    made = HttpResponse(drawn, content_type="image/svg+xml")
    answer = get_conditional_response(request, etag=etag, response=made) or made
    answer["ETag"] = etag
    answer["Content-Language"] = spoken  # the address's own, not the reader's
    answer["Cache-Control"] = "no-cache"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@require_safe
def lines(request: HttpRequest, number: str, source: str) -> HttpResponse:
    """Every line of one source of a statement."""
    found = access.statement(number)
    label = book.source_label(found.content, source)
    if label is None:
        raise Http404
    rows = book.results(found).filter(line__source=source)
    shown = [book.line(row) for row in rows[:ON_ONE_PAGE]]
    context = {"statement": found, "source": label, "lines": shown, "count": rows.count()}
    return render(request, "disclosure/lines.html", context)


@require_safe
def plan(request: HttpRequest, number: str) -> HttpResponse:
    """A published plan with its eight items."""
    found = access.plan(number)
    return render(request, "disclosure/plan.html", pages.plan(found, timezone.localdate()))


@require_safe
def plan_json(request: HttpRequest, number: str) -> HttpResponse:
    """The very bytes whose digest is printed on the page."""
    return _bytes(access.plan(number))


def _bytes(row) -> HttpResponse:
    response = HttpResponse(row.text.encode(), content_type="application/json")
    response["ETag"] = f'"{row.digest}"'
    response["Access-Control-Allow-Origin"] = "*"
    return response


@login_required
@people.asked_again
def publish_plan(request: HttpRequest, code: str) -> HttpResponse:
    """Show what will happen and what is missing; then publish."""
    activity = access.publishable(request.user, code)
    form = forms.PublishPlan(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = operations.publish_plan(activity=activity, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refusal as refusal:
            refusal.put_on(form)
        else:
            messages.success(request, _("The plan is published."))
            return redirect("disclosure:plan", done.number)
    context = {"activity": activity, "form": form, **pages.before_plan(activity)}
    return render(request, "disclosure/publish_plan.html", context, status=422 if form.errors else 200)


@login_required
@people.asked_again
def publish_statement(request: HttpRequest, code: str) -> HttpResponse:
    """Show the account as it would be printed and what may then be said; then publish."""
    activity = access.publishable(request.user, code)
    newest = queries.newest_statement(activity)
    form = forms.PublishStatement(request.POST or None, further=newest is not None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            done = operations.publish_statement(activity=activity, **values, by=request.user, at=timezone.now())
        except Refusal as refusal:
            refusal.put_on(form)
        else:
            messages.success(request, _("The statement is published."))
            return redirect("disclosure:statement", done.number)
    context = {"activity": activity, "form": form, "newest": newest}
    context |= pages.before_statement(activity, timezone.localdate())
    return render(request, "disclosure/publish_statement.html", context, status=422 if form.errors else 200)


@login_required
@people.asked_again
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take a statement back in the open."""
    found = access.withdrawable(request.user, number)
    form = forms.Withdraw(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            operations.withdraw(statement=found, reason=reason, by=request.user, at=timezone.now())
        except Refusal as refusal:
            refusal.put_on(form)
        else:
            messages.success(request, _("The statement is withdrawn. It stays readable, with your reason."))
            return redirect("disclosure:statement", found.number)
    context = {"statement": found, "form": form}
    return render(request, "disclosure/withdraw.html", context, status=422 if form.errors else 200)
