"""What every answer carries, whatever made it: page, file, redirect or error (reliability: response headers)."""

from collections.abc import Callable
from functools import cache

from csp.utils import build_policy
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

FEATURES = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "usb",
    "xr-spatial-tracking",
)
PERMISSIONS = ", ".join(f"{name}=()" for name in FEATURES)
# What is no page never runs anything, even when someone opens it by its address.
CLOSED = "default-src 'none'; frame-ancestors 'none'; sandbox"


ERRORS = (404, 500)


@cache
def policy() -> str:
    """What a page may load and where it may lead: the same for every page."""
    return build_policy()


def permissions(opened: tuple[str, ...]) -> str:
    """What a page may ask the browser for: nothing, but for what its view names in `may_use`."""
    return ", ".join(f"{name}={'(self)' if name in opened else '()'}" for name in FEATURES) if opened else PERMISSIONS


class HeadersMiddleware:
    """Stands outermost but for pages kept with these headers, so nothing answers without passing here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", permissions(getattr(response, "may_use", ())))
        if not response.headers.get("Content-Type", "text/html").startswith("text/html"):
            response.headers["Content-Security-Policy"] = CLOSED
        elif not (settings.DEBUG and response.status_code in ERRORS):  # Django's pages for developers bear their style
            response.headers["Content-Security-Policy"] = policy()
        if signed_in(request):
            response.headers["Cache-Control"] = "no-store, private"
        return response


def signed_in(request: HttpRequest) -> bool:
    """Whether the answer was made for one person. Does not touch the session of a visitor who never had one."""
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated


class PlainAddressMiddleware:
    """An address with a NUL names nothing: no text in the database can hold one, so asking would be an error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404
        return self.get_response(request)
