"""Handing out a file: always as a download, never as something a browser runs."""

from urllib.parse import quote

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from neutrality.evidence import access, operations


@require_safe
def download(request: HttpRequest, digest: str) -> HttpResponseBase:
    """The bytes under `digest`, piece by piece; strangers get 404, the anonymous are sent to log in."""
    try:
        file = access.file(request.user, digest)
    except Http404:
        if request.user.is_authenticated:
            raise
        return redirect_to_login(request.get_full_path())
    response = StreamingHttpResponse(operations.pieces(file), content_type=file.media_type)
    response["Content-Length"] = str(file.size)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store" if not file.public else "public, max-age=3600"
    return response
