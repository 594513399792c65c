"""Pages of cases: the officer's queue, one case for everybody it concerns, the steps in it."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.handlers.wsgi import WSGIRequest
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access as people
from neutrality.disclosure import access as disclosures
from neutrality.evidence import operations as evidence
from neutrality.oversight import access, operations, queries, rules, show, words
from neutrality.oversight.acting import take
from neutrality.oversight.forms import ChallengeForm, EvidenceForm, RemarkForm, TakeBackForm, form_for
from neutrality.oversight.models import Case
from neutrality.oversight.rules import Actor, Kind, State
from neutrality.refusals import Refusal

PAGE = 25
form_page = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def queue(request: WSGIRequest) -> HttpResponse:
    """What waits for the officers of an area, part by part."""
    if not people.regulated_areas(request.user):
        raise access.Hidden
    on = timezone.localdate()
    parts = show.queue(request.user, on)
    chosen = request.GET.get("part", "")
    chosen = chosen if chosen in parts else next((code for code in parts if parts[code].exists()), "decisions")
    page = Paginator(parts[chosen], PAGE).get_page(request.GET.get("page"))
    context = {
        "sections": [show.Section(code, show.SECTIONS[code], rows.count()) for code, rows in parts.items()],
        "chosen": chosen,
        "name": show.SECTIONS[chosen],
        "page": page,
        "matters": [show.matter(row, on) for row in page] if chosen in show.OF_CASES else [],
        "clock": queries.doubted(),
    }
    return render(request, "oversight/queue.html", context)


@form_page
def challenge(request: WSGIRequest, number: str) -> HttpResponse:
    """Anyone may doubt one figure of a statement; no account, no script, no name needed (F18)."""
    statement = disclosures.statement(number)
    figures = show.figures(statement.content)
    form = ChallengeForm(initial={"figure": request.GET.get("figure", "")}, figures=figures.items())
    if request.method == "POST":
        form = ChallengeForm(request.POST, figures=figures.items())
    if request.method == "POST" and form.is_valid():
        said, at = operations.Said(**form.cleaned_data), timezone.now()
        network = network_of(request.META.get("REMOTE_ADDR", ""), timezone.localdate())
        try:
            found = operations.challenge(statement=statement, said=said, network=network, by=None, at=at)
        except Refusal as refusal:
            refusal.put_on(form)
        else:
            messages.success(request, _("Received. This page shows what comes of it; keep its address."))
            return redirect("oversight:case", found.number)
    context = {"statement": statement, "form": form, "record": queries.record()}
    return render(request, "oversight/challenge.html", context, status=422 if form.errors else 200)


def network_of(address: str, on: date) -> str:
    """A keyed digest of the sender's address that changes every day: enough to hold the rate, too little to follow."""
    return salted_hmac("challenge", f"{on}:{address}", algorithm="sha256").hexdigest()


