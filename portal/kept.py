"""Whole pages of readers who are nobody yet, kept while nothing happens.

Every operation writes one entry of the trail in its own transaction, so the last leaf names the state of all facts
(seeds change with a deployment, which starts new processes). A page that follows from the facts, its address, the
language, the size of the text and the day is the same to the last byte until one of these changes, save for the
reader's own token against forged forms, which is put in anew. The leaf is asked before every answer: nothing is ever
shown that a fresh reading would not show, and nothing needs to be purged.
"""

from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.urls import get_resolver
from django.utils import timezone
from django.utils.translation import get_language_from_request

from neutrality.stencils import for_nobody
from neutrality.trail import queries as trail

# Pages that show facts of the trail and nothing of the reader. A page with the age of a feed, a count taken by a
# sweeper or the answers of an open survey is none of them: those change without an entry.
PAGES = {
    "offsets:projects",
    "offsets:project",
    "offsets:blocks",
    "offsets:block",
    "offsets:issuances",
    "offsets:cancellations",
    "offsets:cancellation",
    "disclosure:register",
    "disclosure:statement",
    "disclosure:plan",
}
MOST_PAGES = 500
LARGEST_PAGE = 300_000
TOKEN = b'name="csrfmiddlewaretoken" value="'
TOKEN_LENGTH = 64
Answer = Callable[[HttpRequest], HttpResponse]


class Kept(NamedTuple):
    version: str
    headers: dict[str, str]
    content: bytes
    """With the token of its first reader."""

    def parts(self) -> list[bytes]:
        """What stands between tokens."""
        first, *rest = self.content.split(TOKEN)
        return [first, *(part[TOKEN_LENGTH:] for part in rest)]


@cache
def _beginnings() -> tuple[str, ...]:
    """How the addresses of these pages begin, so that no other one pays for the question."""
    rooms = {name.partition(":")[0] for name in PAGES}
    found = set()
    for room in rooms:
        prefix, resolver = get_resolver().namespace_dict[room]
        for name in PAGES:
            if name.startswith(f"{room}:"):
                possible = resolver.reverse_dict.getlist(name.partition(":")[2])
                found |= {
                    f"/{prefix}{pattern}".partition("%")[0] for ways, *_rest in possible for pattern, _names in ways
                }
    return tuple(sorted(found))


def asked_by_nobody(request: HttpRequest) -> bool:
    """Whether the answer can depend on nothing but the address, the language and the size of the text."""
    plain = request.method == "GET" and request.path.startswith(_beginnings())
    return plain and for_nobody(request)


def key_of(request: HttpRequest) -> tuple[Any, ...]:
    """What a page follows from besides the facts."""
    large = request.COOKIES.get("text") == "large"
    address = (request.is_secure(), request.get_host(), request.path, request.META.get("QUERY_STRING", ""))
    return (*address, get_language_from_request(request), large, timezone.localdate())


def keepable(request: HttpRequest, response: HttpResponse) -> bool:
    """Only whole pages of the list above that give the reader nothing but the token."""
    match = request.resolver_match
    plain = response.status_code == 200 and not response.streaming and set(response.cookies) <= {CSRF}
    return plain and match is not None and match.view_name in PAGES and len(response.content) <= LARGEST_PAGE


CSRF = settings.CSRF_COOKIE_NAME


class KeptPagesMiddleware:
    """Stands outermost: a kept page carries every header it was first sent with."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.csrf = CsrfViewMiddleware(get_response)
        self.pages: dict[tuple[Any, ...], Kept] = {}
        self.lock = Lock()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not asked_by_nobody(request):
            return self.get_response(request)
        key = key_of(request)
        with trail.reading() as version:
            kept = self.pages.get(key)
            if kept is not None and kept.version == version:
                return self._again(request, kept)
            response = self.get_response(request)
        if version and keepable(request, response):
            self._keep(key, Kept(version, dict(response.headers), response.content))
        return response

    def _keep(self, key: tuple[Any, ...], kept: Kept) -> None:
        with self.lock:
            self.pages.pop(key, None)
            while len(self.pages) >= MOST_PAGES:
                del self.pages[next(iter(self.pages))]
            self.pages[key] = kept

    def _again(self, request: HttpRequest, kept: Kept) -> HttpResponse:
        parts = kept.parts()
        if len(parts) == 1:
            return HttpResponse(kept.content, headers=kept.headers)
        self.csrf.process_request(request)
        response = HttpResponse((TOKEN + get_token(request).encode()).join(parts), headers=kept.headers)
        return self.csrf.process_response(request, response)
