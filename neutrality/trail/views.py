"""The public log and the receipt of one entry."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from neutrality.trail import queries, rules
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


@require_safe
def checkpoints(request: HttpRequest) -> JsonResponse:
    """The newest checkpoints, for whoever keeps them elsewhere."""
    rows = [{"size": row.size, "root": row.root, "at": rules.moment(row.at)} for row in queries.checkpoints()]
    return JsonResponse({"checkpoints": rows})


@require_safe
def consistency(request: HttpRequest, old: int, size: int) -> JsonResponse:
    """Proof that the tree of `old` entries is the beginning of the tree of `size` (RFC 6962 2.1.2)."""
    if not 0 < old <= size <= queries.size():
        raise Http404
    proof = [step.hex() for step in rules.consistency(old, size, queries.nodes)]
    return JsonResponse({"old": old, "size": size, "proof": proof})