@login_required
@require_safe
def mine(request: WSGIRequest) -> HttpResponse:
    """Cases about the organizations a person belongs to."""
    rows = Case.objects.with_state().filter(subject__in=people.organizations(request.user))
    rows = rows.select_related("subject", "activity").order_by("-opened_at", "-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "matters": [show.matter(row, timezone.localdate()) for row in page]}
    return render(request, "oversight/mine.html", context)


@require_safe
def case(request: WSGIRequest, number: str) -> HttpResponse:
    """One case: the public sees what was done; the organization concerned and the officers see why."""
    found = access.case(request.user, number)
    on = timezone.localdate()
    inside = access.sees_all(request.user, found)
    officer = inside and Actor.OFFICER in access.actors(request.user, found)
    context = {
        "case": found,
        "matter": show.matter(found, on),
        "figure": show.figure(found),
        "steps": show.steps(found, inside=inside, officer=officer),
        "inside": inside,
        "officer": officer,
        "buttons": show.buttons(request.user, found),
        "exhibits": show.proofs(found) if inside else [],
        "voices": found.voices.select_related("contact") if officer else [],
        "voice_count": found.voices.count(),
        "lacks": show.lacks(found, on) if officer else [],
        "needs_entry": found.kind in (Kind.LISTING, Kind.RECOGNITION),
    }
    return render(request, "oversight/case.html", context)


@login_required
@form_page
def act(request: WSGIRequest, number: str, code: str) -> HttpResponse:
    """The form of one act; whether it is allowed is asked again when it is sent. A decision asks who is there (V43)."""
    found = access.case(request.user, number)
    wanted = next((each for each in rules.Act if each.value == code), None)
    if wanted is None or rules.bar(Kind(found.kind), State(found.state), wanted, access.person(request.user, found)):
        messages.warning(request, words.BARS[rules.Bar.NOT_ALLOWED])
        return redirect("oversight:case", number)
    view = people.asked_again(perform) if wanted in rules.DECISIONS else perform
    return view(request, found, wanted)


def perform(request: WSGIRequest, found: Case, wanted: rules.Act) -> HttpResponse:
    """Show the form of an act, or take it."""
    extra = {"fields": show.figures_of_review(found).items()} if form_for(wanted) is RemarkForm else {}
    form = form_for(wanted)(**extra)
    if request.method == "POST":
        form = form_for(wanted)(request.POST, request.FILES, **extra)
    if request.method == "POST" and form.is_valid():
        try:
            take(case=found, act=wanted, given=form.cleaned_data, by=request.user, at=timezone.now())
        except Refusal as refusal:
            refusal.put_on(form)
        else:
            messages.success(request, words.ACTS[wanted])
            return redirect("oversight:case", found.number)
    context = {"case": found, "form": form, "button": words.BUTTONS[wanted], "seal": wanted in show.SEALS}
    context |= {"lacks": show.lacks(found, timezone.localdate()), "final": wanted in rules.DECISIONS}
    return render(request, "oversight/act.html", context, status=422 if form.errors else 200)


@login_required
@form_page
def add_evidence(request: WSGIRequest, number: str) -> HttpResponse:
    """Add a document to a case."""
    found = access.case(request.user, number)
    if Actor.OFFICER not in access.actors(request.user, found):
        raise access.Hidden
    form = EvidenceForm(request.POST, request.FILES) if request.method == "POST" else EvidenceForm()
    if request.method == "POST" and form.is_valid():
        at, by = timezone.now(), request.user
        try:
            file = evidence.deposit(upload=form.cleaned_data["file"], owner_code=found.subject_code, by=by, at=at)
            title = form.cleaned_data["title"]
            operations.exhibit(case=found, title=title, digest=file.digest, file=file, by=by, at=at)
        except Refusal as refusal:
            refusal.put_on(form)
        else:
            return redirect("oversight:case", number)
    context = {"case": found, "form": form, "button": _("Add the evidence")}
    return render(request, "oversight/act.html", context, status=422 if form.errors else 200)


@login_required
@form_page
def take_back(request: WSGIRequest, number: str, exhibit: int) -> HttpResponse:
    """Take a piece of evidence back."""
    found = access.case(request.user, number)
    row = found.exhibits.filter(pk=exhibit, withdraws=None).first()
    if row is None or Actor.OFFICER not in access.actors(request.user, found):
        raise access.Hidden
    form = TakeBackForm(request.POST) if request.method == "POST" else TakeBackForm()
    if request.method == "POST" and form.is_valid():
        try:
            operations.take_back(exhibit=row, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            refusal.put_on(form)
        else:
            return redirect("oversight:case", number)
    context = {"case": found, "form": form, "button": _("Take this evidence back"), "seal": True}
    return render(request, "oversight/act.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def review(request: WSGIRequest, digest: str) -> HttpResponse:
    """Begin (or go on with) the review of a submitted inventory."""
    inventory = access.reviewable(request.user, digest)
    try:
        found = operations.open_review(inventory=inventory, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("oversight:queue")
    return redirect("oversight:case", found.number)


@login_required
@require_POST
def confirm_clock(request: WSGIRequest) -> HttpResponse:
    """An officer says that the time is right."""
    if not people.regulated_areas(request.user):
        raise access.Hidden
    try:
        operations.confirm_clock(by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("oversight:queue")
