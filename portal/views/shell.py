"""The shell's own small doors: the size of the text, what went wrong, what robots may read."""

from contextlib import suppress

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpResponse, HttpResponseServerError
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import defaults
from django.views.decorators.http import require_GET, require_POST

from neutrality.opendata import api
from neutrality.opendata.problems import Wrong

INTERFACE = "/api/"
PIECE, MOST_DRAINED = 1 << 16, 64 << 20
YEAR = 365 * 24 * 3600


@require_POST
def text_size(request):
    """Remember large or normal text in a cookie and return to where the reader was."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = redirect(target)
    if request.POST.get("size") == "large":
        response.set_cookie("text", "large", max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
    else:
        response.delete_cookie("text", samesite="Lax")
    return response


@require_GET
def robots(request):
    """What crawlers may read: everything public; the desk and the forms are of no use to them."""
    lines = ["User-agent: *", "Disallow: /accounts/", "Disallow: /desk/", "Disallow: /search/", ""]
    lines.append(f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def not_understood(request, exception=None):
    """More than a form holds (413) in words: what was sent is still in the browser. It is read to its end, because a
    browser cut off while it sends shows no answer. Any other request no page of ours makes stays a bare 400."""
    if not isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return defaults.bad_request(request, exception)
    _drained(request)
    return render(
        request, "portal/too_large.html", {"most": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024**2}, status=413
    )


def _drained(request):
    with suppress(OSError):
        left = MOST_DRAINED
        while left > 0 and (piece := request.read(min(left, PIECE))):
            left -= len(piece)


def not_found(request, exception=None):
    """No page; a program that asked the interface is told as it expects."""
    if request.path.startswith(INTERFACE):
        return api.wrong(request, Wrong(404, "not_found"))
    return render(request, "404.html", status=404)


def forbidden(request, exception=None):
    return render(request, "403.html", status=403)


def broken(request):
    """The plain page after an error of ours: no database, no session, both languages at once."""
    return HttpResponseServerError(render_to_string("500.html"))
