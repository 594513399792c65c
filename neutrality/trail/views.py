"""The public log and the receipt of one entry."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from neutrality.trail import queries
from neutrality.trail.models import Entry

PAGE = 50


@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """Newest first; `before` pages on by number; `subject` keeps one thing's entries."""
    before, subject = request.GET.get("before", ""), request.GET.get("subject", "")[:120]
    rows = Entry.objects.order_by("-number").defer("nodes", "content", "salt")
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(number__lt=int(before))
    if subject:
        rows = rows.filter(subject=subject)
    page = list(rows[: PAGE + 1])
    context = {
        "entries": page[:PAGE],
        "older": page[PAGE - 1].number if len(page) > PAGE else None,
        "checkpoint": queries.last_checkpoint(),
        "subject": subject,
    }
    return render(request, "trail/list.html", context)


@require_safe
def entry(request: HttpRequest, number: int) -> HttpResponse:
    """One entry with its proof."""
    receipt = queries.receipt(get_object_or_404(Entry, number=number))
    return render(request, "trail/entry.html", {"receipt": receipt, "entry": receipt.entry})


@require_safe
def receipt(request: HttpRequest, number: int) -> JsonResponse:
    """The same for a program: what the leaf is made of, the checkpoint, the path."""
    proof = queries.receipt(get_object_or_404(Entry, number=number))
    answer = {"fact": proof.entry.fact().plain(), "leaf": proof.entry.leaf, "path": list(proof.path)}
    if proof.checkpoint:
        answer["checkpoint"] = {"size": proof.checkpoint.size, "root": proof.checkpoint.root}
    if proof.entry.public:
        answer |= {"salt": proof.entry.salt, "content": proof.entry.content}
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False, "indent": 2})
